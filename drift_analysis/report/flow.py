"""How much work waits, and how that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.format import plural
from drift_analysis.metrics.periods import period_of
from drift_analysis.schemas import Conversations, Flow

from .measures import known_messages, unless_empty
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST = 3
"""Below this many periods there is no course to see."""


def tells(m: Measures) -> bool:
    """Whether there are enough periods, and some work in them."""
    periods = m.trend["period"].n_unique()
    return periods >= _FEWEST and m.conversations.height > 0


def section(m: Measures) -> Section:
    """How many conversations are open or pending at the end of each period."""
    f, periods = Flow, _periods(m)
    return Section(
        name="backlog",
        question="How much is waiting?",
        sentences=_findings(periods),
        chart=charts.backlog(periods, as_of=m.as_of, tz=m.tz),
        numbers=periods.select(
            f.period.col.alias("From"),
            f.arrivals.col.alias("Arrived"),
            f.closes.col.alias("Closed"),
            f.reopens.col.alias("Reopened"),
            f.backlog.col.alias("Open or pending at the end"),
            f.backlog_min.col.alias("At least"),
            f.backlog_max.col.alias("At most"),
        ),
        data=periods,
        definition="All conversations count here, also those that began before the period: the "
        "backlog is what is open or pending when a day, week or month ends. Arrived are those that "
        "began, or were picked up after they were sent in bulk. The bounds are hard: what the "
        "evidence cannot exclude.",
    )


def _periods(m: Measures) -> pl.DataFrame:
    """Follow all that was there, and show the periods that the review is about."""
    c = Conversations
    everybody = m.dataset.conversations.filter(c.created_at.col <= m.as_of)
    intervals = m.intervals
    if everybody.height > m.conversations.height:
        intervals = metrics.status_intervals(
            everybody,
            messages=known_messages(m.dataset, everybody, m.as_of),
            status_events=unless_empty(m.dataset.status_events),
            as_of=m.as_of,
        )
    first = period_of(pl.lit(m.since, pl.Datetime("ms", "UTC")), m.every, m.tz)
    return metrics.flow(intervals, every=m.every, tz=m.tz).filter(Flow.period.col >= first)


def _findings(periods: pl.DataFrame) -> tuple[str, str]:
    if periods.is_empty():
        return "Nothing has arrived.", "Without arrivals nothing waits."
    last = periods.row(-1, named=True)
    arrived, closed = int(periods["arrivals"].sum()), int(periods["closes"].sum())
    bounds = (
        f", at least {last['backlog_min']:,} and at most {last['backlog_max']:,}"
        if last["backlog_min"] < last["backlog_max"]
        else ""
    )
    wait = "waits" if last["backlog"] == 1 else "wait"
    return (
        f"{plural(last['backlog'], 'conversation')} {wait} at the end{bounds}.",
        f"{arrived:,} arrived and {closed:,} closes were made in what is drawn.",
    )
