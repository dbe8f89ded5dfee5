"""Laws of reconstructed histories, on simulated lives of which the truth is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import NOON
from drift_analysis.metrics.status.status import status_intervals
from drift_analysis.schemas import STATUSES, StatusIntervals
from lives import AS_OF_MINUTE, Life, at, lives, log, tables


def spent(intervals: pl.DataFrame, conversation: int, status: str) -> tuple[timedelta, ...]:
    """Return the least, the estimated and the most time."""
    mine = intervals.filter(pl.col("conversation_id") == conversation)
    is_possible = pl.col("possible").list.contains(status)
    certain = is_possible & (pl.col("possible").list.len() == 1)
    conditions = (certain, pl.col("status") == status, is_possible)
    lengths = (mine.filter(condition)["duration"].to_list() for condition in conditions)
    return tuple(sum(each, timedelta()) for each in lengths)


@settings(deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4), st.integers(0, AS_OF_MINUTE))
def test_the_truth_lies_inside_the_bounds_without_a_log(lived: list[Life], until: int) -> None:
    given = tables(lived)
    intervals = status_intervals(
        given["conversations"],
        messages=given["messages"],
        status_events=given["snapshots"],
        as_of=at(until),
    )
    for n, life in enumerate(lived):
        for status, true in life.truth(until).items():
            least, estimate, most = spent(intervals, n, status)
            assert least <= true <= most
            assert least <= estimate <= most


ENGAGED = Life("bulk_sent", None, [(2, "contact")], [], is_detail=False, fetched=None)


@settings(deadline=None)
@given(
    st.lists(lives(), min_size=1, max_size=4),
    st.integers(0, AS_OF_MINUTE),
    st.integers(1, AS_OF_MINUTE),
)
@example([ENGAGED], 1, 3)
def test_the_truth_lies_inside_the_bounds_with_part_of_a_log(
    lived: list[Life], since: int, until: int
) -> None:
    given = tables(lived)
    events = pl.concat([log(lived, since), given["snapshots"]])
    intervals = status_intervals(
        given["conversations"],
        messages=given["messages"],
        status_events=events,
        as_of=at(until),
        log_start=at(since),
    )
    for n, life in enumerate(lived):
        for status, true in life.truth(until).items():
            least, estimate, most = spent(intervals, n, status)
            assert least <= true <= most
            assert least <= estimate <= most


@settings(deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4), st.integers(0, AS_OF_MINUTE))
def test_a_complete_log_gives_the_exact_durations(lived: list[Life], until: int) -> None:
    given = tables(lived)
    whole = [life for life in lived if life.is_detail or life.start == "open"]
    intervals = status_intervals(
        given["conversations"],
        messages=given["messages"],
        status_events=pl.concat([log(lived), given["snapshots"]]),
        as_of=at(until),
        log_start=NOON,
    )
    for n, life in enumerate(lived):
        first = intervals.filter(pl.col("conversation_id") == n)["possible"].to_list()[0]
        for status, true in life.truth(until).items():
            least, estimate, most = spent(intervals, n, status)
            assert least <= true <= most
            if life in whole and len(first) == 1:
                assert (least, estimate, most) == (true, true, true)


@settings(deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4), st.integers(0, AS_OF_MINUTE), st.randoms())
def test_stretches_tile_every_life(lived: list[Life], until: int, random: Any) -> None:
    given = tables(lived)
    intervals = status_intervals(
        given["conversations"], messages=given["messages"], as_of=at(until)
    )
    StatusIntervals.checked(intervals)
    for _, mine in intervals.group_by("conversation_id"):
        assert mine["entered_at"].to_list() == [NOON, *mine["left_at"].to_list()[:-1]]
        assert mine["left_at"].to_list()[-1] == at(until)
        assert mine["duration"].sum() == at(until) - NOON
        steps = zip(
            mine["visit"], mine["visit"][1:], mine["status"], mine["status"][1:], strict=False
        )
        assert all((b - a, p != q) in ((0, False), (1, True)) for a, b, p, q in steps)
    assert intervals["conversation_id"].n_unique() == len(lived)

    seeds = [random.randrange(1000) for _ in range(2)]
    shuffled = status_intervals(
        given["conversations"].sample(fraction=1, shuffle=True, seed=seeds[0]),
        messages=given["messages"].sample(fraction=1, shuffle=True, seed=seeds[1]),
        as_of=at(until),
    )
    assert_frame_equal(shuffled, intervals)


@settings(deadline=None)
@given(st.lists(lives(), min_size=2, max_size=4), st.integers(1, AS_OF_MINUTE))
def test_other_conversations_do_not_matter(lived: list[Life], until: int) -> None:
    given = tables(lived)
    events = pl.concat([log(lived, 300), given["snapshots"]])
    options: dict[str, Any] = {"as_of": at(until), "log_start": at(300)}
    together = status_intervals(
        given["conversations"], messages=given["messages"], status_events=events, **options
    )
    alone = status_intervals(
        given["conversations"].head(1), messages=given["messages"], status_events=events, **options
    )
    assert_frame_equal(together.filter(pl.col("conversation_id") == 0), alone)


@settings(deadline=None)
@given(st.lists(lives(), min_size=1, max_size=3), st.integers(0, AS_OF_MINUTE))
def test_what_happens_after_as_of_is_not_seen(lived: list[Life], until: int) -> None:
    given = tables(lived)
    events = pl.concat([log(lived, 300), given["snapshots"]])
    later = pl.col("updated_at") > at(until)
    known = status_intervals(
        given["conversations"],
        messages=given["messages"],
        status_events=events,
        as_of=at(until),
        log_start=at(300),
    )
    status = pl.when(later).then(pl.lit("pending")).otherwise("status")
    ignorant = status_intervals(
        given["conversations"].with_columns(status.cast(pl.Enum(STATUSES)).alias("status")),
        messages=given["messages"].filter(pl.col("created_at") <= at(until)),
        status_events=events.filter(pl.col("changed_at") <= at(until)),
        as_of=at(until),
        log_start=at(300),
    )
    same = given["conversations"].filter(~later | (pl.col("status") != "bulk_sent"))
    ids = same["conversation_id"].implode()
    assert_frame_equal(
        known.filter(pl.col("conversation_id").is_in(ids)),
        ignorant.filter(pl.col("conversation_id").is_in(ids)),
    )


@settings(deadline=None, max_examples=30)
@given(st.lists(lives(), min_size=1, max_size=3))
def test_a_plan_gives_the_same_as_a_frame(lived: list[Life]) -> None:
    given = tables(lived)
    events = pl.concat([log(lived, 300), given["snapshots"]])
    eager = status_intervals(
        given["conversations"],
        messages=given["messages"],
        status_events=events,
        as_of=at(AS_OF_MINUTE),
    )
    plan = status_intervals(
        given["conversations"].lazy(),
        messages=given["messages"].lazy(),
        status_events=events.lazy(),
        as_of=at(AS_OF_MINUTE),
    )
    assert_frame_equal(plan.collect(engine="streaming"), eager)
    assert_frame_equal(plan.collect(engine="in-memory"), eager)
