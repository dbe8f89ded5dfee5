"""What a conversation is, as Drift's list and detail replies tell it."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from .base import Table, moment
from .columns import as_list_of_structs, beyond, enum, flag, identifier, read_from, string
from .status import STATUSES

__all__ = ["Conversations", "conversation_link"]


class Conversations(Table):
    """One row per conversation, in the latest state that was seen of it.

    A list reply lacks participants, tags and playbook: null there means unknown, never none.
    """

    conversation_id = identifier("Drift's id of the conversation.", key=True)
    status = enum(STATUSES, "Its status when it was last seen; `unknown` for one new to us.")
    status_raw = string("The status as it was sent.")
    contact_id = identifier("The contact it is held with.", null="not in the record")
    inbox_id = identifier("The inbox it belongs to.", null="not in the record")
    org_id = identifier("The organisation it belongs to.", null="not in the record")
    created_at = moment("When it was created.")
    updated_at = moment(
        "When it last changed: a message, a change of status, or another edit.",
        null="not in the record, as in the oldest replies",
    )
    playbook_id = identifier(
        "The playbook that started it (`relatedPlaybookId`).",
        null="no playbook if `is_detail`, else unknown",
    )
    participants = dy.List(
        dy.Int64(),
        nullable=True,
        description="The users (agents and bots) who took part; never the contact.",
        metadata={"null": "unknown; an empty list is known to be empty"},
    )
    tags = as_list_of_structs(
        {"name": dy.String(), "color": dy.String(nullable=True)},
        "Its tags: name, and colour as six hex digits without `#`. Drift keeps no time for a tag.",
        null="unknown; an empty list is known to be empty",
    )
    is_detail = flag("Whether a detail reply was seen, so that null means none where it can.")
    fetched_at = moment(
        "When this state was fetched, or told by a webhook.",
        null="not known; the record then counts as seen at `as_of`",
    )
    extra = beyond()
    source = read_from()


def conversation_link() -> pl.Expr:
    """Rebuild the link into Drift from inbox and conversation id.

    Returns
    -------
    :
        A String expression named ``link``; the form without an inbox where that is unknown.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.schemas import conversation_link
    >>> frame = pl.DataFrame({"conversation_id": [7, 8], "inbox_id": [3, None]})
    >>> frame.select(conversation_link()).to_series().to_list()
    ['https://app.drift.com/inboxes/3/conversations/7', 'https://app.drift.com/conversations/8']
    """
    inbox = pl.format("inboxes/{}/", Conversations.inbox_id.col).fill_null("")
    return pl.format(
        "https://app.drift.com/{}conversations/{}", inbox, Conversations.conversation_id.col
    ).alias("link")
