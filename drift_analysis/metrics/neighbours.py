"""What stands before and behind a row, where rows are sorted by conversation and time.

A window over every conversation would be the obvious way. On a million of them it takes several
times as long as one pass over neighbours that stops where the next conversation begins.
"""

from __future__ import annotations

import polars as pl

__all__ = ["begins_life", "ends_life", "next_of", "previous_of", "running", "sum_of_run"]

_ID = pl.col("conversation_id")


def begins_life() -> pl.Expr:
    """Tell whether a row is the first of its conversation."""
    return _ID.ne_missing(_ID.shift())


def ends_life() -> pl.Expr:
    """Tell whether a row is the last of its conversation."""
    return _ID.ne_missing(_ID.shift(-1))


def previous_of(value: str | pl.Expr) -> pl.Expr:
    """Return the latest value that is known in the conversation, up to this row."""
    value = _expression(value)
    owner = pl.when(value.is_not_null()).then(_ID).forward_fill()
    return pl.when(owner == _ID).then(value.forward_fill())


def next_of(value: str | pl.Expr) -> pl.Expr:
    """Return the next value that is known in the conversation, from this row on."""
    value = _expression(value)
    owner = pl.when(value.is_not_null()).then(_ID).backward_fill()
    return pl.when(owner == _ID).then(value.backward_fill())


def running(number: pl.Expr) -> pl.Expr:
    """Return the sum of a number within the conversation, up to this row."""
    number = number.cast(pl.Int64)
    so_far = number.cum_sum()
    return so_far - pl.when(begins_life()).then(so_far - number).forward_fill()


def sum_of_run(number: pl.Expr, begins: pl.Expr) -> pl.Expr:
    """Return the sum of a number over the run of rows; it begins where `begins` says."""
    number = number.cast(pl.Int64)
    so_far = number.cum_sum()
    before = pl.when(begins).then(so_far - number).forward_fill()
    ends = begins.shift(-1, fill_value=True)
    return pl.when(ends).then(so_far).backward_fill() - before


def _expression(value: str | pl.Expr) -> pl.Expr:
    return pl.col(value) if isinstance(value, str) else value
