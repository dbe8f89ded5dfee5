"""What share of those who began together came to an end within the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import CohortTrend
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH, MOMENT

from ..arguments import (
    grouping,
    require_columns,
    require_duration,
    require_flag,
    require_zone,
    with_groups,
)
from ..time.periods import PERIOD, all_periods, begins_at, period_of, require_every, require_moments
from .life_tables import EVERYTHING, WORKING, observations, survival
from .restricted import require_horizon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from drift_analysis.schemas.base import Frame

__all__ = ["START", "begun", "cohort_trend", "watched"]

_LENGTH, _RUNNING = "__length", "__running"

START = "__start"
"""When each of them began, on the way."""


def cohort_trend(
    frame: Frame,
    *,
    start: str,
    duration: str,
    censored: str,
    horizon: timedelta,
    every: str,
    as_of: datetime,
    tz: str = "UTC",
    by: str | Sequence[str] | None = None,
) -> Frame:
    """Follow a share over time without the dip that young cohorts have.

    Conversations that began last week have had less time to be answered or closed than those of
    last year. So each cohort (what began in the same period) is looked at after the same time,
    the horizon: the share that ended within it, by Kaplan and Meier. A cohort is marked as
    immature until the horizon has passed for all that began in its period; what it says may
    still change.

    Parameters
    ----------
    frame
        One row per thing that lasts, such as the table of `first_response`. Rows without a
        start are left out; others of which it is not known how long they took, or whether they
        ended, are counted.
    start
        The column of moments, with a time zone, at which they began.
    duration, censored
        As for `survival_curve`.
    horizon
        How long each of them is watched.
    every
        The length of a period: a number and one of ``d``, ``w`` (from Monday), ``mo``, ``q``,
        ``y``, such as ``"1w"``.
    as_of
        The moment, with a time zone, after which nothing is seen: what began later does not
        exist, and what ended later still runs.
    tz
        The time zone in which days begin.
    by
        Columns to group by; null is a group of its own.

    Returns
    -------
    :
        A column ``period`` (Date, its first day), then the columns of `by`, then a `CohortTrend`
        table: ``n``, ``n_left_out``, ``n_censored``, ``horizon``, ``share``, ``lo``, ``hi``,
        ``is_mature``, ``matures_at``. Every group is in every period from the first to the
        last, sorted by period and group. Without rows in it, or as long as something still
        runs and nothing was watched to the horizon, ``share`` is null.

    Raises
    ------
    InputError
        If a column is not there or has another dtype, `horizon`, `every`, `tz` or `as_of` means
        nothing, or `by` names a column that the result has, or needs on the way.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.cohorts import cohort_trend
    >>> waits = pl.DataFrame({
    ...     "started_at": [datetime(2026, 1, day, tzinfo=UTC) for day in (5, 6, 12, 13)],
    ...     "wait": [timedelta(hours=h) for h in (2, 30, 1, 20)],
    ...     "censored": [False, False, False, True],
    ... })
    >>> found = cohort_trend(
    ...     waits, start="started_at", duration="wait", censored="censored",
    ...     horizon=timedelta(days=1), every="1w", as_of=datetime(2026, 1, 13, 20, tzinfo=UTC),
    ... )
    >>> found.select("period", "n", "n_censored", "share", "is_mature")
    shape: (2, 5)
    ┌────────────┬─────┬────────────┬───────┬───────────┐
    │ period     ┆ n   ┆ n_censored ┆ share ┆ is_mature │
    │ ---        ┆ --- ┆ ---        ┆ ---   ┆ ---       │
    │ date       ┆ u32 ┆ u32        ┆ f64   ┆ bool      │
    ╞════════════╪═════╪════════════╪═══════╪═══════════╡
    │ 2026-01-05 ┆ 2   ┆ 0          ┆ 0.5   ┆ true      │
    │ 2026-01-12 ┆ 2   ┆ 1          ┆ null  ┆ false     │
    └────────────┴─────┴────────────┴───────┴───────────┘
    """
    moment, end = require_moment(as_of), pl.lit(require_horizon(horizon), LENGTH)
    require_every(every)
    require_zone(tz)
    taken = [PERIOD, *CohortTrend.column_names(), *WORKING, START, _LENGTH, _RUNNING]
    groups: list[str] = grouping(by, taken=taken)
    require_columns(frame, [start, duration, censored, *groups])
    require_moments(require_flag(require_duration(frame, duration), censored), start)
    keys: list[str] = [EVERYTHING, PERIOD, *groups]
    rows = begun(frame.lazy(), start, duration, censored, moment).with_columns(
        pl.lit(0, pl.Int8).alias(EVERYTHING), period_of(pl.col(START), every, tz)
    )
    seen = watched(rows, keys)
    cohorts = rows.group_by(keys).agg(pl.len().alias("n_all"))
    matures_at = begins_at(pl.col(PERIOD).dt.offset_by(every), tz) + end
    trend = (
        all_periods(rows, [EVERYTHING, *groups], every)
        .join(cohorts, on=keys, how="left", nulls_equal=True)
        .join(_at(survival(seen, keys), keys, end), on=keys, how="left", nulls_equal=True)
        .with_columns(pl.col("n_all", "n", "n_censored").fill_null(0))
        .with_columns(
            (pl.col("n_all") - pl.col("n")).alias("n_left_out"),
            end.alias("horizon"),
            matures_at.alias("matures_at"),
            (matures_at <= pl.lit(moment, MOMENT)).alias("is_mature"),
        )
        .sort(PERIOD, *groups, nulls_last=True)
    )
    return as_given(with_groups(CohortTrend, trend, [PERIOD, *groups]), frame)


def begun(
    frame: pl.LazyFrame, start: str, duration: str, censored: str, moment: datetime
) -> pl.LazyFrame:
    """Return what had begun by the moment, for as long as it was seen."""
    begun = pl.col(start).dt.convert_time_zone("UTC").cast(MOMENT)
    seen = pl.lit(moment, MOMENT) - pl.col(START)
    later = pl.col(_LENGTH) > seen
    return (
        frame.with_columns(begun.alias(START), pl.col(duration).cast(LENGTH).alias(_LENGTH))
        .filter(pl.col(START) <= pl.lit(moment, MOMENT))
        .with_columns(
            (pl.col(censored) | later).alias(_RUNNING),
            pl.when(later).then(seen).otherwise(_LENGTH).alias(_LENGTH),
        )
    )


def watched(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return what is at risk: its group, how long it was seen, and whether it ended."""
    return observations(rows, duration=_LENGTH, event=~pl.col(_RUNNING), keys=keys)


def _at(curve: pl.LazyFrame, keys: Sequence[str], end: pl.Expr) -> pl.LazyFrame:
    """Return the share that ended by the horizon, where the curve is known so far."""
    t, last = pl.col("t"), pl.col("t").filter(pl.col("t") <= end).max()
    left, lo, hi = (pl.col(name).filter(t == last).first() for name in ("survival", "lo", "hi"))
    known = (t.max() >= end) | (left == 0)
    return curve.group_by(keys).agg(
        pl.col("at_risk").max().alias("n"),
        pl.col("censored").filter(t < end).sum().alias("n_censored"),
        pl.when(known).then(1 - left).alias("share"),
        pl.when(known).then(1 - hi).alias("lo"),
        pl.when(known).then(1 - lo).alias("hi"),
    )
