"""Which steps conversations take from status to status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_share
from drift_analysis.charts.kit.words import capitalized, spoken
from drift_analysis.schemas import Transitions

from .cells import reached
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section"]


def section(m: Measures) -> Section:
    """How conversations move on, and how often they come back."""
    t, steps = Transitions, metrics.transitions(m.intervals)
    return Section(
        name="transitions",
        question="How do conversations move on?",
        sentences=_findings(steps),
        chart=charts.transitions(steps, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=steps.select(
            _named(steps[t.from_status.name], "From", "begins"),
            _named(steps[t.to_status.name], "To", "stays to the end"),
            t.n.col.alias("Steps"),
            t.share.col.alias("Of all from there"),
            t.n_certain.col.alias("Certain"),
            t.n_loops.col.alias("Back again"),
            pl.Series("Half after", [reached(each) for each in steps[t.median_wait.name]]),
        ),
        data=steps,
        definition="By the best estimate of the status; certain are those steps before and after "
        "which the evidence allows nothing else. Back again are steps to a status in which the "
        "conversation had been. What it is in at the end of what is known stays there so far.",
    )


def _named(statuses: pl.Series, heading: str, unless: str) -> pl.Series:
    names = [unless if each is None else spoken(each) for each in statuses]
    return pl.Series(heading, names, pl.String)


def _findings(steps: pl.DataFrame) -> tuple[str, ...]:
    t = Transitions
    taken = steps.filter(t.from_status.col.is_not_null() & t.to_status.col.is_not_null())
    n, back = int(taken[t.n.name].sum()), int(taken[t.n_loops.name].sum())
    if not n:
        return ("No conversation has changed its status.",)
    most = taken.sort(t.n.name, descending=True).row(0, named=True)
    certain = int(taken[t.n_certain.name].sum())
    sure = (
        f"{capitalized(human_share(certain / n))} of them are certain; the rest are"
        if certain
        else "All are"
    )
    return (
        f"Of {n:,} changes of status, {most['n']:,} were from {spoken(most['from_status'])} to "
        f"{spoken(most['to_status'])}; {back or 'none'} led back to where the conversation had "
        "been.",
        "All of them are certain."
        if certain == n
        else f"{sure} what is most likely, since Drift keeps no history of status.",
    )
