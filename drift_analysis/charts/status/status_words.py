"""What the picture of time in status says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.words import as_of_sentence, period, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime


__all__ = ["status_words"]

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
    bounded = bool(rows["duration_min"].is_not_null().any())
    measure = _measure(rows, bounded=bounded)
    n = known.filter(pl.col("n_visits") > 0)["conversation_id"].n_unique()
    stays, running = int(rows["n"].sum()), int(rows["n_censored"].sum())
    maybe = known.filter(pl.col("n_visits") == 0).height
    caption = (
        f"n = {plural(n, 'conversation')}; all stays of one in a status are added up.",
        _of_running(running, stays, arrows=bool(rows["arrow"].is_not_null().any())),
        f"Left out: {plural(maybe, 'stay')} that only may have been." if maybe else "",
        "Drift keeps no history of status: bounds hold whatever the evidence cannot exclude."
        if bounded
        else "Drift keeps no history of status.",
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


def _measure(rows: pl.DataFrame, *, bounded: bool) -> str:
    """Say what is drawn, and nothing else."""
    few = rows.filter(pl.col("n") < FEW)
    parts = []
    if few.height < rows.height:
        parts.append("dot: median, line: 10 % to 90 %" + (", pale: hard bounds" if bounded else ""))
    if not few.is_empty():
        which = "one dot per conversation"
        which = which if few.height == rows.height else f"below {FEW}: {which}"
        parts.append(which + (", hollow: still in it" if int(few["n_censored"].sum()) else ""))
    return subtitled(["Time in each status, log scale", *parts])


def _of_running(running: int, stays: int, *, arrows: bool) -> str:
    if not running:
        return ""
    if stays < FEW:
        return f"{running} of {plural(stays, 'stay')} still {'runs' if running == 1 else 'run'}."
    on = "; an open arrow goes on" if arrows else ""
    share = human_share(running / stays)
    return f"{share} still run and count as far as they got (Kaplan-Meier){on}."


def _finding(rows: pl.DataFrame) -> str:
    """Say by when half have left, in the order of a life; open and pending are the work."""
    enough = rows.filter(pl.col("n") >= FEW).to_dicts()
    if not enough:
        return "Too few conversations for a median: each one is drawn"
    work = [row for row in enough if row["status"] in _WORK] or enough
    reached = [
        f"{spoken(row['status'])} within {human_duration(row['p50'])}"
        for row in work
        if row["p50"] is not None
    ]
    rest = [spoken(row["status"]) for row in work if row["p50"] is None]
    not_yet = f"fewer than half have left {' or '.join(rest)} so far" if rest else ""
    if not reached:
        return not_yet[0].upper() + not_yet[1:]
    return ", ".join([f"Half leave {', '.join(reached)}", *([not_yet] if rest else [])])


def _median(row: dict[str, Any]) -> str:
    if row["n"] < FEW:
        return "too few"
    return "not reached" if row["p50"] is None else human_duration(row["p50"])
