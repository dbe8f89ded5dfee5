"""Pictures of very many conversations hold as little as those of few."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from charts.tables import caption
from charts.tiling import tiled

if TYPE_CHECKING:
    from functools import partial

ROWS = 20_000
GROW = (
    "ageing",
    "cumulative_incidence",
    "first_response",
    "first_response_hours",
    "first_response_ridge",
    "journeys",
    "multi_touch_attribution",
    "playbook_lift",
    "status_timeline",
    "survival_curve",
    "tag_distinctive",
    "tag_frequency",
    "tag_survival",
    "time_in_status",
    "time_in_status_by",
    "variants",
    "workload",
)
"""Those whose table has a row for each conversation, name, length of time or way."""

BY_DAY = ("backlog", "cohort_trend", "flow", "net_flow", "playbook_trend", "tag_ranks", "tag_trend")
"""Those whose table has rows for each period."""


@pytest.mark.parametrize("kind", GROW)
def test_a_large_table_becomes_a_small_picture(kind: str, drawn: dict[str, partial[Any]]) -> None:
    draw = drawn[kind]
    many = tiled(draw.args[0], ROWS)
    spec = draw.func(many, **draw.keywords).to_dict()

    assert many.height >= ROWS
    assert sum(len(rows) for rows in spec["datasets"].values()) < 1_000
    assert len(json.dumps(spec)) < 100_000


@pytest.mark.parametrize("kind", BY_DAY)
def test_years_of_days_are_drawn_as_far_as_there_is_room(
    kind: str, drawn: dict[str, partial[Any]]
) -> None:
    draw = drawn[kind]
    table = draw.args[0]
    periods = table["period"].unique().sort()
    one = table.filter(pl.col("period") == periods[periods.len() // 2]).drop("period")
    days = pl.date_range(date(2020, 1, 1), date(2026, 6, 1), "1d", eager=True).to_frame("period")
    many = days.join(one, how="cross").select(table.columns)
    spec = draw.func(many, **draw.keywords).to_dict()

    assert 100 < sum(len(rows) for rows in spec["datasets"].values()) < 5_000
    assert len(json.dumps(spec)) < 1_000_000
    assert " earlier " in caption(spec)
