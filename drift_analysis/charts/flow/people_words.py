"""What the picture of who does the work says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, plural
from ..kit.frame import Words
from ..kit.text import shortened
from ..kit.words import subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["people_words", "work_told"]


def work_told(row: dict[str, Any]) -> str:
    """Say conversations and first answers of a row."""
    count, first = (exact_count(round(row[name])) for name in ("conversations", "first_responses"))
    return f"{count} · {first} first"


def people_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    finding = _finding(table)
    busiest = table.sort("busiest_day", "user_id", descending=[True, False]).row(0, named=True)
    caption = (
        f"n = {plural(table.height, 'person', 'people')}; a conversation counts for everybody who "
        "wrote in it.",
        f"Most on one day: {exact_count(busiest['busiest_day'])} conversations "
        f"({shortened(busiest['label'], 24)}).",
        "Grey: the mean of the other people." if rows["is_others"].any() else "",
        "How many somebody had at once is not known: Drift does not record who has a conversation.",
        as_of,
    )
    told = ", ".join(f"{row['label']} {row['value']}" for row in rows.to_dicts())
    description = (
        f"Bar chart, one bar per person; x: conversations written in, and of them first answers. "
        f"{finding}. {told}."
    )
    measure = "Conversations that each person wrote in · right: n · first answers"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(table: pl.DataFrame) -> str:
    counts = table["conversations"].cast(pl.Int64).sort(descending=True)
    n = counts.len()
    if n == 1:
        only = table.row(0, named=True)
        wrote = plural(only["conversations"], "conversation")
        return f"{shortened(only['label'], 24)} wrote in {wrote}"
    half = int((counts.cum_sum() * 2 < int(counts.sum())).sum()) + 1
    who = "people does" if half == 1 else "people do"
    return f"{half} of {n} {who} half of the work (conversations written in)"
