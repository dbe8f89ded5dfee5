"""What the picture of open work says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_duration, plural
from ..kit.frame import Words
from ..kit.words import subtitled

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["ageing_words", "no_work"]


def no_work(told: str) -> Words:
    """Say that nothing is waiting."""
    return Words(
        "Nothing is open or pending",
        "",
        (told,),
        f"No picture: nothing is open or pending. {told}",
    )


def ageing_words(rows: pl.DataFrame, each: int, told: str) -> Words:
    """Write title, subtitle, caption and alternative text."""
    n, finished = rows.height, int(rows["n_finished"].to_list()[0])
    late_from: timedelta | None = rows["finished_p90"].to_list()[0]
    half: timedelta | None = rows["finished_p50"].to_list()[0]
    late = 0 if late_from is None else rows.filter(pl.col("age") > late_from).height
    finding = _finding(n, late, late_from)
    uncertain = int((~rows["is_certain"]).sum())
    caption = (
        f"n = {exact_count(n)} open or pending, {exact_count(finished)} finished.",
        f"A dot is up to {each} conversations." if each > 1 else "",
        f"Hollow: may have been closed ({exact_count(uncertain)})." if uncertain else "",
        "Both count from the arrival, finished ones to their last close." if finished else "",
        told,
    )
    counts = ", ".join(
        f"{exact_count(count)} {status}"
        for status in ("open", "pending")
        if (count := rows.filter(pl.col("status") == status).height)
    )
    half_said = (
        "" if half is None else f" Half of the finished took {human_duration(half)} or less."
    )
    description = f"Dots, one row per status; x: age, logarithmic. {finding}. {counts}.{half_said}"
    measure = [
        "Age of what waits, log scale · a dot each" if each == 1 else "Age of what waits, log scale"
    ]
    return Words(finding, subtitled(measure), caption, description)


def _finding(n: int, late: int, late_from: timedelta | None) -> str:
    waiting = f"{plural(n, 'conversation')} {'waits' if n == 1 else 'wait'}"
    if late_from is None:
        return f"{waiting}, none is finished to compare with"
    limit = f"9 in 10 finished ones took ({human_duration(late_from)})"
    if not late:
        return f"{waiting}, none longer than {limit}"
    return f"{exact_count(late)} of {exact_count(n)} that wait have waited longer than {limit}"
