"""What a review is made of: key numbers and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

__all__ = ["KeyNumber", "Section"]


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the numbers at the top: what it is, what it means, and how sure it is.

    Attributes
    ----------
    value
        The number as people read it, with its unit.
    label
        What it is, in two or three words.
    sentence
        What it means, in one plain sentence.
    proof
        Its interval, and how many it was counted from.
    """

    value: str
    label: str
    sentence: str
    proof: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its picture, two sentences, and the numbers behind it.

    Attributes
    ----------
    name
        Its anchor in the page, and the name of its picture's files.
    question
        Its heading.
    sentences
        What the picture shows, and what to mind when reading it.
    chart
        The picture, an Altair chart.
    numbers
        The numbers behind it, with headings in plain words.
    definition
        How they are defined.
    beside
        A small table that is always shown, for what the picture leaves out.
    """

    name: str
    question: str
    sentences: tuple[str, ...]
    chart: Any
    numbers: pl.DataFrame
    definition: str
    beside: pl.DataFrame | None = None
