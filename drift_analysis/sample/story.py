"""Telling a life moment by moment, under the rules that Drift keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .clock import SECOND
from .history import Message
from .organisation import BOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .clock import Dice
    from .history import Life
    from .organisation import Agent

__all__ = ["Story"]


class Story:
    """A life while it is being told; `now` only moves forward.

    The rules: a conversation begins as `open`, or as `bulk_sent` when a playbook sent it; a
    contact's message ends `bulk_sent` at once and reopens a closed conversation within seconds;
    everything else is up to people and bots.
    """

    def __init__(self, life: Life, dice: Dice, topic: str, begins_as: str, started_at: int) -> None:
        self.life = life
        self.dice = dice
        self.topic = topic
        self.started_at = started_at
        self._said: set[str] = set()
        self.now = life.created_at
        life.statuses.append((self.now, begins_as))

    @property
    def status(self) -> str:
        """The status now."""
        return self.life.statuses[-1][1]

    def wait(self, *marks: int) -> None:
        """Let time pass; `marks` are the quantiles of how much."""
        self.now += max(1, self.dice.length(*marks))

    def wait_until(self, moment: int) -> None:
        """Let time pass until a moment, if it is still to come."""
        self.now = max(self.now, moment)

    def become(self, status: str) -> None:
        """Change the status, if it is another one."""
        if status != self.status:
            self.life.statuses.append((self.now, status))

    def pick(self, lines: Sequence[str]) -> str:
        """Choose a line that was not chosen before, as long as there is one."""
        line = self.dice.one_of([line for line in lines if line not in self._said] or lines)
        self._said.add(line)
        return line

    def contact_says(self, body: str, **extras: Any) -> Message:
        """Let the contact write."""
        message = self._say("contact", self.life.contact.id, body, extras=extras)
        if self.status == "bulk_sent":
            self.become("open")
        elif self.status == "closed":
            self.wait(0, 2 * SECOND)
            self.become("open")
        return message

    def bot_says(self, body: str, **extras: Any) -> Message:
        """Let the bot write."""
        self._join(BOT)
        return self._say("bot", BOT.id, body, extras=extras)

    def agent_says(self, agent: Agent, body: str, kind: str = "chat", **extras: Any) -> Message:
        """Let a person of the organisation write, a note or the like if `kind` says so."""
        self._join(agent)
        return self._say("human", agent.id, body, kind, extras)

    def edit(self, message: Message, how: str, body: str) -> None:
        """Let the author change or delete a message."""
        edit = self._say(message.kind, message.author_id, body, "edit", {"editType": how})
        edit.edits = message

    def leave(self, agent: Agent) -> None:
        """Let a person leave the conversation."""
        self.life.participants.append((self.now, agent.id, False))

    def _join(self, user: Agent) -> None:
        if user.id not in self.life.participants_at(self.now):
            self.life.participants.append((self.now, user.id, True))

    def _say(
        self,
        kind: str,
        author_id: int,
        body: str,
        type_: str = "chat",
        extras: dict[str, Any] | None = None,
    ) -> Message:
        message = Message(self.now, kind, author_id, body, type_, extras or {})
        self.life.messages.append(message)
        return message
