"""Which rows hold each value of a column of lists: found out once, so no list is read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Index"]


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """The rows of every value, by value.

    Attributes
    ----------
    values, rows
        One item for each value of each row, once, in the order of the values and then of the rows.
    height
        How many rows there are.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.widgets.asked.index import Index
    >>> index = Index.of(pl.Series([[7, 8, 7], [], None, [8]]))
    >>> index.holding([7]).to_list()
    [True, False, False, False]
    >>> index.counts()
    {8: 2, 7: 1}
    """

    values: pl.Series
    rows: pl.Series
    height: int

    @classmethod
    def of(cls, lists: pl.Series) -> Index:
        """Turn a column of lists round."""
        value, row = pl.col("value"), pl.col("row")
        pairs = lists.alias("value").to_frame().lazy().with_row_index("row")
        held = pairs.filter(value.list.len() > 0).explode("value", empty_as_null=True)
        found = held.drop_nulls("value").unique().sort(value, row).collect()
        return cls(found["value"], found["row"], lists.len())

    def holding(self, values: Iterable[int | None]) -> pl.Series:
        """Tell of each row whether it holds one of the values."""
        held = np.zeros(self.height, dtype=bool)
        for value in values:
            if value is not None:
                held[self._rows_of(value).to_numpy()] = True
        return pl.Series(held)

    def counts(self, passing: pl.Series | None = None) -> dict[Any, int]:
        """Count the rows of each value, most first; of those that pass, if that is told."""
        kept = self.values if passing is None else self.values.filter(passing.gather(self.rows))
        found = kept.alias("value").to_frame().lazy().group_by("value").len("n")
        return dict(found.sort("n", "value", descending=[True, False]).collect().iter_rows())

    def _rows_of(self, value: int) -> pl.Series:
        first, after = (int(self.values.search_sorted(value, side)) for side in ("left", "right"))
        return self.rows.slice(first, after - first)
