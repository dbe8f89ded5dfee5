"""What a demo Drift holds, and how it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drift_analysis.sample import Sample

__all__ = ["Json", "World"]

Json = dict[str, Any]

_BEGINNING = 1_700_000_000_000
_SHORT = ("id", "status", "contactId", "inboxId", "createdAt", "updatedAt")
STATUS_IDS = {"1": "open", "2": "closed", "3": "pending"}


@dataclass
class World:
    """The records of an organisation, as Drift tells them, by id where they are asked for by id.

    Attributes
    ----------
    conversations, messages
        Detail records, and the messages of each, oldest first.
    contacts, accounts
        Records by id.
    users, playbooks, landing_pages, teams, meetings
        Lists of records.
    """

    conversations: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, list[Json]] = field(default_factory=dict)
    users: list[Json] = field(default_factory=list)
    playbooks: list[Json] = field(default_factory=list)
    landing_pages: list[Json] = field(default_factory=list)
    teams: list[Json] = field(default_factory=list)
    meetings: list[Json] = field(default_factory=list)
    contacts: dict[int, Json] = field(default_factory=dict)
    accounts: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, sample: Sample) -> World:
        """Hold what a sample tells.

        Examples
        --------
        >>> from drift_analysis.demo import World
        >>> from drift_analysis.sample import generate
        >>> len(World.of(generate(20, oddities=False)).conversations)
        20
        """
        messages: dict[int, list[Json]] = {}
        for page in sample.message_pages:
            for message in page["data"]["messages"]:
                messages.setdefault(message["conversationId"], []).append(message)
        return cls(
            conversations=_by_id(reply["data"] for reply in sample.details),
            messages=messages,
            users=list(sample.users["data"]),
            playbooks=list(sample.playbooks),
            landing_pages=list(sample.landing_pages),
            teams=[_team(sample.users["data"])],
            meetings=list(sample.meetings["data"]),
            contacts=_by_id(reply["data"] for reply in sample.contacts),
            accounts={"1_larkfield.example.com": _ACCOUNT},
        )

    def listed(self, status_ids: Iterable[str] = ()) -> list[Json]:
        """Return the list: newest change first, without what only details tell."""
        wanted = {STATUS_IDS.get(number) for number in status_ids}
        newest = sorted(
            self.conversations.values(),
            key=lambda record: (record.get("updatedAt", 0), record["id"]),
            reverse=True,
        )
        return [
            {name: record[name] for name in _SHORT if name in record}
            for record in newest
            if not wanted or record["status"] in wanted
        ]

    def change(self, conversation_id: int, *, status: str | None = None, says: int = 0) -> None:
        """Let a conversation change: a status, so many messages, or nothing but the moment."""
        record = self.conversations[conversation_id]
        now = self._now()
        messages = self.messages.setdefault(conversation_id, [])
        for _ in range(says):
            messages.append(
                {
                    "id": conversation_id * 100_000 + len(messages) + 1,
                    "conversationId": conversation_id,
                    "type": "chat",
                    "body": f"An invented message, the {len(messages) + 1}th.",
                    "author": {"type": "contact", "id": record["contactId"], "bot": False},
                    "createdAt": now,
                    "attributes": {},
                }
            )
        self.conversations[conversation_id] = {
            **record,
            "status": status or record["status"],
            "updatedAt": now,
        }

    def begin(self, *, status: str = "open", says: int = 1) -> int:
        """Let a new conversation begin, and return its id."""
        number = max(self.conversations, default=0) + 1
        self.conversations[number] = {
            "id": number,
            "status": status,
            "contactId": 17_000_000_000 + number,
            "inboxId": 3,
            "createdAt": self._now(),
            "updatedAt": self._now(),
            "participants": [],
            "conversationTags": [],
        }
        self.change(number, says=says)
        return number

    def _now(self) -> int:
        """Return a moment of its own time: a second after whatever happened last."""
        moments = (record.get("updatedAt", 0) for record in self.conversations.values())
        return max(moments, default=_BEGINNING) + 1000


def _by_id(records: Iterable[Json]) -> dict[int, Json]:
    return {record["id"]: record for record in records}


def _team(users: list[Json]) -> Json:
    return {
        "id": 1,
        "orgId": users[0]["orgId"] if users else 1,
        "workspaceId": "1",
        "name": "Everybody",
        "members": [user["id"] for user in users if not user["bot"]],
        "status": "ENABLED",
        "main": True,
    }


_ACCOUNT: Json = {
    "accountId": "1_larkfield.example.com",
    "ownerId": 1,
    "name": "Larkfield",
    "domain": "larkfield.example.com",
    "targeted": False,
    "deleted": False,
    "createDateTime": _BEGINNING,
    "updateDateTime": _BEGINNING,
    "customProperties": [],
}
