"""Drift's records one after another, as it sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import directory, resources
from .connection import Connection
from .paging import key, records_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .paging import Reply

    Record = dict[str, Any]

__all__ = ["Records"]


class Records(Connection):
    """Iterate over what Drift holds: each record as it came, pages fetched when they are needed.

    Of pages that repeat, each record comes once. All of them raise `ApiError` if Drift refuses,
    and `Incomplete` if there is no good answer.
    """

    def iter_conversations(
        self, *, updated_since: datetime | None = None, statuses: Iterable[str] | None = None
    ) -> Iterator[Record]:
        """Iterate over the list of conversations, newest change first.

        One that changes while the list is read comes once more, in its new state.

        Parameters
        ----------
        updated_since, statuses
            As for `DriftClient.fetch_conversations`.

        Yields
        ------
        :
            Each record, without what only details tell.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"data": [{"id": 7, "status": "open", "updatedAt": 1700000000000}]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     [record["id"] for record in client.iter_conversations()]
        [7]
        """
        since = resources.milliseconds(updated_since)
        chosen = resources.known_statuses(statuses)
        seen: set[str] = set()
        for reply in resources.conversations(self.get, since=since, statuses=chosen):
            wanted = set(resources.ids(reply, since=since, statuses=chosen))
            for record in _of(reply):
                if resources.identity(record) in wanted and repr(record) not in seen:
                    seen.add(repr(record))
                    yield record

    def iter_messages(self, conversation_id: int) -> Iterator[Record]:
        """Iterate over the messages of a conversation, oldest first.

        Parameters
        ----------
        conversation_id
            Drift's id of the conversation.

        Yields
        ------
        :
            Each record; bodies are as they were sent, and personal.
        """
        number = resources.whole_number(conversation_id)
        return _records(resources.messages(self.get, number))

    def iter_users(self) -> Iterator[Record]:
        """Iterate over the users.

        Yields
        ------
        :
            Each record.
        """
        return _records(resources.users(self.get))

    def iter_playbooks(self) -> Iterator[Record]:
        """Iterate over the enabled playbooks.

        Yields
        ------
        :
            Each record.
        """
        return _records(resources.playbooks(self.get))

    def iter_landing_pages(self) -> Iterator[Record]:
        """Iterate over the landing pages of playbooks, where Drift offers them.

        Yields
        ------
        :
            Each record: ``playbookId``, ``playbookName`` and ``landingPageUrl``.
        """
        return _records(resources.landing_pages(self.get))

    def iter_teams(self) -> Iterator[Record]:
        """Iterate over the teams of the organisation; there is no table for them.

        Yields
        ------
        :
            Each record, such as its ``name``, its ``members`` (ids of users) and its ``status``.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"data": [{"id": 1, "name": "Sales", "members": [5, 6]}]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     [(team["name"], team["members"]) for team in client.iter_teams()]
        [('Sales', [5, 6])]
        """
        return _records(directory.teams(self.get))

    def iter_accounts(self) -> Iterator[Record]:
        """Iterate over the accounts, deleted ones included; there is no table for them.

        Yields
        ------
        :
            Each record, such as its ``accountId`` (text), ``name`` and ``domain``.
        """
        return _records(directory.accounts(self.get))


def _records(replies: Iterable[Reply]) -> Iterator[Record]:
    seen: set[object] = set()
    for reply in replies:
        for record in _of(reply):
            if key(record) not in seen:
                seen.add(key(record))
                yield record


def _of(reply: Reply) -> Iterator[Record]:
    """Return the records of a page; what is no object is none."""
    return (record for record in records_of(reply.value) or [] if isinstance(record, dict))
