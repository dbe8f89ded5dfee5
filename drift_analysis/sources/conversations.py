"""Conversation records: what Drift's list and detail replies and its webhooks tell."""

from __future__ import annotations

import re
from typing import Any

from drift_analysis.schemas import STATUSES

from .fields import Unfit, as_id, as_ids, as_moment, as_text
from .forms import Field, Form, Note, Records

__all__ = ["CONVERSATION", "DETAIL_KEYS", "EXPORTED", "put_status"]

DETAIL_KEYS = frozenset({"participants", "conversationTags", "relatedPlaybookId"})
"""The keys that only detail replies carry (Drift's documentation: Retrieve a conversation)."""

_COLOR = re.compile(r"#?([0-9a-fA-F]{6})")


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


def _as_color(value: Any, _: Any) -> str:
    found = _COLOR.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Unfit("six hex digits")
    return found[1]


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
            "tags", {"name": Field("name", as_text), "color": Field("color", _as_color)}, ("name",)
        ),
    },
    required={"conversation_id": "id", "status_raw": "status", "created_at": "createdAt"},
    finish=_finish,
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
