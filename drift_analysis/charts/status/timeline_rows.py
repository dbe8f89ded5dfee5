"""Which conversations, stretches and messages a timeline draws, so that it stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Messages, visible_at

if TYPE_CHECKING:
    from datetime import datetime, timedelta


__all__ = ["end_of_axis", "goes_on", "latest", "merged_stretches", "message_ticks"]

_MOST_STRETCHES, _MOST_TICKS = 1_000, 800
_MARGIN = 0.03


def latest(table: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Number the latest conversations by their start."""
    starts = table.group_by("conversation_id").agg(pl.col("entered_at").min())
    latest = starts.sort("entered_at", "conversation_id").tail(limit)
    return latest.select("conversation_id").with_row_index("row")


def merged_stretches(table: pl.DataFrame) -> pl.DataFrame:
    """Merge what looks the same, and keep the longest of what is too much to be seen."""
    certain = pl.col("possible").list.len() == 1
    place = table.sort("row", "entered_at").with_columns(certain=certain)
    changed = pl.struct("row", "status", "certain").rle_id()
    merged = place.group_by(changed.alias("stretch"), maintain_order=True).agg(
        pl.col("row", "status", "certain").first(),
        pl.col("entered_at").min(),
        pl.col("left_at").max(),
    )
    lasting = (pl.col("left_at") - pl.col("entered_at")).rank("ordinal", descending=True)
    return merged.filter(lasting <= _MOST_STRETCHES)


def message_ticks(
    messages: pl.DataFrame | pl.LazyFrame, rows: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """Keep when somebody wrote, and who; one of those too close to be seen apart."""
    plan = Messages.require(messages.lazy() if isinstance(messages, pl.DataFrame) else messages)
    seen = (
        plan.filter(visible_at(as_of))
        .select("conversation_id", "author_kind", "created_at")
        .join(rows.lazy(), on="conversation_id")
        .sort("row", "created_at")
        .collect()
    )
    places = 600
    while seen.height > _MOST_TICKS:
        seen = _thinned(seen, places)
        places //= 2
    return seen


def _thinned(seen: pl.DataFrame, places: int) -> pl.DataFrame:
    written = pl.col("created_at").dt.epoch("ms")
    width = (written.max() - written.min()) // places + 1
    place = ((written - written.min()) // width).alias("place")
    alike = ["row", "author_kind", "place"]
    return seen.with_columns(place).unique(alike, keep="first", maintain_order=True).drop("place")


def end_of_axis(stretches: pl.DataFrame, ticks: pl.DataFrame | None, as_of: datetime) -> datetime:
    """Cut the axis soon after the last thing that happened: what goes on has an arrow."""
    moments = stretches["entered_at"].to_list()
    moments += [] if ticks is None else ticks["created_at"].to_list()
    margin: timedelta = (max(moments) - min(moments)) * _MARGIN
    return min(as_of, max(moments) + margin) if margin else as_of


def goes_on(stretches: pl.DataFrame) -> int:
    """Count the conversations that are not closed at the end."""
    last = stretches.sort("row", "entered_at").group_by("row", maintain_order=True).last()
    return int((last["status"] != "closed").sum())
