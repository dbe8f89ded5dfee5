"""What Drift's API would have replied about users, playbooks, contacts and meetings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .clock import DAY, MINUTE, WEEK
from .organisation import AGENTS, BOT, ORG_ID, PLAYBOOKS, agents_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .history import Contact, Life, Meeting
    from .organisation import Agent, Playbook
    from .replies import Json

__all__ = [
    "GOALS",
    "contact",
    "contact_replies",
    "goal_id",
    "landing_pages",
    "meeting",
    "meetings_reply",
    "playbooks_reply",
    "users_reply",
]

GOALS = ("E-mail captured", "Meeting booked")
"""The names of the goals of every playbook."""

_MEETINGS_REACH_BACK = 30 * DAY


def users_reply(started_at: int, moment: int) -> Json:
    """Return the users who are there now: people who left are not."""
    return {"data": [_user(agent, started_at) for agent in (*agents_at(moment - started_at), BOT)]}


def playbooks_reply(started_at: int) -> list[Json]:
    """Return the bare list of the enabled playbooks."""
    return [_playbook(playbook, started_at) for playbook in PLAYBOOKS if playbook.is_listed]


def landing_pages() -> list[Json]:
    """Return the bare list of conversational landing pages."""
    return [
        {
            "playbookId": playbook.id,
            "playbookName": playbook.name,
            "landingPageUrl": playbook.landing_page,
        }
        for playbook in PLAYBOOKS
        if playbook.landing_page is not None
    ]


def goal_id(playbook: Playbook, goal: int) -> str:
    """Return Drift's id of a playbook's goal."""
    return f"{playbook.interaction_id:08x}-0000-4000-8000-{goal + 1:012x}"


def contact(person: Contact, last_active: int | None = None) -> Json:
    """Return what Drift tells about a contact who gave an address."""
    attributes: Json = {
        "_END_USER_VERSION": 3,
        "_end_user_version": 3,
        "name": person.name,
        "email": person.email,
        "events": {},
        "socialProfiles": {},
        "externalId": person.external_id,
        "start_date": person.created_at,
        "original_ip": person.context["ip"],
    }
    if person.context["location"]:
        attributes["last_context_location"] = json.dumps(person.context["location"])
    if last_active is not None:
        attributes["last_active"] = last_active
    return {"id": person.id, "createdAt": person.created_at, "attributes": attributes}


def contact_replies(lives: Iterable[Life]) -> list[Json]:
    """Return one reply for each contact who gave an address."""
    active: dict[int, tuple[Contact, int]] = {}
    for life in lives:
        if life.identified_at is not None:
            last = max(m.at for m in life.messages if m.kind == "contact")
            _, before = active.get(life.contact.id, (None, 0))
            active[life.contact.id] = (life.contact, max(last, before))
    return [{"data": contact(person, last)} for _, (person, last) in sorted(active.items())]


def meeting(life: Life, booked: Meeting) -> Json:
    """Return what a webhook tells about a meeting."""
    return {
        "agentId": booked.agent_id,
        "orgId": ORG_ID,
        "schedulerId": life.contact.id,
        "eventId": booked.event_id,
        "slug": "meet-larkfield",
        "slotStart": booked.slot_start,
        "slotEnd": booked.slot_start + 30 * MINUTE,
        "scheduledAt": booked.scheduled_at,
        "conversationId": life.id,
    }


def meetings_reply(lives: Iterable[Life], moment: int) -> Json:
    """Return the meetings that were booked in the past 30 days; Drift tells of no older ones."""
    data = [
        {
            **meeting(life, booked),
            "status": "CANCELED" if booked.canceled_at else "ACTIVE",
            "meetingSource": "WIDGET",
            "meetingType": "New Meeting",
            "updatedAt": booked.canceled_at or booked.scheduled_at,
            "endUserTimeZone": life.contact.context["timezone"],
            "bookedBy": BOT.id,
        }
        for life in lives
        for booked in life.meetings
        if booked.scheduled_at >= moment - _MEETINGS_REACH_BACK
    ]
    return {"data": data}


def _user(agent: Agent, started_at: int) -> Json:
    first, last = agent.name.lower().split(" ", maxsplit=1)
    return {
        "id": agent.id,
        "orgId": ORG_ID,
        "name": agent.name,
        "alias": agent.first_name,
        "email": f"{first}.{last.replace(' ', '')}@larkfield.example.com",
        "locale": "en-US",
        "availability": "AVAILABLE",
        "role": agent.role,
        "timeZone": agent.time_zone,
        "verified": True,
        "bot": agent is BOT,
        "createdAt": started_at - 40 * WEEK - agent.id % 1_000 * MINUTE,
        "updatedAt": started_at - WEEK,
    }


def _playbook(playbook: Playbook, started_at: int) -> Json:
    record: Json = {
        "goals": [
            {"id": goal_id(playbook, number), "message": name} for number, name in enumerate(GOALS)
        ],
        "id": playbook.id,
        "name": playbook.name,
        "orgId": ORG_ID,
        "meta": {},
        "createdAt": started_at - 20 * WEEK + playbook.id % 1_000 * MINUTE,
        "updatedAt": started_at - 2 * WEEK,
        "createdAuthorId": AGENTS[0].id,
        "updatedAuthorId": AGENTS[0].id,
        "interactionId": playbook.interaction_id,
    }
    if playbook.report_type is not None:
        record["reportType"] = playbook.report_type
    return record
