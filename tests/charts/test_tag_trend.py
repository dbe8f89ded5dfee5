from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from builders import conversations
from charts.tables import (
    AS_OF,
    calm_sentence,
    caption,
    row_count,
    rows_with,
    subtitle,
    tags,
    title,
    weekly,
)
from drift_analysis import charts, metrics
from drift_analysis.errors import SchemaError
from drift_analysis.schemas import TagFrequency

FLAT = {"a": [0.3] * 5, "b": [0.1] * 5}


def solid(spec: dict[str, Any]) -> list[bool]:
    rows = [row for row in rows_with(spec, "solid") if row["panel"] == 0]
    return [row["solid"] is not None for row in rows]


def test_each_tag_has_a_panel_and_each_period_a_point() -> None:
    spec = charts.tag_trend(weekly(FLAT, [100] * 4), as_of=AS_OF).to_dict()

    rows = rows_with(spec, "solid")
    assert [(row["panel"], row["share_text"]) for row in rows] == [(0, "30 %")] * 4 + [
        (1, "10 %")
    ] * 4
    assert [row["name"] for row in rows if row["name"]] == ["a", "b"]


def test_a_period_that_is_not_over_is_hollow() -> None:
    spec = charts.tag_trend(weekly(FLAT, [100] * 5), as_of=AS_OF).to_dict()

    rows = [row for row in rows_with(spec, "solid") if row["panel"] == 0]
    assert solid(spec) == [True, True, True, True, False]
    assert rows[-1]["pale"] == pytest.approx(0.3)
    assert rows[-1]["share_lo"] is None
    assert "Hollow: a week that is not known to be over." in caption(spec)


def test_a_period_with_fewer_than_five_conversations_has_no_share() -> None:
    spec = charts.tag_trend(weekly(FLAT, [100, 4, 100]), as_of=AS_OF).to_dict()

    assert solid(spec) == [True, False, True]
    assert [row["pale"] for row in rows_with(spec, "pale")] == [None] * 6
    assert "No point: fewer than 5 conversations." in caption(spec)
    assert "Hollow" not in caption(spec)


def test_where_every_period_has_few_no_share_is_drawn() -> None:
    spec = charts.tag_trend(weekly(FLAT, [4, 3]), as_of=AS_OF).to_dict()

    assert calm_sentence(spec) == "No week that is over has 5 conversations: no trend can be seen."


def test_one_period_is_no_trend() -> None:
    def says(n_known: list[int]) -> str:
        return title(charts.tag_trend(weekly(FLAT, n_known), as_of=AS_OF).to_dict())

    assert says([100]) == "Only one period: no trend can be seen"
    assert says([100, 4]) == "Only one week that is over has 5 conversations: no trend can be seen"


@pytest.mark.parametrize(
    ("step", "unit"),
    [
        ("1d", "day"),
        ("1w", "week"),
        ("2w", "period"),
        ("1mo", "month"),
        ("1q", "quarter"),
        ("1y", "year"),
    ],
)
def test_a_period_has_the_name_that_people_give_it(step: str, unit: str) -> None:
    starts = pl.Series([date(2020, 1, 1)]).dt
    table = pl.concat(
        tags({"tag": "a", "conversations": 30}).with_columns(
            period=starts.offset_by(f"{n * int(step[0])}{step[1:]}")
        )
        for n in range(4)
    )
    spec = charts.tag_trend(table, as_of=AS_OF).to_dict()

    assert f"with each tag, per {unit} ·" in subtitle(spec)


def test_months_end_with_the_month() -> None:
    months = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    table = pl.concat(
        tags({"tag": "a", "conversations": 30}).with_columns(period=pl.lit(month))
        for month in months
    )

    day_before = charts.tag_trend(table, as_of=AS_OF).to_dict()
    first = charts.tag_trend(table, as_of=datetime(2026, 4, 1, tzinfo=UTC)).to_dict()
    in_new_york = charts.tag_trend(
        table, as_of=datetime(2026, 4, 1, tzinfo=UTC), tz="America/New_York"
    ).to_dict()

    assert solid(day_before) == [True, True, False]
    assert solid(first) == [True, True, True]
    assert solid(in_new_york) == [True, True, False]


def test_one_period_alone_can_not_be_known_to_be_over() -> None:
    assert solid(charts.tag_trend(weekly(FLAT, [100]), as_of=AS_OF).to_dict()) == [False]


def test_a_change_is_a_finding_where_the_intervals_do_not_touch() -> None:
    rising = weekly({"a": [0.1, 0.3, 0.5], "b": [0.3, 0.3, 0.3]}, [100] * 3)
    falling = weekly({"a": [0.5, 0.3, 0.1]}, [100] * 3)
    flat = weekly(FLAT, [100] * 3)

    def says(table: pl.DataFrame) -> str:
        return title(charts.tag_trend(table, as_of=AS_OF).to_dict())

    assert says(rising) == "“a” rose from 10 % to 50 %"
    assert says(falling) == "“a” fell from 50 % to 10 %"
    assert says(flat) == "No tag has clearly become more or less frequent"


def test_panels_are_few_and_the_rest_is_counted() -> None:
    shares = {f"t{n}": [0.5 - n / 100] * 3 for n in range(9)}
    spec = charts.tag_trend(weekly(shares, [100] * 3), as_of=AS_OF).to_dict()
    half = charts.tag_trend(weekly(shares, [100] * 3), as_of=AS_OF, size="half").to_dict()

    assert {row["panel"] for row in rows_with(spec, "solid")} == set(range(6))
    assert {row["panel"] for row in rows_with(half, "solid")} == set(range(4))
    assert "3 other tags not shown." in caption(spec)


def test_without_periods_it_is_no_trend() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.tag_trend(tags({"tag": "a", "conversations": 1}), as_of=AS_OF)

    what, evidence, remedy = str(raised.value).splitlines()
    assert what == "TagFrequency: missing 'period'."
    assert evidence.startswith("The frame has 'tag', 'color', ")
    assert remedy == 'Try: tag_frequency(conversations, every="1w").'


def test_nothing_is_a_calm_sentence() -> None:
    nothing = TagFrequency.empty().with_columns(period=pl.lit(None, pl.Date))
    spec = charts.tag_trend(nothing.lazy(), as_of=AS_OF).to_dict()

    assert calm_sentence(spec) == "No tag is known on any conversation."


def test_unknown_tags_are_not_said_to_be_none() -> None:
    lists = conversations({"conversation_id": 1}, {"conversation_id": 2})
    frequency = metrics.tag_frequency(lists, every="1w")
    spec = charts.tag_trend(frequency, as_of=AS_OF, conversations=lists).to_dict()

    assert title(spec) == "Tags of these 2 conversations are unknown (list records only)"
    assert "Left out: 2 conversations whose tags are unknown." in caption(spec)


def test_weeks_without_known_tags_tell_it_by_themselves() -> None:
    table = weekly({"a": [0.0, 0.0]}, [100, 100]).with_columns(
        n_known=pl.lit(0, pl.UInt32), n_unknown=pl.lit(4, pl.UInt32)
    )
    spec = charts.tag_trend(table, as_of=AS_OF).to_dict()

    assert title(spec) == "Tags of these 8 conversations are unknown (list records only)"


def test_many_rows_become_few() -> None:
    shares = {f"t{n}": [0.5] * 100 for n in range(120)}
    table = weekly(shares, [100] * 100)

    assert table.height == 12_000
    assert row_count(charts.tag_trend(table, as_of=AS_OF).to_dict()) <= 2_000
