"""Reopened conversations: worked out by hand, against a slow reference, and by law."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.closes as slow
from builders import NOON, changes, conversations, hours, messages
from drift_analysis.errors import SchemaError
from drift_analysis.metrics import reopens, status_intervals, time_to_close
from drift_analysis.schemas import Reopens, StatusIntervals
from lives import AS_OF_MINUTE, at
from stretches import any_lives, rows_of, stretches

TWICE: Any = [
    ("open", 0, 1),
    ("closed", 1, 3),
    ("open", 3, 4),
    ("pending", 4, 5),
    ("closed", 5, 6),
    ("pending", 6, 10),
]


def authors(found: pl.DataFrame) -> list[str]:
    return Reopens.checked(found)["reopened_by"].to_list()


def test_each_reopen_has_the_closes_before_and_after_it() -> None:
    found = Reopens.checked(reopens(stretches({1: TWICE})))
    clock = [
        (pl.col(name) - NOON).dt.total_hours()
        for name in ("closed_at", "reopened_at", "next_close_at")
    ]
    assert found.select("reopen", "status", *clock, "after", "time_to_next_close").rows() == [
        (1, "open", 1, 3, 5, hours(2), hours(2)),
        (2, "pending", 5, 6, None, hours(1), None),
    ]
    assert found.select("is_certain", "censored", "watched").rows() == [
        (True, False, hours(7)),
        (True, True, hours(4)),
    ]


def test_it_is_the_contact_who_reopens_by_writing_and_an_agent_who_does_otherwise() -> None:
    written = messages({"created_at": NOON}, {"created_at": NOON + hours(3)})
    assert authors(reopens(stretches({1: TWICE}), messages=written)) == ["contact", "agent"]


def test_a_contacts_message_that_nobody_has_seen_the_effect_of_counts_until_the_reopen() -> None:
    written = messages({"created_at": NOON + hours(2)}, {"created_at": NOON + hours(5)})
    assert authors(reopens(stretches({1: TWICE}), messages=written)) == ["contact", "agent"]


@pytest.mark.parametrize(
    "other",
    [
        {"author_kind": "human", "author_type": "user"},
        {"type": "private_note"},
        {"conversation_id": 2},
    ],
)
def test_other_messages_reopen_nothing(other: dict[str, Any]) -> None:
    written = messages({"created_at": NOON}, {"created_at": NOON + hours(3), **other})
    assert authors(reopens(stretches({1: TWICE}), messages=written)) == ["agent", "agent"]


def test_where_no_messages_are_known_nobody_is_named() -> None:
    later = messages({"created_at": NOON + hours(11)})
    for written in (None, messages(), later):
        assert authors(reopens(stretches({1: TWICE}), messages=written)) == ["unknown"] * 2


def test_intervals_that_rest_on_a_message_name_the_contact_by_themselves() -> None:
    record = conversations(
        {"conversation_id": 1, "status": "open", "updated_at": NOON + hours(6), "is_detail": True}
    )
    log = changes((1, NOON + hours(2), "closed"))
    intervals = status_intervals(
        record,
        messages=messages({"created_at": NOON + hours(4)}),
        status_events=log,
        as_of=NOON + hours(9),
        log_end=NOON + hours(3),
    )
    assert authors(reopens(intervals)) == ["contact"]


def test_a_reopen_that_may_have_been_elsewhere_is_not_certain() -> None:
    life: Any = [("closed", 0, 3, ["open"]), ("open", 3, 10)]
    assert reopens(stretches({1: life}))["is_certain"].to_list() == [False]
    life = [("closed", 0, 3), ("open", 3, 10, ["closed"])]
    assert reopens(stretches({1: life}))["is_certain"].to_list() == [False]


@pytest.mark.parametrize(
    "life",
    [
        pytest.param([("bulk_sent", 0, 4), ("open", 4, 10)], id="engagement"),
        pytest.param([("closed", 0, 4), ("unknown", 4, 10)], id="what is new to us"),
        pytest.param([("open", 0, 4), ("closed", 4, 6), ("closed", 6, 10, ["open"])], id="closes"),
    ],
)
def test_other_changes_are_no_reopens(life: Any) -> None:
    assert_frame_equal(reopens(stretches({1: life})), Reopens.empty())


def test_a_status_that_is_told_twice_is_one_close() -> None:
    log = changes(
        (1, NOON + hours(1), "closed"),
        (1, NOON + hours(2), "closed"),
        (1, NOON + hours(3), "open"),
    )
    record = conversations({"conversation_id": 1, "updated_at": NOON + hours(3), "is_detail": True})
    intervals = status_intervals(record, status_events=log, as_of=NOON + hours(9), log_start=NOON)
    assert reopens(intervals)["after"].to_list() == [hours(2)]


def test_nothing_gives_an_empty_table_and_another_frame_is_refused() -> None:
    assert_frame_equal(reopens(StatusIntervals.empty(), messages=messages()), Reopens.empty())
    with pytest.raises(SchemaError, match="StatusIntervals: missing 'visit'"):
        reopens(conversations())


@settings(deadline=None)
@given(any_lives(), st.lists(st.integers(0, AS_OF_MINUTE + 50), max_size=6))
def test_it_is_what_a_slow_reference_says(intervals: pl.DataFrame, said: list[int]) -> None:
    written = [(n % 3, at(minute)) for n, minute in enumerate(said)]
    expected = []
    for n, life in rows_of(intervals).items():
        mine = [moment for conversation, moment in written if conversation == n]
        expected += slow.reopens(life, mine, mine)
    told = messages(*({"conversation_id": n, "created_at": moment} for n, moment in written))
    found = reopens(intervals.sample(fraction=1, shuffle=True, seed=len(said)), messages=told)
    assert_frame_equal(Reopens.checked(found), pl.DataFrame(expected, schema=Reopens.schema()))
    counted = time_to_close(intervals)["n_reopens"].sum()
    in_population = found.filter(
        pl.col("conversation_id").is_in(time_to_close(intervals)["conversation_id"].implode())
    )
    assert counted == in_population.height == found.height


@settings(deadline=None, max_examples=30)
@given(any_lives())
def test_plans_engines_and_repeated_rows_change_nothing(intervals: pl.DataFrame) -> None:
    written = messages({"conversation_id": 0}, {"conversation_id": 0, "created_at": at(300)})
    eager = reopens(intervals, messages=written)
    assert_frame_equal(reopens(pl.concat([intervals, intervals]), messages=written), eager)
    plan = reopens(intervals.lazy(), messages=written.lazy())
    assert_frame_equal(plan.collect(engine="streaming"), eager)
    assert_frame_equal(plan.collect(engine="in-memory"), eager)
