from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from builders import changes, conversations
from drift_analysis.report import Review
from drift_analysis.schemas import Messages
from report.hostile import hostile_dataset

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def of_a_week() -> Any:
    """One conversation begins on each of five days; the first three close two days later."""
    talks = conversations(
        *({"conversation_id": n, "created_at": MONDAY + n * DAY} for n in range(5))
    )
    events = [(n, MONDAY + n * DAY, "open") for n in range(5)]
    events += [(n, MONDAY + (n + 2) * DAY, "closed") for n in range(3)]
    return replace(
        hostile_dataset(),
        conversations=talks,
        messages=Messages.empty(),
        status_events=changes(*events),
        as_of=MONDAY + 5 * DAY,
    )


def test_the_backlog_is_told_with_what_came_and_went() -> None:
    (found,) = Review(of_a_week(), sections=["backlog"]).sections

    waiting = found.numbers["Open or pending at the end"].to_list()
    assert waiting == [1, 2, 2, 2, 2, 2]
    assert found.sentences == (
        "2 conversations wait at the end.",
        "In the time that is drawn 5 arrived and 3 closes were made.",
    )


def test_what_began_before_the_period_waits_in_it_too() -> None:
    review = Review(of_a_week(), period=("2026-03-04", "2026-03-06"), sections=["backlog"])

    (found,) = review.sections

    assert found.numbers["Open or pending at the end"].to_list() == [2, 2, 2, 2]
    assert found.numbers["Arrived"].to_list() == [1, 1, 1, 0]
