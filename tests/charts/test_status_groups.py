from __future__ import annotations

import polars as pl
import pytest

from charts.samples import groups
from charts.tables import AS_OF, MINUTE, caption, rows_with, subtitle, title
from drift_analysis import charts
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import TimeInStatus

TABLE = groups(
    {"group": "Fast", "n": 20, "median": 5, "p90": 60 * MINUTE, "running": 1},
    {"group": "Slow", "n": 10, "median": 300, "median_max": 900 * MINUTE, "p90": None},
    {"group": "Never", "n": 8, "median": None, "running": 6},
    {"group": "New", "n": 3, "median": 1},
)


def test_the_longest_stands_first_and_too_few_last() -> None:
    chart = charts.time_in_status_by(TABLE, as_of=AS_OF)
    rows = rows_with(chart.to_dict(), "median")

    columns = ["name", "said", "count", "running", "median", "median_max", "line_end", "arrow"]
    edge = rows[1]["line_end"]
    assert [[row[column] for column in columns] for row in rows] == [
        ["Never", "not reached", "8", "75 %", None, None, edge, edge],
        ["Slow", "5 h", "10", "0 %", 18_000, 54_000, edge, edge],
        ["Fast", "5 min", "20", "5 %", 300, 300, 3_600, None],
        ["New", "fewer than 5", "3", "0 %", None, None, None, None],
    ]
    assert edge >= 54_000


def test_the_words_say_from_where_to_where_the_medians_go() -> None:
    chart = charts.time_in_status_by(TABLE, as_of=AS_OF)
    spec = chart.to_dict()

    assert title(spec) == "Half leave open within 5 min in “Fast”, in “Never” not so far"
    assert subtitle(spec) == (
        "Time open by group, log scale · dot: median, line: to 90 %, pale: hard bounds"
        " · until 31 Mar 2026"
    )
    assert caption(spec) == (
        "n = 41 stays, all stays of one conversation added up. Those still running count as far as "
        "they got (Kaplan-Meier); an open arrow: not reached so far. Drift keeps no history of "
        "status: bounds hold whatever the evidence cannot exclude. "
        "As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert str(chart.description).endswith(
        "Medians: Never not reached (n 8), Slow 5 h (n 10), Fast 5 min (n 20), New too few (n 3)."
    )


def test_bounds_that_overlap_are_told() -> None:
    table = groups(
        {"group": "a", "n": 9, "median": 60, "median_min": 4 * MINUTE},
        {"group": "b", "n": 9, "median": 5},
    )

    spec = charts.time_in_status_by(table, as_of=AS_OF).to_dict()
    assert title(spec) == "Half leave open within 5 min in “b”, within 1 h in “a”"
    assert "Bounds overlap: the order may be another." in caption(spec)


def test_only_the_status_asked_for_is_drawn_in_its_colour() -> None:
    table = pl.concat([TABLE, groups({"group": "x", "n": 9, "median": 7}, status="pending")])
    spec = charts.time_in_status_by(table, as_of=AS_OF, status="pending").to_dict()

    assert [(row["name"], row["status"]) for row in rows_with(spec, "median")] == [("x", "pending")]
    assert title(spec) == "Half leave pending within 7 min in “x”"


def test_further_groups_are_counted() -> None:
    rows = [{"group": f"g{n}", "n": 9, "median": 40 - n} for n in range(30)]
    spec = charts.time_in_status_by(groups(*rows), as_of=AS_OF).to_dict()
    half = charts.time_in_status_by(groups(*rows), as_of=AS_OF, size="half").to_dict()

    assert len(rows_with(spec, "median")) == 10
    assert len(rows_with(half, "median")) == 6
    assert "20 other groups not shown." in caption(spec)


def test_without_a_median_no_number_is_promised() -> None:
    few = groups({"group": "a", "n": 3, "median": 60})
    none = groups({"group": "a", "n": 9, "median": None})

    assert title(charts.time_in_status_by(few, as_of=AS_OF).to_dict()) == (
        "No group has 5 conversations that were open"
    )
    assert title(charts.time_in_status_by(none, as_of=AS_OF).to_dict()) == (
        "In no group have half left open so far"
    )


def test_what_is_no_table_of_groups_or_no_status_is_refused() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.time_in_status_by(TimeInStatus.empty(), as_of=AS_OF)
    with pytest.raises(InputError) as unknown:
        charts.time_in_status_by(TABLE, as_of=AS_OF, status="lost")

    assert str(raised.value) == (
        "TimeInStatusGroups: this is a table of conversations.\n"
        "It has 'n_visits' and no 'median'.\n"
        "Try: time_in_status(intervals, by=...), or charts.time_in_status for this table."
    )
    assert str(unknown.value).startswith("status='lost' is not a choice.")
