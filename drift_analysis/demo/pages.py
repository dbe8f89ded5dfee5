"""How a demo Drift pages: both generations, by offset, so that what moves shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .world import Json

__all__ = ["accounts_page", "conversations_page", "messages_page"]

_SELF = "https://api.drift.com/conversations/list"
"""Drift's documentation prints another host in its links than the one it is called at."""


def conversations_page(
    records: list[Json], query: Mapping[str, str], generation: int, size: int
) -> Json:
    """Return a page of the list.

    First generation: ``pagination`` stands there only while more pages remain. Second: ``links``,
    whose token remembers the limit of the first request.

    Examples
    --------
    >>> from drift_analysis.demo.pages import conversations_page
    >>> conversations_page([{"id": 1}, {"id": 2}], {"limit": "1"}, 1, 50)
    {'data': [{'id': 1}], 'pagination': {'more': True, 'next': '1'}}
    >>> last = conversations_page([{"id": 1}, {"id": 2}], {"page_token": "t-1-50-"}, 2, 50)
    >>> last["data"], last["links"]["next"]
    ([{'id': 2}], None)
    """
    if generation == 1:
        begin, asked = _whole(query.get("next"), 0), _whole(query.get("limit"), 25)
        end = begin + min(asked, size, 50)
        page: Json = {"data": records[begin:end]}
        if end < len(records):
            page["pagination"] = {"more": True, "next": str(end)}
        return page
    _, at, limit, statuses = (query.get("page_token") or "t-0--").split("-")
    asked = _whole(limit or query.get("limit"), 25)
    begin, end = _whole(at, 0), _whole(at, 0) + min(asked, size, 100)
    link = f"{_SELF}?page_token=t-{end}-{asked}-{statuses or query.get('statusId', '')}"
    more = end < len(records)
    return {"data": records[begin:end], "links": {"self": _SELF, "next": link if more else None}}


def messages_page(records: list[Json], query: Mapping[str, str], size: int) -> Json:
    """Return a page of messages, oldest first; Drift says of each whether more follow."""
    begin = _whole(query.get("next"), 0)
    end = begin + min(size, 50)
    more = end < len(records)
    pagination: dict[str, Any] = {"more": more, **({"next": str(end)} if more else {})}
    return {"data": {"messages": records[begin:end]}, "pagination": pagination}


def accounts_page(records: list[Json], query: Mapping[str, str]) -> Json:
    """Return a page of accounts; ``next`` is a relative address, and absent at the end."""
    begin, size = _whole(query.get("index"), 0), min(_whole(query.get("size"), 10), 65)
    end = begin + size
    data: Json = {"accounts": records[begin:end], "total": len(records[begin:end])}
    if end < len(records):
        data["next"] = f"/accounts?index={end}&size={size}"
    return {"data": data}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default
