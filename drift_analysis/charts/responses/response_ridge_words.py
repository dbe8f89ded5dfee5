"""What the ridges of first responses say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ridge_words", "wait_told"]


def wait_told(row: dict[str, Any]) -> str:
    """Say the median and n; counts alone where they are few."""
    if row["n"] < FEW:
        return f"{row['n_answered']} of {row['n']}"
    if row["at"] is None:
        share = human_share(row["answered"] or 0.0)
        return f"{share} ever · {exact_count(row['n'])}"
    return f"{human_duration(1000 * row['at'])} · {exact_count(row['n'])}"


def ridge_words(rows: pl.DataFrame, known: pl.DataFrame, by: str, told: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, out, as_of = told
    finding = _finding(rows)
    waiting = int((known["outcome"] == "waiting").sum())
    closed = int((known["outcome"] == "closed").sum())
    unreached = (rows["at"].is_null() & (rows["n"] >= FEW)).any()
    caption = (
        f"n = {plural(known.height, 'wait')}; higher: more are answered about then, one scale.",
        "Dot and line: median with 95 % interval.",
        f"{human_share(waiting / known.height)} still wait and count as far as they got."
        if waiting
        else "",
        f"{human_share(closed / known.height)} were closed without an answer." if closed else "",
        "Ever: half is not reached, this share is answered." if unreached else "",
        f"Ring: an answer of a group with fewer than {FEW} waits."
        if (rows["n"] < FEW).any()
        else "",
        out,
        as_of,
    )
    each = ", ".join(f"{row['label']} {row['value']}" for row in rows.to_dicts())
    description = (
        f"Ridges, one row per group; x: time to the first answer, logarithmic; height: share "
        f"answered about then. {finding}. Median and n: {each}."
    )
    measure = f"Time to the first answer by {by.replace('_', ' ')}, log scale"
    return Words(finding, subtitled([measure, "right: median · n", span]), caption, description)


def _finding(rows: pl.DataFrame) -> str:
    shown = rows.filter(pl.col("n") >= FEW)
    reached = shown.filter(pl.col("at").is_not_null(), ~pl.col("is_others"))
    if shown.is_empty():
        return "Too few waits per group for a median: each answer is drawn"
    if reached.is_empty():
        return "In no group half of the waits are known to be answered"
    first, last = reached.row(0, named=True), reached.row(-1, named=True)
    fastest = human_duration(1000 * first["at"])
    if shown.height == 1:
        return f"{shortened(first['label'], 24)}: half are answered within {fastest}"
    is_apart = first["hi"] is not None and first["hi"] < (last["lo"] or last["at"])
    if reached.height > 1 and is_apart:
        slowest = human_duration(1000 * last["at"])
        return (
            f"Half are answered within {fastest} by {shortened(first['label'], 24)}, "
            f"within {slowest} by {shortened(last['label'], 24)}"
        )
    return "No group is clearly faster than another: the medians' intervals overlap"
