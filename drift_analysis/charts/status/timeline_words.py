"""What the picture of single conversations says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import human_date, human_duration, human_period, plural
from ..kit.frame import Words
from ..kit.words import as_of_sentence, listing, spoken, subtitled
from .timeline_rows import goes_on

if TYPE_CHECKING:
    from datetime import datetime


__all__ = ["clock_format", "timeline_words"]

_FEW_DAYS, _NARROW = 4, 310


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
    on = goes_on(stretches)
    finding = _finding(stretches, n, n_all)
    cut = human_date(end, tz)
    caption = (
        f"{n} of {plural(n_all, 'conversation')}, the latest by their start."
        if n < n_all
        else f"n = {plural(n, 'conversation')}.",
        ""
        if stretches["certain"].all()
        else "Pale: another status cannot be excluded, since Drift keeps no history of status.",
        "Open arrow: goes on." if on else "",
        "Thin: closed." if (stretches["status"] == "closed").any() else "",
        ""
        if ticks is None or ticks.is_empty()
        else "Contacts write above the row, humans and bots below.",
        f"Cut at {cut}." if cut != human_date(as_of, tz) else "",
        as_of_sentence(as_of, tz),
    )
    description = f"Gantt chart, one row per conversation; x: time, {span}. {finding}."
    measure = "Status of each conversation over time"
    rest = f"+ {human_duration(as_of - end)} not drawn" if on and end < as_of else ""
    return Words(finding, subtitled([measure, span, rest]), caption, description)


def _finding(stretches: pl.DataFrame, n: int, n_all: int) -> str:
    if n == 1:
        last = stretches.sort("entered_at")["status"].to_list()[-1]
        spent = stretches.group_by("status", maintain_order=True).agg(
            length=(pl.col("left_at") - pl.col("entered_at")).sum()
        )
        told = [
            f"{spoken(status)} for {human_duration(length)}"
            for status, length in spent.iter_rows()
            if status != "closed"
        ]
        return f"One conversation: {listing([*told, 'now ' + spoken(last)])}"
    on = goes_on(stretches)
    which = f"the {n} newest conversations" if n < n_all else f"{n} conversations"
    if on in (0, n):
        return f"How {which} went: all {'go on' if on else 'are closed'}"
    return f"How {which} went: {n - on} closed, {on} {'goes' if on == 1 else 'go'} on"


def clock_format(days: float, width: int) -> str:
    """Choose days, hours or both for the axis, as they tell moments apart and have room."""
    if width < _NARROW:
        return "%H:%M" if days <= 1 else "%-d %b"
    return "%-d %b" if days > _FEW_DAYS else "%-d %b %H:%M"
