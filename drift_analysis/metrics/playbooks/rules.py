"""How rules of thumb divide the credit for a conversion among the touches before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from datetime import timedelta

    from ..statistics.resampling import Draws

__all__ = ["rule_credits"]

_TOUCHES = pl.col("touches")
_SIZE = _TOUCHES.list.len()


def rule_credits(
    rows: pl.LazyFrame,
    draws: Draws,
    *,
    model: str,
    half_life: timedelta,
    position: tuple[float, float],
) -> pl.LazyFrame:
    """Divide the conversions by a rule that looks at one journey at a time.

    Takes journeys; returns ``touch``, and its credit in each of the draws.
    """
    divided = _divided(rows.filter("converted"), model, half_life, position)
    return draws.sums(divided, ["touch"], pl.col("part") * pl.col("n"))


def _divided(
    rows: pl.LazyFrame, model: str, half_life: timedelta, position: tuple[float, float]
) -> pl.LazyFrame:
    """Add ``touch`` and its ``part`` of a conversion: a row for each touch that gets any."""
    one, equal = pl.lit(1.0).alias("part"), (1 / _SIZE).alias("part")
    touch = _TOUCHES.alias("touch")
    match model:
        case "first":
            return rows.with_columns(_TOUCHES.list.first().alias("touch"), one)
        case "last":
            return rows.with_columns(_TOUCHES.list.last().alias("touch"), one)
        case "linear":
            return rows.with_columns(touch, equal).explode("touch")
        case "position":
            place, size = pl.int_ranges(_SIZE).alias("place"), _SIZE.alias("size")
            placed = rows.with_columns(touch, place, size).explode("touch", "place")
            return placed.with_columns(_by_place(*position).alias("part"))
        case "time_decay":
            return rows.with_columns(touch, _decayed(half_life).alias("part")).explode(
                "touch", "part"
            )
    distinct = _TOUCHES.list.unique()
    share = (1 / distinct.list.len()).alias("part")
    return rows.with_columns(distinct.alias("touch"), share).explode("touch")


def _by_place(first: float, last: float) -> pl.Expr:
    place, size = pl.col("place"), pl.col("size")
    both = first + last
    return (
        pl.when(size == 1)
        .then(1.0)
        .when(size == 2)
        .then(pl.when(place == 0).then(first / both).otherwise(last / both))
        .when(place == 0)
        .then(first)
        .when(place == size - 1)
        .then(last)
        .otherwise((1 - both) / (size.cast(pl.Float64) - 2))
    )


def _decayed(half_life: timedelta) -> pl.Expr:
    """Halve with every half-life before the last touch; NaN where a moment is not known."""
    at = pl.element()
    lag = (at.max() - at).dt.total_milliseconds() / (half_life.total_seconds() * 1000)
    weights = pl.col("touched_at").list.eval((0.5**lag).fill_null(float("nan")))
    unknown = _TOUCHES.list.eval(pl.element().is_null() + float("nan"))
    each = pl.col("touched_at").list.len() == _SIZE
    return pl.when(each).then(weights / weights.list.sum()).otherwise(unknown)
