"""Look for what is suspicious in tables that were read."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages

__all__ = ["CODES", "suspicions"]

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
