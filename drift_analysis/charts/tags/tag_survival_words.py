"""What the picture of how long tagged conversations take says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_duration, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLEAR", "median_told", "survival_words"]

CLEAR = 0.05
"""Below this q a tag is clearly sooner or later than the rest."""

_AFTER = "tags come after the fact"


def median_told(row: dict[str, Any]) -> str:
    """Say the median and n; counts alone where they are few."""
    if row["n"] < FEW:
        return f"{row['events']} of {row['n']} ended"
    n = exact_count(row["n"])
    if row["median"] is None:
        return f"not reached · {n}"
    return f"{human_duration(row['median'])} · {n}"


def survival_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    if rows.is_empty():
        description = f"No picture: no conversation has a tag, {span}."
        return Words("No conversation has a tag", span, (as_of,), description)
    finding = _finding(rows)
    first = table.row(0, named=True)
    hidden = table.height - rows.height
    middle = first["median_all"]
    caption = (
        f"n = {plural(first['n'] + first['n_rest'], 'conversation')} whose tags are known; one can "
        "have several. What still runs counts as far as it got.",
        f"{_AFTER.capitalize()}: a tag may be there because it took long, and predicts nothing.",
        unknown_sentence(first["n_unknown"]),
        "Filled: clearly sooner or later than the rest (log-rank, q below 5 %); hollow: may be "
        "chance.",
        ""
        if middle is None or rows["at"].is_null().all()
        else f"Dashed: half of all, {human_duration(middle)}.",
        f"Below {FEW} conversations: counts alone." if (rows["n"] < FEW).any() else "",
        f"{plural(hidden, 'rarer tag')} not drawn." if hidden else "",
        as_of,
    )
    told = ", ".join(f"{row['label']} {row['value']}" for row in rows.to_dicts())
    description = (
        f"Dot plot with 95 % intervals, one row per tag; x: time until half have ended, "
        f"logarithmic. {finding}. {told}."
    )
    measure = "Time until half have ended by tag, log scale, 95 % interval · right: median · n"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame) -> str:
    clear = rows.filter(~pl.col("hollow"))
    if clear.is_empty():
        return f"No tag clearly goes with a longer or shorter time ({_AFTER})"
    slower = clear.filter(pl.col("hazard_ratio") < 1).sort("hazard_ratio")
    row = (slower if not slower.is_empty() else clear.sort("hazard_ratio")).row(0, named=True)
    way = "longer" if not slower.is_empty() else "shorter"
    half = "not reached" if row["median"] is None else human_duration(row["median"])
    every = row["median_all"]
    rest = "" if every is None else f", of all {human_duration(every)}"
    start = f"Tagged {shortened(row['label'], 24)} takes {way}: half {half}{rest}"
    return f"{start} ({_AFTER})"
