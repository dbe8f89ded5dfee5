"""Whether groups take equally long to end, when some have not ended yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import LogRank
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, require_duration, require_flag, with_groups
from .life_tables import EVENT, EVERYTHING, WORKING, hazards, observations
from .p_values import chi_squared_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["log_rank"]

_MOST = 12
"""How many groups can be compared at once: the plan has a step for each of them."""

_SMALL = 1e-9
"""The part of a variance below which what is left of it is rounding."""

_SCORE = -1
"""The column of the matrix that holds observed less expected, beside the variances."""

_GROUP, _OTHER, _MINE, _LEFT, _M, _VALUE, _SIZE = (
    f"__{name}" for name in ("group", "other", "mine", "left", "m", "value", "size")
)


def log_rank(
    frame: Frame,
    *,
    duration: str,
    censored: str,
    group: str,
    by: str | Sequence[str] | None = None,
) -> Frame:
    """Test whether groups take equally long to end, by the log-rank test.

    At each moment at which something ends, it compares how many of each group end with how many
    would, were all groups alike. It sees best what makes one group faster all the time; where
    curves cross, early and late differences cancel.

    Parameters
    ----------
    frame, duration, censored
        As for `survival_curve`.
    group
        The column that holds the groups to compare, up to twelve. Rows where it is null are left
        out.
    by
        Columns for each of whose groups there is to be a test of its own.

    Returns
    -------
    :
        The columns of `by`, then a `LogRank` table: ``n_groups``, ``n``, ``events``, ``chi2``,
        ``df``, ``p``. Sorted by the columns of `by`. Without `by` there is one row, unless
        nothing is at risk. Of many tests at once, look at `benjamini_hochberg`.

    Raises
    ------
    InputError
        As for `survival_curve`.

    References
    ----------
    N. Mantel, Cancer Chemotherapy Reports 50 (1966), 163-170; for several groups with ties,
    J. P. Klein and M. L. Moeschberger, "Survival analysis", section 7.3.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.log_rank import log_rank
    >>> waits = pl.DataFrame({
    ...     "wait": [timedelta(minutes=m) for m in (1, 2, 3, 4, 5, 6)],
    ...     "waiting": [False] * 6,
    ...     "team": ["day", "day", "day", "night", "night", "night"],
    ... })
    >>> found = log_rank(waits, duration="wait", censored="waiting", group="team")
    >>> found.with_columns(pl.col("chi2", "p").round(4))
    shape: (1, 6)
    ┌──────────┬─────┬────────┬────────┬─────┬────────┐
    │ n_groups ┆ n   ┆ events ┆ chi2   ┆ df  ┆ p      │
    │ ---      ┆ --- ┆ ---    ┆ ---    ┆ --- ┆ ---    │
    │ u32      ┆ u32 ┆ u32    ┆ f64    ┆ u32 ┆ f64    │
    ╞══════════╪═════╪════════╪════════╪═════╪════════╡
    │ 2        ┆ 6   ┆ 6      ┆ 5.0517 ┆ 1   ┆ 0.0246 │
    └──────────┴─────┴────────┴────────┴─────┴────────┘
    """
    taken = [*LogRank.column_names(), *WORKING, "linear", "square", group]
    keys: list[str] = grouping(by, taken=taken)
    require_columns(frame, [duration, censored, group, *keys])
    require_flag(require_duration(frame, duration), censored)
    groups: list[str] = [EVERYTHING, *keys]
    compared = frame.lazy().with_columns(
        pl.lit(0, pl.Int8).alias(EVERYTHING), pl.col(group).alias(_GROUP)
    )
    event = ~pl.col(censored)
    seen = observations(compared, duration=duration, event=event, keys=[*groups, _GROUP])
    number = pl.col(_GROUP).rank("dense").over(groups).cast(pl.Int32) - 1
    rows = seen.drop_nulls([_GROUP, EVENT]).with_columns(number.alias(_GROUP))
    sizes = rows.group_by(groups).agg(
        (pl.col(_GROUP).max() + 1).alias("n_groups"),
        pl.len().alias("n"),
        pl.col(EVENT).sum().alias("events"),
    )
    tests = _tests(_matrix(rows, groups), groups)
    can_tell = (pl.col("df") > 0) & (pl.col("n_groups") <= _MOST)
    result = (
        sizes.join(tests, on=groups, how="left", nulls_equal=True)
        .with_columns(pl.when(can_tell).then(pl.col(name)).alias(name) for name in ("chi2", "df"))
        .with_columns(chi_squared_p(pl.col("chi2"), pl.col("df"), most=_MOST).alias("p"))
    )
    return as_given(with_groups(LogRank, result.sort(groups, nulls_last=True), keys), frame)


def _matrix(rows: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Return, for each group, observed less expected ends, and its variances with each other."""
    each = [*groups, _GROUP]
    mine = rows.group_by(*each, "t").agg(pl.col(EVENT).sum().alias(_MINE), pl.len().alias(_LEFT))
    there = pl.col(_LEFT).cum_sum(reverse=True).over(each, order_by="t")
    grid = (
        hazards(rows, groups)
        .join(rows.select(each).unique(), on=groups, nulls_equal=True)
        .join(mine, on=[*each, "t"], how="left", nulls_equal=True)
        .with_columns(pl.col(_MINE, _LEFT).fill_null(0))
        .with_columns(there.cast(pl.Float64).alias(_M))
        .filter(pl.col("events") > 0)
    )
    score = (pl.col(_MINE) - pl.col(_M) * pl.col("hazard")).sum()
    scores = grid.group_by(each).agg(pl.lit(_SCORE, pl.Int32).alias(_OTHER), score.alias(_VALUE))
    others = grid.select(*groups, "t", pl.col(_GROUP).alias(_OTHER), pl.col(_M).alias(_SIZE))
    own = pl.when(pl.col(_GROUP) == pl.col(_OTHER)).then(pl.col("linear")).otherwise(0.0)
    variance = (pl.col(_M) * (own - pl.col("square") * pl.col(_SIZE))).sum()
    variances = (
        grid.join(others, on=[*groups, "t"], nulls_equal=True)
        .group_by(*each, _OTHER)
        .agg(variance.alias(_VALUE))
    )
    return pl.concat([scores, variances])


def _tests(matrix: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Return the scores weighed by the inverse of their variances, by elimination.

    The variances of all groups have a rank below their number, since what one has too many
    another has too few; what nobody was at risk for is left out as well. The rank is ``df``.
    """
    i, j, value = pl.col(_GROUP), pl.col(_OTHER), pl.col(_VALUE)
    zero = pl.lit(0.0)
    matrix = matrix.with_columns(
        value.filter(i == j).sum().over(*groups, _GROUP).alias(_SIZE),
        zero.alias("chi2"),
        pl.lit(0, pl.UInt32).alias("df"),
    )
    for step in range(_MOST):
        pivot = value.filter((i == step) & (j == step)).sum().over(groups)
        size = pl.col(_SIZE).filter((i == step) & (j == step)).sum().over(groups)
        score = value.filter((i == step) & (j == _SCORE)).sum().over(groups)
        row = value.filter(i == step).sum().over(*groups, _OTHER)
        column = value.filter(j == step).sum().over(*groups, _GROUP)
        counts = pivot > _SMALL * size
        matrix = matrix.with_columns(
            pl.when(counts).then(value - row * column / pivot).otherwise(value),
            pl.col("chi2") + pl.when(counts).then(score**2 / pivot).otherwise(zero),
            pl.col("df") + counts.cast(pl.UInt32),
        )
    return matrix.group_by(groups).agg(pl.col("chi2", "df").first())
