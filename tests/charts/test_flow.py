from __future__ import annotations

from datetime import date

import pytest

from charts.samples import flows
from charts.tables import AS_OF, caption, encodings, rows_with, subtitle, title
from drift_analysis import charts

WEEKS = flows(
    {"arrivals": 10, "closes": 4, "open": 5, "pending": 1},
    {"arrivals": 8, "closes": 6, "reopens": 2, "open": 7, "pending": 3},
    {"arrivals": 3, "closes": 1, "open": 9, "pending": 3, "is_complete": False},
)


def test_a_cumulative_flow_counts_what_arrived_and_what_closed_so_far() -> None:
    chart = charts.flow(WEEKS, as_of=AS_OF)
    spec = chart.to_dict()

    rows = rows_with(spec, "cumulative_arrivals")
    assert [row["cumulative_arrivals"] for row in rows] == [10, 18, 21]
    assert [row["cumulative_closes"] for row in rows] == [4, 10, 11]
    assert [row["said"] for row in rows_with(spec, "said")] == ["21\narrived", "11\nclosed"]
    assert title(spec) == "Of 21 conversations that arrived, 11 have closed, 10 never"
    assert subtitle(spec) == "Conversations so far, by week · 2 Mar to 31 Mar 2026"
    assert caption(spec) == "Closed: at least once. As of 31 Mar 2026, 12:00 (UTC)."
    assert chart.description == (
        "Two rising lines with bands; x: weeks, 2 Mar to 31 Mar 2026; y: conversations. "
        "Of 21 conversations that arrived, 11 have closed, 10 never."
    )


def test_bounds_are_bands_and_the_caption_says_so() -> None:
    table = flows({"arrivals": 5, "open": 5, "open_min": 2, "open_max": 8, "backlog_max": 8})
    spec = charts.backlog(table, as_of=AS_OF).to_dict()

    row = rows_with(spec, "open_min")[0]
    assert (row["open"], row["open_min"], row["open_max"]) == (5, 2, 8)
    assert caption(spec).startswith("The evidence allows 5 to 8. Bands: hard bounds, since Drift")
    assert "Bands" not in caption(charts.backlog(WEEKS, as_of=AS_OF).to_dict())


def test_a_backlog_that_certainly_changed_is_the_finding() -> None:
    spec = charts.backlog(WEEKS, as_of=AS_OF).to_dict()
    down = flows({"open": 9}, {"open": 2, "pending": 1})
    same = flows({"open": 1}, {"open": 1})

    assert title(spec) == "The backlog grew from 6 to 12 since 2 Mar 2026: 9 open, 3 pending"
    assert subtitle(spec) == (
        "Conversations at the end of each week (local midnight) · 2 Mar to 31 Mar 2026"
    )
    assert title(charts.backlog(down, as_of=AS_OF).to_dict()).startswith(
        "The backlog shrank from 9 to 3"
    )
    assert title(charts.backlog(same, as_of=AS_OF).to_dict()) == (
        "1 conversation waits: 1 open, 0 pending"
    )


def test_a_net_flow_has_what_came_above_and_what_closed_below() -> None:
    chart = charts.net_flow(WEEKS, as_of=AS_OF)
    spec = chart.to_dict()

    columns = ("came", "back", "went", "net", "opacity")
    assert [tuple(row[name] for name in columns) for row in rows_with(spec, "came")] == [
        (10, 10, -4, 6, 0.85),
        (8, 10, -6, 4, 0.85),
        (3, 3, -1, 2, 0.35),
    ]
    assert title(spec) == "21 arrived, 2 came back, 11 closed: 12 more wait than before"
    assert caption(spec) == (
        "Paler, on top: closed conversations that came back. Pale: the last week is not over. "
        "Counts of the best estimate: what agents closed and opened unseen is not in them. "
        "As of 31 Mar 2026, 12:00 (UTC)."
    )
    domains = [y["scale"]["domain"] for y in encodings(spec, "y") if "scale" in y]
    assert {tuple(domain) for domain in domains} == {(-10, 10)}
    labels = [y["axis"]["labelExpr"] for y in encodings(spec, "y") if y.get("axis")]
    assert all("datum.value == -5 ? '5'" in label for label in labels)


def test_a_flow_in_balance_says_so() -> None:
    even = flows({"arrivals": 3, "closes": 3})
    fewer = flows({"arrivals": 3, "closes": 4})

    assert title(charts.net_flow(even, as_of=AS_OF).to_dict()).endswith("as much went as came")
    assert title(charts.net_flow(fewer, as_of=AS_OF).to_dict()).endswith("1 fewer wait than before")


def test_one_period_alone_is_a_point() -> None:
    spec = charts.flow(flows({"arrivals": 3, "closes": 1}), as_of=AS_OF).to_dict()

    assert "'type': 'point'" in str(spec)
    assert title(spec) == "Of 3 conversations that arrived, 1 has closed, 2 never"


def test_very_many_periods_are_cut_and_counted() -> None:
    table = flows(*[{"arrivals": 1}] * 1_510, every=1, first=date(2020, 1, 1))
    spec = charts.net_flow(table, as_of=AS_OF).to_dict()

    assert len(rows_with(spec, "came")) == 1_500
    assert "10 earlier days not shown." in caption(spec)


@pytest.mark.parametrize("draw", [charts.flow, charts.backlog, charts.net_flow])
def test_periods_stand_at_places_and_not_at_moments_of_a_browser(draw: object) -> None:
    assert callable(draw)
    spec = draw(WEEKS, as_of=AS_OF, tz="Asia/Tokyo").to_dict()

    axes = [x["axis"]["labelExpr"] for x in encodings(spec, "x") if x.get("axis")]
    assert set(axes) == {
        "datum.value == 0 ? '2 Mar' : datum.value == 1 ? '9 Mar' : datum.value == 2 ? '16 Mar' : ''"
    }
    assert "temporal" not in str(spec)


def test_what_arrived_before_what_is_drawn_is_told_as_such() -> None:
    spec = charts.flow(WEEKS.tail(2), as_of=AS_OF).to_dict()

    assert title(spec) == "Of 21 conversations that ever arrived, 11 have closed, 10 never"
    assert "Counted from the first on: 10 arrived before what is drawn." in caption(spec)
