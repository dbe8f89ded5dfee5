"""Replace mentions of a person in whatever text a frame holds, however deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .person import without

if TYPE_CHECKING:
    from .person import Person

__all__ = ["redacted"]

_ADDRESSES = ("email", "contact_email")


def redacted(rows: pl.DataFrame, who: Person) -> pl.DataFrame:
    """Return the rows with every mention in text replaced, in lists and records as well.

    A column of addresses is only touched where it is theirs, since another may contain it.
    """
    emails = list(who.emails)
    return rows.with_columns(
        _address(pl.col(name), emails)
        if name in _ADDRESSES
        else _redacted(pl.col(name), dtype, who)
        for name, dtype in rows.schema.items()
        if _has_text(dtype)
    )


def _address(value: pl.Expr, emails: list[str]) -> pl.Expr:
    is_theirs = value.str.strip_chars().str.to_lowercase().is_in(emails)
    return pl.when(is_theirs).then(pl.lit("***")).otherwise(value).name.keep()


def _has_text(dtype: pl.DataType) -> bool:
    match dtype:
        case pl.List():
            return _has_text(dtype.inner)  # type: ignore[arg-type]
        case pl.Struct():
            return any(_has_text(field.dtype) for field in dtype.fields)  # type: ignore[arg-type]
        case _:
            return dtype == pl.String


def _redacted(value: pl.Expr, dtype: pl.DataType, who: Person) -> pl.Expr:
    match dtype:
        case pl.List():
            return value.list.eval(_redacted(pl.element(), dtype.inner, who))  # type: ignore[arg-type]
        case pl.Struct():
            return value.struct.with_fields(
                _redacted(pl.field(field.name), field.dtype, who).alias(field.name)  # type: ignore[arg-type]
                for field in dtype.fields
                if _has_text(field.dtype)  # type: ignore[arg-type]
            )
        case _:
            return without(value, who)
