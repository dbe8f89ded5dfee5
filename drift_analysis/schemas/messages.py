"""What a message is, and who can write one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy

from .base import Table, moment
from .columns import as_list_of_structs, beyond, enum, flag, identifier, number, read_from, string

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

__all__ = ["AUTHOR_KINDS", "MESSAGE_TYPES", "Messages", "visible_at"]

AUTHOR_KINDS = ("contact", "bot", "human", "unknown")
"""Who wrote a message; `unknown` is a user of whom the record does not say whether it is a bot."""

MESSAGE_TYPES = ("chat", "private_note", "private_prompt", "suggestion", "edit", "other")
"""What a message is; `other` for a type new to us."""

_CONTEXT = "not in the record"


class Messages(Table):
    """One row per message, notes and edits included; `is_visible` tells what a visitor saw.

    Bodies and context are personal. They never enter a chart, a log or an error.
    """

    message_id = identifier("Drift's id of the message.", key=True)
    conversation_id = identifier("The conversation it belongs to.")
    org_id = identifier("The organisation it belongs to.", null="not in the record")
    author_type = string("`contact` or `user`, as it was sent; the two have separate ids.")
    author_id = identifier("The id of the contact or the user.", null="not in the record")
    author_kind = enum(AUTHOR_KINDS, "Who wrote it: `bot` and `human` are users.")
    type = enum(MESSAGE_TYPES, "What it is; only `chat` is seen by the contact.")
    type_raw = string("The type as it was sent.")
    created_at = moment("When it was sent; an edit does not change it.")
    body = string("The body as it was sent, often HTML.", null="it had none")
    text = string("The body as plain text, with the latest known edit applied.", null="it had none")
    is_visible = flag("Whether it is of type `chat` and not deleted.")
    is_deleted = flag("Whether a later edit deleted it.")
    edited_at = moment("When the latest known edit (or deletion) was made.", null="never edited")
    n_edits = dy.UInt16(description="How many edits are known.", metadata={"null": None})
    edited_message_id = identifier("The message that this edit changes.", null="not an edit")
    edit_type = string("What this edit does, as it was sent.", null="not an edit")
    buttons = as_list_of_structs(
        {
            "label": dy.String(nullable=True),
            "value": dy.String(nullable=True),
            "type": dy.String(nullable=True),
            "style": dy.String(nullable=True),
            "reaction_type": dy.String(nullable=True),
            "reaction_message": dy.String(nullable=True),
        },
        "The buttons under it.",
        null="it had none",
    )
    pre_messages = as_list_of_structs(
        {
            "body": dy.String(nullable=True),
            "author_type": dy.String(nullable=True),
            "author_id": dy.Int64(nullable=True),
            "json": dy.String(),
        },
        "What was shown before it without being a message; `json` holds each as it was sent.",
        null="it had none",
    )
    attachments = as_list_of_structs(
        {
            "attachment_id": dy.Int64(nullable=True),
            "file_name": dy.String(nullable=True),
            "mime_type": dy.String(nullable=True),
            "url": dy.String(nullable=True),
        },
        "The files sent with it.",
        null="it had none",
    )
    app_id = string("The developer application that sent it.", null="no application did")
    integration_source = string("The integration that sent it.", null="no integration did")
    context_ip = string("The visitor's address on the network.", null=_CONTEXT)
    context_user_agent = string("The visitor's browser.", null=_CONTEXT)
    context_href = string("The page the visitor was on.", null=_CONTEXT)
    context_title = string("The title of that page.", null=_CONTEXT)
    context_referrer = string("The page the visitor came from.", null=_CONTEXT)
    context_timezone = string("The visitor's time zone.", null=_CONTEXT)
    context_locale = string("The visitor's locale.", null=_CONTEXT)
    context_city = string("The city of the visitor's address.", null=_CONTEXT)
    context_region = string("Its region.", null=_CONTEXT)
    context_country = string("Its country, as a code.", null=_CONTEXT)
    context_country_name = string("Its country, as a name.", null=_CONTEXT)
    context_postal_code = string("Its postal code.", null=_CONTEXT)
    context_latitude = number("Its latitude.", unit="degrees", null=_CONTEXT)
    context_longitude = number("Its longitude.", unit="degrees", null=_CONTEXT)
    extra = beyond()
    source = read_from()


def visible_at(as_of: datetime | pl.Expr) -> pl.Expr:
    """Tell which messages a visitor could see at a moment: sent, of type `chat`, not yet deleted.

    The moment may be that of each row.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import drift_analysis as da
    >>> from drift_analysis.schemas import visible_at
    >>> da.schemas.Messages.empty().filter(visible_at(datetime(2026, 1, 1, tzinfo=UTC))).height
    0
    """
    m = Messages
    deleted = m.is_deleted.col & (m.edited_at.col <= as_of)
    return (m.type.col == "chat") & (m.created_at.col <= as_of) & ~deleted.fill_null(value=False)
