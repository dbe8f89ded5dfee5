"""What Drift offers to read: each resource as the replies it comes in."""

from __future__ import annotations

import operator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import ApiError, InputError
from drift_analysis.schemas.base import require_moment

from .paging import fault_of_page, fault_of_record, pages, records_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from .paging import Get, Query, Reply

__all__ = [
    "LIST",
    "STATUS_IDS",
    "changed_at",
    "conversation",
    "conversations",
    "identity",
    "ids",
    "known_statuses",
    "landing_pages",
    "messages",
    "milliseconds",
    "playbooks",
    "users",
    "whole_number",
]

LIST = "/conversations/list"
"""The path of the list of conversations."""

STATUS_IDS = {"open": 1, "closed": 2, "pending": 3}
"""What the filter of the list calls the statuses; `bulk_sent` has no id in it."""

_A_PAGE = 50
"""Records a page: what both generations of the list and the messages allow."""


def conversations(
    get: Get, *, since: int | None = None, statuses: Collection[str] = ()
) -> Iterator[Reply]:
    """Read the list of conversations, newest change first.

    The list moves while it is read: what changes meanwhile comes to its head, and what stood
    behind the cursor is then skipped. So what changed since a pass began is read in another,
    until the head has not moved, or a pass fits on one page.

    Parameters
    ----------
    get
        What sends a request.
    since
        Stop at what changed before, in milliseconds since 1970; null for everything. Pages
        that are not in their promised order do not stop it.
    statuses
        Keys of `STATUS_IDS`; none for all.

    Yields
    ------
    :
        Each page of each pass; a conversation can come more than once.
    """
    query: Query = {"limit": _A_PAGE}
    if statuses:
        query = {**query, "statusId": [STATUS_IDS[status] for status in statuses]}
    known: set[int] = set()
    head: int | None = None
    while True:
        number, newest, has_news = 0, None, False
        for number, reply in enumerate(pages(get, LIST, query), 1):
            yield reply
            found, times = ids(reply), _times(reply)
            has_news = has_news or not known.issuperset(found)
            known.update(found)
            if number == 1:
                newest = max(times, default=None)
                if newest is not None and newest == head:
                    return
            if since is not None and _ends_before(times, since):
                break
        if number == 1 or (newest is None and not has_news):
            return
        head = newest
        since = since if newest is None else newest


def conversation(get: Get, conversation_id: int) -> Iterator[Reply]:
    """Read one conversation in detail: its one reply."""
    yield get(f"/conversations/{conversation_id}", {}, 1, fault_of_record)


def messages(get: Get, conversation_id: int) -> Iterator[Reply]:
    """Read the messages of one conversation: each page of them."""
    return pages(get, f"/conversations/{conversation_id}/messages", {"limit": _A_PAGE})


def users(get: Get) -> Iterator[Reply]:
    """Read the users; Drift documents no paging for them, and it is followed if it comes."""
    return pages(get, "/users/list", {})


def playbooks(get: Get) -> Iterator[Reply]:
    """Read the enabled playbooks: a bare list."""
    return pages(get, "/playbooks/list", {})


def landing_pages(get: Get) -> Iterator[Reply]:
    """Read the landing pages of playbooks; nothing where Drift does not offer them (404)."""
    try:
        yield get("/playbooks/clp", {}, 1, fault_of_page)
    except ApiError as error:
        if error.status != 404:
            raise


def ids(reply: Reply, *, since: int | None = None, statuses: Collection[str] = ()) -> list[int]:
    """Return the ids of a page's conversations that changed since, in one of the statuses.

    What does not say when it changed counts as changed.
    """
    return [
        number
        for record in records_of(reply.value) or []
        if (number := identity(record)) is not None
        and (since is None or (time := changed_at(record)) is None or time >= since)
        and (not statuses or str(record.get("status")).lower() in statuses)
    ]


def known_statuses(statuses: Iterable[str] | None) -> tuple[str, ...]:
    """Check that Drift's list can be filtered by these; none for all.

    Raises
    ------
    InputError
        If one is not a key of `STATUS_IDS`, or there are none among them.
    """
    if statuses is None:
        return ()
    chosen = (statuses,) if isinstance(statuses, str) else tuple(statuses)
    for status in chosen or ("",):
        if status not in STATUS_IDS:
            raise InputError.unknown_choice("statuses", status, STATUS_IDS)
    return chosen


def milliseconds(moment: datetime | None, name: str = "updated_since") -> int | None:
    """Return a moment as Drift writes it: milliseconds since 1970.

    Raises
    ------
    InputError
        If it has no time zone.
    """
    if moment is None:
        return None
    since = require_moment(moment, name) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def whole_number(value: Any, name: str = "conversation_id") -> int:
    """Check that an id is a whole number, since it becomes part of a path.

    Raises
    ------
    InputError
        If it is not.
    """
    try:
        return operator.index(value)
    except TypeError:
        raise InputError.of(
            f"{name} is not a whole number.",
            f"Got {type(value).__name__}.",
            f"an id from the column {name}.",
        ) from None


def identity(record: Any) -> int | None:
    """Read an id, also one that came as text or with a fraction of zero."""
    value = record.get("id") if isinstance(record, dict) else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def changed_at(record: Any) -> int | None:
    """Read when a conversation last changed, in milliseconds; null if it does not say."""
    value = record.get("updatedAt") if isinstance(record, dict) else None
    return value if isinstance(value, int) else None


def _times(reply: Reply) -> list[int]:
    """Return when the conversations of a page changed; nothing if one of them does not say."""
    times = [changed_at(record) for record in records_of(reply.value) or []]
    known = [time for time in times if time is not None]
    return known if len(known) == len(times) else []


def _ends_before(times: list[int], since: int) -> bool:
    """Whether a page is in its promised order, newest first, and reaches back beyond a moment."""
    return bool(times) and times == sorted(times, reverse=True) and times[-1] < since
