"""What Drift offers to read besides conversations: teams, accounts, contacts, meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.errors import Incomplete

from .paging import fault_of_page, fault_of_record, pages, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .paging import Get, Reply

__all__ = ["accounts", "contact", "meetings", "teams"]

_MEETINGS = 1000
"""How many meetings Drift tells of at most in one reply."""


def teams(get: Get) -> Iterator[Reply]:
    """Read the teams of the organisation."""
    return pages(get, "/teams/org", {})


def accounts(get: Get) -> Iterator[Reply]:
    """Read the accounts; what Drift allows a page is told as 65 and as 100."""
    return pages(get, "/accounts", {"index": 0, "size": 65})


def contact(get: Get, contact_id: int) -> Iterator[Reply]:
    """Read one contact: its one reply."""
    yield get(f"/contacts/{contact_id}", {}, 1, fault_of_record)


def meetings(get: Get, begin: int, end: int) -> Iterator[Reply]:
    """Read the meetings that begin in a time, in milliseconds; a full reply is asked for in halves.

    Raises
    ------
    Incomplete
        If more begin at one moment than Drift tells of at once.
    """
    query = {"min_start_time": begin, "max_start_time": end, "limit": _MEETINGS}
    reply = get("/users/meetings/org", query, 1, fault_of_page)
    yield reply
    if len(records_of(reply.value) or []) < _MEETINGS:
        return
    if begin >= end:
        raise Incomplete.of(
            "More meetings begin at one moment than Drift tells of at once.",
            f"It tells of {_MEETINGS} that begin at one moment, and there may be more.",
            "`.partial` for those that it told; the others cannot be asked for.",
        )
    middle = (begin + end) // 2
    yield from meetings(get, begin, middle)
    yield from meetings(get, middle + 1, end)
