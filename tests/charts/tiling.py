"""The table of a picture as it would be of very many conversations."""

from __future__ import annotations

import polars as pl

__all__ = ["tiled"]

_FAR = 10**12
_SAME = ("color", "status")


def tiled(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Repeat rows under other ids and names, with other times, until there are so many."""
    if frame.is_empty():
        return frame
    times = -(-rows // frame.height)
    turn = pl.int_range(pl.len()) // frame.height
    changed = [
        column
        for name, dtype in frame.schema.items()
        if (column := _changed(name, dtype, turn)) is not None
    ]
    return pl.concat([frame] * times).with_columns(changed)


def _changed(name: str, dtype: pl.DataType, turn: pl.Expr) -> pl.Expr | None:
    column = pl.col(name)
    if name.endswith("_id") and dtype.is_integer():
        return column + turn * _FAR
    if dtype == pl.String and name not in _SAME:
        return pl.when(turn > 0).then(pl.format("{} {}", column, turn)).otherwise(column)
    if dtype == pl.Date:
        return column.dt.offset_by(pl.format("-{}y", turn % 1_000))
    if isinstance(dtype, pl.Duration):
        return (column + pl.duration(milliseconds=turn)).cast(dtype)
    return None
