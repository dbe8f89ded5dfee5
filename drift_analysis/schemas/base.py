"""What every table can do: check a frame, cast it, describe itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

import dataframely as dy
import polars as pl

from drift_analysis.errors import InputError, SchemaError

from .dictionary import Dictionary, dictionary

__all__ = ["Frame", "Table", "as_given", "length", "moment", "require_moment"]

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
"""The kind of frame that a function was given, and gives back."""

_AT_ONCE = 2**16
"""How many rows are checked together."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2262, 1, 1, tzinfo=UTC)


def moment(description: str, *, null: str | None = None, key: bool = False) -> dy.Datetime:
    """Declare a column of moments: UTC, to the millisecond; `null` says what null means."""
    return dy.Datetime(
        time_unit="ms",
        time_zone="UTC",
        min=_EARLIEST,
        max_exclusive=_LATEST,
        nullable=null is not None,
        primary_key=key,
        description=description,
        metadata={"unit": "UTC", "null": null},
    )


def length(description: str, *, null: str | None = None) -> dy.Duration:
    """Declare a column of lengths of time: to the millisecond, never negative."""
    return dy.Duration(
        time_unit="ms",
        nullable=null is not None,
        description=description,
        metadata={"unit": "time", "null": null},
    )


class Table(dy.Schema):
    """A table with a documented promise: names, dtypes, units, and what null means."""

    @classmethod
    def schema(cls) -> pl.Schema:
        """Return the names and dtypes, for `pl.DataFrame(..., schema=...)`."""
        return pl.Schema({name: column.dtype for name, column in cls.columns().items()})

    @classmethod
    def empty(cls) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=cls.schema())

    @classmethod
    def require(cls, frame: Frame) -> Frame:
        """Check names and dtypes, which reads no data, and hand the frame on.

        Further columns are welcome: a column of your own can be joined for grouping.

        Raises
        ------
        SchemaError
            If it is no polars frame, a column is missing, or has another dtype.
        """
        if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
            raise SchemaError.not_a_frame(cls.__name__, frame)
        have = frame.collect_schema()
        if missing := [name for name in cls.columns() if name not in have]:
            raise SchemaError.missing_columns(cls.__name__, missing, have)
        wrong = [(n, t, have[n]) for n, t in cls.schema().items() if have[n] != t]
        if wrong:
            raise SchemaError.wrong_dtypes(cls.__name__, wrong)
        return frame

    @classmethod
    def conform(cls, frame: Frame) -> Frame:
        """Select the table's columns, in order, and cast them to their dtypes.

        Raises
        ------
        SchemaError
            If a column is missing, or (for a DataFrame) a value does not fit.
        """
        have = frame.collect_schema()
        if missing := [name for name in cls.columns() if name not in have]:
            raise SchemaError.missing_columns(cls.__name__, missing, have)
        wrong = {n: t for n, t in cls.schema().items() if have[n] != t}
        try:
            return frame.select(cls.column_names()).cast(wrong)  # type: ignore[arg-type]
        except pl.exceptions.PolarsError:
            raise SchemaError.unfit_values(cls.__name__, wrong) from None

    @classmethod
    def checked(cls, frame: pl.DataFrame) -> pl.DataFrame:
        """Check every value once, at the door, and hand the frame on.

        A rule of a table is about single rows or the key, so that rows are looked at in parts,
        which takes less memory.

        Raises
        ------
        SchemaError
            If names, dtypes, keys, nulls or values break the promise.
        """
        parts = cls.require(frame).iter_slices(_AT_ONCE)
        if not all(map(cls.is_valid, parts)) or _repeated(frame, cls.primary_key()):
            counts = cls.filter(frame).failure.counts()
            raise SchemaError.broken_rules(cls.__name__, dict(counts))
        return frame

    @classmethod
    def broken_rows(cls, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that break a rule of the table."""
        return cls.filter(cls.require(frame)).failure.invalid()

    @classmethod
    def describe(cls) -> Dictionary:
        """Return the data dictionary: one row per column of the table, shown whole.

        Returns
        -------
        :
            ``column``, ``dtype``, ``unit`` (null: has none), ``key`` (whether it is part
            of the key), ``meaning``, and ``null_means`` (null: is never null).
        """
        return dictionary(cls.columns())


def _repeated(frame: pl.DataFrame, key: list[str]) -> bool:
    """Tell whether a key stands in several rows."""
    if not key:
        return False
    found = pl.col(key[0]) if len(key) == 1 else pl.struct(key)
    return bool(frame.select(found.n_unique()).item() < frame.height)


def as_given(result: pl.LazyFrame, given: Frame) -> Frame:
    """Return the result as the kind of frame that was given.

    A DataFrame is computed now; a LazyFrame stays a plan.
    """
    if isinstance(given, pl.DataFrame):
        return result.collect()
    return result


def require_moment(value: datetime, name: str = "as_of") -> datetime:
    """Check that a moment has a time zone, and return it in UTC, cut to milliseconds.

    Raises
    ------
    InputError
        If it is no moment, or has no time zone.
    """
    if not isinstance(value, datetime):
        raise InputError.no_moment(name, value)
    if value.tzinfo is None:
        raise InputError.naive_moment(name)
    value = value.astimezone(UTC)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
