"""Who is behind what is said of statuses: stretches, times, steps and ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.groups import with_groups, with_lives
from drift_analysis.metrics.status.lives import visits_of
from drift_analysis.metrics.status.status import status_intervals, time_in_status
from drift_analysis.metrics.status.stays import counted, summed
from drift_analysis.metrics.status.transitions import steps_of, transitions
from drift_analysis.metrics.status.variants import variants, ways_of

from .explanation import LATER, Explanation
from .stage import ID, Part, Stage, fates_of, once, row_by_row

if TYPE_CHECKING:
    from drift_analysis.metrics.groups import Groups

__all__ = ["EXPLANATIONS"]

_STEP = ("from_status", "to_status")


def _intervals(table: pl.LazyFrame, *, conversations: pl.LazyFrame) -> Stage:
    later = conversations.join(table, on=ID, how="anti")
    fates = fates_of(conversations, {"created_later": later})
    return row_by_row(table, (ID, "visit", "entered_at"), fates)


def _times(table: pl.LazyFrame, *, intervals: pl.LazyFrame, by: Groups | None, stays: str) -> Stage:
    fates = fates_of(intervals, {})
    if by is None:
        return row_by_row(table, (ID, "status"), fates)
    grouped, groups = with_groups(intervals, by, taken=())
    flags = counted()
    rows = summed(grouped, stays, groups).select(
        *groups, "status", ID, *(flag.alias(name) for name, flag in flags.items())
    )
    keys = (*groups, "status")
    return Stage(keys, (Part(rows, keys, tuple(flags)),), fates)


def _steps(*, intervals: pl.LazyFrame, by: Groups | None) -> Stage:
    grouped, groups = with_lives(intervals, by, taken=())
    keys = (*groups, *_STEP)
    sums = {"n_certain": "is_certain", "n_loops": "is_loop"}
    rows = (
        steps_of(visits_of(grouped, groups), groups)
        .group_by(*keys, ID)
        .agg(
            *once("conversations"),
            pl.len().alias("n"),
            **{n: pl.col(of).sum() for n, of in sums.items()},
        )
    )
    return Stage(keys, (Part(rows, keys, ("conversations", "n", *sums)),), fates_of(intervals, {}))


def _ways(*, intervals: pl.LazyFrame, by: Groups | None) -> Stage:
    grouped, groups = with_lives(intervals, by, taken=())
    keys = (*groups, "variant")
    numbers = ("conversations", "n_certain")
    rows = ways_of(grouped, groups).select(
        *keys, ID, *once("conversations"), pl.col("is_certain").alias("n_certain")
    )
    return Stage(keys, (Part(rows, keys, numbers),), fates_of(intervals, {}))


_ESTIMATE = "by the path through the evidence with the fewest changes"

EXPLANATIONS = {
    status_intervals: Explanation(
        "The stretches of each conversation's life in one status, estimated "
        f"{_ESTIMATE}, with all that cannot be excluded. The definition is this library's own, "
        "since Drift keeps no history of status.",
        _intervals,
        LATER,
    ),
    time_in_status: Explanation(
        f"The time in each status, estimated {_ESTIMATE}, with hard bounds; what still runs counts "
        "as censored (Kaplan and Meier). The statuses are Drift's.",
        _times,
    ),
    transitions: Explanation(
        f"Steps from one status to the next, {_ESTIMATE}, with beginnings and what still runs. "
        "As in process mining: a graph of what directly follows.",
        _steps,
    ),
    variants: Explanation(
        f"Whole ways through the statuses, {_ESTIMATE}; those still running are counted apart. "
        "The variants of process mining.",
        _ways,
    ),
}
