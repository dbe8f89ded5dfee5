from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from charts.samples import curve, lengths
from drift_analysis.charts.kit.axes import count_y
from drift_analysis.charts.kit.groups import in_groups, one_group
from drift_analysis.charts.kit.periods import period_x, unit_of
from drift_analysis.errors import SchemaError
from drift_analysis.schemas import SurvivalCurve

TABLE = curve(lengths(1, 2)).head(1)


def named(*rows: dict[str, str | bool | None]) -> list[tuple[int, str]]:
    wide = pl.concat(
        TABLE.with_columns(pl.Series(name, [value]) for name, value in row.items()) for row in rows
    )
    found: list[tuple[int, str]] = in_groups(wide, SurvivalCurve).select("group", "name").rows()
    return found


def test_groups_are_numbered_and_named_by_all_their_columns() -> None:
    assert named(
        {"inbox": "a", "is_bot": True},
        {"inbox": "a", "is_bot": False},
        {"inbox": "a", "is_bot": True},
    ) == [(0, "a · bot"), (1, "a · not bot"), (0, "a · bot")]


def test_unknown_and_empty_names_are_said_and_stay_apart() -> None:
    found = pl.concat(
        TABLE.with_columns(pl.lit(name, pl.String).alias("group")) for name in (None, "", "unknown")
    )

    assert in_groups(found, SurvivalCurve).select("group", "name").rows() == [
        (0, "unknown"),
        (1, "(empty)"),
        (2, "unknown"),
    ]


def test_a_table_without_groups_is_one_group() -> None:
    rows = in_groups(TABLE.lazy(), SurvivalCurve)

    assert rows.select("group", "name").rows() == [(0, "")]
    assert one_group(rows, SurvivalCurve) is rows
    with pytest.raises(SchemaError, match="SurvivalCurve: this is a table of 2 groups"):
        one_group(pl.concat([rows, rows.with_columns(group=pl.lit(1, pl.UInt32))]), SurvivalCurve)


@pytest.mark.parametrize(
    ("low", "high", "domain", "label"),
    [
        (0, 0, [0, 1], "datum.value == 1 ? '1'"),
        (0, 29, [0, 30], "datum.value == 10 ? '10'"),
        (0, 4_100, [0, 5_000], "datum.value == 1000 ? '1 k'"),
        (-7, 13, [-10, 15], "datum.value == -5 ? '\u22125'"),
        (0, 26_000_000, [0, 30_000_000], "datum.value == 10000000 ? '10 M'"),
    ],
)
def test_counts_have_round_ticks(low: int, high: int, domain: list[int], label: str) -> None:
    spec = count_y("n", low, high).to_dict()

    assert isinstance(spec, dict)
    assert spec["scale"]["domain"] == domain
    assert label in spec["axis"]["labelExpr"]


def test_as_many_periods_are_named_as_have_room_the_last_one_always() -> None:
    days = [date(2026, 3, 1 + n) for n in range(31)]
    spec = period_x("place", days, 500).to_dict()

    assert isinstance(spec, dict)
    assert spec["axis"]["values"] == [2, 6, 10, 14, 18, 22, 26, 30]
    assert spec["axis"]["labelExpr"].endswith("datum.value == 30 ? '31 Mar' : ''")
    assert unit_of(pl.Series(days)) == "day"
