from __future__ import annotations

import pytest

from charts.samples import coverage, steps, ways
from charts.tables import AS_OF, caption, rows_with, subtitle, title
from drift_analysis import charts

STEPS = steps(
    (None, "open", 40, 0),
    ("open", "closed", 30, 90),
    ("open", None, 10, 500),
    ("closed", "open", 3, 60),
    ("closed", None, 27, 600),
)
WAYS = ways((["open", "closed"], 30), (["open", "pending", "closed"], 9), (["open"] * 20, 1))


def test_steps_are_cells_with_count_wait_and_share() -> None:
    chart = charts.transitions(STEPS, as_of=AS_OF)
    spec = chart.to_dict()

    cells = {(row["count"], row["note"]): row for row in rows_with(spec, "count")}
    assert set(cells) == {
        ("40", "100 %"),
        ("30", "1 h 30 min"),
        ("10", "8 h 20 min"),
        ("3", "1 h"),
        ("27", "10 h"),
    }
    assert cells["30", "1 h 30 min"]["opacity"] == pytest.approx(0.06 + 0.36 * 0.75)
    assert cells["40", "100 %"]["y"] < cells["30", "1 h 30 min"]["y"]
    assert cells["40", "100 %"]["x"] < cells["30", "1 h 30 min"]["x"] < cells["27", "10 h"]["x"]
    assert title(spec) == "30 of 33 steps lead from open to closed, after 1 h 30 min at the median"
    assert caption(spec) == (
        "n = 40 conversations, 33 steps between statuses. The best estimate, since Drift keeps no "
        "history of status: 100 % of the steps are certain. Waits are those of steps that were "
        "seen, of what is still in it so far. As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert str(chart.description).endswith("open to closed 30, closed to open 3.")


def test_half_a_page_has_no_room_for_waits_and_says_so() -> None:
    spec = charts.transitions(STEPS, as_of=AS_OF, size="half").to_dict()

    assert subtitle(spec) == (
        "Steps between statuses: count, colour: share of the row · until 31 Mar 2026"
    )
    assert "Waits" not in caption(spec)


def test_conversations_that_never_moved_are_said_so() -> None:
    still = charts.transitions(steps((None, "open", 2, 0), ("open", None, 2, 9)), as_of=AS_OF)

    assert title(still.to_dict()) == "No conversation has changed its status"
    assert "No steps." in str(still.description)


def test_ways_are_rows_of_statuses_in_their_colours() -> None:
    chart = charts.variants(WAYS, as_of=AS_OF)
    spec = chart.to_dict()

    chips = [(row["row"], row["status"]) for row in rows_with(spec, "status", "x2")]
    assert chips[:5] == [
        (0, "open"),
        (0, "closed"),
        (1, "open"),
        (1, "pending"),
        (1, "closed"),
    ]
    shares = [(row["share"], row["n"]) for row in rows_with(spec, "share", "n")]
    assert shares == [("75 %", "n 30"), ("22 %", "n 9"), ("2 %", "n 1")]
    assert [row["said"] for row in rows_with(spec, "row", "x", "said")][2] == "+ 15 more"
    assert title(spec) == "75 % of the conversations went open → closed"
    assert "n = 40 conversations, 3 ways." in caption(spec)


def test_ways_that_are_not_shown_are_one_row() -> None:
    many = ways(*((["open"] * n, 30 - n) for n in range(1, 21)), is_open=True)
    spec = charts.variants(many, as_of=AS_OF, limit=2).to_dict()

    assert [row["said"] for row in rows_with(spec, "said") if "other" in row["said"]] == []
    assert "18 other ways" in str(spec["datasets"])
    assert [row["n"] for row in rows_with(spec, "share", "n")] == ["n 29", "n 28", "n 333"]
    assert "An arrow at the end: not closed yet." in caption(spec)
    assert "15 % of all are shown" in subtitle(spec)


def test_below_five_ways_have_counts_and_no_share_in_the_title() -> None:
    spec = charts.variants(ways((["open"], 2), (["closed"], 1), is_open=True), as_of=AS_OF)

    assert title(spec.to_dict()) == "2 of 3 conversations went open → …"


def test_completeness_shows_the_metrics_with_the_most_evidence_first() -> None:
    table = coverage(time_in_status=199, tag_frequency=0, first_response=1, journeys=200)
    chart = charts.completeness(table, as_of=AS_OF)
    spec = chart.to_dict()

    rows = [(row["name"], row["share"], row["said"]) for row in rows_with(spec, "share", "whole")]
    assert [(name.replace("\n", " "), *rest) for name, *rest in rows] == [
        ("journeys", 1, "100 % · 200"),
        ("time in status", 0.995, "over 99 % · 199"),
        ("first response", 0.005, "1 % · 1"),
        ("tag frequency", 0, "0 % · 0"),
    ]
    assert title(spec) == "3 of 4 metrics can be computed, 2 for nearly all"
    assert "Without any evidence: tag frequency." in caption(spec)
    few = charts.completeness(table, as_of=AS_OF, limit=3).to_dict()
    rows = [(row["name"], row["share"], row["said"]) for row in rows_with(few, "share", "whole")]
    assert [(name.replace("\n", " "), *rest) for name, *rest in rows] == [
        ("2 other metrics", 0.995, "over 99 %"),
        ("first response", 0.005, "1 % · 1"),
        ("tag frequency", 0, "0 % · 0"),
    ]
    assert title(few) == title(spec)
    half = charts.completeness(table, as_of=AS_OF, size="half").to_dict()
    assert [row["said"] for row in rows_with(half, "said", "whole")][1] == ">99 %"
