"""When conversations close: worked out by hand, against a slow reference, and by law."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.closes as slow
from builders import NOON, conversations, hours, messages
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import (
    Calendar,
    status_intervals,
    survival_quantiles,
    time_in_status,
    time_to_close,
)
from drift_analysis.schemas import StatusIntervals, TimeToClose
from lives import AS_OF_MINUTE, Life, at, lives, log, tables
from stretches import Stretch, any_lives, rows_of, stretches

MOMENTS = ("first_close_at", "last_close_at")
BOUNDS = tuple(f"{moment}{bound}" for moment in MOMENTS for bound in ("_min", "_max"))


def only(frame: pl.DataFrame, *columns: str) -> list[Any]:
    """Return the values of the only row, moments and lengths as hours after noon."""
    (row,) = TimeToClose.checked(frame).select(columns).rows()
    return [
        (value - NOON) / hours(1)
        if isinstance(value, datetime)
        else value / hours(1)
        if isinstance(value, timedelta)
        else value
        for value in row
    ]


def test_first_and_last_close_of_a_conversation_that_was_reopened() -> None:
    found = time_to_close(
        stretches(
            {
                1: [
                    ("open", 0, 2),
                    ("pending", 2, 3),
                    ("closed", 3, 5),
                    ("open", 5, 6),
                    ("closed", 6, 10),
                ]
            }
        )
    )
    assert only(found, *MOMENTS, "time_to_first_close", "time_to_last_close") == [3, 6, 3, 6]
    assert only(found, "active_time", "watched", "n_closes", "n_reopens") == [4, 10, 2, 1]
    assert only(found, "first_censored", "censored") == [False, False]
    assert only(found, *BOUNDS) == [3, 3, 6, 6]


def test_the_time_in_which_it_was_closed_counts_until_the_last_close_but_not_as_active() -> None:
    cases = json.loads(Path("tests/oracles/vectors_response.json").read_text())
    (case,) = (case for case in cases if case["id"] == "jirametrics_start_stop")
    first, closed, again = case["intervals_h"]
    ends = [first, first + closed, first + closed + again]
    life = [("open", 0, ends[0]), ("closed", ends[0], ends[1]), ("open", ends[1], ends[2])]
    found = time_to_close(stretches({1: [*life, ("closed", ends[2], ends[2] + 1)]}))

    assert only(found, "time_to_first_close", "time_to_last_close", "active_time") == [
        10,
        2222,
        22,
    ]
    # The source adds the last two up only: its own total, which it does not explain.
    assert case["expect"]["elapsed_cycle_h_approx"] == closed + again


def test_a_conversation_that_is_open_again_has_no_last_close_yet() -> None:
    found = time_to_close(stretches({1: [("open", 0, 2), ("closed", 2, 5), ("pending", 5, 10)]}))
    assert only(found, *MOMENTS, "first_censored", "censored") == [2, None, False, True]
    assert only(found, "last_close_at_min", "last_close_at_max") == [None, None]
    assert only(found, "active_time", "n_closes", "n_reopens") == [7, 1, 1]


def test_what_never_closed_is_censored_and_not_dropped() -> None:
    found = time_to_close(stretches({1: [("open", 0, 4), ("pending", 4, 10)]}))
    assert only(found, *MOMENTS, *BOUNDS) == [None] * 6
    assert only(found, "watched", "active_time", "censored") == [10, 10, True]


def test_a_close_that_is_only_bounded() -> None:
    found = time_to_close(
        stretches(
            {
                1: [
                    ("open", 0, 1),
                    ("open", 1, 3, ["closed"]),
                    ("open", 3, 4),
                    ("open", 4, 6, ["closed"]),
                    ("closed", 6, 8),
                    ("closed", 8, 10, ["open"]),
                ]
            }
        )
    )
    assert only(found, *MOMENTS) == [6, 6]
    assert only(found, "first_close_at_min", "first_close_at_max") == [1, 6]
    assert only(found, "last_close_at_min", "last_close_at_max") == [4, 10]
    assert only(found, "active_time", "active_time_min", "active_time_max") == [6, 2, 8]


def test_what_was_closed_from_its_creation_took_no_time() -> None:
    found = time_to_close(stretches({1: [("closed", 0, 10)]}))
    assert only(found, "time_to_first_close", "active_time", "n_closes") == [0, 0, 1]


def test_what_closes_at_as_of_is_closed() -> None:
    found = time_to_close(stretches({1: [("open", 0, 10), ("closed", 10, 10)]}))
    assert only(found, *MOMENTS, "censored") == [10, 10, False]


@pytest.mark.parametrize(
    "life",
    [
        pytest.param([("bulk_sent", 0, 10)], id="still there"),
        pytest.param([("bulk_sent", 0, 4), ("closed", 4, 10)], id="closed"),
    ],
)
def test_what_was_sent_in_bulk_and_never_engaged_is_not_in_the_population(life: Any) -> None:
    assert_frame_equal(time_to_close(stretches({1: life})), TimeToClose.empty())


def test_what_was_sent_in_bulk_and_engaged_is_no_reopen() -> None:
    life: Any = [("bulk_sent", 0, 4), ("open", 4, 6), ("closed", 6, 10)]
    assert only(time_to_close(stretches({1: life})), "n_closes", "n_reopens") == [1, 0]


LATE: list[Stretch] = [
    ("open", 0.0, 2.0),
    ("closed", 2.0, 4.0),
    ("open", 4.0, 7.0),
    ("closed", 7.0, 10.0),
]


def test_by_the_clock_of_the_contact_what_came_before_does_not_count() -> None:
    written = messages(
        {"created_at": NOON + hours(1), "author_kind": "human", "author_type": "user"},
        {"created_at": NOON + hours(2), "type": "private_note"},
        {"created_at": NOON + hours(3), "is_deleted": True, "edited_at": NOON + hours(5)},
        {"created_at": NOON + hours(4)},
    )
    found = time_to_close(stretches({1: LATE}), clock="first_contact", messages=written)
    assert only(found, "started_at", "first_close_at", "time_to_first_close") == [4, 7, 3]
    assert only(found, "active_time", "n_closes", "n_reopens", "watched") == [3, 1, 0, 6]
    assert only(found, *BOUNDS) == [7, 7, 7, 7]


def test_a_message_that_is_deleted_only_after_as_of_starts_the_clock() -> None:
    written = messages({"is_deleted": True, "edited_at": NOON + hours(11)})
    found = time_to_close(stretches({1: LATE}), clock="first_contact", messages=written)
    assert only(found, "started_at") == [0]


def test_a_contact_who_writes_before_the_creation_starts_the_clock_at_it() -> None:
    written = messages({"created_at": NOON - hours(0.1)})
    found = time_to_close(stretches({1: LATE}), clock="first_contact", messages=written)
    assert only(found, "started_at") == [0]


def test_without_a_contacts_message_the_clock_of_the_contact_never_starts() -> None:
    written = messages({"created_at": NOON + hours(11)})
    found = time_to_close(stretches({1: LATE}), clock="first_contact", messages=written)
    assert_frame_equal(found, TimeToClose.empty())


def test_a_contact_who_first_writes_at_as_of_has_a_clock_that_has_not_run() -> None:
    written = messages({"created_at": NOON + hours(10)})
    life = stretches({1: [("open", 0, 10)]})
    found = time_to_close(life, clock="first_contact", messages=written)
    assert only(found, "started_at", "watched", "active_time", "censored") == [10, 0, 0, True]


def test_what_was_closed_before_the_contact_wrote_and_stayed_so_took_no_time() -> None:
    written = messages({"created_at": NOON + hours(8)})
    found = time_to_close(stretches({1: LATE}), clock="first_contact", messages=written)
    assert only(found, *MOMENTS, "n_closes", "n_reopens", "censored") == [8, 8, 1, 0, False]
    assert only(found, *BOUNDS) == [8, None, 8, 8]


def test_a_close_long_after_the_last_message_was_over_at_that_message() -> None:
    written = messages(
        {"created_at": NOON + hours(1)},
        {"created_at": NOON + hours(5), "type": "private_note"},
        {"created_at": NOON + hours(8)},
    )
    life = stretches({1: [("open", 0, 4), ("closed", 4, 10)]})
    columns = ("last_close_at", "auto_closed", "effective_close_at")
    found = time_to_close(life, messages=written, idle=hours(3))
    assert only(found, *columns) == [4, True, 1]
    found = time_to_close(life, messages=written, idle=hours(3.01))
    assert only(found, *columns) == [4, False, 4]
    assert only(time_to_close(life, messages=messages(), idle=hours(3)), *columns) == [
        4,
        None,
        None,
    ]
    assert only(time_to_close(life), *columns) == [4, None, None]
    at_the_close = messages({"created_at": NOON}, {"created_at": NOON + hours(4)})
    found = time_to_close(life, messages=at_the_close, idle=hours(3))
    assert only(found, *columns) == [4, False, 4]
    still = stretches({1: [("open", 0, 10)]})
    assert only(time_to_close(still, messages=written, idle=hours(1)), *columns) == [None] * 3


def test_business_time_counts_only_working_hours() -> None:
    monday = Calendar("UTC", weekly={0: [("09:00", "17:00")]})
    life = stretches({1: [("open", 0, 4), ("closed", 4, 6), ("open", 6, 24), ("closed", 24, 30)]})
    found = time_to_close(life, calendar=monday)
    lengths = ("time_to_first_close", "time_to_last_close", "active_time", "watched")
    assert only(found, *lengths) == [4, 5, 4, 5]
    shown = [f"{name}{bound}" for name in lengths[:3] for bound in ("_min", "_max")]
    assert only(found, *shown) == [4, 4, 5, 5, 4, 4]


def test_lengths_outside_the_years_of_the_calendar_are_not_known() -> None:
    office = Calendar("UTC", weekly={0: [("09:00", "17:00")]})
    early = datetime(1999, 12, 31, tzinfo=UTC) - NOON
    life = stretches({1: [("open", 0, 4), ("closed", 4, 10)]}).with_columns(
        pl.col("entered_at", "left_at") + early
    )
    found = TimeToClose.checked(time_to_close(life, calendar=office))
    lengths = [name for name, dtype in TimeToClose.schema().items() if dtype == pl.Duration]
    assert found.select(lengths).row(0) == (None,) * len(lengths)


def test_medians_come_from_survival_with_those_that_still_run() -> None:
    closes = time_to_close(
        stretches(
            {
                1: [("open", 0, 1), ("closed", 1, 10)],
                2: [("open", 0, 3), ("closed", 3, 10)],
                3: [("open", 0, 10)],
            }
        )
    )
    waits = closes.with_columns(pl.col("time_to_first_close").fill_null(pl.col("watched")))
    found = survival_quantiles(
        waits, duration="time_to_first_close", censored="first_censored", q=[0.5]
    )
    assert found.select("n", "n_censored", "p50").row(0) == (3, 1, hours(3))


def test_choices_without_meaning_are_refused() -> None:
    life = stretches({})
    with pytest.raises(InputError) as caught:
        time_to_close(life, clock="handoff")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "clock='handoff' is not a choice.\nTry: one of 'created', 'first_contact'."
    )
    with pytest.raises(InputError) as caught:
        time_to_close(life, clock="first_contact")
    assert str(caught.value) == (
        "clock='first_contact' needs the messages.\n"
        "Intervals do not tell who wrote when.\n"
        "Try: messages=..."
    )
    with pytest.raises(InputError) as caught:
        time_to_close(life, idle=hours(1))
    assert str(caught.value) == (
        "idle needs the messages.\nIntervals do not tell who wrote when.\nTry: messages=..."
    )
    for idle in (3, timedelta()):
        with pytest.raises(InputError) as caught:
            time_to_close(life, idle=idle, messages=messages())  # type: ignore[arg-type]
        assert str(caught.value) == (
            f"idle={idle!r} is not a length of time.\n"
            "It says how long nobody wrote.\n"
            "Try: datetime.timedelta(days=7)."
        )
    with pytest.raises(SchemaError, match="StatusIntervals: missing 'visit'"):
        time_to_close(conversations())


def test_no_stretches_give_an_empty_table() -> None:
    assert_frame_equal(time_to_close(StatusIntervals.empty()), TimeToClose.empty())


@settings(deadline=None)
@given(any_lives(), st.lists(st.integers(0, AS_OF_MINUTE), max_size=3), st.booleans())
def test_it_is_what_a_slow_reference_says(
    intervals: pl.DataFrame,
    said: list[int],
    by_contact: bool,  # noqa: FBT001
) -> None:
    written = {n: at(minute) for n, minute in enumerate(said)}
    expected = []
    for n, life in rows_of(intervals).items():
        start = max(written[n], life[0]["entered_at"]) if n in written else None
        if start or not by_contact:
            expected.append(slow.time_to_close(life, start if by_contact else None))
    rows = [row for row in expected if row]
    given_messages = messages(
        *({"conversation_id": n, "created_at": moment} for n, moment in written.items())
    )
    found = time_to_close(
        intervals.sample(fraction=1, shuffle=True, seed=len(said)),
        clock="first_contact" if by_contact else "created",
        messages=given_messages,
    )
    TimeToClose.checked(found)
    columns = [name for name in TimeToClose.column_names() if "auto" not in name]
    columns.remove("effective_close_at")
    wanted = pl.DataFrame(rows, schema=TimeToClose.schema()).select(columns)
    assert_frame_equal(found.select(columns), wanted)


@settings(deadline=None)
@given(any_lives())
def test_bounds_hold_the_estimate_and_active_time_is_all_that_is_not_closed(
    intervals: pl.DataFrame,
) -> None:
    found = time_to_close(intervals)
    for name in ("time_to_first_close", "time_to_last_close", "active_time"):
        known = found.filter(pl.col(name).is_not_null())
        assert (known[f"{name}_min"] <= known[name]).all()
        assert (known[name] <= known[f"{name}_max"].fill_null(known[name])).all()
    closed = time_in_status(intervals).filter(pl.col("status") == "closed")
    both = found.join(closed, on="conversation_id", how="left")
    rest = both["watched"] - both["duration"].fill_null(timedelta())
    assert rest.to_list() == found["active_time"].to_list()


@settings(deadline=None, max_examples=30)
@given(any_lives())
def test_plans_engines_and_repeated_rows_change_nothing(intervals: pl.DataFrame) -> None:
    written = messages({"conversation_id": 0}, {"conversation_id": 1, "created_at": at(300)})
    for options in ({}, {"messages": written, "clock": "first_contact", "idle": hours(2)}):
        given_options: dict[str, Any] = dict(options)
        eager = time_to_close(intervals, **given_options)
        twice = pl.concat([intervals, intervals]).with_columns(own=pl.lit("a column of your own"))
        assert_frame_equal(time_to_close(twice, **given_options), eager)
        if options:
            given_options["messages"] = written.lazy()
        plan = time_to_close(intervals.lazy(), **given_options)
        assert_frame_equal(plan.collect(engine="streaming"), eager)
        assert_frame_equal(plan.collect(engine="in-memory"), eager)


def truth(life: Life, until: int) -> tuple[Any, Any, timedelta]:
    """Return when it truly first and last closed, and how long it was not closed."""
    history = [(at(since), status) for since, status in life.history if since <= until]
    closes = [moment for moment, status in history if status == "closed"]
    last = closes[-1] if history[-1][1] == "closed" else None
    closed = life.truth(until)["closed"]
    return (closes[0] if closes else None), last, timedelta(minutes=until) - closed


@settings(deadline=None)
@given(
    st.lists(lives(), min_size=1, max_size=3),
    st.integers(0, AS_OF_MINUTE),
    st.integers(0, AS_OF_MINUTE),
)
def test_the_truth_lies_within_the_bounds(lived: list[Life], since: int, until: int) -> None:
    told = tables(lived)
    intervals = status_intervals(
        told["conversations"],
        messages=told["messages"],
        status_events=pl.concat([log(lived, since), told["snapshots"]]),
        as_of=at(until),
        log_start=at(since),
    )
    for row in time_to_close(intervals).to_dicts():
        first, last, active = truth(lived[row["conversation_id"]], until)
        assert row["active_time_min"] <= active <= row["active_time_max"]
        if first is not None:
            assert row["first_close_at_min"] <= first <= (row["first_close_at_max"] or first)
        else:
            assert row["first_close_at_max"] is None
        if last is not None:
            assert row["last_close_at_min"] <= last <= row["last_close_at_max"]
        if row["last_close_at_min"] is None:
            assert last is None
