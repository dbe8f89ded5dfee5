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
    given = {_BOTH: both, _FIRST: first, _SECOND: second, _N: n}
    counts = pl.struct(_whole(count).alias(name) for name, count in given.items())
    for step in (_margins(), _spread(), _reach(), _counted(), _place(), _logs(), _here(), _p()):
        counts = counts.struct.with_fields(**step)
    return counts.struct.field("p")


# Steps of a struct, so that what follows names what came before: written out as one expression it
# is a tree of thousands of nodes, and planning it takes ten times as long as this.
_BOTH, _FIRST, _SECOND, _N = "both", "first", "second", "n"
_Step = dict[str, pl.Expr]


def _margins() -> _Step:
    a, b, n = pl.field(_FIRST), pl.field(_SECOND), pl.field(_N)
    return {
        "least": pl.max_horizontal(a + b - n, 0),
        "most": pl.min_horizontal(a, b),
        "share": pl.max_horizontal(a, b) / n,
    }


def _spread() -> _Step:
    mean, share = pl.field("most") * pl.field("share"), pl.field("share")
    return {"mean": mean, "spread": (mean * (1 - share)).sqrt()}


def _reach() -> _Step:
    """Return how far from the mean the chances matter."""
    possible, likely = (
        spreads * pl.field("spread") + steps for spreads, steps in (_POSSIBLE, _LIKELY)
    )
    far = (pl.field(_BOTH) - pl.field("mean")).abs()
    return {"reach": pl.min_horizontal(possible, 2 * far + likely)}


def _counted() -> _Step:
    """Return the counts from which to go to the next, and where the first stands."""
    mean, reach = pl.field("mean"), pl.field("reach")
    low = (mean - reach).floor().cast(pl.Int64, strict=False)
    high = (mean + reach).ceil().cast(pl.Int64, strict=False)
    start = pl.max_horizontal(pl.field("least"), low)
    counts = pl.int_ranges(start, pl.min_horizontal(pl.field("most"), high))
    return {"start": start, "k": counts.cast(pl.List(pl.Float64))}


def _place() -> _Step:
    return {"place": pl.field(_BOTH) - pl.field("start")}


def _logs() -> _Step:
    """Return the logarithms of the chances of all counts, the first of which is taken as 1."""
    k, a, b, n = (pl.field(name) for name in ("k", _FIRST, _SECOND, _N))
    ratios = (k - a) * (k - b) / ((k + 1) * (k + (n - a - b + 1)))
    logs = pl.concat_list(pl.lit(0.0), ratios.list.eval(pl.element().log().cum_sum()))
    return {"logs": logs}


def _here() -> _Step:
    place, logs = pl.field("place"), pl.field("logs")
    inside = place.is_between(0, logs.list.len() - 1)
    return {"inside": inside, "here": logs.list.get(place.clip(0), null_on_oob=True)}


def _p() -> _Step:
    """Return the share of the chances that are no greater than the one here."""
    x, a, b, n = (pl.field(name) for name in (_BOTH, _FIRST, _SECOND, _N))
    chance = (pl.element() - pl.element().max()).exp()
    rare = chance.filter(pl.element() <= _ALIKE).sum()
    p = (pl.field("logs") - pl.field("here")).list.agg(rare / chance.sum()).clip(0, 1)
    possible = (n > 0) & a.is_between(0, n) & b.is_between(0, n)
    possible &= x.is_between(pl.field("least"), pl.field("most"))
    return {"p": pl.when(possible).then(pl.when(pl.field("inside")).then(p).otherwise(0.0))}


def _whole(count: str | pl.Expr) -> pl.Expr:
    return (pl.col(count) if isinstance(count, str) else count).cast(pl.Int64)
