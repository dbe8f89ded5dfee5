"""What was known of each conversation at a moment: its playbook, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, Meetings, Messages, visible_at
from drift_analysis.schemas.playbooks import ATTRIBUTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["attributed", "booked", "with_mark", "with_talks"]

_KEY = Conversations.conversation_id.name
_ADDRESS = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"


def attributed(conversations: Frame, moment: datetime) -> pl.LazyFrame:
    """Return what was known of each conversation at the moment."""
    c = Conversations
    attribution = (
        pl.when(c.playbook_id.col.is_not_null())
        .then(pl.lit("playbook"))
        .when(c.is_detail.col)
        .then(pl.lit("none"))
        .otherwise(pl.lit("unknown"))
    )
    later = (c.updated_at.col > moment) & (c.status.col != "bulk_sent")
    status = (
        pl.when(later.fill_null(value=False))
        .then(pl.lit("unknown"))
        .otherwise(c.status.col.cast(pl.String))
    )
    known = c.require(conversations).lazy().filter(c.created_at.col <= moment)
    return known.select(
        _KEY,
        attribution.cast(pl.Enum(ATTRIBUTIONS)).alias("attribution"),
        c.playbook_id.col,
        c.created_at.col,
        c.updated_at.col,
        status.alias("status"),
    ).unique()


def with_talks(rows: pl.LazyFrame, messages: Frame | None, moment: datetime) -> pl.LazyFrame:
    """Add who wrote, as far as messages were loaded, and whether the contact was engaged."""
    flags = ("contact_wrote", "human_wrote", "emails_captured")
    if messages is None:
        rows = rows.with_columns(pl.lit(None, pl.Boolean).alias(name) for name in flags)
    else:
        m = Messages
        seen = m.require(messages).lazy().filter(m.created_at.col <= moment)
        visible = visible_at(moment)
        contact = visible & (m.author_kind.col == "contact")
        human = visible & (m.author_kind.col == "human")
        address = pl.coalesce(m.text.col, m.body.col).str.contains(_ADDRESS).fill_null(value=False)
        wrote = zip(flags, (contact, human, contact & address), strict=True)
        talks = seen.group_by(_KEY).agg(flag.any().alias(name) for name, flag in wrote)
        rows = rows.join(talks, on=_KEY, how="left")
    by_status = pl.col("status").is_in(["open", "pending", "closed"])
    engaged = pl.coalesce("contact_wrote", by_status)
    loaded = pl.col("human_wrote").is_not_null()
    return rows.with_columns(engaged.alias("engaged")).with_columns(
        pl.when(loaded).then(pl.col("engaged") & pl.col("human_wrote")).alias("human_handled"),
        (pl.col("engaged") & (pl.col("status") == "closed")).alias("closed"),
        (pl.col("status") == "bulk_sent").alias("bulk_sent"),
    )


def booked(meetings: Frame | None, moment: datetime) -> pl.LazyFrame | None:
    """Return the meetings that were booked by the moment."""
    if meetings is None:
        return None
    booked_later = (Meetings.scheduled_at.col > moment).fill_null(value=False)
    return Meetings.require(meetings).lazy().filter(~booked_later)


def with_mark(rows: pl.LazyFrame, found: pl.LazyFrame | None, name: str) -> pl.LazyFrame:
    """Add whether a conversation is among those found; null when nothing was looked at."""
    if found is None:
        return rows.with_columns(pl.lit(None, pl.Boolean).alias(name))
    marks = found.select(_KEY).drop_nulls().unique().with_columns(pl.lit(value=True).alias(name))
    return rows.join(marks, on=_KEY, how="left").with_columns(pl.col(name).fill_null(value=False))
