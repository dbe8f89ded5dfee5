"""Collect rows, and build the frames of the tables from them with explicit dtypes."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas import (
    Contacts,
    Conversations,
    Goals,
    Meetings,
    Messages,
    ParticipantEvents,
    Playbooks,
    StatusEvents,
    Table,
    Users,
)

__all__ = ["TABLES", "WORKING", "Rows"]

TABLES: dict[str, type[Table]] = {
    "conversations": Conversations,
    "messages": Messages,
    "status_events": StatusEvents,
    "playbooks": Playbooks,
    "users": Users,
    "contacts": Contacts,
    "meetings": Meetings,
    "goals": Goals,
    "participant_events": ParticipantEvents,
}
"""The tables of records, by their names in a `Dataset`."""

WORKING: dict[str, pl.DataType | type[pl.DataType]] = {
    "_fetched_at": pl.Datetime("ms", "UTC"),
    "_reply": pl.UInt32,
    "_webhook": pl.Boolean,
}
"""Columns beside those of a table until repeats are merged: when, and with what, it came."""

_AT_ONCE = 20_000
_ROW = 2_000
"""About how many bytes a row takes before it is packed."""


class Rows:
    """The rows of one table; every so many are packed into a frame, which takes less memory."""

    def __init__(self, table: type[Table]) -> None:
        self.schema = pl.Schema({**table.schema(), **WORKING})
        self._key = table.primary_key()
        self._rows: list[dict[str, Any]] = []
        self._frames: list[pl.DataFrame] = []

    def append(self, row: dict[str, Any]) -> None:
        """Add a row; a column that it lacks is null."""
        self._rows.append(row)
        if len(self._rows) >= _AT_ONCE:
            self._pack()

    def extend(self, rows: pl.DataFrame) -> None:
        """Add rows that are a frame already; a column that it lacks is null.

        Rows that were added one by one before are sorted among them: so all rows that come in the
        order of their keys stay so, and a whole table need not be sorted, which takes much memory.
        """
        have = set(rows.columns)
        columns = [
            pl.col(name) if name in have else pl.lit(None, dtype).alias(name)
            for name, dtype in self.schema.items()
        ]
        added = rows.select(columns)
        if self._rows:
            self._pack()
            added = pl.concat([self._frames.pop(), added]).sort(self._key, maintain_order=True)
        self._frames.append(added)

    def frame(self) -> pl.DataFrame:
        """Return all rows, about in the order in which they came."""
        self._pack()
        return pl.concat([self.schema.to_frame(), *self._frames])

    def drain(self) -> pl.DataFrame:
        """Return all rows so far, and forget them."""
        frame = self.frame()
        self._frames = []
        return frame

    def size(self) -> int:
        """Return about how many bytes the rows take so far."""
        packed = sum(frame.estimated_size() for frame in self._frames)
        return int(packed) + _ROW * len(self._rows)

    def _pack(self) -> None:
        if self._rows:
            self._frames.append(pl.DataFrame(self._rows, schema=self.schema, orient="row"))
            self._rows = []
