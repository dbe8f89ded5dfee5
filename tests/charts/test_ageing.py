from __future__ import annotations

import polars as pl

from charts.samples import work
from charts.tables import AS_OF, caption, row_count, rows_with, title
from drift_analysis import charts


def test_each_open_conversation_is_a_dot_near_its_age() -> None:
    spec = charts.ageing(work(1, 24, 24.1), as_of=AS_OF).to_dict()

    dots = [row["filled"] / 3600 for row in rows_with(spec, "filled")]
    assert len(dots) == 3
    assert abs(dots[0] - 1) < 0.1
    assert abs(dots[1] - 24) < 2
    assert dots[1] == dots[2]
    levels = [row["at"] for row in rows_with(spec, "filled")]
    assert levels[0] == levels[1] > levels[2]


def test_the_lines_stand_where_finished_work_had_closed() -> None:
    chart = charts.ageing(work(1, 9, 40), as_of=AS_OF)
    spec = chart.to_dict()

    assert [(row["t"], row["said"]) for row in rows_with(spec, "foot")] == [
        (7_200, "half of finished: 2 h"),
        (28_800, "9 in 10: 8 h"),
    ]
    assert (
        title(spec) == "2 of 3 that wait have waited longer than 9 in 10 finished ones took (8 h)"
    )
    assert caption(spec) == (
        "n = 3 open or pending, 10 finished. Both count from the arrival, finished ones to their "
        "last close. As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert chart.description == (
        "Dots, one row per status; x: age, logarithmic. 2 of 3 that wait have waited longer than 9 "
        "in 10 finished ones took (8 h). 3 open. Half of the finished took 2 h or less."
    )


def test_nothing_late_and_nothing_to_compare_with_are_said_so() -> None:
    calm = charts.ageing(work(1, 2), as_of=AS_OF).to_dict()
    alone = charts.ageing(work(1, finished=None), as_of=AS_OF).to_dict()

    assert title(calm) == "2 conversations wait, none longer than 9 in 10 finished ones took (8 h)"
    assert title(alone) == "1 conversation waits, none is finished to compare with"


def test_what_may_have_been_closed_is_hollow() -> None:
    table = pl.concat(
        [work(1), work(2, status="pending"), work(3, status="pending", is_certain=False)]
    )
    spec = charts.ageing(table, as_of=AS_OF).to_dict()

    dots = [(row["status"], row["hollow"] is None) for row in rows_with(spec, "hollow")]
    assert dots == [("open", True), ("pending", True), ("pending", False)]
    assert "Hollow: may have been closed (1)." in caption(spec)


def test_thousands_of_conversations_become_few_dots_that_are_several_each() -> None:
    table = work(*(1 + n / 9 for n in range(4_000)))
    spec = charts.ageing(table, as_of=AS_OF).to_dict()

    assert row_count(spec) < 1_200
    assert "A dot is up to " in caption(spec)


def test_no_conversation_is_named() -> None:
    assert "conversation_id" not in str(charts.ageing(work(1, 2), as_of=AS_OF).to_dict())
