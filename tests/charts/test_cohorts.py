from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from charts.samples import cohorts
from charts.tables import AS_OF, calm_sentence, caption, rows_with, subtitle, title
from drift_analysis import charts
from drift_analysis.errors import SchemaError
from drift_analysis.schemas import CohortTrend

YOUNG: dict[str, Any] = {"n": 9, "share": 0.5, "is_mature": False}
RISING: list[dict[str, Any]] = [
    {"n": 20, "share": 0.3},
    {"n": 4, "share": 0.9},
    {"n": 30, "share": 0.6},
]


def test_each_period_has_a_point_with_its_interval_and_young_ones_are_hollow() -> None:
    spec = charts.cohort_trend(cohorts(*RISING, YOUNG), as_of=AS_OF, ended="closed").to_dict()

    rows = rows_with(spec, "solid")
    assert [(row["place"], row["solid"], row["pale"]) for row in rows] == [
        (0, 0.3, None),
        (1, None, None),
        (2, 0.6, None),
        (3, None, 0.5),
    ]
    assert (rows[0]["lo"], rows[0]["hi"]) == (pytest.approx(0.2), pytest.approx(0.4))
    assert [row["said"] for row in rows_with(spec, "said")] == ["immature"]
    assert [row["n"] for row in rows] == ["20", "4", "30", "9"]


def test_a_change_is_a_finding_where_the_intervals_do_not_touch() -> None:
    def says(*rows: dict[str, Any]) -> str:
        return title(charts.cohort_trend(cohorts(*rows), as_of=AS_OF, ended="closed").to_dict())

    assert says(*RISING) == "The share that has closed within 1 d rose from 30 % to 60 %"
    assert says(*RISING[::-1]) == "The share that has closed within 1 d fell from 60 % to 30 %"
    assert says({"n": 9, "share": 0.5}, {"n": 9, "share": 0.6}) == (
        "The share that has closed within 1 d has not clearly changed: 60 % last"
    )
    assert says(RISING[0], YOUNG) == "Fewer than two mature weeks: no trend can be seen"


def test_the_words_say_what_is_left_out_and_why() -> None:
    table = cohorts(*RISING, {"n": 8, "share": None, "n_left_out": 2}, YOUNG)
    chart = charts.cohort_trend(table, as_of=AS_OF, ended="closed")

    assert subtitle(chart.to_dict()) == (
        "Share that has closed within 1 d, per week · line: 95 % interval · 2 Mar to 31 Mar 2026"
    )
    assert caption(chart.to_dict()) == (
        "n = 71, by the week in which they began. Left out: 2 whose time or end is not known. "
        "Immature: 1 week of which 1 d has not passed for all. No point: fewer than 5 in the week. "
        "No point: 1 week of which none was watched for 1 d. As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert chart.description == (
        "Line chart with intervals; x: weeks, 2 Mar to 31 Mar 2026; y: share, 0 to 100 %. "
        "The share that has closed within 1 d rose from 30 % to 60 %."
    )


def test_groups_have_a_panel_each_the_largest_first() -> None:
    small = cohorts({"n": 9, "share": 0.5}, {"n": 9, "share": 0.5}, group="Small")
    large = cohorts({"n": 20, "share": 0.3}, {"n": 30, "share": 0.6}, group="Large")
    more = [
        cohorts({"n": 5, "share": 0.5}, {"n": 5, "share": 0.5}, group=f"g{n}") for n in range(6)
    ]
    table = pl.concat([small, large, *more])
    chart = charts.cohort_trend(table, as_of=AS_OF)
    spec = chart.to_dict()

    heads = [row["head"] for row in rows_with(spec, "solid") if row["head"]]
    assert heads[:2] == ["Large", "Small"]
    assert len(heads) == 6
    assert "2 other groups not shown." in caption(spec)
    assert title(spec) == "The share of “Large” that has ended within 1 d rose from 30 % to 60 %"
    assert "Groups: Large, Small, " in str(chart.description)
    assert title(charts.cohort_trend(pl.concat([small, *more]), as_of=AS_OF).to_dict()) == (
        "In no group has the share that has ended within 1 d clearly changed"
    )


def test_nothing_to_draw_is_a_calm_sentence() -> None:
    few = charts.cohort_trend(cohorts({"n": 4, "share": 0.5}), as_of=AS_OF).to_dict()

    assert calm_sentence(few) == "No period has 5 whose time is over."


def test_without_periods_it_is_refused() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.cohort_trend(CohortTrend.empty(), as_of=AS_OF)

    what, _, remedy = str(raised.value).splitlines()
    assert what == "CohortTrend: missing 'period'."
    assert remedy == 'Try: cohort_trend(frame, ..., every="1w").'
