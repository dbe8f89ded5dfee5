"""Conversation records: what Drift's list and detail replies and its webhooks tell."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas import STATUSES, Conversations

from .fields import as_color, as_id, as_ids, as_moment, as_text
from .forms import ByColumns, Field, Form, Note, Records

__all__ = ["CONVERSATION", "DETAIL_KEYS", "EXPORTED", "put_status"]

DETAIL_KEYS = frozenset({"participants", "conversationTags", "relatedPlaybookId"})
"""The keys that only detail replies carry (Drift's documentation: Retrieve a conversation)."""

_STATUS = pl.col("status_raw").str.strip_chars().str.to_lowercase()


def put_status(row: dict[str, Any], notes: list[Note]) -> None:
    """Normalise the status; one that is new to us becomes `unknown` and is reported."""
    status = row["status_raw"].strip().lower()
    if status not in STATUSES or status == "unknown":
        notes.append(Note("unknown_status", "status"))
        status = "unknown"
    row["status"] = status


def _as_closed(row: dict[str, Any], _extra: Any, _notes: Any) -> list[dict[str, Any]]:
    return [row | {"status": "closed", "status_raw": "closed"}]


def _as_number_of_csv(value: Any, _: list[str]) -> int:
    return as_id(value, [])


def _as_moment_of_csv(value: Any, _: list[str]) -> int:
    return as_moment(value, [])


def _finish(row: dict[str, Any], _: dict[str, Any], notes: list[Note]) -> list[dict[str, Any]]:
    put_status(row, notes)
    return [row]


_BY_COLUMNS = ByColumns(
    derived={
        "status": _STATUS.cast(Conversations.status.dtype, strict=False),
        "is_detail": pl.any_horizontal(pl.col("participants", "tags", "playbook_id").is_not_null()),
    },
    fits=_STATUS.is_in([status for status in STATUSES if status != "unknown"]),
    tells="is_detail",
    telling=DETAIL_KEYS,
)
"""What `_finish` and the careful path do, by columns."""

CONVERSATION = Form(
    table="conversations",
    kind="conversation",
    shape={
        "id": Field("conversation_id", as_id),
        "status": Field("status_raw", as_text),
        "contactId": Field("contact_id", as_id),
        "inboxId": Field("inbox_id", as_id),
        "orgId": Field("org_id", as_id),
        "createdAt": Field("created_at", as_moment),
        "updatedAt": Field("updated_at", as_moment),
        "relatedPlaybookId": Field("playbook_id", as_id),
        "participants": Field("participants", as_ids),
        "conversationTags": Records(
            "tags", {"name": Field("name", as_text), "color": Field("color", as_color)}, ("name",)
        ),
    },
    required={"conversation_id": "id", "status_raw": "status", "created_at": "createdAt"},
    finish=_finish,
    by_columns=_BY_COLUMNS,
)
"""A conversation, from a list or alone."""

EXPORTED = Form(
    table="conversations",
    kind="exported conversation",
    shape={
        "convo_id": Field("conversation_id", _as_number_of_csv),
        "createdat_date": Field("created_at", _as_moment_of_csv),
        "updatedat_date": Field("updated_at", _as_moment_of_csv),
    },
    required={"conversation_id": "convo_id", "created_at": "createdat_date"},
    finish=_as_closed,
)
"""A row of the CSV of Drift's official bulk export, which asks for closed conversations only
(the script's own request). Participants are e-mail addresses there, not ids, and the transcript has
neither years nor ids: both are kept beside the table."""
