"""The five ways in which tools that measure answers have been wrong, each shown not to be ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from builders import conversations, messages, table
from drift_analysis.metrics import (
    Calendar,
    bot_containment,
    first_response,
    reopens,
    response_turns,
    status_intervals,
)
from drift_analysis.schemas import ParticipantEvents, StatusEvents

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=60)


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def said(minutes: float, author: str, **more: Any) -> dict[str, Any]:
    author_id = {"contact": 1, "bot": 2, "human": 3}[author]
    return {"created_at": at(minutes), "author_kind": author, "author_id": author_id, **more}


def wait(*rows: dict[str, Any], **options: Any) -> timedelta | None:
    found = first_response(messages(*rows), **{"as_of": LATER, **options})
    length: timedelta | None = found["wait"].item()
    return length


def test_a_private_note_is_no_reply() -> None:
    rows = [said(0, "contact"), said(1, "human", type="private_note"), said(7, "human")]

    assert wait(*rows) == timedelta(minutes=7)
    assert first_response(messages(*rows[:2]), as_of=LATER)["outcome"].item() == "waiting"
    turns = response_turns(messages(*rows), as_of=LATER)
    assert turns.select("turn", "wait", "human_wait").rows() == [
        (1, timedelta(minutes=7), timedelta(minutes=7))
    ]


def test_a_bot_is_not_the_human_answer() -> None:
    rows = [said(0, "contact"), said(1, "bot"), said(7, "human")]
    closed = conversations({"conversation_id": 1, "status": "closed", "updated_at": at(9)})

    assert wait(*rows) == timedelta(minutes=7)
    found = first_response(messages(*rows), as_of=LATER).row(0, named=True)
    assert (found["responder_id"], found["responder_kind"]) == (3, "human")
    assert response_turns(messages(*rows), as_of=LATER)["human_wait"].item() == timedelta(minutes=7)
    handled = bot_containment(closed, messages=messages(*rows[:2]), as_of=LATER)
    assert handled.select("outcome", "n_human").row(0) == ("contained", 0)


def test_a_conversation_that_is_reopened_waits_from_then_and_not_from_its_creation() -> None:
    two_weeks = 14 * 24 * 60
    rows = [
        *(said(0, "contact"), said(5, "human")),
        *(said(two_weeks, "contact"), said(two_weeks + 8, "human")),
    ]

    turns = response_turns(messages(*rows), as_of=LATER)

    assert turns.select("started_at", "wait").rows() == [
        (at(0), timedelta(minutes=5)),
        (at(two_weeks), timedelta(minutes=8)),
    ]

    closed = {"conversation_id": 1, "created_at": at(0), "is_detail": True}
    told = [(6, "closed"), (two_weeks, "open")]
    events = [
        {"changed_at": at(m), "earliest_at": at(m), "latest_at": at(m), "status": status}
        for m, status in told
    ]
    intervals = status_intervals(
        conversations(closed),
        messages=messages(*rows),
        status_events=table(
            StatusEvents, events, conversation_id=1, status_raw="as sent", source="webhook"
        ),
        as_of=LATER,
    )
    again = reopens(intervals, messages=messages(*rows))
    assert wait(*rows, clock="reopen", reopens=again) == timedelta(minutes=8)


def test_an_answer_clears_the_clock_and_a_hand_over_sets_it() -> None:
    rows = [said(0, "contact"), said(1, "bot"), said(30, "contact"), said(34, "human")]
    handed = table(
        ParticipantEvents,
        [{"changed_at": at(31), "user_id": 3}],
        conversation_id=1,
        change="added",
        source="test",
    )

    turns = response_turns(messages(*rows), as_of=LATER)

    assert turns["human_wait"].to_list() == [None, timedelta(minutes=4)]
    assert wait(*rows, clock="handoff", participant_events=handed) == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("saturday", "expected"),
    [
        # Clocks go forward on Sunday, 29 March, and back on Sunday, 25 October: from Saturday
        # noon to Monday noon there are 47 and 49 hours.
        pytest.param((2026, 3, 28), 47, id="spring"),
        pytest.param((2026, 10, 24), 49, id="autumn"),
        pytest.param((2026, 6, 6), 48, id="no change"),
    ],
)
def test_business_hours_count_once_and_are_right_when_clocks_change(
    saturday: tuple[int, int, int], expected: int
) -> None:
    berlin = "Europe/Berlin"
    days = pl.Series([datetime(*saturday, 12), datetime(*saturday, 12) + timedelta(days=2)])  # noqa: DTZ001
    asked, answered = days.dt.replace_time_zone(berlin).dt.convert_time_zone("UTC")
    frame = messages(
        {"created_at": asked, "author_kind": "contact"},
        {"created_at": answered, "author_kind": "human"},
    )
    as_of = answered + timedelta(days=1)

    def business(weekly: dict[int, list[tuple[str, str]]]) -> timedelta:
        found = first_response(frame, as_of=as_of, calendar=Calendar(berlin, weekly))
        length: timedelta = found["business_wait"].item()
        return length

    around_the_clock = business({day: [("00:00", "24:00")] for day in range(7)})
    overlapping = business(
        {day: [("00:00", "13:00"), ("12:00", "24:00"), ("09:00", "17:00")] for day in range(7)}
    )
    office = business({day: [("09:00", "17:00")] for day in range(5)})
    assert around_the_clock == overlapping == answered - asked == timedelta(hours=expected)
    assert office == timedelta(hours=3)
