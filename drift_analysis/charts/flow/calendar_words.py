"""What the calendar of arrivals says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_date, human_period, plural, zone
from ..kit.frame import FEW, Words
from ..kit.words import subtitled

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["calendar_words"]


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def calendar_words(rows: pl.DataFrame, n_all: int, as_of: datetime, when: tuple[str, str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    tz, told = when
    n = int(rows["n"].sum())
    top = rows.sort("n", "period", descending=[True, False]).row(0, named=True)
    weekdays = rows.group_by("weekday").agg(pl.col("n").mean())
    busiest = weekdays.sort("n", "weekday", descending=[True, False]).row(0, named=True)
    local = f"days of {tz}"
    finding = f"{plural(n, 'conversation')} arrived, most on {human_date(top['period'])} ({local})"
    if n >= FEW * len(_DAYS):
        finding = f"{_DAYS[busiest['weekday']]}s bring the most, {busiest['n']:.1f} a day ({local})"
    first: date = rows["period"].to_list()[0]
    span = human_period(first, as_of.astimezone(zone(tz)).date())
    earlier = n_all - rows.height
    unfinished = "" if rows["is_complete"].all() else "Framed: not over."
    caption = (
        f"n = {plural(n, 'conversation')} on {plural(rows.height, 'day')}; empty: none arrived.",
        f"Most on {human_date(top['period'])}: {exact_count(top['n'])}.",
        f"{plural(earlier, 'earlier day')} not shown." if earlier else "",
        unfinished,
        told,
    )
    description = (
        f"Calendar, a column per week and a row per weekday; colour: arrivals. {finding}. "
        f"Most on {human_date(top['period'])}: {exact_count(top['n'])}."
    )
    return Words(
        finding, subtitled(["Conversations that arrived, per day", span]), caption, description
    )
