"""Make a data set of what was read: repeats merged, edits applied, moments compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Dataset, Issues, StatusEvents

from .checks import contradictions, suspicions
from .edits import apply_edits
from .future import AHEAD, from_the_future
from .merge import merged
from .remarks import remarks
from .status import replies_of, snapshots
from .tables import TABLES, WORKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .reading import Reading

__all__ = ["assemble", "latest", "merged_rows"]


def assemble(reading: Reading) -> Dataset[pl.DataFrame]:
    """Return the tables of everything that was read, each checked once.

    Every accepted record is a row, or was merged into one; a `StatusEvents` row whose
    ``source`` is ``snapshot`` is an older state of a conversation, merged into the newest.
    """
    rows = {name: found.frame() for name, found in reading.rows.items()}
    as_of = latest(rows, reading.fetched)
    tables = merged_rows(rows, replies_of(rows["conversations"]))
    tables["messages"] = apply_edits(tables["messages"])
    issues = [
        *reading.notes.issues(),
        *remarks(reading),
        *from_the_future(rows),
        *contradictions(rows["conversations"], rows["messages"]),
        *suspicions(tables["conversations"], tables["messages"]),
    ]
    return Dataset(
        **{name: TABLES[name].checked(frame) for name, frame in tables.items()},
        rejects=reading.rejected(),
        issues=pl.DataFrame(issues, schema=Issues.schema(), orient="row"),
        as_of=as_of,
    )


def merged_rows(
    rows: Mapping[str, pl.DataFrame], replies: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """Return the tables with each thing once, older states of conversations being snapshots.

    Edits are not applied. `replies` is what `status.replies_of` gave of all conversations.
    """
    tables = {name: merged(TABLES[name], frame) for name, frame in rows.items()}
    tables["status_events"] = pl.concat(
        [tables["status_events"], snapshots(rows["conversations"], replies)]
    ).sort(StatusEvents.primary_key())
    return tables


def latest(rows: Mapping[str, pl.DataFrame], fetched: Sequence[datetime]) -> datetime | None:
    """Return the latest moment of a fetch, or of anything of which the fetch is not known."""
    seen = list(fetched)
    for frame in rows.values():
        moments = [
            name
            for name, dtype in frame.schema.items()
            if dtype == WORKING["_fetched_at"] and name not in AHEAD
        ]
        known = frame.filter(pl.col("_fetched_at").is_null())
        seen += [m for m in known.select(pl.col(moments).max()).row(0) if m is not None]
    return max(seen, default=None)
