"""Steps and ways through the statuses: worked out by hand, against a reference, and by law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

import metrics.references.transitions as slow
from builders import conversations, hours
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import transitions, variants
from drift_analysis.schemas import StatusIntervals, Transitions, Variants
from stretches import any_lives, rows_of, stretches

if TYPE_CHECKING:
    from collections.abc import Callable

BOTH = pytest.mark.parametrize("metric", [transitions, variants])
THREE: dict[int, Any] = {
    1: [("open", 0, 2), ("pending", 2, 3), ("open", 3, 4), ("closed", 4, 10)],
    2: [("open", 0, 4), ("closed", 4, 6, ["open"]), ("closed", 6, 10)],
    3: [("open", 0, 10)],
}


def test_each_step_has_its_count_and_waits() -> None:
    found = transitions(stretches(THREE))
    assert Transitions.checked(found).rows() == [
        (None, "open", 3, 3, 1.0, 3, 0, None, None, None),
        ("open", "pending", 1, 1, 0.25, 1, 0, hours(2), hours(2), hours(2)),
        ("open", "closed", 2, 2, 0.5, 1, 0, hours(2.5), hours(2.5), hours(2)),
        ("open", None, 1, 1, 0.25, 1, 0, hours(10), hours(10), hours(2)),
        ("pending", "open", 1, 1, 1.0, 1, 1, hours(1), hours(1), hours(1)),
        ("closed", None, 2, 2, 1.0, 2, 0, hours(6), hours(6), None),
    ]


def test_a_step_is_certain_if_nothing_else_was_possible_before_and_after() -> None:
    lives: dict[int, Any] = {
        1: [("open", 0, 2, ["pending"]), ("open", 2, 3), ("closed", 3, 10)],
        2: [("open", 0, 2), ("open", 2, 3, ["closed"]), ("closed", 3, 10)],
        3: [("open", 0, 2), ("closed", 2, 3, ["open"]), ("closed", 3, 10)],
    }
    found = transitions(stretches(lives)).select("from_status", "to_status", "n_certain")
    assert found.rows() == [(None, "open", 2), ("open", "closed", 1), ("closed", None, 3)]


def test_open_ways_end_in_an_ellipsis_and_are_not_counted_with_finished_ones() -> None:
    lives = {**THREE, 4: [("open", 0, 3), ("closed", 3, 10)]}
    found = Variants.checked(variants(stretches(lives)))
    assert found.rows() == [
        ("open → closed", ["open", "closed"], False, 2, 0.5, 1, 1),
        (
            "open → pending → open → closed",
            ["open", "pending", "open", "closed"],
            False,
            1,
            0.25,
            1,
            2,
        ),
        ("open → …", ["open"], True, 1, 0.25, 1, 2),
    ]


def test_groups_can_be_a_frame_a_column_or_an_expression_and_hold_a_conversation_twice() -> None:
    intervals = stretches(THREE)
    tags = pl.DataFrame({"conversation_id": [1, 1, 2], "tag": ["Demo", "Sales", "Demo"]})
    found = variants(intervals, by=tags).select("tag", "variant", "conversations", "share", "rank")
    assert found.rows() == [
        ("Demo", "open → closed", 1, 0.5, 1),
        ("Demo", "open → pending → open → closed", 1, 0.5, 1),
        ("Sales", "open → pending → open → closed", 1, 1.0, 1),
        (None, "open → …", 1, 1.0, 1),
    ]
    joined = intervals.join(tags, on="conversation_id", how="left")
    for metric in (transitions, variants):
        by_frame = metric(intervals, by=tags)
        assert_frame_equal(metric(joined, by="tag"), by_frame)
        assert_frame_equal(metric(joined, by=pl.col("tag")), by_frame)
        demo = by_frame.filter(pl.col("tag") == "Demo").drop("tag")
        assert_frame_equal(demo, metric(intervals.filter(pl.col("conversation_id") < 3)))


@BOTH
def test_names_that_are_needed_and_other_frames_are_refused(metric: Any) -> None:
    groups = pl.DataFrame({"conversation_id": [1], "share": ["x"]})
    with pytest.raises(InputError, match="by='share' is a name that is needed here"):
        metric(stretches(THREE), by=groups)
    with pytest.raises(SchemaError, match="StatusIntervals: missing 'visit'"):
        metric(conversations())


def test_nothing_gives_empty_tables() -> None:
    assert_frame_equal(transitions(StatusIntervals.empty()), Transitions.empty())
    assert_frame_equal(variants(StatusIntervals.empty()), Variants.empty())
    inbox = pl.DataFrame(schema={"conversation_id": pl.Int64, "inbox_id": pl.Int64})
    grouped = variants(StatusIntervals.empty(), by=inbox)
    assert_frame_equal(grouped.drop("inbox_id"), Variants.empty())
    assert grouped.schema["inbox_id"] == pl.Int64


@settings(deadline=None)
@given(any_lives())
def test_it_is_what_a_slow_reference_says(intervals: pl.DataFrame) -> None:
    lives = list(rows_of(intervals).values())
    mixed = intervals.sample(fraction=1, shuffle=True, seed=3)
    found = Transitions.checked(transitions(mixed)).drop("median_stay")
    expected = pl.DataFrame(slow.transitions(lives), schema=found.schema)
    assert_frame_equal(found, expected, check_row_order=False)
    ways = Variants.checked(variants(mixed))
    assert_frame_equal(ways, pl.DataFrame(slow.variants(lives), schema=Variants.schema()))


@settings(deadline=None)
@given(any_lives())
def test_as_many_steps_enter_a_status_as_leave_it(intervals: pl.DataFrame) -> None:
    found = transitions(intervals)
    entering = dict(found.group_by("to_status").agg(pl.col("n").sum()).rows())
    leaving = dict(found.group_by("from_status").agg(pl.col("n").sum()).rows())
    assert entering == leaving
    ways = variants(intervals)
    assert entering.get(None, 0) == ways["conversations"].sum()
    still = found.filter(pl.col("to_status").is_null(), pl.col("from_status") != "closed")
    assert still["n"].sum() == ways.filter("is_open")["conversations"].sum()


@BOTH
@settings(deadline=None, max_examples=20)
@given(any_lives())
def test_plans_engines_and_repeated_rows_change_nothing(
    metric: Callable[..., Any], intervals: pl.DataFrame
) -> None:
    groups = pl.DataFrame({"conversation_id": [0, 1, 1], "tag": ["a", "a", "b"]})
    for by in (None, groups):
        eager = metric(intervals, by=by)
        assert_frame_equal(metric(pl.concat([intervals, intervals]), by=by), eager)
        plan = metric(intervals.lazy(), by=by)
        assert_frame_equal(plan.collect(engine="streaming"), eager)
        assert_frame_equal(plan.collect(engine="in-memory"), eager)
