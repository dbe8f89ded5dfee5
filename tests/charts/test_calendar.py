from __future__ import annotations

from datetime import date

import pytest

from charts.samples import flows
from charts.tables import AS_OF, caption, datasets, rows_with, subtitle, title
from drift_analysis import charts
from drift_analysis.errors import SchemaError

DAYS = flows(*({"arrivals": n} for n in (4, 0, 1, 0, 0, 0, 0, 9)), every=1, first=date(2026, 3, 2))


def test_weeks_are_columns_and_weekdays_rows() -> None:
    spec = charts.calendar(DAYS, as_of=AS_OF).to_dict()

    cells = {row["day"]: row for rows in datasets(spec) for row in rows if "day" in row}
    monday, wednesday, next_monday = (
        cells[day] for day in ("2 Mar 2026", "4 Mar 2026", "9 Mar 2026")
    )
    assert (monday["x"], monday["y"]) == (0, 18)
    assert (wednesday["x"], wednesday["y"]) == (0, 18 + 2 * 22)
    assert (next_monday["x"], next_monday["y"]) == (22, 18)
    assert (monday["opacity"], next_monday["opacity"]) == (
        pytest.approx(0.12 + 0.88 * 2 / 3),
        pytest.approx(1),
    )
    assert [row["said"] for row in rows_with(spec, "x", "said")] == ["Mar"]


def test_the_title_says_the_zone_and_the_caption_the_counts() -> None:
    chart = charts.calendar(DAYS, as_of=AS_OF, tz="Asia/Tokyo")
    spec = chart.to_dict()

    assert title(spec) == "14 conversations arrived, most on 9 Mar 2026 (days of Asia/Tokyo)"
    assert subtitle(spec) == "Conversations that arrived, per day · 2 Mar to 31 Mar 2026"
    assert caption(spec) == (
        "n = 14 conversations on 8 days; empty: none arrived. Most on 9 Mar 2026: 9. "
        "As of 31 Mar 2026, 21:00 (Asia/Tokyo)."
    )
    assert "Calendar, a column per week and a row per weekday; colour" in str(chart.description)


def test_with_enough_of_them_the_busiest_weekday_is_the_finding() -> None:
    weeks = flows(
        *({"arrivals": 8 if n % 7 == 1 else 2} for n in range(28)), every=1, first=date(2026, 3, 2)
    )

    spec = charts.calendar(weeks, as_of=AS_OF).to_dict()
    assert title(spec) == "Tuesdays bring the most, 8.0 a day (days of UTC)"


def test_only_the_last_weeks_are_drawn_and_the_rest_is_counted() -> None:
    years = flows(*[{"arrivals": 1}] * 800, every=1, first=date(2024, 1, 1))
    spec = charts.calendar(years, as_of=AS_OF).to_dict()
    half = charts.calendar(years, as_of=AS_OF, size="half").to_dict()

    assert max(row["x"] for row in rows_with(spec, "day")) == 52 * 11
    assert max(row["x"] for row in rows_with(half, "day")) == 25 * 10
    assert "earlier days not shown." in caption(spec)
    assert "Jan 2026" in [row["said"] for row in rows_with(spec, "x", "said")]


def test_a_day_that_is_not_over_has_a_frame() -> None:
    days = flows({"arrivals": 2}, {"arrivals": 1, "is_complete": False}, every=1)
    spec = charts.calendar(days, as_of=AS_OF).to_dict()

    assert "Framed: not over." in caption(spec)


def test_weeks_are_refused() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.calendar(flows({"arrivals": 2}, {"arrivals": 1}), as_of=AS_OF)

    assert str(raised.value) == (
        'Flow: the periods are no days.\nThey are 7 days apart.\nTry: flow(intervals, every="1d").'
    )
