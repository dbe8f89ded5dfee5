"""Sums of a sample drawn anew many times, by weights that any row can work out for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ESTIMATE", "KEY", "Draws", "mixed", "weight", "whole"]

ESTIMATE = "estimate"
"""The name of the sum over the sample as it is."""

KEY = "key"
"""The name of the column that tells who is drawn."""

_GOLDEN = 0x9E3779B97F4A7C15
_ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_WORD = 2**64
_AT_ONCE = 16


def mixed(key: pl.Expr) -> pl.Expr:
    """Scatter whole numbers over all of UInt64, as SplitMix64 does.

    References
    ----------
    G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators",
    OOPSLA 2014.
    """
    word = key.cast(pl.Int64).reinterpret(signed=False)
    for shift, factor in _ROUNDS:
        word = (word ^ (word // 2**shift)) * pl.lit(factor, pl.UInt64)
    return word ^ (word // 2**31)


def weight(key: pl.Expr, *, seed: int, replicate: int) -> pl.Expr:
    """Return how much whoever has the key weighs in a replicate: exponential with mean 1.

    Such weights, divided by their sum, are those of D. B. Rubin, "The Bayesian bootstrap",
    Annals of Statistics 9 (1981). They hang on key, seed and replicate alone, so that neither
    the order of the rows nor the engine matters, and a contact weighs the same in each row.
    """
    start = _scattered(_scattered(seed) + replicate)
    word = mixed((key + pl.lit(start, pl.UInt64)).reinterpret(signed=True))
    share = (word // 2**11).cast(pl.Float64) / 2**53
    return -(-share).log1p()


@dataclass(frozen=True)
class Draws:
    """How many times a sample is drawn anew, and by which seed."""

    number: int
    seed: int

    @property
    def names(self) -> list[str]:
        """The columns of sums: first the estimate, then one for each draw."""
        return [ESTIMATE, *(f"draw_{k}" for k in range(self.number))]

    def sums(self, rows: pl.LazyFrame, by: Sequence[str], value: pl.Expr) -> pl.LazyFrame:
        """Add up a value for each group: once as it is, and once for each draw."""
        estimate = value.sum().cast(pl.Float64).alias(ESTIMATE)
        if not self.number:
            return rows.group_by(by).agg(estimate)
        needed = rows.select(*by, KEY, value.cast(pl.Float64).alias("value"))
        schema = needed.collect_schema()
        kept = {name: schema[name] for name in by} | dict.fromkeys(self.names, pl.Float64)
        return whole(needed, lambda rows: self._drawn(rows, by), kept)

    def _drawn(self, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        """Draw a few at a time, so that the weights of one draw are gone before the next."""
        who = rows.select(KEY).unique().sort(KEY).with_row_index("who")
        groups = rows.select(by).unique(maintain_order=True).with_row_index("group")
        placed = rows.join(who, on=KEY, maintain_order="left").join(
            groups, on=by, nulls_equal=True, maintain_order="left"
        )
        value, index = placed.get_column("value"), placed.get_column("who")
        found = [groups.drop("group"), _added(placed, value.alias(ESTIMATE))]
        for start in range(0, self.number, _AT_ONCE):
            draws = range(start, min(start + _AT_ONCE, self.number))
            weights = who.select(
                weight(pl.col(KEY), seed=self.seed, replicate=k).alias(f"draw_{k}") for k in draws
            )
            found.append(
                _added(
                    placed, *((value * drawn.gather(index)).alias(drawn.name) for drawn in weights)
                )
            )
        return pl.concat(found, how="horizontal")


def whole(
    rows: pl.LazyFrame,
    function: Callable[[pl.DataFrame], pl.DataFrame],
    schema: Mapping[str, pl.DataType | type[pl.DataType]],
) -> pl.LazyFrame:
    """Plan a step that needs all rows at once, and of which no part can be left out."""
    return rows.map_batches(
        function,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
        schema=pl.Schema(schema),
    )


def _added(placed: pl.DataFrame, *values: pl.Series) -> pl.DataFrame:
    named = placed.select("group").with_columns(values)
    return named.group_by("group").agg(pl.all().sum()).sort("group").drop("group")


def _scattered(number: int) -> int:
    word = (number + 1) * _GOLDEN % _WORD
    for shift, factor in _ROUNDS:
        word = (word ^ (word >> shift)) * factor % _WORD
    return word ^ (word >> 31)
