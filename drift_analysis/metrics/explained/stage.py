"""What stands behind a result: how much each conversation adds to each of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics.statistics.life_tables import EVERYTHING
from drift_analysis.schemas import Behind, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ID", "REASON", "Part", "Stage", "fates_of", "once", "row_by_row"]

ID, REASON = Behind.conversation_id.name, LeftOut.reason.name
_ROW = "__row"


@dataclass(frozen=True)
class Part:
    """What conversations add to some numbers of a result.

    Attributes
    ----------
    rows
        The columns of `keys`, ``conversation_id``, and a column for each of `numbers`.
    keys
        Those key columns of the result on which these numbers hang.
    numbers
        The columns of the result that are sums of these.
    where
        Which rows count, if equal keys do not say it: an expression over the keys of the result
        and further columns of `rows`, such as ``pl.col("__lasted") >= pl.col("t")``.
    """

    rows: pl.LazyFrame
    keys: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    where: pl.Expr | None = None

    def behind(self, asked: pl.LazyFrame, numbers: Sequence[str]) -> pl.LazyFrame:
        """Return what each conversation adds to the rows of a result, in their order.

        Parameters
        ----------
        asked
            The columns that tell the rows apart, and one that all have in common.
        numbers
            Which of the numbers.
        """
        keys = [name for name in asked.collect_schema().names() if name != ID or ID in self.keys]
        each = [name for name in dict.fromkeys([*keys, ID]) if name != EVERYTHING]
        asked = asked.select(keys).unique(maintain_order=True).with_row_index(_ROW)
        if self.keys:
            dtypes = {name: asked.collect_schema()[name] for name in self.keys}
            found = asked.join(self.rows.cast(dtypes), on=self.keys, nulls_equal=True)  # type: ignore[arg-type]
        else:
            found = asked.join(self.rows, how="cross")
        if self.where is not None:
            found = found.filter(self.where)
        return (
            found.drop_nulls(ID)
            .group_by(_ROW, *each)
            .agg(_total(name) for name in numbers)
            .sort(_ROW, ID)
            .drop(_ROW)
        )


@dataclass(frozen=True)
class Stage:
    """What a metric knows of each conversation, before it adds up.

    Attributes
    ----------
    keys
        The columns of the result that tell its rows apart.
    parts
        What adds to which numbers. The first is what a row counts; the others are what that is
        compared with.
    fates
        ``conversation_id`` of all that were given, each once, and ``reason``: why it was left
        out, null if it was not.
    """

    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    fates: pl.LazyFrame

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers that lead back to conversations."""
        return tuple(name for part in self.parts for name in part.numbers)

    def part_of(self, number: str | None) -> Part:
        """Find what adds to a number; without one, what the rows count.

        Raises
        ------
        InputError
            If it is none of the numbers.
        """
        if number is None:
            return self.parts[0]
        if number not in self.numbers:
            name = "number"
            choices = self.numbers or ["none: every row is one conversation's"]
            raise InputError.unknown_choice(name, number, choices)
        return next(part for part in self.parts if number in part.numbers)


def fates_of(given: pl.LazyFrame, left_out: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Return each conversation that was given, with the first reason for which it was left out."""
    ids = given.select(ID).drop_nulls().unique()
    if not left_out:
        return ids.with_columns(pl.lit(None, pl.String).alias(REASON))
    reasons = [rows.select(ID, pl.lit(why).alias(REASON)) for why, rows in left_out.items()]
    first = pl.concat(reasons).unique(ID, keep="first", maintain_order=True)
    return ids.join(first, on=ID, how="left")


def row_by_row(
    table: pl.LazyFrame,
    keys: Iterable[str],
    fates: pl.LazyFrame,
    *others: Part,
) -> Stage:
    """Explain a table whose rows are each one conversation's."""
    names = tuple(keys)
    return Stage(names, (Part(table.select(names), names), *others), fates)


def once(*numbers: str) -> list[pl.Expr]:
    """Count a conversation as one."""
    return [pl.lit(1, pl.Int64).alias(name) for name in numbers]


def _total(name: str) -> pl.Expr:
    """Add up; what is known of none stays null."""
    value = pl.col(name)
    return pl.when(value.count() > 0).then(value.cast(pl.Int64).sum()).alias(name)
