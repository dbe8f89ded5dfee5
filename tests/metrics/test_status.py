"""Stays worked out by hand, one kind of evidence at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from builders import NOON, changes, conversations, hours, messages, snapshots
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics.status.status import status_intervals, time_in_status
from drift_analysis.metrics.time.calendar import Calendar
from drift_analysis.schemas import StatusIntervals, TimeInStatus, TimeInStatusGroups

TEN = NOON + hours(10)
ANYTHING = ["open", "pending", "closed", "bulk_sent"]
CONTACTED = ["open", "pending", "closed"]


def told(intervals: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Tell each stretch as (visit, status, possible, from hour, to hour, evidence)."""
    StatusIntervals.checked(intervals)
    minutes = [
        (pl.col(name) - NOON).dt.total_minutes().alias(name) for name in ("entered_at", "left_at")
    ]
    rows = intervals.select("visit", "status", "possible", *minutes, "evidence").rows()
    return [(*row[:3], row[3] / 60, row[4] / 60, row[5]) for row in rows]


def closed(at: float = 5, **more: Any) -> pl.DataFrame:
    return conversations(
        {"conversation_id": 1, "status": "closed", "updated_at": NOON + hours(at), **more}
    )


def test_a_record_alone_is_certain_only_since_its_last_update() -> None:
    assert told(status_intervals(closed(), as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 5, "assumed"),
        (2, "closed", ["closed"], 5, 10, "record"),
    ]


def test_a_conversation_known_to_have_no_playbook_was_never_bulk_sent() -> None:
    assert told(status_intervals(closed(is_detail=True), as_of=TEN)) == [
        (1, "open", CONTACTED, 0, 5, "assumed"),
        (2, "closed", ["closed"], 5, 10, "record"),
    ]


def test_a_contacts_message_rules_out_bulk_sent_from_then_on() -> None:
    written = messages({"created_at": NOON + hours(2)})
    assert told(status_intervals(closed(), messages=written, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 2, "assumed"),
        (1, "open", CONTACTED, 2, 5, "message"),
        (2, "closed", ["closed"], 5, 10, "record"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"author_kind": "human", "author_type": "user"}, id="a human's"),
        pytest.param({"author_kind": "bot", "author_type": "user"}, id="a bot's"),
        pytest.param({"type": "private_note"}, id="a note"),
        pytest.param({"type": "edit"}, id="an edit"),
    ],
)
def test_other_messages_are_no_evidence(other: dict[str, Any]) -> None:
    written = messages({"created_at": NOON + hours(2), **other})
    assert_frame_equal(
        status_intervals(closed(), messages=written, as_of=TEN),
        status_intervals(closed(), as_of=TEN),
    )


def test_bulk_sent_stays_bulk_sent_without_a_change() -> None:
    record = conversations({"conversation_id": 1, "status": "bulk_sent", "updated_at": NOON})
    intervals = status_intervals(record, as_of=TEN)
    assert told(intervals) == [(1, "bulk_sent", ["bulk_sent"], 0, 10, "record")]
    assert intervals["censored"].to_list() == [True]


def test_after_it_was_fetched_nothing_is_certain() -> None:
    record = closed(fetched_at=NOON + hours(7))
    assert told(status_intervals(record, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 5, "assumed"),
        (2, "closed", ["closed"], 5, 7, "record"),
        (2, "closed", ANYTHING, 7, 10, "assumed"),
    ]


def test_a_record_that_changed_after_as_of_tells_nothing() -> None:
    assert told(status_intervals(closed(11), as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 10, "assumed")
    ]


def test_without_a_last_update_the_change_is_placed_at_the_last_message() -> None:
    record = conversations({"conversation_id": 1, "status": "closed"})
    written = messages(
        {"created_at": NOON + hours(1)},
        {"created_at": NOON + hours(3), "author_kind": "human", "author_type": "user"},
    )
    assert told(status_intervals(record, messages=written, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (1, "open", CONTACTED, 1, 3, "message"),
        (2, "closed", CONTACTED, 3, 10, "record"),
    ]


def test_an_update_before_the_creation_is_not_believed() -> None:
    assert told(status_intervals(closed(-5), as_of=TEN)) == [
        (1, "closed", ANYTHING, 0, 10, "record")
    ]


def test_a_state_that_begins_at_as_of_is_there_with_no_length() -> None:
    assert told(status_intervals(closed(10), as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 10, "assumed"),
        (2, "closed", ["closed"], 10, 10, "record"),
    ]


def test_an_event_at_as_of_ends_what_a_record_tells_whose_reading_has_no_date() -> None:
    record = conversations({"conversation_id": 1, "updated_at": NOON})
    log = changes((1, TEN, "closed"))
    known = status_intervals(record, status_events=log, as_of=TEN)
    assert told(known) == [
        (1, "open", ["open"], 0, 10, "record"),
        (2, "closed", ANYTHING, 10, 10, "webhook"),
    ]
    within = status_intervals(record, status_events=log, as_of=TEN, log_start=NOON)
    assert told(within) == [
        (1, "open", ["open"], 0, 10, "webhook"),
        (2, "closed", ANYTHING, 10, 10, "webhook"),
    ]
    assert known["censored"].to_list() == [False, True]


def test_what_happens_at_as_of_is_seen_and_what_happens_after_it_is_not() -> None:
    undated = conversations({"conversation_id": 1, "status": "closed"})
    later = closed(20)
    for moment, is_seen in ((TEN, True), (TEN + hours(0.001), False)):
        written = messages({"created_at": moment, "author_kind": "human", "author_type": "user"})
        found = status_intervals(undated, messages=written, as_of=TEN)
        assert told(found)[0][1:5] == (
            ("open", ANYTHING, 0, 10) if is_seen else ("closed", ANYTHING, 0, 10)
        )
        older = snapshots((1, moment, TEN + hours(3), "closed"))
        found = status_intervals(later, status_events=older, as_of=TEN)
        assert [status for _, status, *_ in told(found)] == ["open", "closed"][: 1 + is_seen]


def test_a_conversation_created_at_as_of_has_one_stretch_of_no_length() -> None:
    assert told(status_intervals(closed(5), as_of=NOON)) == [(1, "open", ANYTHING, 0, 0, "assumed")]


def test_conversations_created_later_are_left_out() -> None:
    assert status_intervals(closed(), as_of=NOON - hours(1)).height == 0


def test_a_complete_log_is_exact_from_the_creation_on() -> None:
    log = changes((1, NOON + hours(2), "pending"), (1, NOON + hours(5), "closed"))
    found = status_intervals(closed(is_detail=True), status_events=log, as_of=TEN, log_start=NOON)
    assert told(found) == [
        (1, "open", ["open"], 0, 2, "webhook"),
        (2, "pending", ["pending"], 2, 5, "webhook"),
        (3, "closed", ["closed"], 5, 10, "webhook"),
    ]
    assert found["censored"].to_list() == [False, False, True]


def test_the_log_counts_as_complete_from_its_first_event_by_default() -> None:
    log = changes((2, NOON + hours(4), "open"), (1, NOON + hours(5), "closed"))
    assert told(status_intervals(closed(), status_events=log, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 4, "assumed"),
        (1, "open", ["open", "pending", "bulk_sent"], 4, 5, "webhook"),
        (2, "closed", ["closed"], 5, 10, "webhook"),
    ]


def test_a_log_without_an_event_is_evidence_that_nothing_changed() -> None:
    found = status_intervals(
        closed(3), status_events=changes(), as_of=TEN, log_start=NOON + hours(1)
    )
    assert told(found) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (2, "closed", ["closed"], 1, 10, "webhook"),
    ]


def test_after_the_end_of_the_log_anything_may_have_happened() -> None:
    log = changes((1, NOON + hours(2), "pending"))
    record = conversations(
        {"conversation_id": 1, "status": "open", "updated_at": NOON + hours(8), "is_detail": True}
    )
    found = status_intervals(
        record, status_events=log, as_of=TEN, log_start=NOON, log_end=NOON + hours(4)
    )
    assert told(found) == [
        (1, "open", ["open"], 0, 2, "webhook"),
        (2, "pending", ["pending"], 2, 4, "webhook"),
        (2, "pending", CONTACTED, 4, 8, "assumed"),
        (3, "open", ["open"], 8, 10, "record"),
    ]


def test_the_same_status_twice_means_that_an_event_is_missing() -> None:
    log = changes((1, NOON + hours(2), "closed"), (1, NOON + hours(5), "closed"))
    found = status_intervals(closed(is_detail=True), status_events=log, as_of=TEN, log_start=NOON)
    assert told(found) == [
        (1, "open", ["open"], 0, 2, "webhook"),
        (2, "closed", CONTACTED, 2, 5, "webhook"),
        (2, "closed", ["closed"], 5, 10, "webhook"),
    ]


def test_a_message_while_closed_means_that_an_event_is_missing() -> None:
    log = changes((1, NOON + hours(2), "closed"))
    written = messages({"created_at": NOON + hours(4)})
    found = status_intervals(
        closed(5), messages=written, status_events=log, as_of=TEN, log_start=NOON
    )
    assert told(found) == [
        (1, "open", ["open", "bulk_sent"], 0, 2, "webhook"),
        (2, "closed", ANYTHING, 2, 4, "webhook"),
        (3, "open", CONTACTED, 4, 5, "message"),
        (4, "closed", ["closed"], 5, 10, "record"),
    ]


def test_a_log_may_tell_of_a_reopening_some_seconds_after_the_message() -> None:
    reply = NOON + hours(4)
    log = changes(
        (1, NOON + hours(2), "closed"),
        (1, reply + timedelta(seconds=5), "open"),
        (1, NOON + hours(5), "closed"),
    )
    found = status_intervals(
        closed(is_detail=True),
        messages=messages({"created_at": reply}),
        status_events=log,
        as_of=TEN,
        log_start=NOON,
    )
    assert found["evidence"].to_list() == ["webhook"] * 4
    assert found["duration"].to_list() == [
        hours(2),
        hours(2) + timedelta(seconds=5),
        hours(1) - timedelta(seconds=5),
        hours(5),
    ]


def test_the_message_that_ends_bulk_sent_does_not_rule_it_out_before() -> None:
    record = conversations({"conversation_id": 1, "status": "open", "updated_at": NOON + hours(2)})
    found = status_intervals(
        record,
        messages=messages({"created_at": NOON + hours(2)}),
        status_events=changes((1, NOON + hours(2), "open")),
        as_of=TEN,
        log_start=NOON + hours(1),
    )
    assert told(found) == [
        (1, "bulk_sent", ANYTHING, 0, 1, "assumed"),
        (1, "bulk_sent", ["pending", "closed", "bulk_sent"], 1, 2, "webhook"),
        (2, "open", ["open"], 2, 10, "webhook"),
    ]


def test_a_contact_who_wrote_before_the_log_began_rules_out_bulk_sent_within_it() -> None:
    found = status_intervals(
        closed(5),
        messages=messages({"created_at": NOON + hours(1)}),
        status_events=changes((1, NOON + hours(5), "closed")),
        as_of=TEN,
        log_start=NOON + hours(2),
    )
    assert told(found) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (1, "open", CONTACTED, 1, 2, "message"),
        (1, "open", ["open", "pending"], 2, 5, "webhook"),
        (2, "closed", ["closed"], 5, 10, "webhook"),
    ]


def test_another_final_status_means_that_an_event_is_missing() -> None:
    log = changes((1, NOON + hours(2), "pending"))
    found = status_intervals(closed(is_detail=True), status_events=log, as_of=TEN, log_start=NOON)
    assert told(found) == [
        (1, "open", ["open"], 0, 2, "webhook"),
        (2, "pending", CONTACTED, 2, 5, "webhook"),
        (3, "closed", ["closed"], 5, 10, "record"),
    ]


def test_an_event_after_the_record_was_updated_ends_what_the_record_tells() -> None:
    log = changes((1, NOON + hours(7), "open"))
    found = status_intervals(
        closed(5), status_events=log, as_of=TEN, log_start=NOON + hours(6), log_end=NOON + hours(8)
    )
    assert told(found) == [
        (1, "open", ANYTHING, 0, 5, "assumed"),
        (2, "closed", ["closed"], 5, 6, "record"),
        (2, "closed", ["closed"], 6, 7, "webhook"),
        (3, "open", ["open"], 7, 8, "webhook"),
        (3, "open", ANYTHING, 8, 10, "assumed"),
    ]


def test_a_visit_of_no_length_that_the_log_tells_of_is_kept() -> None:
    log = changes(
        (1, NOON + hours(2), "pending"),
        (1, NOON + hours(2), "closed"),
    )
    found = status_intervals(
        closed(2, is_detail=True), status_events=log, as_of=TEN, log_start=NOON
    )
    assert told(found) == [
        (1, "open", ["open"], 0, 2, "webhook"),
        (2, "pending", ["pending"], 2, 2, "webhook"),
        (3, "closed", ["closed"], 2, 10, "webhook"),
    ]
    # Visited for no time is a row, never visited and excluded is none.
    times = time_in_status(found).select("status", "duration", "duration_max", "n_visits").rows()
    assert times == [
        ("open", hours(2), hours(2), 1),
        ("pending", hours(0), hours(0), 1),
        ("closed", hours(8), hours(8), 1),
    ]


def test_daily_exports_give_one_certainty_each() -> None:
    seen = snapshots(
        (1, NOON + hours(1), NOON + hours(2), "open"),
        (1, NOON + hours(3), NOON + hours(4), "closed"),
    )
    written = messages({"created_at": NOON + hours(4.5)})
    assert told(status_intervals(closed(6), messages=written, status_events=seen, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (1, "open", ["open"], 1, 2, "snapshot"),
        (1, "open", ANYTHING, 2, 3, "assumed"),
        (2, "closed", ["closed"], 3, 4, "snapshot"),
        (2, "closed", ANYTHING, 4, 4.5, "assumed"),
        (3, "open", CONTACTED, 4.5, 6, "message"),
        (4, "closed", ["closed"], 6, 10, "record"),
    ]


def test_snapshots_that_contradict_each_other_are_certain_of_nothing() -> None:
    seen = snapshots(
        (1, NOON + hours(1), NOON + hours(3), "open"),
        (1, NOON + hours(2), NOON + hours(3), "closed"),
    )
    assert told(status_intervals(closed(6), status_events=seen, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (1, "open", ["open"], 1, 2, "snapshot"),
        (2, "closed", ANYTHING, 2, 3, "snapshot"),
        (2, "closed", ANYTHING, 3, 6, "assumed"),
        (2, "closed", ["closed"], 6, 10, "record"),
    ]


def test_a_message_after_the_last_update_shows_that_the_record_was_read_before_it() -> None:
    late = messages(
        {"created_at": NOON + hours(6)},
        {"created_at": NOON + hours(8), "author_kind": "human", "author_type": "user"},
    )
    assert told(status_intervals(closed(5), messages=late, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 5, "assumed"),
        (2, "closed", ["closed"], 5, 6, "record"),
        (3, "open", CONTACTED, 6, 10, "message"),
    ]


def test_a_message_some_seconds_after_the_last_update_is_the_update_itself() -> None:
    prompt = messages({"created_at": NOON + hours(5) + timedelta(seconds=5)})
    found = status_intervals(closed(5), messages=prompt, as_of=TEN)
    assert found["status"].to_list() == ["open", "closed"]
    assert found["possible"].to_list() == [ANYTHING, ["closed"]]


def test_what_is_witnessed_outweighs_a_guess() -> None:
    seen = snapshots((1, NOON + hours(1), NOON + hours(4), "open"))
    undated = conversations({"conversation_id": 1, "status": "closed"})
    assert told(status_intervals(undated, status_events=seen, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 1, "assumed"),
        (1, "open", ["open"], 1, 4, "snapshot"),
        (2, "closed", ANYTHING, 4, 10, "record"),
    ]


def test_events_before_the_creation_keep_their_order() -> None:
    early = changes(
        (1, NOON - hours(0.2), "closed"),
        (1, NOON - hours(0.1), "open"),
        (1, NOON + hours(2), "closed"),
    )
    found = status_intervals(closed(2), status_events=early, as_of=TEN, log_start=NOON - hours(1))
    last = found.filter(pl.col("duration") > pl.duration())
    assert last.select("status", "evidence").rows() == [("open", "webhook"), ("closed", "webhook")]


def test_three_events_at_one_instant_are_three_visits() -> None:
    moment = NOON + hours(2)
    log = changes((1, moment, "pending"), (1, moment, "closed"), (1, moment, "unknown"))
    found = status_intervals(closed(1), status_events=log, as_of=TEN, log_start=NOON)
    assert StatusIntervals.checked(found)["visit"].n_unique() == found.height


def test_columns_of_your_own_are_no_evidence() -> None:
    plain = closed(is_detail=True)
    own = plain.with_columns(
        known=pl.lit(NOON), log_start=pl.lit(NOON), log_end=pl.lit(NOON), last=pl.lit("x")
    )
    options: dict[str, Any] = {"as_of": TEN, "status_events": changes((1, NOON, "pending"))}
    assert_frame_equal(status_intervals(own, **options), status_intervals(plain, **options))


@pytest.mark.parametrize("name", ["duration", "visit", "censored", "certain", "n_visits", "n"])
def test_groups_cannot_have_a_name_that_is_needed(name: str) -> None:
    intervals = status_intervals(three(), as_of=TEN)
    groups = three().select("conversation_id", pl.lit(1).alias(name))
    for by in (groups, name):
        with pytest.raises(InputError, match=f"by='{name}' is a name that is needed here"):
            time_in_status(intervals, by=by)


def test_groups_of_other_ids_and_what_is_no_name_are_refused() -> None:
    intervals = status_intervals(three(), as_of=TEN)
    other = three().select(pl.col("conversation_id").cast(pl.String), "inbox_id")
    with pytest.raises(InputError) as caught:
        time_in_status(intervals, by=other)
    assert str(caught.value) == (
        "The groups cannot be joined.\n"
        "Their 'conversation_id' is String, that of the intervals Int64.\n"
        "Try: by=dataset.conversations.select('conversation_id', ...)."
    )
    with pytest.raises(InputError) as caught:
        time_in_status(intervals, by=[3])  # type: ignore[list-item]
    assert str(caught.value) == (
        "by= takes the names of columns.\n"
        "Got int.\n"
        "Try: by='inbox_id', after frame.with_columns(...) for an expression."
    )
    with pytest.raises(InputError) as caught:
        time_in_status(intervals, by=pl.col("inbox_id"))
    assert str(caught.value) == (
        "There is no column 'inbox_id'.\n"
        "The frame has 'conversation_id', 'visit', 'status', 'possible', 'entered_at', 'left_at', "
        "'duration', 'censored', 'evidence'.\n"
        "Try: the name of a column that it has."
    )
    with pytest.raises(InputError) as caught:
        time_in_status(intervals, by=pl.col("visit", "status"))
    assert str(caught.value) == (
        "An expression of by= makes several columns.\n"
        "Each makes one group.\n"
        "Try: by=[pl.col('a'), pl.col('b')]."
    )


def test_an_empty_data_set_has_no_moment_to_offer() -> None:
    with pytest.raises(InputError) as caught:
        status_intervals(conversations(), as_of=None)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "as_of is no moment.\n"
        "Got NoneType; a data set that holds nothing has no `as_of`.\n"
        "Try: as_of=datetime(..., tzinfo=datetime.UTC)."
    )


def test_a_status_new_to_us_is_kept_and_not_guessed_at() -> None:
    record = conversations(
        {"conversation_id": 1, "status": "unknown", "updated_at": NOON + hours(5)}
    )
    assert told(status_intervals(record, as_of=TEN)) == [
        (1, "open", ANYTHING, 0, 5, "assumed"),
        (2, "unknown", ["unknown"], 5, 10, "record"),
    ]


def test_events_of_conversations_that_are_not_there_are_left_out() -> None:
    log = changes((9, NOON + hours(2), "closed"))
    found = status_intervals(closed(), status_events=log, as_of=TEN, log_start=NOON)
    assert found["conversation_id"].unique().to_list() == [1]


def test_no_conversations_give_an_empty_table() -> None:
    found = status_intervals(conversations(), as_of=TEN)
    assert_frame_equal(found, StatusIntervals.empty())
    assert_frame_equal(time_in_status(found), TimeInStatus.empty())


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(InputError) as caught:
        status_intervals(closed(), as_of=naive)
    assert str(caught.value) == (
        "as_of has no time zone.\n"
        "A moment without one is another instant on every machine.\n"
        "Try: datetime(..., tzinfo=datetime.UTC), or as_of=dataset.as_of."
    )


def test_another_frame_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"StatusIntervals: missing 'visit'"):
        time_in_status(closed())


def test_times_are_sums_of_the_stretches() -> None:
    log = changes(
        (1, NOON + hours(4), "pending"),
        (1, NOON + hours(5), "open"),
        (1, NOON + hours(7), "closed"),
    )
    found = time_in_status(status_intervals(closed(7), status_events=log, as_of=TEN))
    expected = pl.DataFrame(
        [
            (1, "open", hours(6), hours(2), hours(6), 2, False),
            (1, "pending", hours(1), hours(1), hours(5), 1, False),
            (1, "closed", hours(3), hours(3), hours(7), 1, True),
            (1, "bulk_sent", hours(0), hours(0), hours(4), 0, False),
        ],
        schema=TimeInStatus.schema(),
        orient="row",
    )
    assert_frame_equal(found, expected)


@pytest.mark.parametrize(("stays", "spent"), [("first", 2), ("last", 1), ("all", 3)])
def test_stays_choose_among_the_visits(stays: Any, spent: int) -> None:
    log = changes(
        (1, NOON + hours(2), "pending"),
        (1, NOON + hours(4), "open"),
        (1, NOON + hours(5), "closed"),
    )
    intervals = status_intervals(
        closed(is_detail=True), status_events=log, as_of=TEN, log_start=NOON
    )
    opened = time_in_status(intervals, stays=stays).filter(pl.col("status") == "open")
    bounds = opened.select("duration", "duration_min", "duration_max").row(0)
    assert bounds == (hours(spent),) * 3


def test_the_first_stay_of_an_uncertain_life_has_no_bounds() -> None:
    found = time_in_status(status_intervals(closed(), as_of=TEN), stays="first")
    assert found["duration_min"].null_count() == found["duration_max"].null_count() == found.height


def test_an_unknown_choice_of_stays_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        time_in_status(StatusIntervals.empty(), stays="second")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "stays='second' is not a choice.\nTry: one of 'all', 'first', 'last'."
    )


def test_business_time_counts_only_working_hours() -> None:
    office = Calendar("UTC", weekly={0: [("09:00", "17:00")]})
    found = time_in_status(status_intervals(closed(), as_of=TEN), calendar=office)
    assert found["duration"].to_list() == [hours(5), hours(0), hours(0), hours(0)]
    assert found["duration_max"].to_list() == [hours(5)] * 4


def three() -> pl.DataFrame:
    """Build three conversations: closed after 1 h, closed after 3 h, still open."""
    records = conversations(
        {"conversation_id": 1, "status": "closed", "updated_at": NOON + hours(1), "inbox_id": 8},
        {"conversation_id": 2, "status": "closed", "updated_at": NOON + hours(3), "inbox_id": 8},
        {"conversation_id": 3, "status": "open", "updated_at": NOON, "inbox_id": 9},
    )
    return records.with_columns(is_detail=pl.lit(value=True))


def test_groups_are_summed_with_bounds_and_medians_that_know_who_is_still_waiting() -> None:
    intervals = status_intervals(three(), as_of=TEN)
    groups = three().select("conversation_id", everyone=pl.lit("all"))
    opened = time_in_status(intervals, by=groups).filter(pl.col("status") == "open").to_dicts()[0]
    assert opened == {
        "everyone": "all",
        "status": "open",
        "n": 3,
        "n_censored": 1,
        "share_censored": 1 / 3,
        "total": hours(14),
        "total_min": hours(10),
        "total_max": hours(14),
        "mean": hours(14) / 3,
        "mean_min": hours(10) / 3,
        "mean_max": hours(14) / 3,
        "median": hours(3),
        "median_min": hours(0),
        "median_max": hours(3),
        "p90": None,
        "p90_min": None,
        "p90_max": None,
    }


def test_groups_can_be_columns_of_the_intervals() -> None:
    inboxes = three().select("conversation_id", "inbox_id")
    intervals = status_intervals(three(), as_of=TEN)
    joined = intervals.join(inboxes, on="conversation_id")
    by_name = time_in_status(joined, by="inbox_id")
    assert_frame_equal(by_name, time_in_status(intervals, by=inboxes))
    counts = by_name.filter(pl.col("status") == "open").select("inbox_id", "n").rows()
    assert counts == [(8, 2), (9, 1)]
    TimeInStatusGroups.checked(by_name)


def test_groups_of_first_stays_have_no_bounds_where_a_life_is_uncertain() -> None:
    intervals = status_intervals(three(), as_of=TEN)
    groups = three().select("conversation_id", "inbox_id")
    found = time_in_status(intervals, by=groups, stays="first")
    opened = found.filter(pl.col("status") == "open").to_dicts()
    bounds = ("total_min", "mean_max", "median_min")
    assert [opened[0][name] for name in bounds] == [None, None, None]
    assert [opened[1][name] for name in bounds] == [hours(10), hours(10), None]


def test_a_plan_of_intervals_gives_a_plan_of_times() -> None:
    intervals = status_intervals(three().lazy(), as_of=TEN)
    groups = three().select("conversation_id", "inbox_id")
    found = time_in_status(intervals, by=groups.lazy())
    assert isinstance(found, pl.LazyFrame)
    eager = time_in_status(intervals.collect(), by=groups)
    assert_frame_equal(found.collect(engine="streaming"), eager)
