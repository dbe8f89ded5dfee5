"""Who is behind closes, reopens, the flow of work, and its age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.flow.ageing import ageing, work_of
from drift_analysis.metrics.flow.flow import COUNTED, LEVELS, changes_of, flow
from drift_analysis.metrics.groups import with_lives
from drift_analysis.metrics.status.closes import time_to_close
from drift_analysis.metrics.status.lives import in_order, took_part
from drift_analysis.metrics.status.reopens import reopens
from drift_analysis.metrics.time.periods import PERIOD

from .explanation import Explanation
from .stage import ID, Part, Stage, fates_of, once, row_by_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.metrics.groups import Groups

__all__ = ["EXPLANATIONS"]

_ALONE = {"nobody_took_part": "They were sent in bulk, and nobody took part in them."}
_SINCE, _UNTIL = "__since", "__until"


def _closes(table: pl.LazyFrame, *, intervals: pl.LazyFrame) -> Stage:
    missing = intervals.join(table, on=ID, how="anti")
    fates = fates_of(
        intervals, {"nobody_took_part": _alone(missing), "no_contact_message": missing}
    )
    return row_by_row(table, (ID,), fates)


def _reopened(table: pl.LazyFrame, *, intervals: pl.LazyFrame) -> Stage:
    never = intervals.join(table, on=ID, how="anti")
    return row_by_row(table, (ID, "reopen"), fates_of(intervals, {"never_reopened": never}))


def _flow(*, intervals: pl.LazyFrame, every: str, tz: str, by: Groups | None) -> Stage:
    grouped, groups = with_lives(intervals, by, taken=())
    changes = changes_of(grouped, groups, every, tz)
    keys = (*groups, PERIOD)
    sums = changes.group_by(*keys, ID).agg(pl.col(*COUNTED, *LEVELS).sum())
    net = pl.col("arrivals") + pl.col("reopens") - pl.col("closes")
    happened = sums.with_columns(net_flow=net).filter(pl.any_horizontal(pl.col(COUNTED) != 0))
    levels = _levels(sums, groups)
    moved = sums.filter(pl.any_horizontal(pl.col(*COUNTED, *LEVELS) != 0))
    events = (*COUNTED, "net_flow")
    begun = pl.col(_SINCE) <= pl.col(PERIOD)
    during = begun & (pl.col(PERIOD) < pl.col(_UNTIL)).fill_null(value=True)
    return Stage(
        keys,
        (
            Part(happened.select(*keys, ID, *events), keys, events),
            Part(levels, tuple(groups), tuple(LEVELS), during),
        ),
        fates_of(intervals, {"only_bulk_sent": intervals.join(moved, on=ID, how="anti")}),
    )


def _levels(sums: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Return from when until when each conversation is in which of the levels."""
    life = [*groups, ID]
    reached = pl.col(LEVELS).cum_sum().over(life, order_by=PERIOD)
    until = pl.col(PERIOD).shift(-1).over(life, order_by=PERIOD).alias(_UNTIL)
    return (
        sums.select(*life, PERIOD, *LEVELS)
        .with_columns(reached, until)
        .select(*life, *LEVELS, pl.col(PERIOD).alias(_SINCE), _UNTIL)
    )


def _ageing(table: pl.LazyFrame, *, intervals: pl.LazyFrame, by: Groups | None) -> Stage:
    grouped, groups = with_lives(intervals, by, taken=())
    work = work_of(in_order(grouped, groups), groups)
    finished = work.filter("is_finished").select(*groups, ID, *once("n_finished"))
    others = intervals.join(work, on=ID, how="anti")
    fates = fates_of(intervals, {"nobody_took_part": _alone(others), "unknown_status": others})
    keys = tuple(groups)
    return row_by_row(table, (*keys, ID), fates, Part(finished, keys, ("n_finished",)))


def _alone(intervals: pl.LazyFrame) -> pl.LazyFrame:
    return intervals.group_by(ID).agg(took_part().alias("__part")).filter(~pl.col("__part"))


EXPLANATIONS = {
    time_to_close: Explanation(
        "The time from the start of the clock to the first and the last close; what has not "
        "closed is kept as censored. As Zendesk's first and full resolution time, with active time "
        "beside it.",
        _closes,
        {**_ALONE, "no_contact_message": "The contact never wrote, so that no clock started."},
    ),
    reopens: Explanation(
        "Each time that a closed conversation became open or pending again, by the best estimate. "
        "The definition is this library's own.",
        _reopened,
        {"never_reopened": "They were not closed and opened again."},
    ),
    flow: Explanation(
        "What arrives, closes and comes back in each period, and what is left at its end, with "
        "bands where the evidence is bounded. As in a cumulative flow diagram.",
        _flow,
        {"only_bulk_sent": "They never were anything but bulk_sent, and have not arrived."},
    ),
    ageing: Explanation(
        "The age of what is open or pending, against how long finished conversations took. As "
        "work item age in Kanban.",
        _ageing,
        {**_ALONE, "unknown_status": "Their status is unknown or new to us."},
    ),
}
