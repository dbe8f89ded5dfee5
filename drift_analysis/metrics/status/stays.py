"""Sums of the time in each status: per conversation, and per group of conversations."""

from __future__ import annotations

import polars as pl

from drift_analysis.schemas import TimeInStatusGroups
from drift_analysis.schemas.columns import LENGTH

from ..averages import mean_length
from ..statistics.survival import survival_quantiles

__all__ = ["STAYS", "TAKEN", "counted", "grouped", "summed"]

STAYS = ("all", "first", "last")
"""Which visits to a status count."""

TAKEN = (
    *("low", "high", "certain", "bounded", "duration_min", "duration_max", "n_visits"),
    *("duration_unknown", "low_unknown", "high_unknown"),
    *TimeInStatusGroups.column_names(),
)
"""The names that no group can have."""

_ID = "conversation_id"
_SUMMED = ["duration", "low", "high"]
_UNKNOWN = "_unknown"
_BOUNDS = {"": "duration", "_min": "duration_min", "_max": "duration_max"}


def summed(intervals: pl.LazyFrame, stays: str, keys: list[str]) -> pl.LazyFrame:
    """Add up the stretches of each conversation and status: the estimate, and its bounds.

    A sum is null as soon as the length of one of its stretches is not known.
    """
    nothing = pl.lit(0, LENGTH)
    is_certain = pl.col("possible").list.len() == 1
    lived = intervals.with_columns(certain=is_certain.all().over(_ID))
    estimated = lived.select(
        _ID,
        *keys,
        "status",
        "certain",
        "censored",
        "duration",
        "visit",
        low=nothing,
        high=nothing,
    ).filter(_counts(stays))
    bounded = lived.select(
        _ID,
        *keys,
        "certain",
        status="possible",
        censored=pl.lit(value=False),
        duration=nothing,
        visit=pl.lit(None, pl.UInt16),
        low=pl.when(is_certain).then("duration").otherwise(nothing),
        high="duration",
    ).explode("status")
    sums = (
        pl.concat([estimated, bounded.select(estimated.collect_schema().names())])
        .group_by(_ID, *keys, "status")
        .agg(
            pl.col(_SUMMED).sum(),
            pl.col(_SUMMED).null_count().name.suffix(_UNKNOWN),
            pl.col("visit").drop_nulls().n_unique().alias("n_visits"),
            pl.col("censored").any(),
            pl.col("certain").all(),
        )
        .with_columns(
            pl.when(pl.col(name + _UNKNOWN) == 0).then(pl.col(name)).alias(name) for name in _SUMMED
        )
        .sort(_ID, *keys, "status", nulls_last=True)
    )
    if stays == "all":
        return sums.rename({"low": "duration_min", "high": "duration_max"})
    exact = pl.when("certain").then("duration")
    return sums.with_columns(duration_min=exact, duration_max=exact)


def counted() -> dict[str, pl.Expr]:
    """Tell of a conversation and status whether it counts as one, and as still running."""
    visited = pl.col("n_visits") > 0
    return {"n": visited, "n_censored": visited & pl.col("censored")}


def grouped(times: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Summarise conversations by group and status."""
    group = [*keys, "status"]
    flags = counted()
    visited = flags["n"]
    facts = [flag.sum().cast(pl.UInt32).alias(name) for name, flag in flags.items()]
    for bound, column in _BOUNDS.items():
        of_visited = pl.col(column).filter(visited)
        bounded = ~pl.col(column).is_null().any()
        facts.append(pl.when(bounded).then(pl.col(column).sum()).alias(f"total{bound}"))
        mean = pl.when(~of_visited.is_null().any()).then(mean_length(of_visited))
        facts.append(mean.alias(f"mean{bound}"))
    summary = times.group_by(group).agg(facts)
    for bound, column in _BOUNDS.items():
        quantiles = _quantiles(times.filter(visited), column, bound, group)
        summary = summary.join(quantiles, on=group, how="left", nulls_equal=True)
    shares = pl.when(pl.col("n") > 0).then(pl.col("n_censored") / pl.col("n"))
    summary = summary.with_columns(share_censored=shares)
    columns = TimeInStatusGroups.schema()
    return summary.select(*keys, *(pl.col(name).cast(t) for name, t in columns.items())).sort(
        group, nulls_last=True
    )


def _quantiles(times: pl.LazyFrame, column: str, bound: str, group: list[str]) -> pl.LazyFrame:
    """Find median and nine in ten of one of the three sums; null where one is not bounded."""
    found = survival_quantiles(times, duration=column, censored="censored", by=group)
    bounded = times.group_by(group).agg(bounded=~pl.col(column).is_null().any())
    known = {name: pl.when("bounded").then(of) for name, of in (("median", "p50"), ("p90", "p90"))}
    return found.join(bounded, on=group, how="left", nulls_equal=True).select(
        *group, *(value.alias(f"{name}{bound}") for name, value in known.items())
    )


def _counts(stays: str) -> pl.Expr:
    if stays == "all":
        return pl.lit(value=True)
    visits = pl.col("visit")
    chosen = visits.min() if stays == "first" else visits.max()
    return visits == chosen.over(_ID, "status")
