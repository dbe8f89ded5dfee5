"""The pictures of a review: as drawings for a page, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drift_analysis.charts.output import render

from .svg import inline

if TYPE_CHECKING:
    from pathlib import Path

    from .parts import Section

__all__ = ["Drawn", "alternative_text", "drawing", "headline", "specification", "write_pictures"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture for a page: the finding that it states, for a heading, and the drawing below it."""

    finding: str
    svg: str


def write_pictures(section: Section, folder: Path) -> Drawn:
    """Write a section's picture as PNG and SVG, and return it for the page."""
    whole = specification(section)
    (folder / f"{section.name}.png").write_bytes(render.png(whole))
    (folder / f"{section.name}.svg").write_text(_inlined(section, whole), encoding="utf-8")
    finding, spec = _beheaded(section, whole)
    return Drawn(finding, _inlined(section, spec))


def drawing(section: Section) -> Drawn:
    """Return a section's picture as an element of a page, which has the finding above it."""
    finding, spec = headline(section)
    return Drawn(finding, _inlined(section, spec))


def headline(section: Section) -> tuple[str, dict[str, Any]]:
    """Return the finding that a picture states, and the picture without it.

    A picture that has no title of ours keeps what it has, and the section's question stands above.
    """
    return _beheaded(section, specification(section))


def _beheaded(section: Section, spec: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    above = spec.get("vconcat", [{}])[0].get("title")
    if not isinstance(above, dict) or not above.get("text"):
        return section.question, spec
    lines = above["text"]
    finding = lines if isinstance(lines, str) else " ".join(lines)
    above["text"] = above.pop("subtitle", "")
    above["fontSize"] = 13
    above["fontWeight"] = "normal"
    return finding, spec


def specification(section: Section) -> dict[str, Any]:
    """Return what a section's picture is drawn from, with its alternative text."""
    return render.described(section.chart.to_dict())


def alternative_text(section: Section) -> str:
    """Say what the picture shows, for those who cannot see it."""
    return str(section.chart.description)


def _inlined(section: Section, spec: dict[str, Any]) -> str:
    return inline(render.svg(spec).decode(), name=section.name, alt=alternative_text(section))
