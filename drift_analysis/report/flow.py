"""How much work waits, and how that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import plural
from drift_analysis.metrics.time.periods import period_of
from drift_analysis.schemas import Flow

from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["course", "section", "tells"]

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


def course(m: Measures) -> Section:
    """How many conversations have arrived and closed so far."""
    f, periods = Flow, _periods(m)
    return Section(
        name="flow",
        question="Does as much go out as comes in?",
        sentences=_balance(periods),
        chart=charts.flow(periods, as_of=m.as_of, tz=m.tz),
        numbers=periods.select(
            f.period.col.alias("From"),
            f.arrivals.col.alias("Arrived"),
            f.closes.col.alias("Closed"),
            f.reopens.col.alias("Reopened"),
            f.net_flow.col.alias("More waiting"),
            f.cumulative_arrivals.col.alias("Arrived so far"),
            f.cumulative_closes.col.alias("Closed so far"),
        ),
        data=periods,
        definition="All conversations count here, also those that began before the period. "
        "Arrived are those that began, or were picked up after they were sent in bulk; closed so "
        "far are those that have closed at least once. The bands are hard bounds.",
    )


def _periods(m: Measures) -> pl.DataFrame:
    """Follow all that was there, and show the periods that the review is about."""
    first = period_of(pl.lit(m.since, pl.Datetime("ms", "UTC")), m.every, m.tz)
    return metrics.flow(m.everybody, every=m.every, tz=m.tz).filter(Flow.period.col >= first)


def _balance(periods: pl.DataFrame) -> tuple[str, ...]:
    if periods.is_empty():
        return ("Nothing has arrived.",)
    came, went = (int(periods[each].sum()) for each in ("arrivals", "closes"))
    again = int(periods["reopens"].sum())
    more = came + again - went
    left = (
        f"{abs(more):,} {'more' if more > 0 else 'fewer'} than went out"
        if more
        else "as many as went out"
    )
    return (
        f"In the time that is drawn {came:,} arrived, {again or 'none'} "
        f"{'is' if again < 2 else 'are'} known to have been opened again, and {went:,} closes were "
        f"made: {left}.",
        "The lines count a conversation once; where they part, work piles up.",
    )


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
        f"In the time that is drawn {arrived:,} arrived and {closed:,} closes were made.",
    )
