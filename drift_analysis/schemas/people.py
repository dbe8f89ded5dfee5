"""Who takes part: users (agents and bots), contacts, and their comings and goings."""

from __future__ import annotations

from .base import Table, moment
from .columns import beyond, enum, flag, identifier, read_from, string

__all__ = ["Contacts", "ParticipantEvents", "Users"]

_UNSET = "not set in Drift"


class Users(Table):
    """One row per user of Drift: people of the organisation, and bots."""

    user_id = identifier("Drift's id of the user.", key=True)
    org_id = identifier("The organisation.", null=_UNSET)
    name = string("The name.", null=_UNSET)
    alias = string("The name that visitors see.", null=_UNSET)
    email = string("The e-mail address.", null=_UNSET)
    phone = string("The telephone number.", null=_UNSET)
    locale = string("The locale.", null=_UNSET)
    availability = string("Such as `AVAILABLE`, when it was fetched.", null=_UNSET)
    role = string("Such as `agent` or `admin`.", null=_UNSET)
    time_zone = string("The time zone.", null=_UNSET)
    avatar_url = string("The address of the picture.", null=_UNSET)
    is_verified = flag("Whether the address was verified.", null=_UNSET)
    is_bot = flag("Whether it is a bot.", null=_UNSET)
    created_at = moment("When it was created.", null=_UNSET)
    updated_at = moment("When it last changed.", null=_UNSET)
    extra = beyond()
    source = read_from()


class Contacts(Table):
    """One row per contact: a person who visited the site. Its attributes are an open map."""

    contact_id = identifier("Drift's id of the contact.", key=True)
    created_at = moment("When it was created.", null=_UNSET)
    name = string("The name.", null=_UNSET)
    email = string("The e-mail address; not unique.", null=_UNSET)
    phone = string("The telephone number.", null=_UNSET)
    external_id = string("The id in the organisation's own system; numbers as text.", null=_UNSET)
    started_at = moment("When the contact was first seen (`start_date`).", null=_UNSET)
    last_active_at = moment("When the contact was last active.", null=_UNSET)
    last_contacted_at = moment("When the contact was last written to.", null=_UNSET)
    extra = beyond()
    source = read_from()


class ParticipantEvents(Table):
    """One row per user who was added to, or removed from, a conversation (webhooks)."""

    conversation_id = identifier("The conversation.", key=True)
    changed_at = moment("When it happened.", key=True)
    user_id = identifier("The user.", key=True)
    change = enum(("added", "removed"), "What happened.", key=True)
    extra = beyond()
    source = read_from()
