"""The data dictionary of a table, as a frame that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import dataframely as dy

__all__ = ["Dictionary", "dictionary"]

_COLUMNS = {
    "column": pl.String,
    "dtype": pl.String,
    "unit": pl.String,
    "key": pl.Boolean,
    "meaning": pl.String,
    "null_means": pl.String,
}
_WIDE = {
    "fmt_str_lengths": 500,
    "tbl_rows": -1,
    "tbl_cols": -1,
    "tbl_width_chars": 150,
    "tbl_hide_dataframe_shape": True,
    "tbl_hide_column_data_types": True,
}


class Dictionary(pl.DataFrame):
    """A frame like any other, but shown whole: nothing in it is cut off."""

    def __str__(self) -> str:
        with pl.Config(**_WIDE):  # type: ignore[arg-type]
            return super().__str__()

    def _repr_html_(self, **options: Any) -> str:
        with pl.Config(**_WIDE):  # type: ignore[arg-type]
            return super()._repr_html_(**options)


def dictionary(columns: dict[str, dy.Column]) -> Dictionary:
    """Describe columns: one row each."""
    return Dictionary([_entry(*item) for item in columns.items()], schema=_COLUMNS, orient="row")


def _entry(name: str, column: dy.Column) -> tuple[object, ...]:
    notes = column.metadata or {}
    dtype = _dtype_name(column.dtype)
    meaning = column.description
    return name, dtype, notes.get("unit"), column.primary_key, meaning, notes.get("null")


def _dtype_name(dtype: pl.DataType) -> str:
    match dtype:
        case pl.Enum():
            return f"Enum({', '.join(dtype.categories)})"
        case pl.List():
            return f"List({_dtype_name(dtype.inner)})"  # type: ignore[arg-type]
        case pl.Struct():
            fields = ", ".join(f"{f.name} {_dtype_name(f.dtype)}" for f in dtype.fields)  # type: ignore[arg-type]
            return f"Struct({fields})"
        case pl.Datetime():
            return "Datetime(ms, UTC)"
        case pl.Duration():
            return "Duration(ms)"
        case _:
            return str(dtype)
