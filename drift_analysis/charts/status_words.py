"""What the picture of time in status says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from .format import human_duration, human_share, plural
from .frame import FEW, Words
from .words import as_of_sentence, period, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime


__all__ = ["status_words"]

_MEASURE = "Time in each status, log scale · dot: median, line: 10 % to 90 %, pale: hard bounds"
_MEASURE_FEW = "Time in each status, log scale · one dot per conversation, hollow: still in it"
_WORK = ("open", "pending")


def status_words(
    rows: pl.DataFrame,
    known: pl.DataFrame,
    title: str | None,
    subtitle: str | None,
    when: tuple[datetime | None, datetime, str],
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    since, as_of, tz = when
    span = period(since, as_of, tz)
    if rows.is_empty():
        description = f"No picture: there are no conversations to measure {span}."
        return Words(
            title or "No time in any status",
            subtitle or span,
            (as_of_sentence(as_of, tz),),
            description,
        )
    finding = title or _finding(rows)
    measure = _MEASURE if (rows["n"] >= FEW).any() else _MEASURE_FEW
    n = known.filter(pl.col("n_visits") > 0)["conversation_id"].n_unique()
    stays, running = int(rows["n"].sum()), int(rows["n_censored"].sum())
    maybe = known.filter(pl.col("n_visits") == 0).height
    caption = (
        f"n = {plural(n, 'conversation')}; all stays of one in a status are added up.",
        f"{human_share(running / stays)} still run and count as far as they got (Kaplan-Meier); "
        "an open arrow goes on.",
        f"Left out: {plural(maybe, 'stay')} that only may have been." if maybe else "",
        "Drift keeps no history of status: bounds hold whatever the evidence cannot exclude.",
        as_of_sentence(as_of, tz),
    )
    medians = ", ".join(
        f"{spoken(row['status'])} {_median(row)} (n {row['n']})" for row in rows.to_dicts()
    )
    description = (
        f"Dot plot with intervals, one row per status; x: time in it, logarithmic. {finding}. "
        f"Medians: {medians}."
    )
    return Words(finding, subtitle or subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame) -> str:
    enough = rows.filter(pl.col("n") >= FEW).to_dicts()
    if not enough:
        return "Too few conversations for a median: each one is drawn"
    work = [row for row in enough if row["status"] in _WORK] or enough
    longest = max(work, key=lambda row: (row["p50"] is None, row["p50"]))
    where = spoken(longest["status"])
    start = f"{where.capitalize()} takes longest: " if len(work) > 1 else ""
    of_it = "of it" if start else f"of {where}"
    if longest["p50"] is None:
        text = f"fewer than half are out {of_it} so far"
    else:
        text = f"half are out {of_it} after {human_duration(longest['p50'])}"
    return start + text if start else text[0].upper() + text[1:]


def _median(row: dict[str, Any]) -> str:
    if row["n"] < FEW:
        return "too few"
    return "not reached" if row["p50"] is None else human_duration(row["p50"])
