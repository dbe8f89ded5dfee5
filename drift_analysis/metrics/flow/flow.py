"""How much work comes in, goes out, and waits, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Flow, StatusIntervals
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import MOMENT

from ..arguments import require_zone
from ..arguments import with_groups as in_groups
from ..groups import Groups, with_lives
from ..neighbours import begins_life, running
from ..statistics.life_tables import EVERYTHING
from ..status.lives import can_be, in_order, must_be
from ..time.periods import PERIOD, all_periods, period_of, require_every

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["COUNTED", "LEVELS", "changes_of", "flow"]

COUNTED = ("arrivals", "closes", "reopens")
LEVELS = [
    name
    for name in Flow.column_names()
    if name.startswith(("open", "pending", "backlog", "cumulative"))
]
_REACHED = [name for name in LEVELS if name.startswith("cumulative")]
_TAKEN = ("starts", "today", "ended", EVERYTHING, *Flow.column_names())


def flow(
    intervals: Frame,
    *,
    every: str = "1d",
    tz: str = "UTC",
    since: datetime | None = None,
    by: Groups | None = None,
) -> Frame:
    """Count what arrives, closes and comes back in each period, and what is left at its end.

    A conversation arrives when it begins; one that a playbook sent in bulk arrives when it is
    anything but ``bulk_sent`` for the first time. The backlog is what is open or pending at the
    local midnight with which a period ends (the last period ends at `as_of`). It grows by
    `net_flow`, save for statuses that are new to us.

    The counts of events are those of the best estimate: agents may have closed and opened
    conversations unseen any number of times. What is true at a moment has hard bounds, as in
    `time_in_status`: how many are in a status, have arrived, or have closed at least once.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it.
    every
        The length of a period: a number and one of ``d``, ``w`` (from Monday), ``mo``, ``q``,
        ``y``, such as ``"1w"``.
    tz
        The time zone in which days begin.
    since
        The moment in whose period the table begins; what happened before is in the levels. Not
        given, it begins with the first conversation. Parts of a data set have the same periods
        if it is given, and their rows add up to those of the whole.
    by
        Groups: as for `time_in_status`. A conversation of which any stretch is in a group is in
        it with its whole life.

    Returns
    -------
    :
        The columns of the group, then a `Flow` table: ``period`` (Date, its first day),
        ``is_complete``, ``arrivals``, ``closes``, ``reopens``, ``net_flow``; then ``open``,
        ``pending``, ``backlog``, ``cumulative_arrivals`` and ``cumulative_closes`` at the end of
        the period, each with bounds (``_min``, ``_max``). Every group has a row for every period
        from the first of all to the one in which `as_of` lies; what happens at `as_of` itself
        counts in it. Sorted by group and period.

    Raises
    ------
    SchemaError
        If `intervals` is not a `StatusIntervals` table.
    InputError
        If `every` or `tz` means nothing, `since` has no time zone, or a column of `by` is not
        there or has a name that is needed.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> import drift_analysis as da
    >>> monday, tuesday, thursday = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (2, 3, 5))
    >>> record = {
    ...     "conversation_id": 7, "status": "closed", "status_raw": "closed",
    ...     "created_at": monday, "updated_at": tuesday, "is_detail": True, "source": "invented",
    ... }
    >>> conversations = pl.DataFrame([record], schema=da.schemas.Conversations.schema())
    >>> days = da.flow(da.status_intervals(conversations, as_of=thursday))
    >>> days.select("period", "arrivals", "closes", "backlog", "backlog_min", "is_complete")
    shape: (4, 6)
    ┌────────────┬──────────┬────────┬─────────┬─────────────┬─────────────┐
    │ period     ┆ arrivals ┆ closes ┆ backlog ┆ backlog_min ┆ is_complete │
    │ ---        ┆ ---      ┆ ---    ┆ ---     ┆ ---         ┆ ---         │
    │ date       ┆ u32      ┆ u32    ┆ u32     ┆ u32         ┆ bool        │
    ╞════════════╪══════════╪════════╪═════════╪═════════════╪═════════════╡
    │ 2026-03-02 ┆ 1        ┆ 0      ┆ 1       ┆ 0           ┆ true        │
    │ 2026-03-03 ┆ 0        ┆ 1      ┆ 0       ┆ 0           ┆ true        │
    │ 2026-03-04 ┆ 0        ┆ 0      ┆ 0       ┆ 0           ┆ true        │
    │ 2026-03-05 ┆ 0        ┆ 0      ┆ 0       ┆ 0           ┆ false       │
    └────────────┴──────────┴────────┴─────────┴─────────────┴─────────────┘
    """
    require_every(every)
    require_zone(tz)
    begin = None if since is None else require_moment(since, "since")
    keys: list[str]
    grouped, keys = with_lives(StatusIntervals.require(intervals).lazy(), by, taken=_TAKEN)
    group: list[str] = [EVERYTHING, *keys]
    changes = changes_of(grouped, keys, every, tz).with_columns(
        pl.lit(0, pl.Int8).alias(EVERYTHING)
    )
    shown = None if begin is None else period_of(pl.lit(begin, MOMENT), every, tz)
    reach = changes.group_by(group).agg(pl.col(PERIOD).min(), pl.col("today", "ended").max())
    sums = changes.group_by(PERIOD, *group).agg(pl.col(*COUNTED, *LEVELS).sum())
    levels = pl.col(LEVELS).cum_sum().over(group, order_by=PERIOD)
    rows = (
        all_periods(_ends(reach, group, shown), group, every)
        .join(sums, on=[PERIOD, *group], how="left", nulls_equal=True)
        .join(reach.select(pl.col("ended").max()), how="cross")
        .with_columns(pl.col(*COUNTED, *LEVELS).fill_null(0))
        .with_columns(
            levels,
            net_flow=pl.col("arrivals") + pl.col("reopens") - pl.col("closes"),
            is_complete=pl.col(PERIOD).dt.offset_by(every) <= pl.col("ended"),
        )
        .sort(*keys, PERIOD, nulls_last=True)
    )
    if shown is not None:
        rows = rows.filter(pl.col(PERIOD) >= shown)
    return as_given(in_groups(Flow, rows, keys), intervals)


def _ends(reach: pl.LazyFrame, group: Sequence[str], shown: pl.Expr | None) -> pl.LazyFrame:
    """Return between which periods the rows lie: of the first change, of today, and asked for."""
    ends = [pl.col(PERIOD), pl.col("today")]
    if shown is not None:
        ends.append(pl.min_horizontal(shown, "today"))
    return pl.concat(reach.select(end.alias(PERIOD), *group) for end in ends)


def changes_of(grouped: pl.LazyFrame, keys: Sequence[str], every: str, tz: str) -> pl.LazyFrame:
    """Return what each stretch changes, and in which period."""
    return _changes(in_order(grouped, keys), keys).with_columns(*_days(every, tz))


def _changes(lives: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return by how much each stretch changes each of the levels, and what happens at its begin."""
    now, before = pl.col(LEVELS), pl.when(~pl.col("starts")).then(pl.col(LEVELS).shift())
    status = pl.col("status")
    is_new = pl.col("starts") | (pl.col("visit") != pl.col("visit").shift())
    was_closed = ~pl.col("starts") & (status.shift() == "closed")
    return (
        lives.with_columns(starts=begins_life(keys), **_flags())
        .with_columns((running(pl.col(name), keys) > 0).cast(pl.Int32) for name in _REACHED)
        .with_columns(
            now - before.fill_null(0),
            closes=(is_new & (status == "closed")).cast(pl.Int32),
            reopens=(is_new & status.is_in(["open", "pending"]) & was_closed).cast(pl.Int32),
        )
        .with_columns(arrivals="cumulative_arrivals")
    )


def _flags() -> dict[str, pl.Expr]:
    """Tell for each level whether a stretch counts: by the estimate, for certain, possibly."""
    status, bulk = pl.col("status"), "bulk_sent"
    flags = {
        "cumulative_arrivals": status != bulk,
        "cumulative_arrivals_min": ~can_be(bulk),
        "cumulative_arrivals_max": ~must_be(bulk),
    }
    levels = {
        "open": ["open"],
        "pending": ["pending"],
        "backlog": ["open", "pending"],
        "cumulative_closes": ["closed"],
    }
    for level, statuses in levels.items():
        flags[level] = status.is_in(statuses)
        flags[f"{level}_min"] = must_be(*statuses)
        flags[f"{level}_max"] = can_be(*statuses)
    return {level: flag.cast(pl.Int32) for level, flag in flags.items()}


def _days(every: str, tz: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the period of each stretch, the period that is the last, and the day of `as_of`."""
    as_of = pl.col("left_at").max()
    last = as_of - pl.duration(milliseconds=1)
    began = period_of(pl.min_horizontal("entered_at", last), every, tz)
    today = period_of(last, every, tz).alias("today")
    return began, today, period_of(as_of, "1d", tz).alias("ended")
