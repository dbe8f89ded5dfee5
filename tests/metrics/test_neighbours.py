from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.metrics.neighbours import (
    before,
    begins_life,
    behind,
    ends_life,
    known_before,
    known_behind,
    latest_of,
    next_of,
    running,
    sum_of_run,
)

IDS = [1, 1, 1, 2, 2, 3]
VALUES = [None, 5, None, None, 7, 9]
FRAME = pl.DataFrame({"conversation_id": IDS, "value": VALUES, "number": [1, 2, 3, 4, 5, 6]})


def found(expression: pl.Expr, frame: pl.DataFrame = FRAME) -> list[object]:
    return frame.select(expression.alias("found")).to_series().to_list()


def test_a_life_begins_and_ends_with_its_conversation() -> None:
    assert found(begins_life()) == [True, False, False, True, False, True]
    assert found(ends_life()) == [False, False, True, False, True, True]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (before("number"), [None, 1, 2, None, 4, None]),
        (behind("number"), [2, 3, None, 5, None, None]),
        (latest_of("value"), [None, 5, 5, None, 7, 9]),
        (next_of("value"), [5, 5, None, 7, 7, 9]),
        (known_before("value"), [None, None, 5, None, None, None]),
        (known_behind("value"), [5, None, None, 7, None, None]),
        (running(pl.col("number")), [1, 3, 6, 4, 9, 6]),
    ],
)
def test_nothing_is_taken_from_another_conversation(
    expression: pl.Expr, expected: list[int | None]
) -> None:
    assert found(expression) == expected


def test_a_run_is_added_up_to_where_the_next_begins() -> None:
    begins = pl.Series("begins", [True, False, True, True, False, False])
    frame = FRAME.with_columns(begins)
    assert found(sum_of_run(pl.col("number"), pl.col("begins")), frame) == [3, 3, 3, 15, 15, 15]


def test_a_conversation_has_a_life_in_each_group_also_where_two_meet() -> None:
    frame = pl.DataFrame({"tag": ["a", "a", "b", None], "conversation_id": 1, "number": 1})
    assert found(begins_life(["tag"]), frame) == [True, False, True, True]
    assert found(before("number", ["tag"]), frame) == [None, 1, None, None]
    assert found(running(pl.col("number"), ["tag"]), frame) == [1, 2, 1, 1]


@given(st.lists(st.integers(0, 62), max_size=10))
@settings(max_examples=60)
def test_neighbours_say_what_windows_would(drawn: list[int]) -> None:
    # Each number stands for a conversation, a value that may be unknown, and a number.
    rows = [(n // 21, n % 21 // 7 or None, n % 7 - 3) for n in drawn]
    columns = {"conversation_id": pl.Int64, "value": pl.Int64, "number": pl.Int64}
    frame = pl.DataFrame(rows, schema=columns, orient="row").sort("conversation_id")
    value, number, key = pl.col("value"), pl.col("number"), "conversation_id"
    pairs = {
        "before": (before(value), value.shift().over(key)),
        "behind": (behind(value), value.shift(-1).over(key)),
        "latest": (latest_of(value), value.forward_fill().over(key)),
        "next": (next_of(value), value.backward_fill().over(key)),
        "known_before": (known_before(value), value.forward_fill().shift().over(key)),
        "known_behind": (known_behind(value), value.backward_fill().shift(-1).over(key)),
        "running": (running(number), number.cum_sum().over(key)),
        "run": (sum_of_run(number, begins_life()), number.sum().over(key)),
    }
    for name, (ours, obvious) in pairs.items():
        assert found(ours, frame) == found(obvious, frame), name
