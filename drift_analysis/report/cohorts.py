"""Whether contacts are answered sooner than they were."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_date, human_duration, human_share, plural
from drift_analysis.schemas import CohortTrend, FirstResponse

from .parts import Section
from .sla import tells

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_WITHIN = timedelta(hours=1)


def section(m: Measures) -> Section:
    """What share of the contacts of each period was answered within an hour."""
    c, trend = CohortTrend, _trend(m)
    known = trend.filter(pl.col("period").is_not_null())
    return Section(
        name="answer-trend",
        question="Are contacts answered sooner than before?",
        sentences=_findings(known),
        chart=charts.cohort_trend(
            trend,
            as_of=m.as_of,
            ended="been answered",
            tz=m.tz,
        ),
        numbers=known.select(
            pl.Series("From", [human_date(each) for each in known["period"]], pl.String),
            c.n.col.alias("Contacts"),
            c.share.col.alias(f"Answered within {human_duration(_WITHIN)}"),
            c.lo.col.alias("95 % from"),
            c.hi.col.alias("95 % to"),
            c.is_mature.col.alias("Over"),
        ),
        data=trend,
        definition=f"Of those who first wrote in a period, the share who had an answer from a "
        f"person within {human_duration(_WITHIN)}. Each contact is watched for as long; a "
        "conversation closed without an answer is one that was not answered.",
    )


def _trend(m: Measures) -> pl.DataFrame:
    """Watch everybody to the end: what was closed without an answer never gets one."""
    f = FirstResponse
    answered = f.outcome.col == "answered"
    closed = f.outcome.col == "closed"
    to_the_end = pl.lit(m.as_of, pl.Datetime("ms", "UTC")) - f.started_at.col
    waits = m.waits.filter(f.outcome.col.is_not_null()).with_columns(
        pl.when(closed).then(to_the_end).otherwise(f.wait.col).alias(f.wait.name),
        (~answered).alias(f.censored.name),
    )
    return metrics.cohort_trend(
        waits,
        start=f.started_at.name,
        duration=f.wait.name,
        censored=f.censored.name,
        horizon=_WITHIN,
        every=m.every,
        as_of=m.as_of,
        tz=m.tz,
    )


def _findings(trend: pl.DataFrame) -> tuple[str, str]:
    c = CohortTrend
    over = trend.filter(c.is_mature.col & c.share.col.is_not_null())
    if over.is_empty():
        return "No period is over yet.", "Contacts are watched for an hour each."
    first, last = over.row(0, named=True), over.row(-1, named=True)
    return (
        f"Of those who first wrote from {human_date(first['period'])} on, "
        f"{human_share(first['share'])} had an answer within an hour; of the last ones, from "
        f"{human_date(last['period'])} on, {human_share(last['share'])}.",
        f"There are {plural(over.height, 'period')} with {plural(int(over['n'].sum()), 'contact')}:"
        " watch the bands before calling it a change.",
    )
