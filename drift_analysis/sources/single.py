"""Load one table: the same reading as `load`, of which the other tables are left aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .one import load_one

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from .framing.files import Source

__all__ = [
    "load_contacts",
    "load_conversations",
    "load_goals",
    "load_meetings",
    "load_messages",
    "load_participant_events",
    "load_playbooks",
    "load_status_events",
    "load_users",
]


def load_conversations(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the conversations that a source holds.

    Parameters
    ----------
    source, fetched_at, strict
        As for `load`. All functions of this module take the same.

    Returns
    -------
    :
        A `Conversations` table, one row per conversation in its latest state, sorted by
        ``conversation_id``. ``participants``, ``tags`` and ``playbook_id`` are null where they
        are unknown, as in list replies; ``is_detail`` tells.

    Raises
    ------
    SourceError
        As for `load`; and if there are records, but no conversations among them.

    Warns
    -----
    UserWarning
        If records of this kind were rejected: `load(source).rejects` lists them.

    Examples
    --------
    >>> from drift_analysis.sources import load_conversations
    >>> page = {"data": [{"id": 1, "status": "OPEN", "createdAt": 1567922759384}]}
    >>> load_conversations(page).select("status", "tags", "is_detail").row(0)
    ('open', None, False)
    """
    return load_one("conversations", source, fetched_at, strict=strict)


def load_messages(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the messages, notes and edits, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Messages` table, one row per message, sorted by ``message_id``. ``body`` is as it was
        sent; ``text`` is plain, with the latest known edit applied.

    Examples
    --------
    >>> from drift_analysis.sources import load_messages
    >>> message = {"id": 5, "conversationId": 1, "type": "chat", "body": "<p>Hi&nbsp;there</p>",
    ...     "author": {"type": "contact", "id": 9}, "createdAt": 1567922759384}
    >>> load_messages([message]).select("text", "author_kind", "is_visible").row(0)
    ('Hi there', 'contact', True)
    """
    return load_one("messages", source, fetched_at, strict=strict)


def load_status_events(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load what witnessed the status of conversations, in the way of `load_conversations`.

    Returns
    -------
    :
        A `StatusEvents` table: webhooks (``latest_at`` is ``changed_at``), and older states of
        conversations that were seen again later (``source`` is ``snapshot``), sorted by its key.

    Examples
    --------
    >>> from drift_analysis.sources import load_status_events
    >>> event = {"orgId": 1, "type": "conversation_status_updated",
    ...     "data": {"conversationId": 1, "status": "closed", "changedAt": 1567922759384}}
    >>> load_status_events(event).select("status", "source").row(0)
    ('closed', 'webhook')
    """
    return load_one("status_events", source, fetched_at, strict=strict)


def load_playbooks(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the playbooks and their landing pages, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Playbooks` table, one row per playbook, sorted by ``playbook_id``; ``landing_pages``
        come from the list of landing pages.

    Examples
    --------
    >>> from drift_analysis.sources import load_playbooks
    >>> load_playbooks([{"id": 3, "name": "Welcome", "interactionId": 30}])["interaction_id"].item()
    30
    """
    return load_one("playbooks", source, fetched_at, strict=strict)


def load_users(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the users: people of the organisation, and bots, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Users` table, one row per user, sorted by ``user_id``.

    Examples
    --------
    >>> from drift_analysis.sources import load_users
    >>> load_users({"data": [{"id": 7, "name": "Ada", "bot": False}]})["name"].to_list()
    ['Ada']
    """
    return load_one("users", source, fetched_at, strict=strict)


def load_contacts(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the contacts, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Contacts` table, one row per contact, sorted by ``contact_id``; the attributes
        without a column are in ``extra``.

    Examples
    --------
    >>> from drift_analysis.sources import load_contacts
    >>> load_contacts({"data": {"id": 9, "attributes": {"externalId": 12}}})["external_id"].item()
    '12'
    """
    return load_one("contacts", source, fetched_at, strict=strict)


def load_meetings(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the booked meetings, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Meetings` table, one row per meeting, sorted by ``event_id``.

    Examples
    --------
    >>> from drift_analysis.sources import load_meetings
    >>> load_meetings({"data": [{"eventId": "e1", "status": "ACTIVE"}]})["status"].to_list()
    ['ACTIVE']
    """
    return load_one("meetings", source, fetched_at, strict=strict)


def load_goals(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the goals that were met, in the way of `load_conversations`.

    Returns
    -------
    :
        A `Goals` table, one row per conversation and goal, sorted by both.

    Examples
    --------
    >>> from drift_analysis.sources import load_goals
    >>> load_goals({"conversationId": 1, "goalId": "g1", "playbookId": 3})["playbook_id"].item()
    3
    """
    return load_one("goals", source, fetched_at, strict=strict)


def load_participant_events(
    source: Source, *, fetched_at: datetime | None = None, strict: bool = False
) -> pl.DataFrame:
    """Load the comings and goings of users, in the way of `load_conversations`.

    Returns
    -------
    :
        A `ParticipantEvents` table, one row per user who was added or removed, sorted by its key.

    Examples
    --------
    >>> from drift_analysis.sources import load_participant_events
    >>> event = {"conversationId": 1, "addedParticipants": [7, 8], "changedAt": 1567922759384}
    >>> load_participant_events(event).select("user_id", "change").rows()
    [(7, 'added'), (8, 'added')]
    """
    return load_one("participant_events", source, fetched_at, strict=strict)
