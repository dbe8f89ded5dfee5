"""The inverse of many small matrices at once."""

from __future__ import annotations

import polars as pl

__all__ = ["inverses"]


def inverses(values: pl.Series, size: int) -> pl.Series:
    """Invert square matrices, of `size` rows each, that lie one after another row by row.

    By Gauss and Jordan, in place and without exchanging rows: right where no entry beside the
    diagonal is above 0 and no row adds up to less than 0, as with what is left of a chain that
    is always left in the end.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.matrices import inverses
    >>> inverses(pl.Series([1.0, -0.5, -0.5, 1.0, 2.0, -1.0, -1.0, 2.0]), 2).round(2).to_list()
    [1.33, 0.67, 0.67, 1.33, 0.67, 0.33, 0.33, 0.67]
    """
    cell = pl.int_range(pl.len())
    frame = values.alias("value").to_frame()
    frame = frame.with_columns(
        row=cell // size % size, column=cell % size, first=cell - cell % size**2
    )
    for k in range(size):
        frame = frame.with_columns(_step(k, size).alias("value"))
    return frame.get_column("value")


def _step(k: int, size: int) -> pl.Expr:
    """Clear a column of every matrix but for its pivot, and write the inverse in its place."""
    value, row, column, first = (pl.col(name) for name in ("value", "row", "column", "first"))
    pivot = value.gather(first + k * size + k)
    beside = value.gather(first + row * size + k)
    above = value.gather(first + k * size + column)
    in_row, in_column = row == k, column == k
    return (
        pl.when(in_row & in_column)
        .then(1 / pivot)
        .when(in_row)
        .then(above / pivot)
        .when(in_column)
        .then(-beside / pivot)
        .otherwise(value - beside * above / pivot)
    )
