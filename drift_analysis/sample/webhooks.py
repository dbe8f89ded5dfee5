"""What Drift's webhooks would have told, as an organisation logs it: one envelope per event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import directory
from .organisation import ORG_ID
from .replies import conversation, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .history import Life
    from .organisation import Playbook
    from .replies import Json

__all__ = ["webhook_log"]

_Event = tuple[int, str, "Json"]
"""When it happened (the envelope does not say so), its type and its data."""


def webhook_log(lives: Iterable[Life], log_start: int, moment: int) -> list[Json]:
    """Return every event from `log_start` to `moment`, in the order in which they happened."""
    events = [event for life in lives for event in _events(life) if log_start <= event[0] <= moment]
    events.sort(key=lambda event: event[0])
    return [
        {"type": kind, "token": "INVENTED", "orgId": ORG_ID, "data": data}
        for _, kind, data in events
    ]


def _events(life: Life) -> Iterator[_Event]:
    first = life.messages[0] if life.messages else None
    if first is not None and first.kind == "contact":
        yield life.created_at, "new_conversation", _newborn(life)
    for written in life.messages:
        yield written.at, "new_message", message(life, written)
    for at, status in life.statuses[1:]:
        data = {"conversationId": life.id, "status": status, "changedAt": at}
        yield at, "conversation_status_updated", data
    yield from _comings_and_goings(life)
    yield from _successes(life)


def _newborn(life: Life) -> Json:
    data = conversation(life, life.created_at)
    del data["conversationTags"]
    return {**data, "orgId": ORG_ID}


def _comings_and_goings(life: Life) -> Iterator[_Event]:
    for at, user, came in life.participants:
        what = "added" if came else "removed"
        data = {"conversationId": life.id, f"{what}Participants": [user], "changedAt": at}
        yield at, f"conversation_participant_{what}", data


def _successes(life: Life) -> Iterator[_Event]:
    if life.identified_at is not None:
        yield life.identified_at, "contact_identified", directory.contact(life.contact)
    if life.playbook is not None:
        for at, goal in life.goals:
            yield at, "playbook_goal_met", _goal(life, life.playbook, goal)
    for booked in life.meetings:
        data = directory.meeting(life, booked)
        yield booked.scheduled_at, "new_meeting", data
        if booked.canceled_at is not None:
            yield booked.canceled_at, "meeting_updated", {**data, "eventType": "canceled"}


def _goal(life: Life, playbook: Playbook, goal: int) -> Json:
    return {
        "conversationId": life.id,
        "playbookId": playbook.interaction_id,
        "contactId": life.contact.id,
        "goalId": directory.goal_id(playbook, goal),
        "goalName": directory.GOALS[goal],
        "playbookName": playbook.name,
        "contactEmail": life.contact.email,
    }
