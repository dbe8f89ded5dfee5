"""How long things last on average, up to a horizon, when some have not ended yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import RestrictedMean
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.columns import LENGTH

from ..arguments import grouping, require_columns, require_duration, require_flag, with_groups
from ..averages import whole_length
from .life_tables import EVERYTHING, WORKING, greenwood, observations, survival
from .proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["require_horizon", "restricted_mean"]

_Z = normal_quantile(0.95)
_AREA, _STEP, _REACH = "__area", "__step", "__reach"


def restricted_mean(
    frame: Frame,
    *,
    duration: str,
    censored: str,
    horizon: timedelta,
    by: str | Sequence[str] | None = None,
) -> Frame:
    """Estimate the mean time within a horizon: the area under the survival curve up to it.

    It is the mean of what lasts, where more than the horizon counts as the horizon. Unlike the
    mean it is known when some still run, and unlike the median it can be added and subtracted:
    the difference of two groups is time saved per conversation.

    Parameters
    ----------
    frame, duration, censored, by
        As for `survival_curve`.
    horizon
        How far to look; the same for all groups, so that they can be compared.

    Returns
    -------
    :
        The columns of `by`, then a `RestrictedMean` table: ``n``, ``n_censored`` (before the
        horizon), ``horizon``, ``restricted_mean``, its ``variance`` (in square seconds), and
        ``lo`` and ``hi`` (95 %). Where something still runs and nothing was watched to the
        horizon, the curve is not known that far and these are null. Sorted by the columns of
        `by`.

    Raises
    ------
    InputError
        As for `survival_curve`; and if `horizon` is no length of time above 0.

    References
    ----------
    P. Royston and M. K. B. Parmar, BMC Medical Research Methodology 13 (2013), 152; the variance
    is that of J. P. Klein and M. L. Moeschberger, "Survival analysis", section 4.5.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.restricted import restricted_mean
    >>> waits = pl.DataFrame({
    ...     "wait": [timedelta(minutes=m) for m in (1, 3, 8)],
    ...     "still_waiting": [False, False, True],
    ... })
    >>> found = restricted_mean(
    ...     waits, duration="wait", censored="still_waiting", horizon=timedelta(minutes=5)
    ... )
    >>> found.select("n", "n_censored", "restricted_mean", "variance")
    shape: (1, 4)
    ┌─────┬────────────┬─────────────────┬──────────┐
    │ n   ┆ n_censored ┆ restricted_mean ┆ variance │
    │ --- ┆ ---        ┆ ---             ┆ ---      │
    │ u32 ┆ u32        ┆ duration[ms]    ┆ f64      │
    ╞═════╪════════════╪═════════════════╪══════════╡
    │ 3   ┆ 0          ┆ 3m              ┆ 3200.0   │
    └─────┴────────────┴─────────────────┴──────────┘
    """
    keys: list[str] = grouping(by, taken=[*RestrictedMean.column_names(), *WORKING])
    require_columns(frame, [duration, censored, *keys])
    require_flag(require_duration(frame, duration), censored)
    end = pl.lit(require_horizon(horizon), LENGTH)
    groups = keys or [EVERYTHING]
    seen = observations(frame.lazy(), duration=duration, event=~pl.col(censored), keys=keys)
    steps = _areas(survival(seen, groups), groups, end)
    within = pl.col("t") < end
    mean = pl.col(_AREA).filter(pl.col("t") == pl.duration()).sum()
    variance = (pl.col(_AREA) ** 2 * greenwood()).filter(within).sum()
    known = (pl.col("t").max() >= end) | (pl.col("survival").min() == 0)
    result = (
        steps.group_by(groups)
        .agg(
            pl.col("at_risk").max().alias("n"),
            pl.col("censored").filter(within).sum().alias("n_censored"),
            end.first().alias("horizon"),
            pl.when(known).then(mean).alias(_AREA),
            pl.when(known).then(variance).alias("variance"),
        )
        .with_columns(
            _length(pl.col(_AREA), end).alias("restricted_mean"),
            _length(pl.col(_AREA) - _Z * pl.col("variance").sqrt(), end).alias("lo"),
            _length(pl.col(_AREA) + _Z * pl.col("variance").sqrt(), end).alias("hi"),
        )
    )
    return as_given(with_groups(RestrictedMean, result.sort(groups, nulls_last=True), keys), frame)


def require_horizon(horizon: timedelta) -> timedelta:
    """Return the horizon.

    Raises
    ------
    InputError
        If it is no length of time above 0.
    """
    length: object = horizon
    if not isinstance(length, timedelta) or length < timedelta(milliseconds=1):
        what = f"horizon={horizon!r} is not a length of time above 0."
        raise InputError.of(what, "It is how far to look.", "horizon=timedelta(hours=8).")
    return length


def _areas(curve: pl.LazyFrame, groups: Sequence[str], end: pl.Expr) -> pl.LazyFrame:
    """Add the area under the curve from each time to the end, in seconds."""
    until = pl.min_horizontal(pl.col("t").shift(-1).fill_null(end), end)
    step = (until - pl.min_horizontal("t", end)).dt.total_milliseconds() / 1000
    area = (pl.col(_STEP) * pl.col("survival")).cum_sum(reverse=True)
    return curve.with_columns(step.over(groups, order_by="t").alias(_STEP)).with_columns(
        area.over(groups, order_by="t").alias(_AREA)
    )


def _length(seconds: pl.Expr, end: pl.Expr) -> pl.Expr:
    whole = whole_length(seconds * 1000)
    return pl.when(whole.is_not_null()).then(whole.clip(pl.duration(), end))
