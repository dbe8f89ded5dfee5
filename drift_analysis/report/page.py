"""Put the parts of a review together into one page."""

from __future__ import annotations

from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl
from markupsafe import Markup

from drift_analysis.charts.kit.text import glued

from . import inks
from .cells import rows

if TYPE_CHECKING:
    from .parts import Story
    from .pictures import Drawn

__all__ = ["render"]

_LONG = 60
"""Texts longer than this get room, so that a table does not become a tower."""


def render(story: Story, *, drawings: dict[str, Drawn], **parts: Any) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    story
        What the review says.
    drawings
        For each section's name, its picture as `drift_analysis.report.pictures` draws it. The
        drawings alone are taken as they are; whatever else is text is escaped.
    parts
        What the template asks for beyond; a name that it asks for in vain is an error.
    """
    return _template().render(
        story=story,
        headings={name: drawn.finding for name, drawn in drawings.items()},
        drawings={name: Markup(drawn.svg) for name, drawn in drawings.items()},
        rows=partial(rows, tz=story.tz),
        kinds_of=_kinds,
        style=Markup(f"{inks.style()}\n{_read('review.css')}"),
        version=version("drift_analysis"),
        **parts,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finished,
    )
    return environment.from_string(_read("review.html.jinja"))


def _finished(value: object) -> object:
    """Keep numbers with their units in all texts; what is a part of the page stays as it is."""
    return glued(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _read(name: str) -> str:
    return files("drift_analysis.report").joinpath("templates", name).read_text(encoding="utf-8")


def _kinds(frame: pl.DataFrame) -> list[str]:
    """Say of which kind each column is: numbers, long texts, or others."""
    return [
        "number"
        if column.dtype.is_numeric() or column.dtype.is_temporal()
        else "long"
        if column.dtype == pl.String and column.str.len_chars().fill_null(0).gt(_LONG).any()
        else ""
        for column in frame.iter_columns()
    ]
