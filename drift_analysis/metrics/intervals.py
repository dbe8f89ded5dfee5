"""From decided facts to the stretches of a life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas.status import STATUS

from .evidence import BITS, EVENT

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["intervals_of"]

_ID = "conversation_id"


def intervals_of(decided: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Turn decided facts, as `histories` returns them, into the stretches of each life."""
    status = pl.col("status")
    is_new = (status != status.shift().over(_ID)).fill_null(value=True)
    return (
        decided.pipe(_without_instants, as_of)
        .pipe(_joined, as_of)
        .with_columns(visit=is_new.cum_sum().over(_ID))
        .with_columns(
            status=status.replace_strict({b: s for s, b in BITS.items()}, return_dtype=STATUS),
            possible=_names(),
            entered_at="at",
            duration=pl.col("left_at") - pl.col("at"),
            censored=pl.col("visit") == pl.col("visit").max().over(_ID),
        )
        .sort(_ID, "entered_at", "left_at", "visit")
    )


def _without_instants(decided: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Leave out what took no time, unless a log tells of it or it is the state at `as_of`."""
    following = pl.col("at").shift(-1).over(_ID)
    is_last = following.is_null()
    ends_here = is_last & (pl.col("single").is_not_null() | (pl.col("created_at") == as_of))
    visited = pl.col("logged") & (pl.col("order") == EVENT)
    return decided.filter((following.fill_null(as_of) > pl.col("at")) | visited | ends_here)


def _joined(stretches: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Join neighbours that say the same, and let each stretch end where the next begins."""
    said = pl.struct("status", "possible", "evidence")
    changed = (said != said.shift().over(_ID)) | (pl.col(_ID) != pl.col(_ID).shift())
    return stretches.filter(changed.fill_null(value=True)).with_columns(
        left_at=pl.col("at").shift(-1).over(_ID).fill_null(as_of)
    )


def _names() -> pl.Expr:
    each = [
        pl.when((pl.col("possible") & bit) > 0).then(pl.lit(status)) for status, bit in BITS.items()
    ]
    return pl.concat_list(each).list.drop_nulls()
