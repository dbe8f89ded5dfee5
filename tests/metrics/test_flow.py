"""What comes, closes and waits: worked out by hand, against an oracle and a reference, by law."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.flow as slow
from builders import NOON, conversations, hours
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import flow, status_intervals
from drift_analysis.schemas import Flow, StatusIntervals
from lives import Life, at, lives, log, tables
from stretches import Stretch, any_lives, rows_of, stretches

CFD = json.loads((Path(__file__).parents[1] / "oracles" / "vectors_cfd.json").read_text())["cfd"]
COUNTS = ("arrivals", "closes", "reopens", "net_flow", "open", "pending", "backlog")


def days(found: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return Flow.checked(found.select(Flow.column_names())).select(columns).rows()


WEEK: dict[int, list[Stretch]] = {
    1: [("open", 0, 10), ("closed", 10, 30), ("open", 30, 40), ("closed", 40, 60)],
    2: [("open", 13, 20), ("pending", 20, 60)],
    3: [("bulk_sent", 0, 15), ("open", 15, 60)],
    4: [("bulk_sent", 0, 60)],
}


def test_each_day_counts_what_came_closed_and_was_left_at_midnight() -> None:
    assert days(flow(stretches(WEEK)), "period", *COUNTS, "is_complete") == [
        (date(2026, 3, 2), 1, 1, 0, 0, 0, 0, 0, True),
        (date(2026, 3, 3), 2, 0, 1, 3, 2, 1, 3, True),
        (date(2026, 3, 4), 0, 1, 0, -1, 1, 1, 2, True),
    ]


def test_the_last_period_ends_at_as_of_and_holds_what_happens_at_it() -> None:
    lives_: dict[int, list[Stretch]] = {1: [("open", 0, 30), ("closed", 30, 30)]}
    assert days(flow(stretches(lives_)), "closes", "backlog", "is_complete") == [
        (0, 1, True),
        (1, 0, False),
    ]
    at_midnight: dict[int, list[Stretch]] = {1: [("open", 0, 12), ("closed", 12, 12)]}
    assert days(flow(stretches(at_midnight)), "closes", "backlog", "is_complete") == [(1, 0, True)]


def test_what_is_only_bounded_has_bands() -> None:
    lives_: dict[int, list[Stretch]] = {
        1: [("open", 0, 24, ["closed"]), ("closed", 24, 48), ("closed", 48, 60, ["pending"])],
        2: [("open", 0, 60, ["pending"])],
        3: [("open", 0, 24, ["bulk_sent"]), ("open", 24, 60, ["pending", "closed"])],
    }
    found = flow(stretches(lives_))
    bounds = ("_min", "", "_max")
    names = ("open", "pending", "backlog", "cumulative_arrivals", "cumulative_closes")
    bands = {name: days(found, *(name + bound for bound in bounds)) for name in names}
    assert bands == {
        "open": [(0, 3, 3), (0, 2, 2), (0, 2, 2)],
        "pending": [(0, 0, 1), (0, 0, 2), (0, 0, 3)],
        "backlog": [(1, 3, 3), (1, 2, 2), (1, 2, 3)],
        "cumulative_arrivals": [(2, 3, 3), (3, 3, 3), (3, 3, 3)],
        "cumulative_closes": [(0, 0, 1), (1, 1, 2), (1, 1, 2)],
    }


@pytest.mark.parametrize("stage", ["Committed", "Build", "Test", "Done"])
def test_cumulative_counts_are_those_of_a_known_cumulative_flow_diagram(stage: str) -> None:
    def hour_of(day: str) -> float:
        return (datetime.fromisoformat(f"{day}T09:00+00:00") - NOON) / hours(1)

    end = hour_of("2018-01-06") + 1
    items: dict[int, list[Stretch]] = {}
    for n, item in enumerate(CFD["items"]):
        began = hour_of(item["Backlog"])
        reached = hour_of(item[stage]) if stage in item else end
        items[n] = [("open", began, reached)]
        items[n] += [("closed", reached, end)] if stage in item else []
    found = flow(stretches(items))
    known = CFD["cumulative"]
    assert [str(day) for (day,) in days(found, "period")] == known["dates"]
    assert [n for (n,) in days(found, "cumulative_arrivals")] == known["Backlog"]
    for bound in ("", "_min", "_max"):
        assert [n for (n,) in days(found, f"cumulative_closes{bound}")] == known[stage]


@pytest.mark.parametrize(
    ("day", "length"),
    [(datetime(2026, 3, 8, tzinfo=UTC), 23), (datetime(2026, 11, 1, tzinfo=UTC), 25)],
)
def test_days_are_cut_at_local_midnight_whatever_their_length(day: datetime, length: int) -> None:
    zone = ZoneInfo("America/New_York")
    begin = day.replace(tzinfo=zone).astimezone(UTC)
    end = begin + hours(length)
    since = [(moment - NOON) / hours(1) for moment in (begin, end)]
    just = 1 / 3600
    lives_: dict[int, list[Stretch]] = {
        n: [("open", moment, since[1] + 5)]
        for n, moment in enumerate([since[0] - just, since[0], since[1] - just, since[1]])
    }
    found = days(flow(stretches(lives_), tz="America/New_York"), "period", "arrivals", "backlog")
    one = timedelta(days=1)
    assert found == [
        (day.date() - one, 1, 1),
        (day.date(), 2, 3),
        (day.date() + one, 1, 4),
    ]


def test_periods_without_anything_are_there_in_every_group() -> None:
    lives_: dict[int, list[Stretch]] = {
        1: [("open", 0, 80)],
        2: [("open", 30, 31), ("closed", 31, 80)],
    }
    inboxes = pl.DataFrame({"conversation_id": [1, 2, 2], "inbox_id": [8, 9, 8]})
    found = flow(stretches(lives_), by=inboxes)
    assert found.columns[0] == "inbox_id"
    assert found.select("inbox_id", "arrivals", "closes", "backlog").rows() == [
        (8, 1, 0, 1),
        (8, 1, 1, 1),
        (8, 0, 0, 1),
        (8, 0, 0, 1),
        (9, 0, 0, 0),
        (9, 1, 1, 0),
        (9, 0, 0, 0),
        (9, 0, 0, 0),
    ]


def test_choices_without_meaning_are_refused() -> None:
    empty = stretches({})
    with pytest.raises(InputError, match="every='1h' is not the length of a period"):
        flow(empty, every="1h")
    with pytest.raises(InputError, match="tz='Mars' is not a time zone"):
        flow(empty, tz="Mars")
    with pytest.raises(InputError, match="by='open' is a name that is needed here"):
        flow(empty, by=pl.DataFrame({"conversation_id": [1], "open": [1]}))
    with pytest.raises(SchemaError, match="StatusIntervals: missing 'visit'"):
        flow(conversations())


def test_the_table_begins_where_it_is_asked_to_with_what_was_left_by_then() -> None:
    late, early, never = (NOON + hours(n) for n in (20, -30, 500))
    columns = ("period", "arrivals", "closes", "backlog", "cumulative_arrivals")
    assert days(flow(stretches(WEEK), since=late), *columns) == [
        (date(2026, 3, 3), 2, 0, 3, 3),
        (date(2026, 3, 4), 0, 1, 2, 3),
    ]
    assert days(flow(stretches(WEEK), since=early), *columns) == [
        (date(2026, 3, 1), 0, 0, 0, 0),
        (date(2026, 3, 2), 1, 1, 0, 1),
        (date(2026, 3, 3), 2, 0, 3, 3),
        (date(2026, 3, 4), 0, 1, 2, 3),
    ]
    assert_frame_equal(flow(stretches(WEEK), since=never), Flow.empty())
    with pytest.raises(InputError, match="since has no time zone"):
        flow(stretches(WEEK), since=datetime(2026, 3, 2))  # noqa: DTZ001 - what is tested


def test_a_life_of_which_a_part_is_in_a_group_is_in_it_as_a_whole() -> None:
    is_late = (pl.col("entered_at") >= NOON + hours(20)).alias("late")
    found = flow(stretches(WEEK), by=is_late).filter("late")
    assert found.select("period", "arrivals", "closes", "reopens", "backlog").rows() == [
        (date(2026, 3, 2), 1, 1, 0, 0),
        (date(2026, 3, 3), 1, 0, 1, 2),
        (date(2026, 3, 4), 0, 1, 0, 1),
    ]


def test_no_stretches_give_an_empty_table() -> None:
    assert_frame_equal(flow(StatusIntervals.empty()), Flow.empty())


def stretched(intervals: pl.DataFrame) -> pl.DataFrame:
    """Let every minute be twenty, so that lives reach over days and a change of clocks."""
    longer = (pl.col("entered_at", "left_at") - NOON) * 20 + NOON
    return intervals.with_columns(longer.cast(pl.Datetime("ms", "UTC")))


@settings(deadline=None)
@given(
    any_lives(),
    st.sampled_from(["1d", "1w", "1mo"]),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_it_is_what_a_slow_reference_says(intervals: pl.DataFrame, every: str, tz: str) -> None:
    longer = stretched(intervals)
    found = flow(longer.sample(fraction=1, shuffle=True, seed=1), every=every, tz=tz)
    rows = slow.flow(list(rows_of(longer).values()), every, ZoneInfo(tz))
    assert_frame_equal(Flow.checked(found), pl.DataFrame(rows, schema=Flow.schema()))


@settings(deadline=None)
@given(any_lives(("open", "pending", "closed")))
def test_the_backlog_grows_by_what_comes_less_what_goes(intervals: pl.DataFrame) -> None:
    found = flow(stretched(intervals))
    grown = found["backlog"].cast(pl.Int64).diff().fill_null(found["backlog"].head(1))
    assert grown.to_list() == found["net_flow"].to_list()
    for name in ("open", "pending", "backlog", "cumulative_arrivals", "cumulative_closes"):
        assert (found[f"{name}_min"] <= found[name]).all()
        assert (found[name] <= found[f"{name}_max"]).all()


@settings(deadline=None, max_examples=20)
@given(any_lives())
def test_plans_engines_and_repeated_rows_change_nothing(intervals: pl.DataFrame) -> None:
    longer = stretched(intervals)
    groups = pl.DataFrame({"conversation_id": [0, 1, 1], "tag": ["a", "a", "b"]})
    for by in (None, groups):
        eager = flow(longer, by=by)
        assert_frame_equal(flow(pl.concat([longer, longer]), by=by), eager)
        plan = flow(longer.lazy(), by=by)
        assert_frame_equal(plan.collect(engine="streaming"), eager)
        assert_frame_equal(plan.collect(engine="in-memory"), eager)


@settings(deadline=None)
@given(st.lists(lives(), min_size=1, max_size=3), st.integers(0, 1000))
def test_the_truth_lies_within_the_bands(lived: list[Life], since: int) -> None:
    told = tables(lived)
    intervals = status_intervals(
        told["conversations"],
        messages=told["messages"],
        status_events=pl.concat([log(lived, since), told["snapshots"]]),
        as_of=at(1000),
        log_start=at(since),
    )
    for row, end in zip(flow(intervals).to_dicts(), (719.999, 1000), strict=True):
        past = [[status for moment, status in life.history if moment <= end] for life in lived]
        truths = {
            "open": sum(statuses[-1] == "open" for statuses in past),
            "pending": sum(statuses[-1] == "pending" for statuses in past),
            "backlog": sum(statuses[-1] in ("open", "pending") for statuses in past),
            "cumulative_arrivals": sum(statuses[-1:] != ["bulk_sent"] for statuses in past),
            "cumulative_closes": sum("closed" in statuses for statuses in past),
        }
        for name, true in truths.items():
            assert row[f"{name}_min"] <= true <= row[f"{name}_max"], name
