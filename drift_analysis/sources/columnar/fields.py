"""What the readers of single values do, by columns: how a value looks that is taken as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import pyarrow as pa

from ..fields import (
    COLOR,
    EXACT,
    FIRST_MS,
    LAST_MS,
    as_color,
    as_flag,
    as_id,
    as_ids,
    as_moment,
    as_number,
    as_text,
    as_text_id,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COLUMNS", "Column"]


def _as_it_is(column: pl.Expr) -> pl.Expr:
    return column


def _always(_: pl.Expr) -> None:
    return None


class Column(NamedTuple):
    """The types of Arrow and Python, the value in the table, and which of those known fit."""

    type: pa.DataType
    python: Any
    value: Callable[[pl.Expr], pl.Expr] = _as_it_is
    fits: Callable[[pl.Expr], pl.Expr | None] = _always


COLUMNS: dict[Any, Column] = {
    as_id: Column(pa.int64(), int),
    as_ids: Column(pa.list_(pa.int64()), list[int], fits=lambda c: ~c.list.contains(None)),
    as_moment: Column(
        pa.int64(),
        int,
        value=lambda c: c.cast(pl.Datetime("ms", "UTC")),
        fits=lambda c: (c >= FIRST_MS) & (c < LAST_MS),
    ),
    as_text: Column(pa.string(), str),
    as_text_id: Column(pa.string(), str),
    as_flag: Column(pa.bool_(), bool),
    as_number: Column(pa.float64(), float, fits=lambda c: c.abs() < EXACT),
    as_color: Column(
        pa.string(),
        str,
        value=lambda c: c.str.extract(rf"\A{COLOR.pattern}\z"),
        fits=lambda c: c.str.contains(rf"\A{COLOR.pattern}\z"),
    ),
}
"""By the reader in `sources.fields`; a key with another reader is left to the careful path."""
