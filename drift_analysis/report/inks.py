"""The inks of the page and of the drawings in it, by day and by night."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from drift_analysis.charts.kit.theme import DARK, LIGHT

if TYPE_CHECKING:
    from drift_analysis.charts.kit.theme import Palette

__all__ = ["style"]


def style() -> str:
    """Return CSS that gives the page its inks, and the same ones to the drawings.

    Drawings are made once, with light inks as plain attributes, over which CSS wins. Paper is
    always light.
    """
    drawn = [*asdict(LIGHT).items(), ("ink", "black")]
    follows = "\n".join(
        f'figure svg [{paint}="{color}" i] {{ {paint}: var(--{name}); }}'
        for name, color in drawn
        for paint in ("fill", "stroke")
    )
    return (
        f":root {{ {_variables(LIGHT)} --accent: #0068A3; }}\n"
        "@media screen and (prefers-color-scheme: dark) {\n"
        f":root {{ {_variables(DARK)} --accent: #6CB6E8; }}\n"
        f"}}\n{follows}"
    )


def _variables(palette: Palette) -> str:
    return " ".join(f"--{name}: {color};" for name, color in asdict(palette).items())
