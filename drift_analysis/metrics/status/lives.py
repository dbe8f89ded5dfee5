"""The stretches of each life in order, and what changes from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import StatusIntervals
from drift_analysis.schemas.status import STATUS

from ..neighbours import before, behind, ends_life, sum_of_run

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ID", "can_be", "in_order", "is_new", "must_be", "took_part", "visits_of"]

ID = StatusIntervals.conversation_id.name
_KEY = (ID, "visit", "entered_at")


def in_order(intervals: pl.LazyFrame, keys: Sequence[str] = ()) -> pl.LazyFrame:
    """Keep each stretch once, in the order of each life; with `keys`, once in each group."""
    key = [*keys, *_KEY]
    again = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in key)
    columns = [*keys, *StatusIntervals.column_names()]
    return intervals.select(columns).sort(key, nulls_last=True).filter(~again)


def is_new(keys: Sequence[str] = ()) -> pl.Expr:
    """Tell whether a stretch begins a visit."""
    return (pl.col("visit") != before("visit", keys)).fill_null(value=True)


def took_part() -> pl.Expr:
    """Tell of a life whether anybody took part: not if it was sent in bulk and at most closed."""
    status = pl.col("status")
    alone = (status == "bulk_sent").any() & status.is_in(["bulk_sent", "closed"]).all()
    return ~alone


def visits_of(intervals: pl.LazyFrame, keys: Sequence[str] = ()) -> pl.LazyFrame:
    """Join the stretches of each visit by the estimate.

    Returns
    -------
    :
        The columns of the group, and per visit, in order: ``conversation_id``, ``visit``,
        ``status``, ``entered_at``, ``left_at``, ``duration``; ``was`` (the status before),
        ``is_last``; ``begins_certain``, ``ends_certain``, ``stays_certain`` (whether nothing else
        was possible around its begin, at its end, throughout).
    """
    certain = pl.col("possible").list.len() == 1
    ends_visit = pl.col("is_new").shift(-1, fill_value=True)
    left_at = behind("entered_at", keys)
    return (
        in_order(intervals, keys)
        .with_columns(
            is_new=is_new(keys),
            certain=certain,
            as_of=pl.when(ends_life(keys)).then("left_at").backward_fill(),
        )
        .with_columns(
            was=before("status", keys),
            begins_certain=pl.col("certain") & before("certain", keys).fill_null(value=True),
            ends_certain=pl.when(ends_visit).then("certain").backward_fill(),
            stays_certain=sum_of_run(~pl.col("certain"), pl.col("is_new")) == 0,
        )
        .filter("is_new")
        .with_columns(is_last=left_at.is_null(), left_at=left_at.fill_null(pl.col("as_of")))
        .with_columns(duration=pl.col("left_at") - pl.col("entered_at"))
        .drop("possible", "evidence", "censored", "is_new", "certain")
    )


def can_be(*statuses: str) -> pl.Expr:
    """Tell whether one of the statuses cannot be excluded."""
    return pl.any_horizontal(_holds(status) for status in statuses)


def must_be(*statuses: str) -> pl.Expr:
    """Tell whether all other statuses are excluded."""
    return pl.sum_horizontal(_holds(s) for s in statuses) == pl.col("possible").list.len()


def _holds(status: str) -> pl.Expr:
    return pl.col("possible").list.contains(pl.lit(status, STATUS))
