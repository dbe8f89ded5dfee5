from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from drift_analysis.sources import load

T = 1_567_922_759_384
WHEN = datetime.fromtimestamp(T / 1000, UTC)
DETAIL = "Moments lie more than 5 minutes after the fetch: it was later, or they are wrong."
MINUTE = 60_000


def conversation(number: int, updated: int) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T - 1000, "updatedAt": updated}


def issues(records: list[dict[str, Any]], fetched_at: datetime | None) -> list[tuple[Any, ...]]:
    return load(records, fetched_at=fetched_at).issues.rows()


def test_a_moment_after_the_fetch_is_an_issue() -> None:
    records = [conversation(1, T), conversation(2, T + 5 * MINUTE + 1)]
    assert issues(records, WHEN) == [
        ("warning", "after_fetch", "conversations", 2, None, 1, DETAIL)
    ]


def test_a_fetch_before_all_that_was_fetched_is_an_issue() -> None:
    records = [conversation(1, T), conversation(2, T)]
    found = issues(records, WHEN - timedelta(days=900))
    assert found == [("warning", "after_fetch", "conversations", None, None, 2, DETAIL)]


def test_clocks_may_differ_a_little_and_an_unknown_fetch_says_nothing() -> None:
    assert issues([conversation(1, T + 5 * MINUTE)], WHEN) == []
    assert issues([conversation(1, T + 10**10)], None) == []


def test_the_slot_of_a_meeting_may_lie_ahead() -> None:
    meeting = {"eventId": "e", "slotStart": T + 10**9, "slotEnd": T + 10**9, "updatedAt": T}
    assert issues([meeting], WHEN) == []
