"""Fill the files of a table with rows, in the order in which they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .layout import HOMES
from .shares import placed
from .store import put_frame

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Pile"]

FILE_BYTES = 16 * 2**20
"""After how many bytes of rows a partition goes on in a further file."""

_ROW = 64
"""What counts for all in a row that is no text."""


class Pile:
    """The files of one table; where a file ends depends on the rows alone, not on how they came."""

    def __init__(self, root: Path, folder: str, table: str, buckets: int) -> None:
        self._root, self._folder, self._table, self._buckets = root, folder, table, buckets
        self._files: list[str] = []
        self._held: list[pl.DataFrame] = []
        self._place = (0, 0)
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
        if self._held:
            frame = pl.concat(self._held).rechunk()
            self._held.clear()
            is_parted = HOMES[self._table] == "conversation_id"
            folder = f"{self._folder}/bucket={self._place[0]:02}" if is_parted else self._folder
            self._files.append(put_frame(self._root, folder, frame))
        return self._files

    def _fill(self, bucket: int, rows: pl.DataFrame) -> None:
        if bucket != self._place[0]:
            self._bytes = 0
        behind = self._bytes + rows.select(_sizes(rows.schema).cum_sum()).to_series()
        before = behind.shift(1, fill_value=self._bytes)
        self._bytes = behind[-1]
        for part in rows.with_columns(_file=before // FILE_BYTES).partition_by(
            "_file", maintain_order=True
        ):
            place = (bucket, part["_file"][0])
            if place != self._place:
                self.close()
                self._place = place
            self._held.append(part.drop("_file"))


def _sizes(schema: pl.Schema) -> pl.Expr:
    texts = [pl.col(name).str.len_bytes() for name, dtype in schema.items() if dtype == pl.String]
    raw = [pl.col(name).bin.size() for name, dtype in schema.items() if dtype == pl.Binary]
    return pl.sum_horizontal(pl.lit(_ROW), *(each.cast(pl.Int64) for each in (*texts, *raw)))
