"""What contradicts itself in conversations and messages: one rule for loaders and audit alike.

The loaders list it in `Issues` and the audit weighs it; since neither may import the other, the
rules stand here, below both.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from .conversations import Conversations
from .messages import Messages

__all__ = ["PAGE", "SUSPICIONS", "Elsewhere", "suspicious_rows"]

PAGE = 50
"""Messages per page (Drift's documentation: page sizes are always 50)."""

SUSPICIONS = {
    "updated_before_created": ("conversations", "`updated_at` lies before `created_at`."),
    "message_before_conversation": (
        "messages",
        "The message was sent before its conversation was created.",
    ),
    "stops_at_one_page": (
        "messages",
        "Conversations with exactly 50 messages, one page: there may be more of them.",
    ),
    "edit_without_target": ("messages", "The message that an edit changes was not read."),
    "conversation_not_read": (
        "messages",
        "Conversations that have messages, but were not read themselves.",
    ),
}
"""The table that each is about, and what it is as a sentence."""

_ID = Conversations.conversation_id.name


class Elsewhere(NamedTuple):
    """What is known beside the frames that are looked at, when these are a part of a whole."""

    conversations: bool
    """Whether other conversations were read."""
    message_ids: pl.Series
    """Messages of other parts that edits of this one may change."""


def suspicious_rows(
    conversations: pl.LazyFrame, messages: pl.LazyFrame, elsewhere: Elsewhere | None = None
) -> dict[str, pl.LazyFrame]:
    """Find what contradicts itself or seems to be cut short.

    Parameters
    ----------
    conversations, messages
        `Conversations` and `Messages` frames; all messages of a conversation, if any.
    elsewhere
        What else is known, if the frames are not everything.

    Returns
    -------
    :
        For each of `SUSPICIONS` the rows that it is about: ``conversation_id``, and
        ``message_id`` (null where it is about a whole conversation). A conversation counts as
        not read only where others were.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.schemas.suspicions import suspicious_rows
    >>> none = da.schemas.Conversations.empty().lazy(), da.schemas.Messages.empty().lazy()
    >>> suspicious_rows(*none)["stops_at_one_page"].collect().columns
    ['conversation_id', 'message_id']
    """
    c, m = Conversations, Messages
    known = messages.join(
        conversations.select(c.conversation_id.col, c.created_at.col.alias("_began")),
        on=_ID,
        how="left",
    )
    beside = elsewhere or Elsewhere(conversations=False, message_ids=pl.Series(dtype=pl.Int64))
    any_was_read = conversations.select(_any=(pl.len() > 0) | beside.conversations).filter("_any")
    edits = messages.filter((m.type.col == "edit") & m.edited_message_id.col.is_not_null())
    missed = edits.filter(~m.edited_message_id.col.is_in(beside.message_ids.implode()))
    found = {
        "updated_before_created": conversations.filter(c.updated_at.col < c.created_at.col),
        "message_before_conversation": known.filter(m.created_at.col < pl.col("_began")),
        "stops_at_one_page": (
            messages.group_by(m.conversation_id.col).agg(n=pl.len()).filter(pl.col("n") == PAGE)
        ),
        "edit_without_target": missed.join(
            messages, left_on=m.edited_message_id.name, right_on=m.message_id.name, how="anti"
        ),
        "conversation_not_read": (
            messages.join(conversations, on=_ID, how="anti")
            .select(_ID)
            .unique()
            .join(any_was_read, how="cross")
        ),
    }
    about_one = ("message_before_conversation", "edit_without_target")
    message = {
        code: m.message_id.col if code in about_one else pl.lit(None, pl.Int64) for code in found
    }
    return {
        code: rows.select(c.conversation_id.col, message[code].alias(m.message_id.name))
        for code, rows in found.items()
    }
