"""Look for what is suspicious in tables that were read."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages

__all__ = ["CODES", "contradictions", "suspicions"]

CODES = (
    "updated_before_created",
    "message_before_conversation",
    "stops_at_one_page",
    "edit_without_target",
    "conversation_not_read",
)
"""What can be suspected: it follows from the tables, and is worked out anew when they change."""

PAGE = 50
"""Messages per page (Drift's documentation: page sizes are always 50)."""


def suspicions(conversations: pl.DataFrame, messages: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows of `Issues` for what contradicts itself or seems to be cut short.

    Parameters
    ----------
    conversations, messages
        `Conversations` and `Messages` frames.

    Returns
    -------
    :
        One row per kind of suspicion that was found, in the columns of `Issues`.
    """
    known = messages.join(
        conversations.select(
            Conversations.conversation_id.col, _began=Conversations.created_at.col
        ),
        on=Conversations.conversation_id.name,
        how="left",
    )
    per_conversation = messages.group_by(Messages.conversation_id.col).agg(n=pl.len())
    targets = messages.filter(
        (Messages.type.col == "edit") & Messages.edited_message_id.col.is_not_null()
    )
    found = [
        _row(
            "updated_before_created",
            "conversations",
            conversations.filter(Conversations.updated_at.col < Conversations.created_at.col),
            "`updated_at` lies before `created_at`.",
        ),
        _row(
            "message_before_conversation",
            "messages",
            known.filter(Messages.created_at.col < pl.col("_began")),
            "The message was sent before its conversation was created.",
        ),
        _row(
            "stops_at_one_page",
            "messages",
            per_conversation.filter(pl.col("n") == PAGE),
            "Conversations with exactly 50 messages, one page: there may be more of them.",
        ),
        _row(
            "edit_without_target",
            "messages",
            targets.join(
                messages,
                left_on=Messages.edited_message_id.name,
                right_on=Messages.message_id.name,
                how="anti",
            ),
            "The message that an edit changes was not read.",
        ),
    ]
    if conversations.height:
        missing = known.filter(pl.col("_began").is_null()).unique(Messages.conversation_id.name)
        detail = "Conversations that have messages, but were not read themselves."
        found.append(
            _row(
                "conversation_not_read", "messages", missing.drop(Messages.message_id.name), detail
            )
        )
    return [row for row in found if row["n"]]


def contradictions(conversations: pl.DataFrame, messages: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows of `Issues` for repeats of which one says what another one denies.

    A conversation may change, but not while its `updated_at` stays; a message never does, since
    edits are messages of their own. What only one of them knows contradicts nothing; tags and
    participants are not compared, since Drift does not say whether they move `updated_at`.

    Parameters
    ----------
    conversations, messages
        Every record that was read, before repeats are merged.

    Returns
    -------
    :
        At most one row per table, in the columns of `Issues`; ``n`` counts conversations and
        messages.
    """
    c, m = Conversations, Messages
    found = [
        _row(
            "contradicting_repeats",
            "conversations",
            _contradicting(
                conversations.filter(c.updated_at.col.is_not_null()),
                [c.conversation_id.name, c.updated_at.name],
                [c.status_raw, c.contact_id, c.inbox_id, c.created_at, c.playbook_id],
            ).unique(c.conversation_id.name),
            "Repeats with the same `updated_at` differ: which of them is right is not told.",
        ),
        _row(
            "contradicting_repeats",
            "messages",
            _contradicting(
                messages,
                [m.message_id.name],
                [m.conversation_id, m.type_raw, m.body, m.author_id, m.created_at],
            ).join(messages.unique(m.message_id.name), on=m.message_id.name),
            "Repeats of the same message differ: which of them is right is not told.",
        ),
    ]
    return [row for row in found if row["n"]]


def _contradicting(rows: pl.DataFrame, key: list[str], columns: list[Any]) -> pl.DataFrame:
    again = rows.filter(pl.struct(key).is_duplicated())
    differ = [column.col.drop_nulls().n_unique() > 1 for column in columns]
    return again.group_by(key).agg(_differ=pl.any_horizontal(differ)).filter("_differ")


def _row(code: str, table: str, rows: pl.DataFrame, detail: str) -> dict[str, Any]:
    first = rows.row(0, named=True) if rows.height == 1 else {}
    return {
        "severity": "warning",
        "code": code,
        "table": table,
        "conversation_id": first.get("conversation_id"),
        "message_id": first.get("message_id"),
        "n": rows.height,
        "detail": detail,
    }
