"""What happened: contacts, messages and lives of conversations, as they can be told at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .organisation import Playbook
    from .tags import Tag

__all__ = ["Contact", "Life", "Meeting", "Message", "StatusChange"]

StatusChange = tuple[int, str]
"""A moment and the status from then on."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A visitor. Drift learns the name and address only if the visitor gives them."""

    id: int
    created_at: int
    name: str
    email: str
    context: dict[str, Any]
    external_id: int | str | None

    @property
    def first_name(self) -> str:
        """The name to greet with."""
        return self.name.split(" ", maxsplit=1)[0]


@dataclass(slots=True)
class Message:
    """A message, note, prompt or edit; `extras` holds further fields under Drift's names."""

    at: int
    kind: str
    author_id: int
    body: str | None
    type: str = "chat"
    extras: dict[str, Any] = field(default_factory=dict)
    edits: Message | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that a contact booked."""

    event_id: str
    scheduled_at: int
    slot_start: int
    agent_id: int
    canceled_at: int | None


@dataclass(slots=True)
class Life:
    """The whole life of a conversation; everything is in the order in which it happened."""

    id: int
    created_at: int
    contact: Contact
    playbook: Playbook | None
    inbox_id: int
    messages: list[Message] = field(default_factory=list)
    statuses: list[StatusChange] = field(default_factory=list)
    participants: list[tuple[int, int, bool]] = field(default_factory=list)
    tags: list[tuple[int, Tag]] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    goals: list[tuple[int, int]] = field(default_factory=list)
    identified_at: int | None = None

    def cut(self, moment: int) -> None:
        """Forget what happened after a moment."""
        self.messages = self.messages_at(moment)
        self.statuses = [change for change in self.statuses if change[0] <= moment]
        self.participants = [change for change in self.participants if change[0] <= moment]
        self.tags = [tag for tag in self.tags if tag[0] <= moment]
        self.meetings = [
            meeting if (meeting.canceled_at or 0) <= moment else replace(meeting, canceled_at=None)
            for meeting in self.meetings
            if meeting.scheduled_at <= moment
        ]
        self.goals = [goal for goal in self.goals if goal[0] <= moment]
        if self.identified_at is not None and self.identified_at > moment:
            self.identified_at = None

    def status_at(self, moment: int) -> str:
        """Return the status that it had at a moment of its life."""
        return [status for at, status in self.statuses if at <= moment][-1]

    def messages_at(self, moment: int) -> list[Message]:
        """Return what had been written by then."""
        return [message for message in self.messages if message.at <= moment]

    def updated_at(self, moment: int) -> int:
        """Return when a message or a change of status last moved it."""
        moves = [at for at, _ in self.statuses] + [message.at for message in self.messages]
        return max(at for at in moves if at <= moment)

    def participants_at(self, moment: int) -> list[int]:
        """Return the users who took part then, in the order in which they came."""
        present: dict[int, None] = {}
        for at, user, came in self.participants:
            if at <= moment and came:
                present[user] = None
            elif at <= moment:
                present.pop(user, None)
        return list(present)
