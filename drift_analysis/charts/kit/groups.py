"""Groups of a table, numbered and named, whichever columns they were made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import SchemaError

from .format import plural

if TYPE_CHECKING:
    from drift_analysis.schemas import Table

__all__ = ["GROUP", "NAME", "in_groups", "one_group"]

GROUP, NAME = "group", "name"
"""The columns of a group's number, from 0 in order of appearance, and of its name."""


def in_groups(frame: pl.DataFrame | pl.LazyFrame, table: type[Table], *more: str) -> pl.DataFrame:
    """Compute a table, and put the number and the name of its group in front of every row.

    The columns of a group are those that the table does not have. Null is unknown, and a group of
    its own. A table without groups is one group without a name.

    Parameters
    ----------
    frame
        What a metric returned.
    table
        The table that it should be.
    more
        Further columns that are no groups, such as ``period``.

    Raises
    ------
    SchemaError
        If it is not that table.
    """
    plan = table.require(frame.lazy() if isinstance(frame, pl.DataFrame) else frame)
    kept = [*more, *table.column_names()]
    schema = plan.collect_schema()
    keys = [name for name in schema.names() if name not in kept]
    rows = plan.collect()
    if not keys:
        return rows.select(pl.lit(0, pl.UInt32).alias(GROUP), pl.lit("").alias(NAME), *kept)
    said = pl.concat_str([_said(key, schema[key]) for key in keys], separator=" · ")
    groups = rows.select(keys).unique(maintain_order=True)
    named = groups.with_columns(__name=said).with_row_index("__group")
    numbered = rows.join(named, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return numbered.select(pl.col("__group").alias(GROUP), pl.col("__name").alias(NAME), *kept)


def one_group(rows: pl.DataFrame, table: type[Table]) -> pl.DataFrame:
    """Check that a table has no groups, for a picture that shows one, and hand it on.

    Raises
    ------
    SchemaError
        If it has several.
    """
    if (n := rows[GROUP].n_unique()) > 1:
        raise SchemaError.of(
            f"{table.__name__}: this is a table of {plural(n, 'group')}.",
            "The picture shows one.",
            "frame.filter(...) to one of them, or compute it without by=.",
        )
    return rows


def _said(key: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(key)
    if dtype == pl.Boolean:
        label = key.removeprefix("is_").replace("_", " ")
        value = pl.when(value).then(pl.lit(label)).when(~value).then(pl.lit(f"not {label}"))
    return value.cast(pl.String).replace("", "(empty)").fill_null("unknown")
