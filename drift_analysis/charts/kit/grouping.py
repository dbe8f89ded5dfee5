"""The groups of a table: the columns that stand before its own, as one name per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .prepare import collected

if TYPE_CHECKING:
    from drift_analysis.schemas import Table

__all__ = ["grouped", "named_group"]


def grouped(
    frame: pl.DataFrame | pl.LazyFrame, table: type[Table]
) -> tuple[pl.DataFrame, list[str]]:
    """Compute a table with a column ``label`` that names the group, and tell what groups it.

    What a table has beyond its own columns is what it was grouped by. Lists and records are
    no names, and are left out.
    """
    plan = table.require(frame.lazy() if isinstance(frame, pl.DataFrame) else frame)
    own = table.column_names()
    names = [
        name
        for name, dtype in plan.collect_schema().items()
        if name not in own and not dtype.is_nested()
    ]
    known = collected(frame, table, *names)
    return known.with_columns(label=named_group(names)), names


def named_group(names: list[str]) -> pl.Expr:
    """Say the values of some columns in one text; what has no value is unknown."""
    if not names:
        return pl.lit("all")
    told = [pl.col(name).cast(pl.String).fill_null("unknown") for name in names]
    return pl.concat_str(told, separator=" · ")
