"""How every chart looks: one font, few inks, and colours that always mean the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from .color import LIGHT_GROUND

__all__ = ["ACCENT", "AUTHOR_COLORS", "FONT", "LIGHT", "STATUS_COLORS", "Palette", "config"]

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


@dataclass(frozen=True, slots=True)
class Palette:
    """The inks of a page; status, author and tag colours are seen on any of them."""

    ground: str
    ink: str
    muted: str
    line: str


LIGHT = Palette(ground=LIGHT_GROUND, ink="#1B1F24", muted="#5B616A", line="#E3E5E8")
"""Ink on white."""


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
            "reference": {"stroke": p.muted, "strokeDash": [4, 3]},
            "interval": {"stroke": p.ink, "strokeWidth": 1.2},
        },
    }


@alt.theme.register("drift_analysis", enable=True)
def _light() -> alt.theme.ThemeConfig:
    return {"config": config(LIGHT)}  # type: ignore[typeddict-item]
