"""What the picture of single conversations says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .format import human_date, human_duration, human_period, plural
from .frame import Words
from .words import as_of_sentence, listing, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime


__all__ = ["timeline_words"]


def timeline_words(
    stretches: pl.DataFrame,
    ticks: pl.DataFrame | None,
    counts: tuple[int, int],
    when: tuple[datetime, datetime, str],
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    end, as_of, tz = when
    n, n_all = counts
    span = human_period(min(stretches["entered_at"]), end, tz)
    finding = _finding(stretches, n, n_all)
    cut = human_date(end, tz)
    caption = (
        f"{n} of {plural(n_all, 'conversation')}, the latest by their start."
        if n < n_all
        else f"n = {plural(n, 'conversation')}.",
        "Pale: another status cannot be excluded, since Drift keeps no history of status.",
        "Open arrow: goes on. Thin: closed.",
        "" if ticks is None else "Contacts write above the row, humans and bots below.",
        f"Cut at {cut}." if cut != human_date(as_of, tz) else "",
        as_of_sentence(as_of, tz),
    )
    description = f"Gantt chart, one row per conversation; x: time, {span}. {finding}."
    measure = "Status of each conversation over time"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(stretches: pl.DataFrame, n: int, n_all: int) -> str:
    last = stretches.sort("row", "entered_at").group_by("row", maintain_order=True).last()
    if n == 1:
        spent = stretches.group_by("status", maintain_order=True).agg(
            length=(pl.col("left_at") - pl.col("entered_at")).sum()
        )
        told = [
            f"{spoken(status)} for {human_duration(length)}"
            for status, length in spent.iter_rows()
            if status != "closed"
        ]
        return f"One conversation: {listing([*told, 'now ' + spoken(last['status'][0])])}"
    closed = int((last["status"] == "closed").sum())
    which = f"the {n} latest conversations" if n < n_all else f"{n} conversations"
    return f"{closed} of {which} are closed, {n - closed} go on"
