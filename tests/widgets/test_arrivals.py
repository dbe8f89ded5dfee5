from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import conversations
from drift_analysis.charts.kit.frame import Words
from drift_analysis.charts.output.render import svg
from drift_analysis.schemas import STATUSES
from drift_analysis.widgets import Filters, Pick
from drift_analysis.widgets.asked.filters import local_day
from drift_analysis.widgets.explorer.arrivals import arrivals_picture, linked_chart, picks
from drift_analysis.widgets.explorer.periods import Span, arrivals
from widgets.worlds import MONDAY, four

if TYPE_CHECKING:
    import polars as pl


def started(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("status", day=local_day("UTC"))


FRAME = started(four().conversations)
NO_FILTER = Filters()


def span(first: date, last: date) -> Span:
    frame = conversations(
        {"conversation_id": 1, "created_at": noon(first)},
        {"conversation_id": 2, "created_at": noon(last)},
    )
    found = Span.of(started(frame), NO_FILTER)
    assert found is not None
    return found


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def ms(day: date, hour: float = 0) -> float:
    return (noon(day).timestamp() + (hour - 12) * 3600) * 1000


@pytest.mark.parametrize(
    ("days", "period"), [(1, "day"), (62, "day"), (63, "week"), (434, "week"), (435, "month")]
)
def test_periods_grow_with_the_days_that_are_shown(days: int, period: str) -> None:
    first = date(2026, 1, 1)

    assert span(first, first + timedelta(days=days - 1)).period == period


def test_dates_that_are_filtered_for_bound_the_days_and_nothing_else_does() -> None:
    some = Filters(start=date(2026, 3, 3), end=date(2026, 5, 1), status="open")

    assert Span.of(FRAME, some) == Span(date(2026, 3, 3), date(2026, 3, 4), "1d")
    assert Span.of(FRAME, Filters(start=date(2026, 4, 1))) is None
    assert Span.of(FRAME.clear(), NO_FILTER) is None


def test_bars_stand_on_one_another_in_the_order_of_a_life() -> None:
    rows = arrivals(FRAME, Span(date(2026, 3, 2), date(2026, 3, 4), "1w"))

    assert rows.select("first", "last", "status", "n", "low", "high").rows() == [
        ("2026-03-02", "2026-03-08", "open", 1, 0, 1),
        ("2026-03-02", "2026-03-08", "pending", 1, 1, 2),
        ("2026-03-02", "2026-03-08", "closed", 2, 2, 4),
    ]
    assert rows["start"].unique().to_list() == [ms(date(2026, 3, 2))]


@given(
    starts=st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from(STATUSES)), min_size=1, max_size=30
    )
)
@settings(max_examples=50, deadline=None)
def test_every_conversation_is_in_one_bar_of_its_own_pick(starts: list[tuple[int, str]]) -> None:
    rows = [
        {"conversation_id": n, "created_at": MONDAY + timedelta(days=days), "status": status}
        for n, (days, status) in enumerate(starts)
    ]
    frame = conversations(*rows)
    covered = Span.of(started(frame), NO_FILTER)
    assert covered is not None

    bars = arrivals(started(frame), covered)

    assert bars["n"].sum() == frame.height
    for first, last, status, n in bars.select("first", "last", "status", "n").iter_rows():
        bar = {"first": first, "last": last, "status": status, "drawn": 1}
        picked = picks([bar], {}, covered, drawn=1)
        assert picked is not None
        assert [day_and_status_fit(row, picked[0]) for row in rows].count(True) == n


def day_and_status_fit(row: dict[str, object], pick: Pick) -> bool:
    day = row["created_at"]
    assert isinstance(day, datetime)
    return pick.first <= day.date() <= pick.last and row["status"] == pick.status


def test_a_brush_picks_the_periods_that_it_covers_and_not_those_it_grazes() -> None:
    weeks = Span(date(2026, 3, 2), date(2026, 5, 31), "1w")
    tuesday, thursday = date(2026, 3, 10), date(2026, 3, 19)

    def picked(first: float, last: float) -> tuple[Pick, ...] | None:
        return picks([], {"start3": [first, last]}, weeks, drawn=3)

    whole = (Pick(date(2026, 3, 9), date(2026, 3, 22)),)
    assert picked(ms(tuesday), ms(thursday)) == whole
    assert picked(ms(thursday), ms(tuesday)) == whole
    assert picked(ms(date(2026, 3, 9), -0.5), ms(date(2026, 3, 23), 0.5)) == whole
    assert picked(ms(tuesday), ms(tuesday, 0.1)) == ()


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    length=st.integers(0, 500),
    every=st.sampled_from(["1d", "1w", "1mo"]),
)
@settings(max_examples=50, deadline=None)
def test_what_is_picked_is_drawn_so_that_it_is_picked_again(
    first: date, length: int, every: str
) -> None:
    covered = Span(first, first + timedelta(days=length), every)  # type: ignore[arg-type]
    pick = Pick(*covered.whole(covered.first, covered.last))

    spec = linked_chart(FRAME, covered, (pick,), tz="UTC", drawn=7).to_dict()
    brush = next(param for param in spec["params"] if param["name"] == "brush")

    assert picks([], {"start7": brush["value"]["x"]}, covered, drawn=7) == (pick,)


def test_picked_bars_are_drawn_again() -> None:
    days = Span(date(2026, 3, 2), date(2026, 3, 4), "1d")
    pick = Pick(date(2026, 3, 2), date(2026, 3, 2), "open")

    spec = linked_chart(FRAME, days, (pick,), tz="UTC", drawn=2).to_dict()
    bars = next(param for param in spec["params"] if param["name"] == "bars")

    assert picks(bars["value"], {}, days, drawn=2) == (pick,)


def test_a_chart_that_was_replaced_is_not_listened_to() -> None:
    days = Span(date(2026, 3, 2), date(2026, 3, 4), "1d")
    bar = {"first": "2026-03-02", "last": "2026-03-02", "status": "open", "drawn": 1}

    assert picks([bar], {}, days, drawn=2) is None
    assert picks([], {"start1": [ms(days.first), ms(days.last)]}, days, drawn=2) is None
    assert picks([], {}, days, drawn=2) == ()


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, [0, 1]),
        (2, [0, 1, 2]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (38, [0, 10, 20, 30, 40]),
        (81, [0, 50, 100]),
    ],
)
def test_the_axis_counts_whole_conversations(most: int, ticks: list[int]) -> None:
    rows = [{"conversation_id": n, "created_at": MONDAY} for n in range(most)]
    day = Span(MONDAY.date(), MONDAY.date(), "1d")

    y: Any = linked_chart(started(conversations(*rows)), day, (), tz="UTC", drawn=1)
    y = y.to_dict()["encoding"]["y"]

    assert (y["axis"]["values"], y["axis"]["format"]) == (ticks, ",d")
    assert y["scale"] == {"domain": [0, ticks[-1]], "nice": False}


def heights(drawing: str) -> dict[str, float]:
    """Return how far below the top of a drawing each of its texts stands."""
    found: dict[str, float] = {}

    def walk(element: ElementTree.Element, y: float) -> None:
        moved = re.match(r"translate\([^,]+,([^)]+)\)", element.get("transform", ""))
        y += float(moved[1]) if moved else 0.0
        if element.text and element.text.strip():
            found[element.text] = y
        for child in element:
            walk(child, y)

    walk(ElementTree.fromstring(drawing), 0.0)
    return found


def test_the_legend_stands_between_the_words_and_the_bars() -> None:
    days = Span(date(2026, 3, 2), date(2026, 3, 4), "1d")
    words = Words("Title", "Subtitle", ("Caption",), "What it shows")

    picture = arrivals_picture(FRAME, days, words)
    at = heights(svg(picture.to_dict()).decode())

    assert at["Title"] + 15 < at["Subtitle"] < at["closed"] - 15
    assert at["closed"] < at["2"] - 5 < at["0"] < at["Caption"]


def test_a_chart_holds_counts_and_no_conversation() -> None:
    days = Span(date(2026, 3, 2), date(2026, 3, 4), "1d")

    spec = linked_chart(FRAME, days, (), tz="UTC", drawn=1).to_dict()
    rows = next(iter(spec["datasets"].values()))

    assert {name for row in rows for name in row} == {
        *("first", "last", "start1", "stop", "status", "n", "low", "high", "drawn")
    }
