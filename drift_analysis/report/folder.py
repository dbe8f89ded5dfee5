"""A review as a folder: the page, its pictures, and a list of what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .page import render
from .pictures import alternative_text, drawing, headline, write_pictures
from .reading import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .pictures import Drawn
    from .review import Review

__all__ = ["manifest", "page", "write_folder"]


def write_folder(review: Review, folder: Path, progress: Callable[[int, int], None]) -> Path:
    """Write the page, its pictures as PNG and SVG, and a list of the files."""
    charts = folder / "charts"
    charts.mkdir(parents=True, exist_ok=True)
    steps = len(review.sections) + 1
    drawings = {}
    for done, section in enumerate(review.sections, start=1):
        drawings[section.name] = write_pictures(section, charts)
        progress(done, steps)
    written = folder / "review.html"
    written.write_text(page(review, drawings), encoding="utf-8")
    listed = json.dumps(manifest(review), indent=2, ensure_ascii=False) + "\n"
    # Names may hold markup, and some servers hand out any text as a page.
    listed = listed.replace("<", "\\u003c")
    (folder / "review.json").write_text(listed, encoding="utf-8")
    progress(steps, steps)
    return written


def page(review: Review, drawings: dict[str, Drawn] | None = None) -> str:
    """Return the page, as one text that needs nothing else."""
    found = drawings or {section.name: drawing(section) for section in review.sections}
    return render(review.story, drawings=found, **tables(review.dataset, tz=review.tz))


def manifest(review: Review) -> dict[str, object]:
    """Say what a folder holds."""
    return {
        "title": review.title,
        "page": "review.html",
        "as_of": review.as_of.isoformat() if review.as_of else None,
        "time_zone": review.tz,
        "about": list(review.story.when),
        "key_numbers": [
            {"label": each.label, "value": each.value, "change": each.change, "proof": each.proof}
            for each in review.key_numbers
        ],
        "charts": [
            {
                "name": section.name,
                "question": section.question,
                "finding": headline(section)[0],
                "png": f"charts/{section.name}.png",
                "svg": f"charts/{section.name}.svg",
                "alternative_text": alternative_text(section),
            }
            for section in review.sections
        ],
    }
