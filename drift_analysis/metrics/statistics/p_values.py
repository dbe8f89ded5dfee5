"""How surprising a result is, alone and among many."""

from __future__ import annotations

from math import gamma, sqrt
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["benjamini_hochberg", "chi_squared_p", "normal_p"]


def benjamini_hochberg(p: str | pl.Expr, *, over: str | Sequence[str] | None = None) -> pl.Expr:
    """Return the q values of many p values, by Benjamini and Hochberg.

    Whoever looks at a hundred tags finds five with a p below 0.05 by chance alone. Of those
    with a q below 0.05, on average at most one in twenty is there by chance.

    Parameters
    ----------
    p
        The name of a column, or an expression, that holds p values: one for each of the
        questions that were asked together.
    over
        Columns whose groups are families of questions of their own.

    Returns
    -------
    :
        A Float64 expression named ``q``, from 0 to 1, in the order of the rows. Null where p is
        null, not a number, or beyond 0 and 1; such rows do not count as questions.

    References
    ----------
    Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995), 289-300.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.p_values import benjamini_hochberg
    >>> tests = pl.DataFrame({"tag": ["a", "b", "c"], "p": [0.03, 0.01, 0.5]})
    >>> tests.with_columns(benjamini_hochberg("p").round(3))
    shape: (3, 3)
    ┌─────┬──────┬───────┐
    │ tag ┆ p    ┆ q     │
    │ --- ┆ ---  ┆ ---   │
    │ str ┆ f64  ┆ f64   │
    ╞═════╪══════╪═══════╡
    │ a   ┆ 0.03 ┆ 0.045 │
    │ b   ┆ 0.01 ┆ 0.03  │
    │ c   ┆ 0.5  ┆ 0.5   │
    └─────┴──────┴───────┘
    """
    given = (pl.col(p) if isinstance(p, str) else p).cast(pl.Float64)
    known = pl.when(given.is_between(0, 1)).then(given)
    among, rank = known.count(), known.rank("max")
    if over is not None:
        among, rank = among.over(over), rank.over(over)
    q = (known * among / rank).cum_min().over(over, order_by=known, descending=True)
    return q.alias("q")


def normal_p(z: pl.Expr) -> pl.Expr:
    """Return how often a standard normal number is at least as far from 0, on either side."""
    return (z.abs() / sqrt(2)).erfc()


def chi_squared_p(chi2: pl.Expr, df: pl.Expr, *, most: int) -> pl.Expr:
    """Return how often a chi-squared number is at least as large.

    For whole degrees of freedom there is a finite sum: two more of them add
    ``(x/2)^(k/2) exp(-x/2) / gamma(k/2 + 1)``, starting from ``erfc(sqrt(x/2))`` for one
    and ``exp(-x/2)`` for two. Null where `df` is below 1 or above `most`.

    References
    ----------
    M. Abramowitz and I. A. Stegun, "Handbook of mathematical functions", 26.4.4 and 26.4.5.
    """
    half = chi2 / 2
    p = pl.when(df % 2 == 1).then(half.sqrt().erfc()).otherwise((-half).exp())
    for k in range(1, most - 1):
        term = half ** (k / 2) * (-half).exp() / gamma(k / 2 + 1)
        p = p + pl.when((df > k) & ((df - k) % 2 == 0)).then(term).otherwise(0.0)
    return pl.when(df.is_between(1, most)).then(p.clip(0, 1))
