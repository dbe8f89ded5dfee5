"""Time in status by whatever a conversation has one or several of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.status as slow
from builders import NOON, conversations, hours, messages
from drift_analysis.errors import InputError
from drift_analysis.metrics import Calendar, status_intervals, time_in_status
from drift_analysis.schemas import TimeInStatus, TimeInStatusGroups
from stretches import any_lives, rows_of, stretches

TEN = NOON + hours(10)
RECORDS: list[dict[str, Any]] = [
    {
        "conversation_id": 1,
        "status": "closed",
        "updated_at": NOON + hours(1),
        "inbox_id": 8,
        "playbook_id": 70,
        "participants": [5, 6],
        "tags": [{"name": "Demo", "color": None}, {"name": "Sales", "color": None}],
    },
    {
        "conversation_id": 2,
        "status": "closed",
        "created_at": NOON - hours(24),
        "updated_at": NOON + hours(3),
        "inbox_id": 8,
        "participants": [5],
        "tags": [{"name": "Demo", "color": None}],
    },
    {"conversation_id": 3, "status": "open", "updated_at": NOON, "inbox_id": 9, "tags": []},
]


def three() -> pl.DataFrame:
    return conversations(*RECORDS).with_columns(is_detail=pl.lit(value=True))


def written() -> pl.DataFrame:
    user = {"author_kind": "human", "author_type": "user", "created_at": NOON + hours(0.5)}
    return messages(
        {"conversation_id": 1, **user, "author_id": 5},
        {"conversation_id": 1, **user, "author_id": 6},
        {"conversation_id": 2, **user, "author_id": 5},
    )


GROUPS = {
    "inbox": three().select("conversation_id", group="inbox_id"),
    "playbook": three().select("conversation_id", group="playbook_id"),
    "tag": three()
    .explode("tags")
    .select("conversation_id", group=pl.col("tags").struct.field("name")),
    "participant": three().explode("participants").select("conversation_id", group="participants"),
    "period": three().select("conversation_id", group=pl.col("created_at").dt.date()),
    "author": written().select("conversation_id", group="author_id"),
}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("inbox", [(8, 2, hours(28)), (9, 1, hours(10))]),
        ("playbook", [(70, 1, hours(1)), (None, 2, hours(37))]),
        ("tag", [("Demo", 2, hours(28)), ("Sales", 1, hours(1)), (None, 1, hours(10))]),
        ("participant", [(5, 2, hours(28)), (6, 1, hours(1)), (None, 1, hours(10))]),
        ("period", [(NOON.date(), 2, hours(11))]),
        ("author", [(5, 2, hours(28)), (6, 1, hours(1)), (None, 1, hours(10))]),
    ],
)
def test_a_conversation_counts_in_each_group_that_it_is_in(
    name: str, known: list[tuple[Any, ...]]
) -> None:
    intervals = status_intervals(three(), as_of=TEN)
    found = time_in_status(intervals, by=GROUPS[name]).filter(pl.col("status") == "open")
    rows = found.select("group", "n", "total").rows()
    assert rows[-len(known) :] == known
    TimeInStatusGroups.checked(found)


def test_expressions_over_the_intervals_make_groups() -> None:
    intervals = status_intervals(three(), as_of=TEN).join(
        three().select("conversation_id", "inbox_id", began="created_at"), on="conversation_id"
    )
    day = pl.col("began").dt.date().alias("day")
    by_both = time_in_status(intervals, by=[day, "inbox_id"])
    assert by_both.columns[:2] == ["day", "inbox_id"]
    groups = three().select(
        "conversation_id", pl.col("created_at").dt.date().alias("day"), "inbox_id"
    )
    assert_frame_equal(by_both, time_in_status(intervals, by=groups))
    one = time_in_status(intervals, by=pl.col("inbox_id") > 8)
    assert_frame_equal(
        one.drop("inbox_id"), time_in_status(intervals, by="inbox_id").drop("inbox_id")
    )


def test_what_a_conversation_has_several_of_is_exploded_first() -> None:
    intervals = status_intervals(three(), as_of=TEN)
    for by in (
        three().select("conversation_id", "participants"),
        three().lazy().select("conversation_id", "participants"),
    ):
        with pytest.raises(InputError) as caught:
            time_in_status(intervals, by=by)
        assert str(caught.value) == (
            "by='participants' holds Lists.\n"
            "Each value makes one group.\n"
            "Try: frame.explode('participants'), so that a conversation is in several groups."
        )
    with pytest.raises(InputError, match="by='possible' is a name that is needed here"):
        time_in_status(intervals, by=pl.col("possible"))
    with pytest.raises(InputError, match="by='others' holds Lists"):
        time_in_status(intervals, by=pl.col("possible").alias("others"))


def test_moments_outside_the_years_of_a_calendar_leave_sums_unknown() -> None:
    office = Calendar("UTC", weekly={day: [("09:00", "17:00")] for day in range(7)})
    early = datetime(1999, 12, 31, 12, tzinfo=UTC) - NOON
    life = {1: [("open", 0, 2), ("closed", 2, 4), ("open", 4, 20)]}
    known = stretches(life)  # type: ignore[arg-type]
    outside = known.with_columns(pl.col("entered_at", "left_at") + early)
    times = TimeInStatus.checked(time_in_status(outside, calendar=office))
    assert times.select("status", "duration", "duration_min", "duration_max").rows() == [
        ("open", None, None, None),
        ("closed", None, None, None),
    ]
    groups = pl.DataFrame({"conversation_id": [1], "inbox_id": [8]})
    summary = TimeInStatusGroups.checked(time_in_status(outside, by=groups, calendar=office))
    measures = [name for name, dtype in summary.schema.items() if dtype == pl.Duration]
    assert summary.select(measures).null_count().row(0) == (2,) * len(measures)
    assert summary["n"].to_list() == [1, 1]
    across = known.with_columns(pl.col("entered_at", "left_at") + early + hours(12))
    assert time_in_status(across, calendar=office)["duration"].to_list() == [hours(8), hours(0)]


@pytest.mark.parametrize("stays", ["all", "first", "last"])
@settings(deadline=None, max_examples=50)
@given(intervals=any_lives(), group=st.sampled_from([1, 2]))
def test_it_is_what_a_slow_reference_says(
    stays: Literal["all", "first", "last"], intervals: pl.DataFrame, group: int
) -> None:
    mixed = intervals.sample(fraction=1, shuffle=True, seed=5)
    rows = [slow.time_in_status(life, stays) for life in rows_of(intervals).values()]
    flat = [row for life in rows for row in life]
    found = TimeInStatus.checked(time_in_status(mixed, stays=stays))
    assert_frame_equal(found, pl.DataFrame(flat, schema=TimeInStatus.schema()))

    members = [(0, "a"), (1, "a"), (1, "b"), (2, "b")][: group * 2]
    groups = pl.DataFrame(members, schema=["conversation_id", "tag"], orient="row")
    summary = time_in_status(mixed, by=groups, stays=stays)
    TimeInStatusGroups.checked(summary)
    for tag in ("a", "b", None):
        inside = [n for n, name in members if name == tag]
        mine = [
            row
            for row in flat
            if row["conversation_id"] in inside
            or (tag is None and row["conversation_id"] not in dict(members))
        ]
        expected = pl.DataFrame(slow.grouped(mine), schema=TimeInStatusGroups.schema())
        assert_frame_equal(summary.filter(pl.col("tag").eq_missing(tag)).drop("tag"), expected)


@settings(deadline=None, max_examples=30)
@given(any_lives())
def test_business_time_round_the_clock_is_all_time(intervals: pl.DataFrame) -> None:
    always = Calendar("America/New_York", {day: [("00:00", "24:00")] for day in range(7)})
    assert_frame_equal(time_in_status(intervals, calendar=always), time_in_status(intervals))
