"""Put the parts of a review together into one page."""

from __future__ import annotations

from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from . import inks
from .cells import rows

if TYPE_CHECKING:
    import polars as pl

    from .parts import Story

__all__ = ["render"]


def render(story: Story, *, drawings: dict[str, str], **parts: Any) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    story
        What the review says.
    drawings
        For each section's name, its picture as `drift_analysis.report.svg.inline` makes it.
        They alone are taken as they are; whatever else is text is escaped.
    parts
        What the template asks for beyond; a name that it asks for in vain is an error.
    """
    return _template().render(
        story=story,
        drawings={name: Markup(svg) for name, svg in drawings.items()},
        rows=partial(rows, tz=story.tz),
        is_number=_is_number,
        style=Markup(f"{inks.style()}\n{_read('review.css')}"),
        version=version("drift_analysis"),
        **parts,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_read("review.html.jinja"))


def _read(name: str) -> str:
    return files("drift_analysis.report").joinpath("templates", name).read_text(encoding="utf-8")


def _is_number(frame: pl.DataFrame, name: str) -> bool:
    dtype = frame.schema[name]
    return dtype.is_numeric() or dtype.is_temporal()
