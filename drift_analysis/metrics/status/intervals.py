"""From decided facts to the stretches of a life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas.status import STATUS

from ..neighbours import ends_life, next_of, running
from .evidence import BITS, EVENT

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["intervals_of"]

_ID = "conversation_id"


_NAMES = [
    [status for status, bit in BITS.items() if mask & bit] for mask in range(2 * max(BITS.values()))
]
"""The statuses of each set, by its number."""


def intervals_of(decided: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Turn decided facts, as `histories` returns them, into the stretches of each life."""
    status = pl.col("status")
    return (
        decided.pipe(_without_instants, as_of)
        .pipe(_joined, as_of)
        .with_columns(visit=running(_differs("status", _ID)))
        .with_columns(
            status=status.replace_strict({b: s for s, b in BITS.items()}, return_dtype=STATUS),
            possible=_names(),
            entered_at="at",
            duration=pl.col("left_at") - pl.col("at"),
            censored=pl.col("visit") == next_of(pl.when(ends_life()).then("visit")),
        )
        .sort(_ID, "entered_at", "left_at", "visit")
    )


def _without_instants(decided: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Leave out what took no time, unless a log tells of it or it is the state at `as_of`."""
    following = _next("at")
    is_last = following.is_null()
    ends_here = is_last & (pl.col("single").is_not_null() | pl.col("is_newborn"))
    visited = pl.col("logged") & (pl.col("order") == EVENT)
    return decided.filter((following.fill_null(as_of) > pl.col("at")) | visited | ends_here)


def _joined(stretches: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Join neighbours that say the same, and let each stretch end where the next begins."""
    changed = _differs("status", "possible", "evidence", _ID)
    return stretches.filter(changed).with_columns(left_at=_next("at").fill_null(as_of))


def _differs(*names: str) -> pl.Expr:
    """Tell whether a row says something else than the one before; the rows are in order."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)


def _next(name: str) -> pl.Expr:
    """Return the value of the next row of the same life; the rows are in order."""
    return pl.when(pl.col(_ID) == pl.col(_ID).shift(-1)).then(pl.col(name).shift(-1))


def _names() -> pl.Expr:
    return pl.lit(pl.Series(_NAMES, dtype=pl.List(STATUS))).gather(pl.col("possible"))
