"""Whether two properties occur together more or less often than chance would have it."""

from __future__ import annotations

import polars as pl

__all__ = ["fisher_exact"]

_ALIKE = 1e-7
"""Tables whose chances differ by less than this part of them count as equally likely."""

_POSSIBLE = (39, 500)
"""How far from its mean a count may lie before its chance is below the smallest Float64.

By Bernstein's inequality a sum of independent events of variance v lies t or more above its mean
with a chance of at most exp(-t^2 / (2 v + 2 t / 3)), and a hypergeometric count no more often
(Hoeffding 1963). With t = 39 sqrt(v) + 500 that is less than exp(-745).
"""

_LIKELY = (10, 40)
"""How far from its mean a count may lie before its chance is nothing beside that of the others.

With t = 10 sqrt(v) + 40 it is less than exp(-50). As the logarithms of the chances are concave,
those beyond as far again as this table are as small beside this one. On the other side, equal
chances may lie further away; a Poisson count is the extreme with e - 1 < 2 times as far.
"""


def fisher_exact(
    both: str | pl.Expr, first: str | pl.Expr, second: str | pl.Expr, n: str | pl.Expr
) -> pl.Expr:
    """Return the p value of Fisher's exact test that two properties have nothing to do.

    Two-sided: the chances of all tables with the same margins that are at most as likely as
    this one. It is right however few there are.

    Parameters
    ----------
    both
        How many have both properties: the name of a column, or an expression.
    first, second
        How many have the one, and how many the other.
    n
        How many there are.

    Returns
    -------
    :
        A Float64 expression named ``p``; null where the counts cannot be.

    Notes
    -----
    The chances follow from one another: with one more that has both, they change by
    ``(first - k) (second - k) / ((k + 1) (n - first - second + k + 1))``. Only those that a
    Float64 can tell from nothing are added up, so the work grows with the square root of the
    counts, and with the distance from what chance would have.

    References
    ----------
    R. A. Fisher, "The design of experiments" (1935). Equally likely tables are found with the
    tolerance of R's ``fisher.test`` and of scipy.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.fisher import fisher_exact
    >>> pairs = pl.DataFrame({"both": [0, 4], "tea": [5, 5], "other": [3, 6], "n": [8, 8]})
    >>> pairs.select(fisher_exact("both", "tea", "other", "n").round(4))["p"].to_list()
    [0.0179, 1.0]
    """
    x, a, b, all_ = map(_whole, (both, first, second, n))
    least, most = pl.max_horizontal(a + b - all_, 0), pl.min_horizontal(a, b)
    low, high = _counted(x, a, b, all_)
    start = pl.max_horizontal(least, low)
    k = pl.int_ranges(start, pl.min_horizontal(most, high)).cast(pl.List(pl.Float64))
    ratios = (k - a) * (k - b) / ((k + 1) * (k + (all_ - a - b + 1)))
    logs = pl.concat_list(pl.lit(0.0), ratios.list.eval(pl.element().log().cum_sum()))
    place = x - start
    beyond = place.is_between(0, logs.list.len() - 1).not_()
    here = logs.list.get(place.clip(0), null_on_oob=True)
    chance = (pl.element() - pl.element().max()).exp()
    rare = chance.filter(pl.element() <= _ALIKE).sum()
    p = (logs - here).list.agg(rare / chance.sum())
    possible = (all_ > 0) & a.is_between(0, all_) & b.is_between(0, all_)
    possible &= x.is_between(least, most)
    return pl.when(possible).then(pl.when(beyond).then(0.0).otherwise(p.clip(0, 1))).alias("p")


def _counted(x: pl.Expr, a: pl.Expr, b: pl.Expr, n: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return between which counts the chances matter."""
    share = pl.max_horizontal(a, b) / n
    mean = pl.min_horizontal(a, b) * share
    spread = (mean * (1 - share)).sqrt()
    possible, likely = (spreads * spread + steps for spreads, steps in (_POSSIBLE, _LIKELY))
    reach = pl.min_horizontal(possible, 2 * (x - mean).abs() + likely)
    low, high = (mean - reach).floor(), (mean + reach).ceil()
    return low.cast(pl.Int64, strict=False), high.cast(pl.Int64, strict=False)


def _whole(count: str | pl.Expr) -> pl.Expr:
    return (pl.col(count) if isinstance(count, str) else count).cast(pl.Int64)
