"""Records of booked meetings, from the list of meetings and from webhooks."""

from __future__ import annotations

from .fields import as_flag, as_id, as_moment, as_text, as_text_id
from .forms import Field, Form
from .people import as_it_is

__all__ = ["MEETING"]

_CONVERSATION = Field("conversation_id", as_id)

MEETING = Form(
    table="meetings",
    kind="meeting",
    shape={
        "eventId": Field("event_id", as_text_id),
        "conversationId": _CONVERSATION,
        "conversationId:": _CONVERSATION,
        "schedulerId": Field("contact_id", as_id),
        "agentId": Field("agent_id", as_id),
        "bookedBy": Field("booked_by", as_id),
        "orgId": Field("org_id", as_id),
        "status": Field("status", as_text),
        "meetingSource": Field("meeting_source", as_text),
        "meetingType": Field("meeting_type", as_text),
        "eventType": Field("event_type", as_text),
        "conferenceType": Field("conference_type", as_text),
        "isRecurring": Field("is_recurring", as_flag),
        "isPrivate": Field("is_private", as_flag),
        "slug": Field("slug", as_text),
        "slotStart": Field("slot_start_at", as_moment),
        "slotEnd": Field("slot_end_at", as_moment),
        "scheduledAt": Field("scheduled_at", as_moment),
        "updatedAt": Field("updated_at", as_moment),
        "endUserTimeZone": Field("time_zone", as_text),
        "meetingNotes": Field("notes", as_text),
    },
    required={"event_id": "eventId"},
    finish=as_it_is,
)
"""A meeting; Drift's documentation prints some of its keys with a colon inside the quotes."""
