"""Who takes part, and what playbooks there are, as tables."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

from . import directory, resources
from .connection import Connection
from .haul import Haul, tables
from .paging import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import polars as pl

__all__ = ["People"]


class People(Connection):
    """Fetch users, contacts, meetings and playbooks."""

    def fetch_users(self) -> pl.DataFrame:
        """Fetch the users: people of the organisation, and bots.

        Drift lists who is a user now; those who left are ids without a row.

        Returns
        -------
        :
            A `Users` table, as `load_users` returns it.

        Raises
        ------
        ApiError
            If Drift refuses, such as for a token without the scope user_read.
        Incomplete
            If there was no good answer: `.partial` is what was got.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"data": [{"id": 5, "name": "Ada", "bot": False, "availability": "OFFLINE"}]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_users().select("user_id", "is_bot").row(0)
        (5, False)
        """
        return self._table("users", "the users", resources.users(self.get))

    def fetch_playbooks(self) -> pl.DataFrame:
        """Fetch the playbooks, with their landing pages where Drift offers them.

        Drift lists enabled playbooks only.

        Returns
        -------
        :
            A `Playbooks` table, as `load_playbooks` returns it.

        Raises
        ------
        ApiError
            If Drift refuses, such as for a token without the scope playbook_read.
        Incomplete
            If there was no good answer: `.partial` is what was got.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> replies = {
        ...     "/playbooks/list": [{"id": 9, "name": "Welcome", "interactionId": 4, "goals": []}],
        ...     "/playbooks/clp": [],
        ... }
        >>> drift = httpx.MockTransport(lambda r: httpx.Response(200, json=replies[r.url.path]))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_playbooks().select("playbook_id", "interaction_id", "name").row(0)
        (9, 4, 'Welcome')
        """
        replies = chain(resources.playbooks(self.get), resources.landing_pages(self.get))
        return self._table("playbooks", "the playbooks", replies)

    def fetch_contacts(self, contact_ids: Iterable[int]) -> pl.DataFrame:
        """Fetch contacts by their ids, one request for each; Drift has no list of them.

        Parameters
        ----------
        contact_ids
            Drift's ids, such as ``conversations["contact_id"]``; each is asked for once.

        Returns
        -------
        :
            A `Contacts` table, as `load_contacts` returns it.

        Raises
        ------
        InputError
            If an id is not a whole number.
        ApiError
            If Drift refuses from the start.
        Incomplete
            If some could not be had: they are named, and `.partial` is the table of the others.

        Examples
        --------
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"data": {"id": 3, "attributes": {"name": "Ada"}}}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_contacts([3, 3]).select("contact_id", "name").rows()
        [(3, 'Ada')]
        """
        haul, taken = Haul(self.base_url), list[Reply]()
        numbers = [resources.whole_number(each, "contact_id") for each in contact_ids]
        for number in dict.fromkeys(numbers):
            haul.take(f"contact {number}", directory.contact(self.get, number), taken.append)
        table = tables(taken, caller=2).contacts
        haul.require_all(table)
        return table

    def fetch_meetings(self, start: datetime, end: datetime) -> pl.DataFrame:
        """Fetch the meetings that begin in a time; Drift tells of the past 30 days.

        Parameters
        ----------
        start, end
            Moments with a time zone. What has more meetings than one reply may hold is asked for
            in parts.

        Returns
        -------
        :
            A `Meetings` table, as `load_meetings` returns it.

        Raises
        ------
        InputError
            If a moment has no time zone, or the end comes before the start.
        ApiError
            If Drift refuses.
        Incomplete
            If there was no good answer: `.partial` is what was got.

        Examples
        --------
        >>> from datetime import UTC, datetime
        >>> import httpx
        >>> from drift_analysis.sources.api.client import DriftClient
        >>> reply = {"data": [{"eventId": "a", "slug": "b", "slotStart": 1700000000000}]}
        >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
        >>> with DriftClient("an-invented-token", transport=drift) as client:
        ...     client.fetch_meetings(datetime(2023, 11, 1, tzinfo=UTC),
        ...                           datetime(2023, 12, 1, tzinfo=UTC)).height
        1
        """
        begin, last = resources.milliseconds(start, "start"), resources.milliseconds(end, "end")
        if begin is None or last is None or last < begin:
            raise InputError.of(
                "These meetings would end before they start.",
                f"Got {start} and {end}.",
                "a start, and an end after it.",
            )
        return self._table("meetings", "the meetings", directory.meetings(self.get, begin, last))

    def _table(self, name: str, what: str, replies: Iterable[Reply]) -> pl.DataFrame:
        haul, taken = Haul(self.base_url), list[Reply]()
        haul.take(what, replies, taken.append)
        table: pl.DataFrame = getattr(tables(taken, caller=3), name)
        haul.require_all(table)
        return table
