"""What stands before and behind a row, where rows are sorted by conversation and time.

A window over every conversation would be the obvious way. On a million of them it takes several
times as long as one pass over neighbours that stops where the next conversation begins.

`keys` are columns by which the rows are sorted before the conversation: in each of their groups it
has a life of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "before",
    "begins_life",
    "behind",
    "ends_life",
    "known_before",
    "known_behind",
    "latest_of",
    "next_of",
    "running",
    "sum_of_run",
]

_ID = "conversation_id"
_Value = str | pl.Expr


def begins_life(keys: Sequence[str] = ()) -> pl.Expr:
    """Tell whether a row is the first of its life."""
    return pl.any_horizontal(_column(n).ne_missing(_column(n).shift()) for n in (*keys, _ID))


def ends_life(keys: Sequence[str] = ()) -> pl.Expr:
    """Tell whether a row is the last of its life."""
    return pl.any_horizontal(_column(n).ne_missing(_column(n).shift(-1)) for n in (*keys, _ID))


def before(value: _Value, keys: Sequence[str] = ()) -> pl.Expr:
    """Return the value of the row before in the same life; null for the first."""
    return pl.when(~begins_life(keys)).then(_column(value).shift())


def behind(value: _Value, keys: Sequence[str] = ()) -> pl.Expr:
    """Return the value of the row behind in the same life; null for the last."""
    return pl.when(~ends_life(keys)).then(_column(value).shift(-1))


def latest_of(value: _Value) -> pl.Expr:
    """Return the latest value that is known in the conversation, up to this row."""
    value = _column(value)
    owner = pl.when(value.is_not_null()).then(_ID).forward_fill()
    return pl.when(owner == pl.col(_ID)).then(value.forward_fill())


def next_of(value: _Value) -> pl.Expr:
    """Return the next value that is known in the conversation, from this row on."""
    value = _column(value)
    owner = pl.when(value.is_not_null()).then(_ID).backward_fill()
    return pl.when(owner == pl.col(_ID)).then(value.backward_fill())


def known_before(value: _Value) -> pl.Expr:
    """Return the latest value that is known in the conversation before this row."""
    return before(latest_of(value))


def known_behind(value: _Value) -> pl.Expr:
    """Return the next value that is known in the conversation behind this row."""
    return behind(next_of(value))


def running(number: pl.Expr, keys: Sequence[str] = ()) -> pl.Expr:
    """Return the sum of a number within a life, up to this row."""
    number = number.cast(pl.Int64)
    so_far = number.cum_sum()
    return so_far - pl.when(begins_life(keys)).then(so_far - number).forward_fill()


def sum_of_run(number: pl.Expr, begins: pl.Expr) -> pl.Expr:
    """Return the sum of a number over a run of rows, which begins where `begins` says."""
    number = number.cast(pl.Int64)
    so_far = number.cum_sum()
    without = pl.when(begins).then(so_far - number).forward_fill()
    ends = begins.shift(-1, fill_value=True)
    return pl.when(ends).then(so_far).backward_fill() - without


def _column(value: _Value) -> pl.Expr:
    return pl.col(value) if isinstance(value, str) else value
