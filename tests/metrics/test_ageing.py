"""How old open work is: worked out by hand, against a slow reference, and by law."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

import metrics.references.flow as slow
from builders import NOON, conversations, hours
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import ageing
from drift_analysis.schemas import Ageing, StatusIntervals
from stretches import Stretch, any_lives, rows_of, stretches

WORK: dict[int, list[Stretch]] = {
    1: [("open", 0, 2), ("closed", 2, 10)],
    2: [("open", 0, 1), ("closed", 1, 3), ("open", 3, 5), ("closed", 5, 10)],
    3: [("open", 6, 10, ["pending"])],
    4: [("bulk_sent", 0, 8), ("pending", 8, 10, ["closed"])],
    5: [("bulk_sent", 0, 8), ("closed", 8, 10)],
    6: [("bulk_sent", 0, 10)],
}


def test_open_work_is_compared_with_what_finished_work_took_from_its_arrival() -> None:
    found = ageing(stretches(WORK))
    assert Ageing.checked(found).rows() == [
        (3, "open", True, NOON + hours(6), hours(4), 0.5, 2, hours(2), hours(5)),
        (4, "pending", False, NOON + hours(8), hours(2), 0.5, 2, hours(2), hours(5)),
    ]


def test_where_nothing_is_finished_there_is_nothing_to_compare_with() -> None:
    found = ageing(stretches({3: WORK[3]}))
    columns = ["share_faster", "n_finished", "finished_p50", "finished_p90"]
    assert found.select(columns).rows() == [(None, 0, None, None)]


def test_work_is_compared_with_the_work_of_its_group() -> None:
    tags = pl.DataFrame({"conversation_id": [1, 3, 3, 2, 4], "tag": ["a", "a", "b", "b", "b"]})
    found = ageing(stretches(WORK), by=tags).select("tag", "conversation_id", "share_faster")
    assert found.rows() == [("a", 3, 1.0), ("b", 3, 0.0), ("b", 4, 0.0)]


def test_names_that_are_needed_and_other_frames_are_refused() -> None:
    with pytest.raises(InputError, match="by='age' is a name that is needed here"):
        ageing(stretches(WORK), by=pl.DataFrame({"conversation_id": [1], "age": [1]}))
    with pytest.raises(SchemaError, match="StatusIntervals: missing 'visit'"):
        ageing(conversations())


def test_no_stretches_give_an_empty_table() -> None:
    assert_frame_equal(ageing(StatusIntervals.empty()), Ageing.empty())


@settings(deadline=None)
@given(any_lives())
def test_it_is_what_a_slow_reference_says(intervals: pl.DataFrame) -> None:
    found = Ageing.checked(ageing(intervals.sample(fraction=1, shuffle=True, seed=2)))
    rows = slow.ageing(list(rows_of(intervals).values()))
    assert_frame_equal(found, pl.DataFrame(rows, schema=Ageing.schema()))


@settings(deadline=None, max_examples=20)
@given(any_lives())
def test_plans_engines_and_repeated_rows_change_nothing(intervals: pl.DataFrame) -> None:
    groups = pl.DataFrame({"conversation_id": [0, 1, 1], "tag": ["a", "a", "b"]})
    for by in (None, groups):
        eager = ageing(intervals, by=by)
        assert_frame_equal(ageing(pl.concat([intervals, intervals]), by=by), eager)
        plan = ageing(intervals.lazy(), by=by)
        assert_frame_equal(plan.collect(engine="streaming"), eager)
        assert_frame_equal(plan.collect(engine="in-memory"), eager)
