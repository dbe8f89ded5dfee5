"""What a colour needs to be seen: luminance, contrast, and the nearest colour that has enough."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

__all__ = ["DARK_GROUND", "GREY", "LIGHT_GROUND", "contrast", "readable"]

LIGHT_GROUND, DARK_GROUND = "#FFFFFF", "#111111"
"""The grounds that a colour must be seen on: the page by day and by night."""

GREY = "#7A7F87"
"""The colour of what has none of its own."""

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_ENOUGH = 3.0


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white).

    The definition is that of the Web Content Accessibility Guidelines 2.1, which ask for 3
    between a graphical object and what lies beside it (success criterion 1.4.11).

    Examples
    --------
    >>> from drift_analysis.charts.kit.color import contrast
    >>> contrast("#FFFFFF", "#000000")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return round((light + 0.05) / (dark + 0.05), 2)


@lru_cache(maxsize=1024)
def readable(color: str | None) -> str:
    """Return the nearest lightness of a colour that is seen on white and on near black.

    Parameters
    ----------
    color
        Six hex digits, with or without ``#``, as Drift keeps for a tag. Grey comes back for
        none, and for anything that is no such colour.

    Returns
    -------
    :
        ``#RRGGBB`` of the same hue, with a contrast of at least 3 on both grounds.

    Examples
    --------
    >>> from drift_analysis.charts.kit.color import readable
    >>> readable("FFEE00"), readable("0068a3"), readable(None)
    ('#A19600', '#0068A3', '#7A7F87')
    """
    found = _HEX.fullmatch(color or "")
    if not found:
        return GREY
    wanted = f"#{found[1].upper()}"
    steps = (step / 200 for step in range(200))
    nearest_first = (_lighter(wanted, sign * by) for by in steps for sign in (1, -1))
    return next(filter(_is_readable, nearest_first), GREY)


def _is_readable(color: str) -> bool:
    return min(contrast(color, LIGHT_GROUND), contrast(color, DARK_GROUND)) >= _ENOUGH


def _lighter(color: str, by: float) -> str:
    """Move the lightness of a colour, and keep its hue and saturation."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(color))
    lightness = min(1.0, max(0.0, lightness + by))
    channels = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
