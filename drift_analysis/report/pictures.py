"""The pictures of a review: as drawings for a page, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drift_analysis.charts import render

from .svg import inline

if TYPE_CHECKING:
    from pathlib import Path

    from .parts import Section

__all__ = ["alternative_text", "drawing", "specification", "write_pictures"]


def write_pictures(section: Section, folder: Path) -> str:
    """Write a section's picture as PNG and SVG, and return the drawing for the page."""
    found = drawing(section)
    (folder / f"{section.name}.png").write_bytes(render.png(specification(section)))
    (folder / f"{section.name}.svg").write_text(found, encoding="utf-8")
    return found


def drawing(section: Section) -> str:
    """Return a section's picture as an element of a page."""
    picture = render.svg(specification(section)).decode()
    return inline(picture, name=section.name, alt=alternative_text(section))


def specification(section: Section) -> dict[str, Any]:
    """Return what a section's picture is drawn from, with its alternative text."""
    return render.described(section.chart.to_dict())


def alternative_text(section: Section) -> str:
    """Say what the picture shows, for those who cannot see it."""
    return str(section.chart.description)
