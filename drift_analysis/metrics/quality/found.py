"""What one rule of an audit found, and where it looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that a rule found, and those among which it looked.

    Attributes
    ----------
    rows
        One row each; ``conversation_id``, if it is there, gives the examples.
    of
        All rows that it could have been.
    more
        An expression over `rows` for a second sentence.
    """

    rows: pl.LazyFrame
    of: pl.LazyFrame
    more: pl.Expr | None = None
