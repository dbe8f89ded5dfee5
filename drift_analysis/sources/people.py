"""Records of users and contacts, and of who was added to or removed from a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .fields import as_flag, as_id, as_ids, as_moment, as_text, as_text_id
from .forms import Field, Form

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ADDED", "CONTACT", "REMOVED", "USER", "as_it_is"]


def as_it_is(row: dict[str, Any], _extra: Any, _notes: Any) -> list[dict[str, Any]]:
    """Leave a row as it was read."""
    return [row]


def _each_user(change: str) -> Callable[[dict[str, Any], Any, Any], list[dict[str, Any]]]:
    def finish(row: dict[str, Any], _extra: Any, _notes: Any) -> list[dict[str, Any]]:
        users = row.pop("user_ids")
        return [row | {"user_id": user, "change": change} for user in users]

    return finish


USER = Form(
    table="users",
    kind="user",
    shape={
        "id": Field("user_id", as_id),
        "orgId": Field("org_id", as_id),
        "name": Field("name", as_text),
        "alias": Field("alias", as_text),
        "email": Field("email", as_text),
        "phone": Field("phone", as_text),
        "locale": Field("locale", as_text),
        "availability": Field("availability", as_text),
        "role": Field("role", as_text),
        "timeZone": Field("time_zone", as_text),
        "avatarUrl": Field("avatar_url", as_text),
        "verified": Field("is_verified", as_flag),
        "bot": Field("is_bot", as_flag),
        "createdAt": Field("created_at", as_moment),
        "updatedAt": Field("updated_at", as_moment),
    },
    required={"user_id": "id"},
    finish=as_it_is,
)
"""A user of Drift: a person of the organisation, or a bot."""

CONTACT = Form(
    table="contacts",
    kind="contact",
    shape={
        "id": Field("contact_id", as_id),
        "createdAt": Field("created_at", as_moment),
        "attributes": {
            "name": Field("name", as_text),
            "email": Field("email", as_text),
            "phone": Field("phone", as_text),
            "externalId": Field("external_id", as_text_id),
            "start_date": Field("started_at", as_moment),
            "last_active": Field("last_active_at", as_moment),
            "last_contacted": Field("last_contacted_at", as_moment),
        },
    },
    required={"contact_id": "id"},
    finish=as_it_is,
)
"""A contact; all other attributes are kept beside the table."""


def _participants(key: str, change: str) -> Form:
    return Form(
        table="participant_events",
        kind=f"participants {change}",
        shape={
            "conversationId": Field("conversation_id", as_id),
            "changedAt": Field("changed_at", as_moment),
            key: Field("user_ids", as_ids),
        },
        required={"conversation_id": "conversationId", "changed_at": "changedAt", "user_ids": key},
        finish=_each_user(change),
    )


ADDED = _participants("addedParticipants", "added")
"""Users who were added to a conversation; one row each."""

REMOVED = _participants("removedParticipants", "removed")
"""Users who were removed from a conversation; one row each."""
