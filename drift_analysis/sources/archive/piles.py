"""Fill the files of a table with rows, in the order in which they are stored."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from .layout import HOMES, partition
from .shares import placed
from .store import put_frame

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Pile"]

FILE_BYTES = 4 * 2**20
"""After how many bytes of rows a partition goes on in a further file."""

_ROW = 64
"""What counts for all in a row that is no text."""


class Pile:
    """The files of one table; where a file ends depends on its rows alone, not on how they came.

    In each partition, files that stay come first. A file ends with the row that fills it. So what
    changes in a partition changes no file before it.
    """

    def __init__(
        self, root: Path, folder: str, table: str, buckets: int, stays: Iterable[str] = ()
    ) -> None:
        self._root, self._folder, self._table, self._buckets = root, folder, table, buckets
        self._files: dict[int, list[str]] = defaultdict(list)
        for file in stays:
            self._files[partition(file)].append(file)
        self._held: list[pl.DataFrame] = []
        self._bucket = 0
        self._bytes = 0

    def add(self, rows: pl.DataFrame, key: list[str]) -> None:
        """Add rows that belong behind those that were added before."""
        parts = (
            rows.with_columns(placed(self._table, self._buckets))
            .sort("_bucket", "_home", *key, maintain_order=True)
            .partition_by("_bucket", maintain_order=True)
        )
        for part in parts:
            self._fill(part["_bucket"][0], part.drop("_bucket", "_home"))

    def close(self) -> list[str]:
        """Write what is still held, and return the names of all files."""
        self._end()
        return [file for number in sorted(self._files) for file in self._files[number]]

    def _fill(self, bucket: int, rows: pl.DataFrame) -> None:
        if bucket != self._bucket:
            self._end()
            self._bucket = bucket
        ends = rows.select(_sizes(rows.schema).cum_sum()).to_series()
        begin = 0
        while begin < rows.height:
            written = ends[begin - 1] if begin else 0
            full = int(ends.search_sorted(FILE_BYTES - self._bytes + written))
            self._held.append(rows[begin : full + 1])
            self._bytes += ends[min(full, rows.height - 1)] - written
            begin = full + 1
            if begin <= rows.height:
                self._end()

    def _end(self) -> None:
        """End the file that is being filled."""
        if self._held:
            frame = pl.concat(self._held).rechunk()
            is_parted = HOMES[self._table] == "conversation_id"
            folder = f"{self._folder}/bucket={self._bucket:02}" if is_parted else self._folder
            self._files[self._bucket].append(put_frame(self._root, folder, frame))
        self._held.clear()
        self._bytes = 0


def _sizes(schema: pl.Schema) -> pl.Expr:
    texts = [pl.col(name).str.len_bytes() for name, dtype in schema.items() if dtype == pl.String]
    raw = [pl.col(name).bin.size() for name, dtype in schema.items() if dtype == pl.Binary]
    return pl.sum_horizontal(pl.lit(_ROW), *(each.cast(pl.Int64) for each in (*texts, *raw)))
