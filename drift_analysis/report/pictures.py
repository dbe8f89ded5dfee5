"""Write the pictures of a review, and hand them on as elements of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis import charts

from .svg import inline

if TYPE_CHECKING:
    from pathlib import Path

    from .parts import Section

__all__ = ["alternative_text", "write_pictures"]


def write_pictures(section: Section, folder: Path) -> str:
    """Write a section's picture as PNG and SVG, and return the drawing for the page."""
    charts.save(section.chart, folder / f"{section.name}.png")
    path = folder / f"{section.name}.svg"
    charts.save(section.chart, path)
    drawing = inline(
        path.read_text(encoding="utf-8"), name=section.name, alt=alternative_text(section)
    )
    path.write_text(drawing, encoding="utf-8")
    return drawing


def alternative_text(section: Section) -> str:
    """Say what the picture shows, for those who cannot see it."""
    return str(section.chart.description)
