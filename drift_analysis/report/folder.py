"""A review as a folder: the page, its pictures, and a list of what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .page import render
from .pictures import alternative_text, drawing, headline, write_pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .parts import Story
    from .pictures import Drawn

__all__ = ["manifest", "page", "write_folder"]


def write_folder(story: Story, folder: Path, progress: Callable[[int, int], None]) -> Path:
    """Write the page, its pictures as PNG and SVG, and a list of the files."""
    charts = folder / "charts"
    charts.mkdir(parents=True, exist_ok=True)
    steps = len(story.sections) + 1
    drawings = {}
    for done, section in enumerate(story.sections, start=1):
        drawings[section.name] = write_pictures(section, charts)
        progress(done, steps)
    written = folder / "review.html"
    written.write_text(page(story, drawings), encoding="utf-8")
    listed = json.dumps(manifest(story), indent=2, ensure_ascii=False) + "\n"
    # Names may hold markup, and some servers hand out any text as a page.
    listed = listed.replace("<", "\\u003c")
    (folder / "review.json").write_text(listed, encoding="utf-8")
    progress(steps, steps)
    return written


def page(story: Story, drawings: dict[str, Drawn] | None = None) -> str:
    """Return the page, as one text that needs nothing else."""
    found = drawings or {section.name: drawing(section) for section in story.sections}
    return render(story, drawings=found, **story.reading)


def manifest(story: Story) -> dict[str, object]:
    """Say what a folder holds."""
    return {
        "title": story.title,
        "page": "review.html",
        "as_of": story.as_of.isoformat() if story.as_of else None,
        "time_zone": story.tz,
        "about": list(story.when),
        "key_numbers": [
            {"label": each.label, "value": each.value, "change": each.change, "proof": each.proof}
            for each in story.key_numbers
        ],
        "charts": [
            {
                "name": section.name,
                "question": section.question,
                "finding": headline(section)[0].replace("\N{NO-BREAK SPACE}", " "),
                "png": f"charts/{section.name}.png",
                "svg": f"charts/{section.name}.svg",
                "alternative_text": alternative_text(section),
            }
            for section in story.sections
        ],
    }
