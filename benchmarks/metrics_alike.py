"""Tell whether two engines gave the same table."""

from __future__ import annotations

import polars as pl
import polars.selectors as cs

__all__ = ["differences", "left_out"]

_ALLOWED = 1e-7
"""By how much of it a number may differ, whose sums were made in another order."""


def left_out(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Return the columns that the other does not compute."""
    return [name for name in ours.columns if name not in theirs.columns]


def differences(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Return in which columns the same rows, in the same order, differ; none is as it should be."""
    if ours.height != theirs.height:
        return [f"{ours.height} rows against {theirs.height}"]
    pairs = _plain(ours), _plain(theirs.select(n for n in ours.columns if n in theirs.columns))
    return [
        f"{name}: {count} rows, such as {row}: {pairs[0][name][row]} against {pairs[1][name][row]}"
        for name in pairs[1].columns
        if (wrong := ~_same(pairs[0][name], pairs[1][name])).any()
        and (count := wrong.sum())
        and (row := wrong.arg_max()) is not None
    ]


def _same(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    if ours.dtype.is_float() or theirs.dtype.is_float():
        a, b = ours.cast(pl.Float64), theirs.cast(pl.Float64)
        near = (a - b).abs() <= _ALLOWED * (1 + a.abs())
        return near.fill_null(value=False) | (a.is_null() & b.is_null())
    return ours.eq_missing(theirs)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return moments and lengths in milliseconds, words as text, whole numbers as Int64."""
    moments = frame.with_columns(
        cs.datetime().dt.epoch("ms"),
        cs.duration().dt.total_milliseconds(),
        (cs.enum() | cs.categorical()).cast(pl.String),
        cs.by_dtype(pl.List(pl.Datetime("ms", "UTC"))).cast(pl.List(pl.Int64)),
        *(
            pl.col(name).cast(pl.List(pl.String))
            for name, dtype in frame.schema.items()
            if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Enum)
        ),
    )
    return moments.with_columns((cs.integer() | cs.decimal()).cast(pl.Int64))
