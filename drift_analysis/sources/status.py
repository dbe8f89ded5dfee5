"""What witnessed a conversation's status: webhooks, and older states that were seen again later."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas import Conversations, StatusEvents

from .conversations import put_status
from .fields import as_id, as_moment, as_text
from .forms import Field, Form, Note

__all__ = ["STATUS_EVENT", "replies_of", "snapshots"]


_REPLIES: dict[str, Any] = {
    "_reply": pl.UInt32,
    "_latest": pl.Datetime("ms", "UTC"),
    "_at_once": pl.Boolean,
}


def _finish(row: dict[str, Any], _: dict[str, Any], notes: list[Note]) -> list[dict[str, Any]]:
    put_status(row, notes)
    row["earliest_at"] = row["latest_at"] = row["changed_at"]
    row["source"] = "webhook"
    return [row]


STATUS_EVENT = Form(
    table="status_events",
    kind="status event",
    shape={
        "conversationId": Field("conversation_id", as_id),
        "status": Field("status_raw", as_text),
        "changedAt": Field("changed_at", as_moment),
    },
    required={
        "conversation_id": "conversationId",
        "status_raw": "status",
        "changed_at": "changedAt",
    },
    finish=_finish,
)
"""A change of status, told by a webhook at the moment it happened."""


def replies_of(states: pl.DataFrame) -> pl.DataFrame:
    """Tell what the records of one reply say of the moment at which it was made.

    Parameters
    ----------
    states
        Records of conversations, with the column ``_reply``.

    Returns
    -------
    :
        One row per reply with a dated record: ``_reply``; ``_latest``, the latest moment in it;
        ``_at_once``, whether it holds each conversation in one state only; ``_n``, its records.
    """
    c = Conversations
    return (
        states.lazy()
        .filter(c.updated_at.col.is_not_null())
        .group_by("_reply", c.conversation_id.name)
        .agg(
            _latest=pl.max_horizontal(c.created_at.col.max(), c.updated_at.col.max()),
            _states=c.updated_at.col.n_unique(),
            _n=pl.len(),
        )
        .group_by("_reply")
        .agg(pl.col("_latest").max(), _at_once=pl.col("_states").max() == 1, _n=pl.col("_n").sum())
        .collect()
    )


def snapshots(states: pl.DataFrame, replies: pl.DataFrame | None = None) -> pl.DataFrame:
    """Keep the older states of conversations as evidence of their status.

    Parameters
    ----------
    states
        Every record of a conversation that was read, before repeats are merged, with the
        columns ``_fetched_at``, ``_reply`` and ``_webhook``.
    replies
        What `replies_of` gave for all records that were read; without it, and where a reply is not
        in it, each record counts as a reply of its own.

    Returns
    -------
    :
        A `StatusEvents` frame, ``source`` being ``snapshot``: one row per state that was
        followed by a later one. ``changed_at`` and ``earliest_at`` are its `updatedAt`;
        ``latest_at`` is the moment it was seen. Where the moment of the fetch is not known, the
        latest moment in the same reply stands in for it, since the reply cannot be older than
        what it holds; for a webhook, or a reply that was put together over time, it is
        `updatedAt` itself. Never is it later than the next state's `updatedAt`.
    """
    c, e = Conversations, StatusEvents
    dated = states.lazy().filter(c.updated_at.col.is_not_null())
    key = [c.conversation_id.name, c.updated_at.name, c.status_raw.name]
    newest = c.updated_at.col.max().over(c.conversation_id.name)
    if replies is None:
        replies = pl.DataFrame(schema=_REPLIES)
    return (
        dated.join(replies.lazy(), on="_reply", how="left")
        .with_columns(latest_at=_seen_at(), _newest=newest)
        .group_by(key)
        .agg(c.status.col.first(), e.latest_at.col.max(), pl.col("_newest").first())
        .filter(c.updated_at.col < pl.col("_newest"))
        .with_columns(_next=_next_update())
        .select(
            e.conversation_id.col,
            c.updated_at.col.alias(e.changed_at.name),
            e.status.col,
            e.status_raw.col,
            pl.lit("snapshot").alias(e.source.name),
            c.updated_at.col.alias(e.earliest_at.name),
            pl.min_horizontal(pl.max_horizontal(e.latest_at.col, c.updated_at.col), "_next").alias(
                e.latest_at.name
            ),
            pl.lit(None, pl.String).alias(e.extra.name),
        )
        .pipe(e.conform)
        .collect()
    )


def _seen_at() -> pl.Expr:
    """The moment at which a state was seen, or one that is surely not later."""
    c = Conversations
    own = pl.max_horizontal(c.created_at.col, c.updated_at.col)
    at_one_moment = pl.col("_at_once").fill_null(value=True) & ~pl.col("_webhook")
    lower_bound = (
        pl.when(at_one_moment).then(pl.col("_latest").fill_null(own)).otherwise(c.updated_at.col)
    )
    return pl.col("_fetched_at").fill_null(lower_bound)


def _next_update() -> pl.Expr:
    """The `updatedAt` of the conversation's next state; its own where several states share it."""
    c = Conversations
    following = c.updated_at.col.shift(-1).over(c.conversation_id.name, order_by=c.updated_at.name)
    first = following.fill_null(pl.col("_newest"))
    return first.min().over(c.conversation_id.name, c.updated_at.name)
