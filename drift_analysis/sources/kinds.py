"""What a record is, told by its keys; never by the name of the file it lay in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["WEBHOOKS", "is_envelope", "is_webhook", "kind_of"]


class _Rule(NamedTuple):
    kind: str
    every: frozenset[str]
    some: frozenset[str]
    none: frozenset[str]


def _rule(kind: str, every: str = "", some: str = "", none: str = "") -> _Rule:
    return _Rule(kind, *(frozenset(names.split()) for names in (every, some, none)))


_OTHERS = "conversationId eventId author bot interactionId name email"
"""Keys of other records that may have an id, a status and moments, too."""

_RULES = (
    _rule("message", "id conversationId createdAt author", some="type body"),
    _rule("conversation", "id status createdAt", some="contactId inboxId updatedAt", none=_OTHERS),
    _rule("author", "id type bot", none="conversationId status name email alias role createdAt"),
    _rule("user", "id", some="bot availability", none="conversationId"),
    _rule("exported conversation", "convo_id", some="createdat_date updatedat_date"),
    _rule("token", some="access_token refresh_token"),
    _rule("receipt", "ok result"),
    _rule("statistics", "conversationCount"),
    _rule("report request", "filters metrics"),
    _rule("report", "conversationId metrics"),
    _rule("transcript message", "body author createdAt", none="conversationId"),
    _rule("message", some="author editedMessageId preMessages", every="id"),
    _rule("message", "id conversationId", some="body type"),
    _rule("message request", some="body editedMessageId editType", none="id"),
    _rule("conversation request", "message", some="email contactId", none="id"),
    _rule("timeline event request", "event", some="contactId externalId"),
    _rule("button action", "sourceMessageId button"),
    _rule("participants added", "addedParticipants"),
    _rule("participants removed", "removedParticipants"),
    _rule("goal", "goalId", some="conversationId contactId playbookId"),
    _rule("phone captured", "phoneNumber conversationId"),
    _rule("contact update", "endUserId", some="diff timestamp"),
    _rule("landing page", some="landingPageUrl"),
    _rule("account", some="accountId customProperties"),
    _rule("team", some="workspaceId teamAvailabilityMode autoOffline"),
    _rule("meeting", some="eventId slotStart slotEnd schedulerId"),
    _rule("playbook", some="interactionId reportType goals createdAuthorId"),
    _rule("status event", "conversationId", some="changedAt", none="participants"),
    _rule("status event", "conversationId status", none="createdAt"),
    _rule("inactivity", "conversationId lastUpdated"),
    _rule("availability", "userId availability"),
    _rule("contact", "attributes"),
    _rule("conversation", some="inboxId conversationTags relatedPlaybookId participants"),
    _rule("conversation", "contactId", some="status createdAt updatedAt"),
    _rule("conversation", "id status", none="name email"),
    _rule("attribute", "displayName name type"),
    _rule("contact tag", "name color"),
    _rule("user", some="availability avatarUrl bot verified alias role timeZone"),
    _rule("user", "name email"),
    _rule("error reply", some="error errors"),
)
"""What tells a kind, first come first served: what its records cannot lack comes before what
other records may have as well."""

WEBHOOKS = {
    "new_conversation": "conversation",
    "new_message": "message",
    "new_command_message": "message",
    "button_clicked": "message",
    "button_action": "button action",
    "conversation_status_updated": "status event",
    "conversation_status_change": "status event",
    "conversation_inactive": "inactivity",
    "conversation_participant_added": "participants added",
    "conversation_participant_removed": "participants removed",
    "contact_identified": "contact",
    "contact_updated": "contact update",
    "user_unsubscribed": "contact",
    "user_unsubscribe": "contact",
    "phone_captured": "phone captured",
    "new_meeting": "meeting",
    "meeting_updated": "meeting",
    "playbook_goal_met": "goal",
    "user_availability_updated": "availability",
}
"""What the `data` of a webhook holds (Drift's documentation: Webhook events)."""


def is_webhook(record: Mapping[str, Any]) -> bool:
    """Tell a webhook by its envelope: `type` and `data` beside `orgId` or `token`."""
    return "type" in record and "data" in record and ("orgId" in record or "token" in record)


def is_envelope(record: Mapping[str, Any]) -> bool:
    """Tell whether `data` holds the records, and is not a key of a record or of a webhook.

    Examples
    --------
    >>> is_envelope({"data": [], "links": {}}), is_envelope({"id": 1, "status": "open", "data": []})
    (True, False)
    """
    if "data" not in record or is_webhook(record):
        return False
    kind = _kind_of_keys(tuple(key for key in record if key != "data"))
    return kind is None or kind in _AROUND


def kind_of(value: Any) -> str | None:
    """Name the kind of a record by its keys; null if it is none that we know.

    Examples
    --------
    >>> kind_of({"id": 1, "status": "open", "contactId": 2, "createdAt": 3})
    'conversation'
    """
    if not isinstance(value, dict):
        return None
    if is_webhook(value):
        return WEBHOOKS.get(value["type"]) if isinstance(value["type"], str) else None
    return _kind_of_keys(tuple(value))


_AROUND = frozenset({"error reply", "receipt", "token"})
"""Kinds that the keys around `data` may seem to have."""


@lru_cache(maxsize=1024)
def _kind_of_keys(names: tuple[str, ...]) -> str | None:
    keys = frozenset(names)
    for rule in _RULES:
        if rule.every <= keys and not rule.none & keys and (not rule.some or rule.some & keys):
            return rule.kind
    return None
