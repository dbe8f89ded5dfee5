"""What a review is made of: key numbers and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

__all__ = ["KeyNumber", "Section", "Story"]


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
    change
        By how much it moved since the period before; empty where nothing is compared.
    """

    value: str
    label: str
    sentence: str
    proof: str
    change: str = ""


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
    data
        The numbers as they are, for a spreadsheet; where there are none, `numbers` are.
    """

    name: str
    question: str
    sentences: tuple[str, ...]
    chart: Any
    numbers: pl.DataFrame
    definition: str
    beside: pl.DataFrame | None = None
    data: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a review says, whichever kind of file it becomes.

    Attributes
    ----------
    title
        Its title.
    when
        Which conversations it is about and when they were known, as sentences.
    key_numbers
        The numbers at the top, the most important first.
    sure
        How sure the numbers are, all in all; empty where nothing is compared.
    minding
        What this data cannot say, in a few sentences for the top.
    sections
        The questions with their pictures.
    limits
        What no data of this kind can say.
    reading
        What was read and what could not be: sentences, and tables with headings in plain words.
    as_of
        What is known at this moment is told, nothing later; null where nothing was read.
    tz
        The time zone in which moments are written.
    """

    title: str
    when: tuple[str, ...]
    key_numbers: list[KeyNumber]
    sure: str
    minding: tuple[str, ...]
    sections: list[Section]
    limits: tuple[str, ...]
    reading: dict[str, str | pl.DataFrame]
    as_of: datetime | None
    tz: str
