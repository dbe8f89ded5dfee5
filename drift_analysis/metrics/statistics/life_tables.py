"""The arithmetic under survival curves: who was at risk, what ended, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas.columns import LENGTH

from .proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "EVENT",
    "EVERYTHING",
    "ROUNDING",
    "WORKING",
    "greenwood",
    "hazards",
    "incidences",
    "observations",
    "outcomes_in",
    "survival",
]

EVERYTHING = "__everything"
"""The one group there is when nobody asked for groups."""

ROUNDING = 1e-12
"""A product of shares that should be 0.1 may come out as 0.10000000000000002."""

WORKING = ("t", "at_risk", "events", "censored", "survival", "before", "hazard", "so", "lo", "hi")
"""The names of the columns on the way, which no group can have."""

_Z = normal_quantile(0.95)
EVENT = "__event"
"""How it ended, on the way."""


def observations(
    frame: pl.LazyFrame, *, duration: str, event: pl.Expr, keys: Sequence[str]
) -> pl.LazyFrame:
    """Return what is at risk: its group, how long it was seen (``t``), and its event."""
    one = [] if keys else [pl.lit(0, pl.Int8).alias(EVERYTHING)]
    length = pl.col(duration).cast(LENGTH).alias("t")
    seen = frame.select(*keys, *one, length, event.alias(EVENT))
    return seen.filter(pl.col("t") >= pl.duration())


def survival(seen: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Add up, for every group and time, who was at risk and what ended: Kaplan and Meier.

    The event is Boolean here. Rows of which it is null are not at risk.
    """
    known = seen.drop_nulls(EVENT)
    ended = pl.col(EVENT).cast(pl.UInt32).alias("events")
    cut = (~pl.col(EVENT)).cast(pl.UInt32).alias("censored")
    nothing = pl.lit(0, pl.UInt32)
    starts = (
        known.select(groups)
        .unique()
        .with_columns(
            pl.duration().cast(LENGTH).alias("t"),
            nothing.alias("events"),
            nothing.alias("censored"),
        )
    )
    steps = (
        pl.concat([known.select(*groups, "t", ended, cut), starts])
        .group_by(*groups, "t")
        .agg(pl.col("events", "censored").sum())
    )
    left = pl.col("events") + pl.col("censored")
    at_risk = left.sum().over(groups) - left.cum_sum().over(groups, order_by="t") + left
    survival = (1 - pl.col("events") / pl.col("at_risk")).cum_prod().over(groups, order_by="t")
    hazard_variance = greenwood().cum_sum().over(groups, order_by="t")
    lo, hi = _log_log(pl.col("survival"), hazard_variance.sqrt() * pl.col("survival"))
    return (
        steps.with_columns(at_risk.alias("at_risk"))
        .with_columns(survival.alias("survival"))
        .with_columns(lo.alias("lo"), hi.alias("hi"))
    )


def hazards(rows: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Return, for every group and time, what chance makes of any of those at risk at it.

    Of m among those ``at_risk``, ``hazard`` m are expected to end, with the variance
    ``linear`` m - ``square`` m^2 of the hypergeometric distribution. The event is Boolean here,
    and never null.
    """
    d, n = pl.col("events"), pl.col("at_risk").cast(pl.Float64)
    linear = pl.when(n > 1).then(d / n * (n - d) / (n - 1)).otherwise(0.0)
    return (
        rows.group_by(*groups, "t")
        .agg(pl.col(EVENT).sum().alias("events"), pl.len().alias("at_risk"))
        .with_columns(pl.col("at_risk").cum_sum(reverse=True).over(groups, order_by="t"))
        .with_columns((d / n).alias("hazard"), linear.alias("linear"), (linear / n).alias("square"))
    )


def outcomes_in(frame: pl.LazyFrame, outcome: str, censored_as: str | None) -> pl.Expr:
    """Return how each row ended, null where it still ran; an Enum keeps its order."""
    dtype = frame.collect_schema()[outcome]
    word = pl.col(outcome).cast(pl.String)
    ended = word if censored_as is None else pl.when(word != censored_as).then(word)
    if isinstance(dtype, pl.Enum):
        return ended.cast(pl.Enum([name for name in dtype.categories if name != censored_as]))
    return ended


def incidences(seen: pl.LazyFrame, groups: Sequence[str]) -> pl.LazyFrame:
    """Add up, for every group, outcome and time, what ended so: Aalen and Johansen.

    The event is a word here, null where nothing ended.
    """
    dtype = seen.collect_schema()[EVENT]
    words = seen.select(pl.col(EVENT).drop_nulls().unique())
    if isinstance(dtype, pl.Enum):
        words = pl.LazyFrame({EVENT: dtype.categories}, schema={EVENT: dtype})
    so = seen.drop_nulls(EVENT).group_by(*groups, "t", EVENT).agg(pl.len().alias("so"))
    any_end = survival(seen.with_columns(pl.col(EVENT).is_not_null()), groups)
    before = pl.col("survival").shift(1).over(groups, order_by="t").fill_null(1.0)
    grid = (
        any_end.with_columns(before.alias("before"), greenwood().alias("hazard"))
        .join(words, how="cross")
        .join(so, on=[*groups, "t", EVENT], how="left", nulls_equal=True)
        .with_columns(pl.col("so").fill_null(0))
    )
    over = [*groups, EVENT]
    step = pl.col("before") * pl.col("so") / pl.col("at_risk")
    incidence = step.cum_sum().over(over, order_by="t").clip(0, 1)
    variance = _delta_variance(over)
    lo, hi = _log_log(pl.col("incidence"), variance.clip(0).sqrt())
    return (
        grid.with_columns(incidence.alias("incidence"))
        .with_columns(lo.alias("lo"), hi.alias("hi"))
        .with_columns(pl.col(EVENT).alias("outcome"), pl.col("so").alias("events"))
    )


def greenwood() -> pl.Expr:
    """Return Greenwood's term; the last one of a group that ends wholly weighs nothing."""
    d, n = pl.col("events"), pl.col("at_risk")
    return pl.when(n > d).then(d / (n * (n.cast(pl.Float64) - d))).otherwise(0.0)


def _delta_variance(over: Sequence[str]) -> pl.Expr:
    """Return the variance of an incidence F at each time, by the delta method.

    The sum over the times up to t of ``(F(t) - F_i)^2 h_i + S_i^2 d_i (n_i - d_i) / n_i^3
    - 2 (F(t) - F_i) S_i d_i / n_i^2``, multiplied out so that running sums do.
    """
    f, h, s = pl.col("incidence"), pl.col("hazard"), pl.col("before")
    d, n = pl.col("so").cast(pl.Float64), pl.col("at_risk").cast(pl.Float64)

    def total(term: pl.Expr) -> pl.Expr:
        return term.cum_sum().over(over, order_by="t")

    mixed = s * d / n**2
    squares = f**2 * total(h) - 2 * f * total(h * f) + total(h * f**2)
    return squares + total(s**2 * d * (n - d) / n**3) - 2 * (f * total(mixed) - total(mixed * f))


def _log_log(share: pl.Expr, error: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the 95 % bounds of a share on the scale of log(-log share): never beyond 0 and 1."""
    inner = share.is_between(ROUNDING, 1 - ROUNDING)
    reach = (_Z * error / (share * share.log())).exp()
    first, second = share**reach, share ** (1 / reach)
    bounds = pl.min_horizontal(first, second), pl.max_horizontal(first, second)
    lo, hi = (pl.when(inner).then(bound) for bound in bounds)
    return lo, hi
