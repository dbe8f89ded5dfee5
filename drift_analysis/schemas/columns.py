"""Columns that several tables declare in the same way."""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

__all__ = [
    "LENGTH",
    "MOMENT",
    "as_list_of_structs",
    "beyond",
    "count",
    "enum",
    "flag",
    "identifier",
    "number",
    "rate",
    "read_from",
    "string",
]


def identifier(description: str, *, null: str | None = None, key: bool = False) -> dy.Int64:
    """Declare an id of Drift's: Int64, since contact and message ids exceed 2^32."""
    return dy.Int64(
        nullable=null is not None,
        primary_key=key,
        description=description,
        metadata=_notes(null=null),
    )


def string(description: str, *, null: str | None = None, key: bool = False) -> dy.String:
    """Declare a column of text."""
    return dy.String(
        nullable=null is not None,
        primary_key=key,
        description=description,
        metadata=_notes(null=null),
    )


def flag(description: str, *, null: str | None = None) -> dy.Bool:
    """Declare a column of yes or no."""
    return dy.Bool(nullable=null is not None, description=description, metadata=_notes(null=null))


def number(description: str, *, unit: str | None = None, null: str | None = None) -> dy.Float64:
    """Declare a column of numbers that may have a fraction."""
    return dy.Float64(
        nullable=null is not None,
        description=description,
        metadata=_notes(null=null, unit=unit),
    )


def rate(description: str, *, null: str | None = None) -> dy.Float64:
    """Declare a share, from 0 to 1."""
    return dy.Float64(
        min=0,
        max=1,
        nullable=null is not None,
        description=description,
        metadata=_notes(null=null, unit="0 to 1"),
    )


def count(description: str, *, null: str | None = None) -> dy.UInt32:
    """Declare a count."""
    return dy.UInt32(nullable=null is not None, description=description, metadata=_notes(null=null))


def read_from() -> dy.String:
    """Declare where a row was read from."""
    return string("Where it was read from: a path, `bytes`, `records` or a URL without a query.")


def beyond() -> dy.String:
    """Declare what a record held beyond the known fields."""
    return string(
        "What the record held beyond the columns of this table, as a JSON object.",
        null="nothing beyond",
    )


def enum(
    choices: tuple[str, ...], description: str, *, null: str | None = None, key: bool = False
) -> dy.Enum:
    """Declare a column with a fixed set of values, in a fixed order."""
    return dy.Enum(
        choices,
        nullable=null is not None,
        primary_key=key,
        description=description,
        metadata=_notes(null=null),
    )


def _notes(*, null: str | None, unit: str | None = None) -> dict[str, Any]:
    return {"null": null, "unit": unit}


def as_list_of_structs(fields: dict[str, dy.Column], description: str, *, null: str) -> dy.List:
    """Declare a list of small records."""
    return dy.List(
        dy.Struct(fields), nullable=True, description=description, metadata=_notes(null=null)
    )


MOMENT = pl.Datetime("ms", "UTC")
"""The dtype of every moment."""

LENGTH = pl.Duration("ms")
"""The dtype of every length of time."""
