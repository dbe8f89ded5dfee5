"""Checks of what callers hand to a metric: columns by name, and time zones."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from drift_analysis.errors import InputError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drift_analysis.schemas.base import Frame, Table

__all__ = [
    "grouping",
    "require_columns",
    "require_duration",
    "require_flag",
    "require_length",
    "require_zone",
    "with_groups",
]


def grouping(by: str | Sequence[str] | None, *, taken: Iterable[str]) -> list[str]:
    """Return the names of the grouping columns, none of which the metric itself may need.

    Raises
    ------
    InputError
        If a name is among those `taken` by the result, or on the way to it; or is no name.
    """
    names = [by] if isinstance(by, str) else _names(by)
    if clash := sorted(set(names) & set(taken)):
        what = f"by={clash[0]!r} is a name that is needed here."
        raise InputError.of(
            what,
            "Two columns cannot have one name.",
            "frame.rename(...) first.",
        )
    return names


def _names(by: Sequence[str] | None) -> list[str]:
    given = by if isinstance(by, list | tuple | None) else [by]
    if strange := [name for name in given or [] if not isinstance(name, str)]:
        raise InputError.of(
            "by= takes the names of columns.",
            f"Got {type(strange[0]).__name__}.",
            "by='inbox_id', after frame.with_columns(...) for an expression.",
        )
    return list(dict.fromkeys(given or []))


def require_columns(frame: Frame, names: Iterable[str]) -> Frame:
    """Check that the columns a caller named are there, and hand the frame on.

    Raises
    ------
    SchemaError
        If it is no polars frame.
    InputError
        If a column is missing.
    """
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        what = "frame"
        raise SchemaError.not_a_frame(what, frame)
    have = frame.collect_schema()
    if missing := [name for name in names if name not in have]:
        what = f"There is no column {missing[0]!r}."
        raise InputError.of(
            what,
            f"The frame has {', '.join(repr(name) for name in have) or 'none'}.",
            "the name of a column that it has.",
        )
    return frame


def require_duration(frame: Frame, name: str) -> Frame:
    """Check that a column holds lengths of time, and hand the frame on.

    Raises
    ------
    InputError
        If it holds something else.
    """
    dtype = frame.collect_schema()[name]
    if not isinstance(dtype, pl.Duration):
        what = f"duration={name!r} holds no lengths of time."
        remedy = "pl.duration(seconds=...) to make lengths of time of numbers."
        raise InputError.of(what, f"Its dtype is {dtype}.", remedy)
    return frame


def require_flag(frame: Frame, name: str) -> Frame:
    """Check that a column holds true and false, and hand the frame on.

    Raises
    ------
    InputError
        If it holds something else.
    """
    dtype = frame.collect_schema()[name]
    if dtype != pl.Boolean:
        what = f"censored={name!r} does not tell true from false."
        remedy = "pl.col(...) == ... to make Booleans of other values."
        raise InputError.of(what, f"Its dtype is {dtype}.", remedy)
    return frame


def require_length(value: object, name: str) -> timedelta:
    """Return a length of time of which only one above 0 means anything.

    Raises
    ------
    InputError
        If it is none, or not above 0.
    """
    if not isinstance(value, timedelta) or value <= timedelta():
        what = f"{name}={value!r} is no length of time above 0."
        raise InputError.of(what, "It says how long, not when or how many.", "timedelta(hours=1).")
    return value


def require_zone(tz: str) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises
    ------
    InputError
        If there is no such zone; one of this machine only, such as `localtime`, is none.
    """
    try:
        pl.select(pl.lit(0).cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(tz))
        return ZoneInfo(tz)
    except (OSError, ValueError, TypeError, LookupError, pl.exceptions.PolarsError):
        what = f"tz={tz!r} is not a time zone."
        raise InputError.of(
            what,
            "Zones have IANA names, with an area and a city.",
            "'UTC', 'Europe/Berlin' or 'America/New_York'.",
        ) from None


def with_groups(table: type[Table], rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return the grouping columns, then the columns of the table in order, cast to its dtypes."""
    schema = table.schema()
    return rows.select(*keys, *(pl.col(name).cast(dtype) for name, dtype in schema.items()))
