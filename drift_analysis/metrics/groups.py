"""Groups of conversations: by columns, by expressions, or by a frame that says who is in which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import StatusIntervals

from .arguments import grouping, require_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Groups", "with_groups", "with_lives"]

_ID = StatusIntervals.conversation_id.name

Groups: TypeAlias = str | pl.Expr | Sequence[str | pl.Expr] | pl.DataFrame | pl.LazyFrame
"""What `by` can be."""


def with_groups(
    intervals: pl.LazyFrame, by: Groups | None, *, taken: Iterable[str]
) -> tuple[pl.LazyFrame, list[str]]:
    """Add the columns to group by, and name them.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table.
    by
        Names of columns of `intervals`; expressions over them; or a frame with
        ``conversation_id`` and the columns to group by, in which a conversation may be in several
        groups. One that is in none is in the group null.
    taken
        Further names that no group can have.

    Raises
    ------
    InputError
        If a column is not there, or has a name that is needed.
    """
    taken = {_ID, *StatusIntervals.column_names(), *taken}
    if isinstance(by, pl.DataFrame | pl.LazyFrame):
        return _joined(intervals, by.lazy(), taken)
    given: list[Any] = list(by) if isinstance(by, list | tuple) else [] if by is None else [by]
    made = [each for each in given if isinstance(each, pl.Expr)]
    for expression in made:
        _require_one_output(expression)
        require_columns(intervals, expression.meta.root_names())
    names = [each.meta.output_name() if isinstance(each, pl.Expr) else each for each in given]
    keys = grouping(names, taken=taken)
    grouped = require_columns(intervals.with_columns(made), keys)
    _require_no_lists(grouped, keys)
    return grouped, keys


def with_lives(
    intervals: pl.LazyFrame, by: Groups | None, *, taken: Iterable[str]
) -> tuple[pl.LazyFrame, list[str]]:
    """Add the columns to group whole lives by, and name them.

    As `with_groups`, but a conversation of which any stretch is in a group is in it with all: what
    is cut out of a life has no beginning and no end.
    """
    grouped, keys = with_groups(intervals, by, taken=taken)
    if isinstance(by, pl.DataFrame | pl.LazyFrame) or not keys:
        return grouped, keys
    groups = grouped.select(_ID, *keys).unique()
    return grouped.drop(keys).join(groups, on=_ID), keys


def _joined(
    intervals: pl.LazyFrame, groups: pl.LazyFrame, taken: set[str]
) -> tuple[pl.LazyFrame, list[str]]:
    schema = require_columns(groups, [_ID]).collect_schema()
    if schema[_ID] != pl.Int64:
        raise InputError.of(
            "The groups cannot be joined.",
            f"Their {_ID!r} is {schema[_ID]}, that of the intervals Int64.",
            "by=dataset.conversations.select('conversation_id', ...).",
        )
    keys = grouping([name for name in schema.names() if name != _ID], taken=taken)
    _require_no_lists(groups, keys)
    columns = [name for name in intervals.collect_schema().names() if name not in keys]
    return intervals.select(columns).join(groups.unique(), on=_ID, how="left"), keys


def _require_one_output(expression: pl.Expr) -> None:
    if expression.meta.has_multiple_outputs():
        raise InputError.of(
            "An expression of by= makes several columns.",
            "Each makes one group.",
            "by=[pl.col('a'), pl.col('b')].",
        )


def _require_no_lists(frame: pl.LazyFrame, keys: Sequence[str]) -> None:
    """Check that what a conversation can have several of stands in rows of their own."""
    schema = frame.collect_schema()
    if nested := [name for name in keys if schema[name].is_nested()]:
        what = f"by={nested[0]!r} holds {schema[nested[0]].base_type()}s."
        remedy = f"frame.explode({nested[0]!r}), so that a conversation is in several groups."
        raise InputError.of(what, "Each value makes one group.", remedy)
