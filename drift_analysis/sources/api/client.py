"""Read from Drift directly, into the same tables as saved JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations

from . import resources
from .haul import Haul, tables
from .paging import Reply
from .people import People
from .records import Records
from .reports import Reports
from .retry import Retry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["DriftClient", "Retry"]


class DriftClient(People, Records, Reports):
    """Read all that Drift offers to read; it never writes.

    The token goes to the origin of `base_url` and nowhere else: redirects are not followed,
    and of a link to the next page only the cursor is taken. It shows in no repr, log, error or
    traceback, and the client cannot be pickled. Use it in a `with` block, or call `close`.

    Parameters
    ----------
    token
        The token of Drift's API; without one, the environment variable `DRIFT_TOKEN`.
    base_url
        Where Drift is: https, or a server on this machine.
    timeout
        Seconds to wait for a connection, and for each piece of a reply.
    requests_per_second
        How many requests to send in a second at most. Drift documents no general limit; it
        answers 429 where there is one, and all requests then pause as long as it asks.
    retry
        How often to ask again after 429, 5xx, a broken connection, or a reply with status 200
        that says no; without one, `Retry()`.
    transport
        An httpx transport, such as a proxy; without one, the network.

    Raises
    ------
    InputError
        If there is no token, or an argument cannot mean anything.

    Examples
    --------
    >>> from drift_analysis.sources.api.client import DriftClient
    >>> DriftClient("an-invented-token")
    DriftClient(base_url='https://driftapi.com')
    """

    def fetch_conversations(
        self,
        *,
        details: bool = True,
        updated_since: datetime | None = None,
        statuses: Iterable[str] | None = None,
    ) -> pl.DataFrame:
        """Fetch conversations: the list, and each of them in detail.

        Parameters
        ----------
        details
            Whether to ask for each conversation too, one request for each. Without them
            ``tags``, ``participants`` and ``playbook_id`` are unknown.
        updated_since
            Only those that changed at this moment or later; the list is newest first and is
            not read beyond it.
        statuses
            Only those that the list has in one of these statuses: ``open``, ``closed``,
            ``pending``. Drift cannot filter by ``bulk_sent``.

        Returns
        -------
        :
            A `Conversations` table, as `load_conversations` returns it: one row per
            conversation, in its latest state, with ``fetched_at``. Its ``source`` is the path
            of the request.

        Raises
        ------
        InputError
            If a status is none of these, or the moment has no time zone.
        ApiError
            If Drift refuses, such as for a wrong token.
        Incomplete
            If a part could not be had: it is named, and `.partial` is the table without it.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> record = {"id": 7, "status": "open", "contactId": 1, "createdAt": 1700000000000}
        >>> reply = {"data": [record]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     table = client.fetch_conversations(details=False)
        >>> table.select("conversation_id", "status", "is_detail", "source").row(0)
        (7, 'open', False, '/conversations/list')
        """
        since = resources.milliseconds(updated_since)
        chosen = resources.known_statuses(statuses)
        replies, wanted = list[Reply](), dict[int, None]()

        def keep(reply: Reply) -> None:
            replies.append(reply)
            wanted.update(dict.fromkeys(resources.ids(reply, since=since, statuses=chosen)))

        haul = Haul(self.base_url)
        listing = resources.conversations(self.get, since=since, statuses=chosen)
        haul.take("the list of conversations", listing, keep)
        for number in wanted if details else ():
            detail = resources.conversation(self.get, number)
            haul.take(f"conversation {number}", detail, replies.append)
        found = pl.Series(list(wanted), dtype=pl.Int64, strict=False)
        table = tables(replies, caller=2).conversations
        table = table.filter(Conversations.conversation_id.col.is_in(found.implode()))
        haul.require_all(table)
        return table

    def fetch_messages(self, conversation_id: int) -> pl.DataFrame:
        """Fetch the messages of one conversation.

        Parameters
        ----------
        conversation_id
            Drift's id of the conversation.

        Returns
        -------
        :
            A `Messages` table, as `load_messages` returns it: one row per message, notes and
            edits included. Bodies are as they were sent, often HTML, and personal.

        Raises
        ------
        InputError
            If the id is not a whole number.
        ApiError
            If Drift refuses, such as for an id that it does not have.
        Incomplete
            If pages are missing: `.partial` is the table without them.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> hello = {"id": 1, "conversationId": 7, "type": "chat", "body": "Hello",
        ...          "author": {"type": "contact", "id": 3}, "createdAt": 1700000000000}
        >>> reply = {"data": {"messages": [hello]}, "pagination": {"more": False}}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_messages(7).select("message_id", "author_kind", "body").row(0)
        (1, 'contact', 'Hello')
        """
        number = resources.whole_number(conversation_id)
        replies = resources.messages(self.get, number)
        return self._table("messages", f"the messages of conversation {number}", replies)
