"""How sure a share is, or the difference of two, given how many they were counted from."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

from drift_analysis.errors import InputError

from .p_values import normal_p

__all__ = ["newcombe", "normal_quantile", "two_proportions_p", "wilson"]


def wilson(
    successes: str | pl.Expr, trials: str | pl.Expr, *, confidence: float = 0.95
) -> tuple[pl.Expr, pl.Expr]:
    """Return the bounds of a share by Wilson's score interval.

    Unlike the textbook interval (share plus or minus) it never leaves 0 to 1, and is right
    for few trials and for shares near 0 or 1.

    Parameters
    ----------
    successes, trials
        Names of columns, or expressions, that hold counts.
    confidence
        How often such an interval holds the true share.

    Returns
    -------
    :
        The lower and the upper bound, two Float64 expressions named ``lo`` and ``hi``. Both are
        null where there are no trials, or where the counts cannot be (more successes than
        trials, or fewer than none).

    Raises
    ------
    InputError
        If `confidence` is not between 0 and 1.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927); method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.proportions import wilson
    >>> counts = pl.DataFrame({"closed": [81, 0], "all": [263, 20]})
    >>> counts.select(bound.round(4) for bound in wilson("closed", "all"))
    shape: (2, 2)
    ┌────────┬────────┐
    │ lo     ┆ hi     │
    │ ---    ┆ ---    │
    │ f64    ┆ f64    │
    ╞════════╪════════╡
    │ 0.2553 ┆ 0.3662 │
    │ 0.0    ┆ 0.1611 │
    └────────┴────────┘
    """
    z2 = normal_quantile(confidence) ** 2
    x, n = _number(successes), _number(trials)
    share = x / n
    centre = share + z2 / (2 * n)
    half = ((share * (1 - share) + z2 / (4 * n)) * z2 / n).sqrt()
    scale = 1 + z2 / n
    possible = (n > 0) & x.is_between(0, n)
    lo = pl.when(x == 0).then(0.0).otherwise(((centre - half) / scale).clip(0, 1))
    hi = pl.when(x == n).then(1.0).otherwise(((centre + half) / scale).clip(0, 1))
    return pl.when(possible).then(lo).alias("lo"), pl.when(possible).then(hi).alias("hi")


def newcombe(
    successes: str | pl.Expr,
    trials: str | pl.Expr,
    other_successes: str | pl.Expr,
    other_trials: str | pl.Expr,
    *,
    confidence: float = 0.95,
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return by how much a share exceeds another, with the bounds of the difference.

    The bounds are put together from Wilson's of either share, so they never leave -1 to 1 and
    are right for few trials.

    Parameters
    ----------
    successes, trials
        Counts of the share: names of columns, or expressions.
    other_successes, other_trials
        Counts of the share that it is compared with, from other trials.
    confidence
        How often such an interval holds the true difference.

    Returns
    -------
    :
        Three Float64 expressions: ``difference`` (the first share less the other), ``lo`` and
        ``hi``. All are null where either share has no trials, or counts that cannot be.

    Raises
    ------
    InputError
        If `confidence` is not between 0 and 1.

    References
    ----------
    Method 10 (hybrid score) of R. G. Newcombe, "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17 (1998), 873-890.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.proportions import newcombe
    >>> counts = pl.DataFrame({"won": [56], "all": [70], "other_won": [48], "other_all": [80]})
    >>> found = newcombe("won", "all", "other_won", "other_all")
    >>> counts.select(each.round(4) for each in found)
    shape: (1, 3)
    ┌────────────┬────────┬────────┐
    │ difference ┆ lo     ┆ hi     │
    │ ---        ┆ ---    ┆ ---    │
    │ f64        ┆ f64    ┆ f64    │
    ╞════════════╪════════╪════════╡
    │ 0.2        ┆ 0.0524 ┆ 0.3339 │
    └────────────┴────────┴────────┘
    """
    lo, hi = wilson(successes, trials, confidence=confidence)
    other_lo, other_hi = wilson(other_successes, other_trials, confidence=confidence)
    possible = lo.is_not_null() & other_lo.is_not_null()
    share = _number(successes) / _number(trials)
    other = _number(other_successes) / _number(other_trials)
    difference = share - other
    down = ((share - lo) ** 2 + (other_hi - other) ** 2).sqrt()
    up = ((hi - share) ** 2 + (other - other_lo) ** 2).sqrt()
    found = {"difference": difference, "lo": difference - down, "hi": difference + up}
    first, second, third = (pl.when(possible).then(each).alias(n) for n, each in found.items())
    return first, second, third


def two_proportions_p(
    successes: str | pl.Expr,
    trials: str | pl.Expr,
    other_successes: str | pl.Expr,
    other_trials: str | pl.Expr,
) -> pl.Expr:
    """Return how often chance alone sets two equal shares at least so far apart.

    The two-sided score test, which is Pearson's chi-squared test without a correction: it
    takes the counts to be large. `fisher_exact` does not.

    Parameters
    ----------
    successes, trials, other_successes, other_trials
        As for `newcombe`.

    Returns
    -------
    :
        A Float64 expression named ``p``: 1 where both shares are 0, or both are 1; null where
        either has no trials, or counts that cannot be.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.statistics.proportions import two_proportions_p
    >>> counts = pl.DataFrame({"won": [56], "all": [70], "other_won": [48], "other_all": [80]})
    >>> counts.select(two_proportions_p("won", "all", "other_won", "other_all").round(4)).item()
    0.008
    """
    x, n, y, m = map(_number, (successes, trials, other_successes, other_trials))
    pooled = (x + y) / (n + m)
    error = (pooled * (1 - pooled) * (1 / n + 1 / m)).sqrt()
    z = pl.when(x * m == y * n).then(0.0).otherwise((x / n - y / m) / error)
    possible = (n > 0) & (m > 0) & x.is_between(0, n) & y.is_between(0, m)
    return pl.when(possible).then(normal_p(z)).alias("p")


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors reach to either side: 1.96 for 0.95.

    Raises
    ------
    InputError
        If `confidence` is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        what = f"confidence={confidence!r} is not between 0 and 1."
        raise InputError.of(
            what,
            "It is the share of intervals that hold the truth.",
            "confidence=0.95.",
        )
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _number(counts: str | pl.Expr) -> pl.Expr:
    return (pl.col(counts) if isinstance(counts, str) else counts).cast(pl.Float64)
