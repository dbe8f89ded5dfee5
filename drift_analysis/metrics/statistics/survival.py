"""How long things last when some of them have not ended yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import SurvivalCurve
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, require_duration, require_flag, with_groups
from ..averages import whole_length
from .life_tables import EVERYTHING, ROUNDING, WORKING, observations, survival

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["survival_curve", "survival_quantiles"]


def survival_curve(
    frame: Frame, *, duration: str, censored: str, by: str | Sequence[str] | None = None
) -> Frame:
    """Estimate the share that has not ended after each time, by Kaplan and Meier.

    What was still running counts for as long as it was watched: it is neither dropped nor
    taken for finished, either of which would make waits look shorter than they are.

    Parameters
    ----------
    frame
        One row per thing that lasts. Rows whose duration is null or negative, or of which it is
        not known whether they ended, are not at risk and are left out.
    duration
        The column of Durations: how long it lasted, or was watched.
    censored
        The Boolean column that tells what was still running when it was last watched.
    by
        Columns to group by; null is a group of its own.

    Returns
    -------
    :
        The columns of `by`, then a `SurvivalCurve` table: ``t``, ``at_risk``, ``events``,
        ``censored``, ``survival``, and ``lo`` and ``hi`` (95 %, null where survival is 0 or 1).
        Sorted by group and time; every group begins at 0.

    Raises
    ------
    InputError
        If a column is not there or has another dtype, or `by` names a column that
        the result has, or needs on the way.

    References
    ----------
    E. L. Kaplan and P. Meier, JASA 53 (1958); Greenwood's variance on the scale of log(-log S),
    as J. D. Kalbfleisch and R. L. Prentice, "The statistical analysis of failure time data".

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.survival import survival_curve
    >>> waits = pl.DataFrame({
    ...     "wait": [timedelta(minutes=m) for m in (1, 2, 3)],
    ...     "still_waiting": [False, True, False],
    ... })
    >>> curve = survival_curve(waits, duration="wait", censored="still_waiting")
    >>> curve.select("t", "at_risk", "events", "censored", pl.col("survival").round(3))
    shape: (4, 5)
    ┌──────────────┬─────────┬────────┬──────────┬──────────┐
    │ t            ┆ at_risk ┆ events ┆ censored ┆ survival │
    │ ---          ┆ ---     ┆ ---    ┆ ---      ┆ ---      │
    │ duration[ms] ┆ u32     ┆ u32    ┆ u32      ┆ f64      │
    ╞══════════════╪═════════╪════════╪══════════╪══════════╡
    │ 0ms          ┆ 3       ┆ 0      ┆ 0        ┆ 1.0      │
    │ 1m           ┆ 3       ┆ 1      ┆ 0        ┆ 0.667    │
    │ 2m           ┆ 2       ┆ 0      ┆ 1        ┆ 0.667    │
    │ 3m           ┆ 1       ┆ 1      ┆ 0        ┆ 0.0      │
    └──────────────┴─────────┴────────┴──────────┴──────────┘
    """
    keys: list[str] = grouping(by, taken=WORKING)
    require_columns(frame, [duration, censored, *keys])
    require_flag(require_duration(frame, duration), censored)
    rows = _curve(frame.lazy(), duration, censored, keys).sort(*keys, "t", nulls_last=True)
    return as_given(with_groups(SurvivalCurve, rows, keys), frame)


def survival_quantiles(
    frame: Frame,
    *,
    duration: str,
    censored: str,
    by: str | Sequence[str] | None = None,
    q: Sequence[float] = (0.5, 0.9),
) -> Frame:
    """Estimate after how long a share has ended, by Kaplan and Meier.

    Parameters
    ----------
    frame, duration, censored, by
        As for `survival_curve`.
    q
        The shares: 0.5 asks for the median.

    Returns
    -------
    :
        One row per group: the columns of `by`, then

        - ``n`` and ``n_censored`` (u32): how many there are, and how many were still running
        - ``p50`` and the like (Duration, one per share): the shortest time after which at least
          that share has ended; null is "not reached"
        - ``p50_lo`` and ``p50_hi`` and the like (Duration): its 95 % bounds, where the band of
          the curve crosses; null is "not reached"
        - ``restricted_mean`` (Duration): the mean within ``restricted_to`` (Duration), the
          longest time in the group; known even if nothing ended yet

        Without `by` there is one row, unless nothing is at risk.

    Raises
    ------
    InputError
        As for `survival_curve`; and if a share is not between 0 and 1.

    References
    ----------
    R. Brookmeyer and J. Crowley, Biometrics 38 (1982), for the bounds.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.survival import survival_quantiles
    >>> waits = pl.DataFrame({
    ...     "wait": [timedelta(minutes=m) for m in (1, 2, 3)],
    ...     "still_waiting": [False, True, False],
    ... })
    >>> found = survival_quantiles(waits, duration="wait", censored="still_waiting", q=[0.5])
    >>> found.select("n", "n_censored", "p50")
    shape: (1, 3)
    ┌─────┬────────────┬──────────────┐
    │ n   ┆ n_censored ┆ p50          │
    │ --- ┆ ---        ┆ ---          │
    │ u32 ┆ u32        ┆ duration[ms] │
    ╞═════╪════════════╪══════════════╡
    │ 3   ┆ 1          ┆ 3m           │
    └─────┴────────────┴──────────────┘
    """
    if wrong := [share for share in q if not 0 < share < 1]:
        what = f"q={wrong[0]!r} is not between 0 and 1."
        raise InputError.of(
            what,
            "It is the share that has ended.",
            "0.5 for the median.",
        )
    found: dict[str, float] = {f"p{100 * share:g}": share for share in q}
    columns: list[str] = [
        *("n", "n_censored"),
        *(f"{name}{suffix}" for name in found for suffix in ("", "_lo", "_hi")),
        *("restricted_mean", "restricted_to"),
    ]
    keys: list[str] = grouping(by, taken=[*columns, *WORKING])
    require_columns(frame, [duration, censored, *keys])
    require_flag(require_duration(frame, duration), censored)
    groups = keys or [EVERYTHING]
    step = (pl.col("t").shift(-1) - pl.col("t")).over(groups, order_by="t")
    rows = (
        _curve(frame.lazy(), duration, censored, keys)
        .with_columns((step.dt.total_milliseconds() * pl.col("survival")).alias("__area"))
        .group_by(groups)
        .agg(
            pl.col("at_risk").max().alias("n"),
            pl.col("censored").sum().alias("n_censored"),
            *(time for name, share in found.items() for time in _crossings(name, share)),
            whole_length(pl.col("__area").sum()).alias("restricted_mean"),
            pl.col("t").max().alias("restricted_to"),
        )
        .select(*keys, *columns)
    )
    return as_given(rows.sort(keys, nulls_last=True) if keys else rows, frame)


def _curve(frame: pl.LazyFrame, duration: str, censored: str, keys: Sequence[str]) -> pl.LazyFrame:
    ended = ~pl.col(censored)
    seen = observations(frame, duration=duration, event=ended, keys=keys)
    return survival(seen, keys or [EVERYTHING])


def _crossings(name: str, share: float) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return when the curve, its lower and its upper band first come down to what is left."""
    left = 1 - share + ROUNDING
    certain = pl.when(pl.col("survival") == 0).then(0.0)
    lo = pl.coalesce("lo", certain)
    return (
        pl.col("t").filter(pl.col("survival") <= left).min().alias(name),
        pl.col("t").filter(lo <= left).min().alias(f"{name}_lo"),
        pl.col("t").filter(pl.col("hi") <= left).min().alias(f"{name}_hi"),
    )
