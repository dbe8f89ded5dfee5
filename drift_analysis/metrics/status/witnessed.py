"""What was witnessed of a conversation: a status, since when, and until when it is believed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import StatusEvents

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["REACTION", "believed", "records", "snapshots"]

REACTION = timedelta(seconds=5)
"""How long Drift may take to act on a message: to reopen a conversation, to move `updated_at`."""

_ID = "conversation_id"


def records(
    lives: pl.LazyFrame, written: pl.LazyFrame, older: pl.LazyFrame, as_of: datetime
) -> pl.LazyFrame:
    """Read off the newest records: the status since `updated_at`, until they were fetched.

    Without a usable `updated_at` nothing tells since when (`end` is null): the estimate places
    the change at the latest moment that something else is known of.
    """
    moments = [written.select(_ID, known="created_at"), older.select(_ID, known="end")]
    known = pl.concat(moments).group_by(_ID).agg(pl.col("known").max())
    usable = pl.col("updated_at") >= pl.col("created_at")
    return (
        lives.join(known, on=_ID, how="left")
        .with_columns(usable=usable.fill_null(value=False))
        .with_columns(
            begin=pl.when("usable")
            .then("updated_at")
            .otherwise(pl.max_horizontal("created_at", "known"))
        )
        .filter(pl.col("begin") <= as_of)
        .select(
            _ID,
            "status",
            "begin",
            end=pl.when("usable").then(
                pl.max_horizontal(pl.col("fetched_at").fill_null(as_of), "begin")
            ),
            kind=pl.lit("record"),
        )
    )


def snapshots(events: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Read off the snapshots: the status of a record that is not the newest."""
    s = StatusEvents
    return events.filter(s.source.col == "snapshot", s.earliest_at.col <= as_of).select(
        _ID,
        "status",
        begin=s.earliest_at.col,
        end=pl.max_horizontal(s.latest_at.col, s.earliest_at.col),
        kind=pl.lit("snapshot"),
    )


def believed(seen: pl.LazyFrame, changes: pl.LazyFrame, written: pl.LazyFrame) -> pl.LazyFrame:
    """End what was seen where it is no longer believed.

    A change that the log tells of ends it; so does a message, since it would have moved
    `updated_at`: the record was fetched before.
    """
    late = pl.col("created_at").alias("change")
    marks = [
        changes.select(_ID, since="changed_at", change="changed_at"),
        written.select(_ID, late, since=pl.col("created_at") - REACTION),
    ]
    key = [_ID, "begin"]
    found = [
        mark.join(seen.select(key).unique(), on=_ID).filter(pl.col("since") > pl.col("begin"))
        for mark in marks
    ]
    cuts = pl.concat(each.select(*key, "change") for each in found)
    return seen.join(
        cuts.group_by(key).agg(pl.col("change").min()), on=key, how="left"
    ).with_columns(
        end=pl.when(pl.col("end").is_not_null()).then(pl.min_horizontal("end", "change"))
    )
