"""Which meetings were booked."""

from __future__ import annotations

from .base import Table, moment
from .columns import beyond, flag, identifier, read_from, string

__all__ = ["Meetings"]

_ABSENT = "not in the record"


class Meetings(Table):
    """One row per booked meeting, in the latest state that was seen of it."""

    event_id = string("The id of the calendar event.", key=True)
    conversation_id = identifier("The conversation in which it was booked.", null=_ABSENT)
    contact_id = identifier("The contact who booked it (`schedulerId`).", null=_ABSENT)
    agent_id = identifier("The user it is held with.", null=_ABSENT)
    booked_by = identifier("The user who booked it.", null=_ABSENT)
    org_id = identifier("The organisation.", null=_ABSENT)
    status = string("Such as `ACTIVE` or `CANCELED`, as it was sent.", null=_ABSENT)
    meeting_source = string("Where it was booked, such as `WIDGET`.", null=_ABSENT)
    meeting_type = string("What kind of meeting.", null=_ABSENT)
    event_type = string("What a webhook said had happened to it.", null="not from such a webhook")
    conference_type = string("How it is held, such as `ZOOM`.", null=_ABSENT)
    is_recurring = flag("Whether it comes again.", null=_ABSENT)
    is_private = flag("Whether it is private.", null=_ABSENT)
    slug = string("The name of the booking page.", null=_ABSENT)
    slot_start_at = moment("When it begins.", null=_ABSENT)
    slot_end_at = moment("When it ends.", null=_ABSENT)
    scheduled_at = moment("When it was booked.", null=_ABSENT)
    updated_at = moment("When it last changed.", null=_ABSENT)
    time_zone = string("The contact's time zone.", null=_ABSENT)
    notes = string("The notes.", null=_ABSENT)
    extra = beyond()
    source = read_from()
