from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    playbooks,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.schemas import PlaybookAttribution

MONDAY = date(2026, 3, 2)


def weeks(books: dict[str, list[tuple[int, int]]], **more: int) -> pl.DataFrame:
    """Build tables by week from (conversations, engaged) of each playbook."""
    tables = []
    for week in range(max(map(len, books.values()))):
        rows = [
            {"playbook_name": name, "conversations": counts[week][0], "engaged": counts[week][1]}
            for name, counts in books.items()
        ]
        if more:
            rows.append({"attribution": "unknown", **more})
        monday = MONDAY + timedelta(weeks=week)
        tables.append(playbooks(*rows).with_columns(period=pl.lit(monday)))
    return pl.concat(tables)


def spec_of(table: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.playbook_trend(table, as_of=AS_OF, **options).to_dict()
    return found


RISES = {"up": [(100, 20), (100, 30), (100, 80)], "flat": [(50, 25), (50, 24), (50, 25)]}


def test_engagement_is_drawn_by_period_the_largest_first() -> None:
    rows = rows_with(spec_of(weeks(RISES)), "solid")

    assert [(row["panel"], row["solid"]) for row in rows] == [
        (0, 0.2),
        (0, 0.3),
        (0, 0.8),
        (1, 0.5),
        (1, 0.48),
        (1, 0.5),
    ]
    assert title(spec_of(weeks(RISES))) == "Engagement of “up” rose from 20 % to 80 %"


def test_starts_are_a_share_of_the_known() -> None:
    spec = spec_of(weeks(RISES, conversations=30), of="starts")

    assert rows_with(spec, "solid")[0]["solid"] == pytest.approx(100 / 150)
    assert "Left out: 90 whose playbook is unknown." in caption(spec)
    assert title(spec) == "No playbook's share clearly changed"


def test_a_week_that_is_not_over_is_hollow_and_a_small_one_has_no_point() -> None:
    five = {"a": [(10, 5), (4, 2), (10, 5), (10, 5), (10, 5)]}
    rows = rows_with(spec_of(weeks(five)), "solid")

    assert [row["solid"] for row in rows] == [0.5, None, 0.5, 0.5, None]
    assert [row["pale"] for row in rows] == [None, None, None, None, 0.5]
    said = caption(spec_of(weeks(five)))
    assert "Hollow: a week that is not known to be over." in said
    assert "No point: fewer than 5 conversations." in said


def test_too_little_is_no_trend_and_nothing_a_calm_sentence() -> None:
    few = spec_of(weeks({"a": [(3, 1), (2, 1)]}))
    assert calm_sentence(few) == (
        "No two weeks that are over have 5 conversations: no trend can be seen."
    )
    empty = PlaybookAttribution.empty().with_columns(period=pl.lit(None, pl.Date))
    assert calm_sentence(spec_of(empty)) == "No playbook started a conversation."


def test_many_playbooks_become_few_rows_and_hostile_names_stay_text() -> None:
    many = weeks({f"p{n}": [(50, 25)] * 3 for n in range(100)})
    assert row_count(spec_of(many)) <= 40
    assert "94 other playbooks not shown." in caption(spec_of(many))
    hostile = spec_of(weeks({name: [(50, 25)] * 3 for name in HOSTILE}))
    assert all(name[:8] in str(hostile["description"]) for name in HOSTILE)
    assert stays_text(hostile)


def test_what_it_can_not_be_made_of_is_told() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.playbook_trend(playbooks({"conversations": 3}), as_of=AS_OF)
    assert str(raised.value).startswith("PlaybookAttribution: missing 'period', of dtype Date.\n")
    assert str(raised.value).endswith(
        "Try: playbook_attribution(...).with_columns(period=...) for each period, and pl.concat."
    )
    with pytest.raises(InputError):
        spec_of(weeks(RISES), of="meetings")
