"""How sure a share is, given how many it was counted from."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl

from drift_analysis.errors import InputError

__all__ = ["normal_quantile", "wilson"]


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
    >>> from drift_analysis.metrics.proportions import wilson
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
