"""A review on paper: pages of text, tables and drawings, set by Typst."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drift_analysis.charts.kit.text import glued
from drift_analysis.charts.output.render import svg_size
from drift_analysis.errors import MissingExtra

from .cells import rows
from .pictures import alternative_text, drawing

if TYPE_CHECKING:
    import polars as pl

    from .parts import Section, Story

__all__ = ["pdf"]

_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_ENDLESS, _PIECES = re.compile(rf"[^\s{_MAY_BREAK}]{{21,}}"), re.compile(".{1,10}", re.DOTALL)
_FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif")
_ROWS = 30
_WIDEST, _TALLEST = 76, 64
"""How much of the width of the text a picture may take, and how tall it may be beside that."""


def pdf(story: Story) -> bytes:
    """Return a review as a PDF with headings, alternative texts and fonts in it.

    Raises
    ------
    MissingExtra
        If typst is not installed.
    """
    if find_spec("typst") is None:
        raise MissingExtra.needed("typst", "A review as PDF", "pdf")
    import typst

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        told = {**_told(story), "sections": [_section(s, story.tz, folder) for s in story.sections]}
        (folder / "review.json").write_text(json.dumps(_everywhere(told)), encoding="utf-8")
        template = files("drift_analysis.report").joinpath("templates", "review.typ")
        (folder / "review.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        return typst.compile(folder / "review.typ", root=folder, format="pdf", pdf_standards="ua-1")


def _told(story: Story) -> dict[str, Any]:
    found: dict[str, Any] = story.reading
    complete = [
        _captioned(found, "coverage", "For how many conversations each metric can be computed"),
        _captioned(found, "sizes", "What was read"),
    ]
    unread = [
        _captioned(found, "rejects", "Rejected, by source and reason"),
        _captioned(found, "findings", "Findings, the gravest first"),
    ]
    behind = [
        {"caption": each.question, "sheet": _sheet(each.numbers, story.tz)}
        for each in story.sections
        if each.numbers.height
    ]
    parts: list[tuple[str, list[Any], list[Any]]] = [
        ("The numbers behind the pictures", [], behind),
        ("How complete the data is", [found["log_window"]], complete),
        ("What could not be read", [found["rejects_sentence"]], unread),
    ]
    return {
        "title": story.title,
        "heading": story.title,
        "when": story.when,
        "key_numbers": [
            {
                name: getattr(each, name)
                for name in ("value", "label", "sentence", "proof", "change")
            }
            for each in story.key_numbers
        ],
        "sure": story.sure,
        "minding": story.minding,
        "limits": story.limits,
        "fonts": _FONTS,
        "footer": story.title if len(story.title) <= 80 else story.title[:79] + "…",
        "parts": [
            {
                "heading": heading,
                "sentences": said,
                "sheets": [each for each in sheets if each],
            }
            for heading, said, sheets in parts
            if said or sheets
        ],
    }


def _section(section: Section, tz: str, folder: Path) -> dict[str, Any]:
    drawn, picture = drawing(section), f"{section.name}.svg"
    (folder / picture).write_text(drawn.svg, encoding="utf-8")
    width, height = svg_size(drawn.svg)
    return {
        "question": section.question,
        "finding": drawn.finding,
        "picture": picture,
        "width": round(min(_WIDEST, _TALLEST * width / height), 1),
        "alt": alternative_text(section),
        "sentences": section.sentences,
        "beside": None if section.beside is None else _sheet(section.beside, tz),
        "definition": section.definition,
    }


def _captioned(found: dict[str, Any], name: str, caption: str) -> dict[str, Any] | None:
    frame: pl.DataFrame = found[name]
    return {"caption": caption, "sheet": _sheet(frame, "UTC")} if frame.height else None


def _sheet(frame: pl.DataFrame, tz: str) -> dict[str, Any]:
    """Return a table as text, with how wide its columns are to one another."""
    numeric = [dtype.is_numeric() or dtype.is_temporal() for dtype in frame.schema.dtypes()]
    shown = [
        [
            value.replace(" ", "\N{NO-BREAK SPACE}") if is_number else _breakable(value)
            for value, is_number in zip(row, numeric, strict=True)
        ]
        for row in rows(frame.head(_ROWS), tz=tz)
    ]
    return {
        "columns": frame.columns,
        "rows": shown,
        "numeric": numeric,
        "widths": [
            max(8, min(30, max(len(name), *(len(row[at]) for row in shown), 0) + 1))
            for at, name in enumerate(frame.columns)
        ],
        "left": max(0, frame.height - _ROWS),
    }


def _breakable(text: str) -> str:
    """Let long names break where they are put together."""
    return text.replace("_", f"_{_MAY_BREAK}").replace("/", f"/{_MAY_BREAK}")


def _everywhere(told: Any) -> Any:
    """Let endless words break, in all texts that are set: lines do not hold them."""
    match told:
        case str():
            joined = glued(told)
            return _ENDLESS.sub(lambda word: _MAY_BREAK.join(_PIECES.findall(word[0])), joined)
        case list() | tuple():
            return [_everywhere(each) for each in told]
        case dict():
            kept = ("picture", "alt", "fonts", "title", "footer")
            return {k: v if k in kept else _everywhere(v) for k, v in told.items()}
        case _:
            return told
