"""The one step between a table and a chart: only what is drawn, in dtypes that browsers keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError

from .format import zone

if TYPE_CHECKING:
    from drift_analysis.schemas import Table

__all__ = ["collected", "drawn"]

_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object, pl.Binary)
_BEYOND_BROWSERS = (pl.UInt64, pl.Int128, pl.Decimal)


def collected(frame: pl.DataFrame | pl.LazyFrame, table: type[Table], *more: str) -> pl.DataFrame:
    """Check that a frame is a table, and compute its columns, and those named beyond it."""
    plan = table.require(frame.lazy() if isinstance(frame, pl.DataFrame) else frame)
    return plan.select(*more, *table.column_names()).collect()


def drawn(frame: pl.DataFrame, *names: str, tz: str = "UTC") -> pl.DataFrame:
    """Select the columns that a chart draws, and make them safe for a browser.

    Ids become text, since a browser rounds above 2^53. Lengths of time become seconds. Moments
    become the clock of the report's zone, since a browser would draw them in the reader's.
    What is not finite becomes null. Dots and colons leave the names, where Vega-Lite would
    take them for a path or a type.

    Parameters
    ----------
    frame
        Any frame.
    names
        The columns to draw.
    tz
        The time zone of the report.

    Returns
    -------
    :
        The columns, in the order given.

    Raises
    ------
    InputError
        If a column holds lists, records or bytes, two names become one, or there is no such
        time zone.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.charts.kit.prepare import drawn
    >>> frame = pl.DataFrame({"conversation_id": [2**53 + 1], "wait": [timedelta(minutes=1)]})
    >>> drawn(frame, "conversation_id", "wait").row(0)
    ('9007199254740993', 60.0)
    """
    zone(tz)
    schema = frame.select(names).schema
    nested = [name for name, dtype in schema.items() if dtype.base_type() in _NESTED]
    if nested:
        raise InputError.of(
            "A chart can not draw lists, records or bytes.",
            f"Columns: {', '.join(map(repr, nested))}.",
            "frame.explode(...) or frame.unnest(...) first, or leave the columns out.",
        )
    plain = [re.sub(r"[.:\[\]\\'\"]", "_", name) for name in schema]
    if len(set(plain)) < len(plain):
        raise InputError.of(
            "Two columns have the same name in a chart.",
            f"Columns: {', '.join(map(repr, schema))}.",
            "frame.rename(...) so that they differ in more than dots and colons.",
        )
    columns = zip(schema.items(), plain, strict=True)
    return frame.select(_safe(name, dtype, tz).alias(to) for (name, dtype), to in columns)


def _safe(name: str, dtype: pl.DataType, tz: str) -> pl.Expr:
    column = pl.col(name)
    if name.endswith("_id") or dtype in (pl.Enum, pl.Categorical, pl.Time):
        return column.cast(pl.String)
    if dtype in _BEYOND_BROWSERS:
        return column.cast(pl.Float64)
    if dtype.is_float():
        return pl.when(column.is_finite()).then(column)
    return _safe_time(column, dtype, tz)


def _safe_time(column: pl.Expr, dtype: pl.DataType, tz: str) -> pl.Expr:
    if isinstance(dtype, pl.Duration):
        return column.dt.total_microseconds() / 1_000_000
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return column.dt.convert_time_zone(tz).dt.replace_time_zone(None)
    return column
