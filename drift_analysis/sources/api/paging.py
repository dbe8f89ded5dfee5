"""How Drift's replies continue: both generations of paging, and what a page must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from drift_analysis.errors import Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    Query = Mapping[str, str | int | Sequence[int]]
    Fault = Callable[[Any], str | None]
    Get = Callable[[str, Query, int, Fault], "Reply"]

__all__ = ["Reply", "fault_of_page", "fault_of_record", "key", "next_query", "pages", "records_of"]

_STALE, _REPEATS = 3, 20
"""After so many pages in a row without anything new, and so many records on them, there is no end
to be expected; what comes to the head of a moving list makes a page repeat, small ones sooner."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One good reply of Drift, as it came.

    Attributes
    ----------
    path
        The path of the request, without its query.
    page
        Which page of it this is, from 1.
    body
        The bytes as they came; personal.
    value
        What they say, decoded.
    fetched_at
        When it came.
    """

    path: str
    page: int
    body: bytes = field(repr=False)
    value: Any = field(repr=False)
    fetched_at: datetime


def records_of(value: Any) -> list[Any] | None:
    """Find the records of a page; null if it is no page.

    Drift sends ``{"data": [...]}``, a bare list, or ``{"data": {"messages": [...]}}``, and
    accounts likewise.

    Examples
    --------
    >>> from drift_analysis.sources.api.paging import records_of
    >>> records_of({"data": {"messages": [{"id": 7}]}}), records_of({"data": None})
    ([{'id': 7}], None)
    """
    if isinstance(value, dict):
        value = value.get("data")
    if isinstance(value, dict):
        value = value.get("messages", value.get("accounts"))
    return value if isinstance(value, list) else None


def next_query(value: Any) -> dict[str, str] | None:
    """Tell how to ask for the next page; null at the end.

    First generation: ``pagination: {more, next}``, asked for with ``next``. Second:
    ``links: {self, next}``, of which only the ``page_token`` is taken: the link itself, and
    the host in it, are never followed. Drift's documentation does not say how the last link
    looks, so anything that is falsy is the end. Accounts: an address in ``data``, of which only
    the ``index`` is taken.

    Raises
    ------
    ValueError
        If more is promised, but nothing says how to get it.

    Examples
    --------
    >>> from drift_analysis.sources.api.paging import next_query
    >>> next_query({"data": [], "pagination": {"more": True, "next": "120494893"}})
    {'next': '120494893'}
    >>> next_query({"data": [], "links": {"next": "https://elsewhere.example/?page_token=b"}})
    {'page_token': 'b'}
    >>> next_query({"data": [], "pagination": {"more": False}}) is None
    True
    """
    pagination, links = _part(value, "pagination"), _part(value, "links")
    cursor = pagination.get("next")
    if pagination.get("more", cursor):
        if not cursor:
            raise ValueError
        return {"next": str(cursor)}
    if link := links.get("next"):
        token = parse_qs(urlsplit(str(link)).query).get("page_token")
        if not token:
            raise ValueError
        return {"page_token": token[0]}
    return _next_accounts(value)


def fault_of_page(value: Any) -> str | None:
    """Say what is wrong with a page that came with status 200; null if nothing is."""
    records = records_of(value)
    if records is None:
        return "a reply without records"
    try:
        query = next_query(value)
    except ValueError:
        return "a page that promises more and does not say where"
    return "an empty page that promises more" if query and not records else None


def fault_of_record(value: Any) -> str | None:
    """Say what is wrong with a single record that came with status 200; null if nothing is."""
    record = _part(value, "data")
    return None if "id" in record else "a reply without a record"


def pages(get: Get, path: str, query: Query) -> Iterator[Reply]:
    """Ask for page after page until Drift says that there are no more.

    Parameters
    ----------
    get
        What sends a request: path, query, number of the page, what judges the reply.
    path
        The path of the list.
    query
        The query of the first request.

    Yields
    ------
    :
        Each page, as it came.

    Raises
    ------
    Incomplete
        If the cursor is one that was used before, or page after page brings nothing new and yet
        promises more: either would go on for ever. A few such pages can be honest, in a list to
        whose head much came since the page before them.
    """
    seen: set[object] = set()
    used: set[tuple[str, str]] = set()
    number, stale, repeats, asked = 1, 0, 0, query
    while True:
        reply = get(path, asked, number, fault_of_page)
        yield reply
        following = next_query(reply.value)
        if following is None:
            return
        found = [key(record) for record in records_of(reply.value) or []]
        fresh = set(found) - seen
        stale, repeats = (0, 0) if fresh else (stale + 1, repeats + len(found))
        if stale >= _STALE and repeats >= _REPEATS:
            raise _endless(reply, f"{stale} pages in a row brought nothing new")
        if not used.isdisjoint(following.items()):
            raise _endless(reply, "Its cursor was used before")
        seen |= fresh
        used |= following.items()
        number += 1
        # Drift remembers the query of the first request in a token of the second generation.
        asked = following if "page_token" in following else {**query, **following}


def _next_accounts(value: Any) -> dict[str, str] | None:
    link = _part(value, "data").get("next")
    if not link:
        return None
    index = parse_qs(urlsplit(str(link)).query).get("index")
    if not index:
        raise ValueError
    return {"index": index[0]}


def key(record: Any) -> object:
    """Tell records apart: by id, or whole where there is none."""
    identity = record.get("id", record.get("accountId")) if isinstance(record, dict) else None
    return identity if isinstance(identity, int | str) else repr(record)


def _part(value: Any, name: str) -> dict[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _endless(reply: Reply, evidence: str) -> Incomplete:
    return Incomplete.of(
        f"The pages of {reply.path} do not end: page {reply.page} leads nowhere new.",
        f"{evidence}, and yet more is promised.",
        "once more later; if it stays, what was got is in `.partial`.",
    )
