"""How every chart looks: one font, few inks, and colours that always mean the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import altair as alt

from drift_analysis.errors import InputError

from .color import DARK_GROUND, LIGHT_GROUND

if TYPE_CHECKING:
    from altair.utils.plugin_registry import PluginEnabler

__all__ = [
    "ACCENT",
    "AUTHOR_COLORS",
    "DARK",
    "DASHES",
    "FONT",
    "LIGHT",
    "SERIES_COLORS",
    "STATUS_COLORS",
    "Palette",
    "config",
    "use_theme",
]

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The font that vl-convert carries, and those of the same widths that other machines have."""

STATUS_COLORS = {
    "bulk_sent": "#CC79A7",
    "open": "#0068A3",
    "pending": "#B87F00",
    "closed": "#73716B",
    "unknown": "#949494",
}
"""The colour of each status, from Okabe and Ito's palette (2008), made darker where it must.

Each has a contrast of 3 on white and on near black, all are told apart without seeing red or
green, and those that follow one another in a life differ in lightness when printed in grey.
"""

AUTHOR_COLORS = {
    "contact": "#C75200",
    "bot": "#3A97CC",
    "human": "#007A59",
    "unknown": "#949494",
}
"""The colour of each kind of author, by the same rules."""

ACCENT = STATUS_COLORS["open"]
"""The one colour for what a title speaks of."""

SERIES_COLORS = (ACCENT, "#A27A10", "#C9404B", "#DB4EF9")
"""The colours of groups and outcomes, which have none of their own, in order of appearance.

No two come closer to each other for eyes that do not see red, green or blue, or in grey print,
than the colours of statuses do.
"""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""How the line of each of them is broken, since colour alone tells nobody enough."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The inks of a page; status, author and tag colours are seen on any of them."""

    ground: str
    ink: str
    muted: str
    line: str


LIGHT = Palette(ground=LIGHT_GROUND, ink="#1B1F24", muted="#5B616A", line="#E3E5E8")
"""Ink on white."""

DARK = Palette(ground=DARK_GROUND, ink="#F0F2F4", muted="#A8AFB8", line="#3A4047")
"""Ink on near black."""


def config(palette: Palette) -> dict[str, Any]:
    """Return Vega-Lite's configuration for a palette.

    Charts name the styles below and never an ink, so that another palette is all it takes.
    """
    p = palette
    return {
        "background": p.ground,
        "font": FONT,
        "view": {"stroke": None},
        "mark": {"color": ACCENT, "aria": False},
        "rule": {"color": p.ink},
        "axis": {
            "labelColor": p.muted,
            "labelFontSize": 12,
            "titleColor": p.muted,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": p.line,
            "domainColor": p.line,
            "tickColor": p.line,
            "labelPadding": 6,
        },
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": p.ink,
            "fontSize": 17,
            "fontWeight": "bold",
            "lineHeight": 21,
            "subtitleColor": p.muted,
            "subtitleFontSize": 13,
            "subtitleLineHeight": 17,
            "subtitlePadding": 6,
            "offset": 14,
        },
        "legend": {
            "labelColor": p.muted,
            "labelFontSize": 12,
            "titleColor": p.muted,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        "style": {
            "name": {"color": p.ink, "fontSize": 13, "lineHeight": 14},
            "strong": {"color": p.ink, "fontSize": 13, "fontWeight": "bold", "lineHeight": 15},
            "note": {"color": p.muted, "fontSize": 12, "lineHeight": 15},
            "calm": {"color": p.muted, "fontSize": 16, "lineHeight": 22},
            "caption": {"color": p.muted, "fontSize": 12, "lineHeight": 15},
            "reference": {"color": p.muted, "strokeDash": [4, 3]},
            "interval": {"color": p.ink, "strokeWidth": 1.2},
            "track": {"color": p.line},
            "hairline": {"color": p.line},
            "net": {"color": p.ink},
            "halo": {"color": p.ground},
        },
    }


def use_theme(ground: Literal["light", "dark"]) -> PluginEnabler[Any, Any]:
    """Draw every picture on this ground from now on, or within a ``with`` statement.

    Inks belong to the page and not to the picture: a picture takes those of the theme that is on
    while it is shown or saved. So one picture can be saved in both, and pictures that are put
    together always agree. Colours of statuses, authors and tags are the same on both grounds.

    Parameters
    ----------
    ground
        ``"light"`` (ink on white, which is on from the start) or ``"dark"`` (light ink on near
        black).

    Returns
    -------
    :
        A context: after ``with use_theme("dark"):`` the theme from before is on again.

    Raises
    ------
    InputError
        If there is no such ground.

    Examples
    --------
    >>> import altair as alt
    >>> from drift_analysis import charts
    >>> with charts.use_theme("dark"):
    ...     alt.Chart().mark_point().to_dict()["config"]["background"]
    '#111111'
    >>> alt.Chart().mark_point().to_dict()["config"]["background"]
    '#FFFFFF'
    """
    if ground not in _NAMES:
        raise InputError.unknown_choice("ground", ground, get_args(Literal["light", "dark"]))
    return alt.theme.enable(_NAMES[ground])


_NAMES = {"light": "drift_analysis", "dark": "drift_analysis_dark"}


@alt.theme.register(_NAMES["light"], enable=True)
def _light() -> alt.theme.ThemeConfig:
    return {"config": config(LIGHT)}  # type: ignore[typeddict-item]


@alt.theme.register(_NAMES["dark"], enable=False)
def _dark() -> alt.theme.ThemeConfig:
    return {"config": config(DARK)}  # type: ignore[typeddict-item]
