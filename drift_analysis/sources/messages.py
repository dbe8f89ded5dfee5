"""Message records: chats, notes, prompts and edits."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from drift_analysis.schemas import MESSAGE_TYPES, Messages

from .fields import as_flag, as_id, as_moment, as_number, as_text, as_text_id
from .forms import ByColumns, Field, Form, Note, Records
from .text import simple_texts

__all__ = ["MESSAGE"]

_ATTACHMENTS = Records(
    "attachments",
    {
        "id": Field("attachment_id", as_id),
        "fileName": Field("file_name", as_text),
        "mimeType": Field("mime_type", as_text),
        "url": Field("url", as_text),
    },
)
_BUTTONS = Records(
    "buttons",
    {
        "label": Field("label", as_text),
        "value": Field("value", as_text),
        "type": Field("type", as_text),
        "style": Field("style", as_text),
        "reaction": {
            "type": Field("reaction_type", as_text),
            "message": Field("reaction_message", as_text),
        },
    },
)
_LOCATION = {
    "city": Field("context_city", as_text),
    "region": Field("context_region", as_text),
    "country": Field("context_country", as_text),
    "countryName": Field("context_country_name", as_text),
    "postalCode": Field("context_postal_code", as_text_id),
    "latitude": Field("context_latitude", as_number),
    "longitude": Field("context_longitude", as_number),
}


def _as_pre_messages(value: Any, _: Any) -> list[dict[str, Any]] | None:
    """Read what was shown before: its inner shape is not documented, so each is kept whole."""
    items = value if isinstance(value, list) else [value]
    return [_pre_message(item) for item in items if item not in ({}, None)] or None


def _pre_message(item: Any) -> dict[str, Any]:
    known = item if isinstance(item, dict) else {"body": item}
    author = known.get("author")
    if not isinstance(author, dict):
        author = {}
    return {
        "body": _text(known.get("body")),
        "author_type": _text(author.get("type")),
        "author_id": _int64(author.get("id")),
        "json": msgspec.json.encode(item).decode(),
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _int64(value: Any) -> int | None:
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _finish(row: dict[str, Any], extra: dict[str, Any], notes: list[Note]) -> list[dict[str, Any]]:
    kind = row["type_raw"].strip().lower()
    if kind not in MESSAGE_TYPES or kind == "other":
        notes.append(Note("unknown_type", "type"))
        kind = "other"
    row["type"] = kind
    row["author_kind"] = _author_kind(row, extra, notes)
    row["is_visible"] = kind == "chat"
    return [row]


def _author_kind(row: dict[str, Any], extra: dict[str, Any], notes: list[Note]) -> str:
    is_bot = row.pop("is_bot", None)
    match row["author_type"].strip().lower():
        case "contact":
            if is_bot:
                extra.setdefault("author", {})["bot"] = True
            return "contact"
        case "user":
            return {True: "bot", False: "human", None: "unknown"}[is_bot]
        case _:
            notes.append(Note("unknown_author", "author.type"))
            if is_bot is not None:
                extra.setdefault("author", {})["bot"] = is_bot
            return "unknown"


_TYPE = pl.col("type_raw").cast(Messages.type.dtype, strict=False)
_AUTHOR = pl.col("author_type")
_IS_BOT = pl.col("is_bot")
_BY_COLUMNS = ByColumns(
    derived={
        "type": _TYPE,
        "author_kind": (
            pl.when(_AUTHOR == "contact")
            .then(pl.lit("contact"))
            .when(_IS_BOT)
            .then(pl.lit("bot"))
            .when(_IS_BOT.is_null())
            .then(pl.lit("unknown"))
            .otherwise(pl.lit("human"))
            .cast(Messages.author_kind.dtype)
        ),
        "is_visible": pl.col("type_raw") == "chat",
    },
    made={"text": ("body", simple_texts)},
    fits=(_TYPE != "other")
    & pl.when(_AUTHOR == "contact")
    .then(_IS_BOT.fill_null(value=False).not_())
    .otherwise(_AUTHOR == "user"),
)
"""What `_finish` does, by columns, for types that are written as we write them."""

MESSAGE = Form(
    table="messages",
    kind="message",
    shape={
        "id": Field("message_id", as_id),
        "conversationId": Field("conversation_id", as_id),
        "orgId": Field("org_id", as_id),
        "body": Field("body", as_text),
        "type": Field("type_raw", as_text),
        "createdAt": Field("created_at", as_moment),
        "author": {
            "type": Field("author_type", as_text),
            "id": Field("author_id", as_id),
            "bot": Field("is_bot", as_flag),
        },
        "editedMessageId": Field("edited_message_id", as_id),
        "editType": Field("edit_type", as_text),
        "buttons": _BUTTONS,
        "attachment": _ATTACHMENTS,
        "attachments": _ATTACHMENTS,
        "attributes": {
            "preMessages": Field("pre_messages", _as_pre_messages),
            "developer_app_id": Field("app_id", as_text_id),
            "integrationSource": Field("integration_source", as_text),
        },
        "context": {
            "ip": Field("context_ip", as_text),
            "IP": Field("context_ip", as_text),
            "userAgent": Field("context_user_agent", as_text),
            "href": Field("context_href", as_text),
            "title": Field("context_title", as_text),
            "referrer": Field("context_referrer", as_text),
            "timezone": Field("context_timezone", as_text),
            "locale": Field("context_locale", as_text),
            "location": _LOCATION,
        },
    },
    required={
        "message_id": "id",
        "conversation_id": "conversationId",
        "author_type": "author.type",
        "type_raw": "type",
        "created_at": "createdAt",
    },
    finish=_finish,
    by_columns=_BY_COLUMNS,
)
"""A message of any type."""
