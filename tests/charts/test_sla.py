from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from builders import table
from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    description,
    encodings,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts
from drift_analysis.errors import InputError
from drift_analysis.schemas import SlaAttainment

TEN = timedelta(minutes=10)


def group(name: str, n: int, n_met: int, **more: Any) -> pl.DataFrame:
    """Build the row of a group, with an interval of ten points to either side."""
    share = n_met / n
    bounds = {"lo": max(0.0, share - 0.1), "hi": min(1.0, share + 0.1)}
    row = {"target": TEN, "attained": share, "n": n, "n_met": n_met, "n_missed": n - n_met}
    filled = table(SlaAttainment, [{**row, **bounds, **more}], **COUNTS)
    return filled.select(pl.lit(name).alias("team"), pl.all())


COUNTS = {"unresolved": 0.0, "n_undecided": 0, "n_excluded": 0}
BEST, MIDDLE, WORST = group("B", 100, 80), group("M", 50, 25), group("W", 50, 5)


def spec_of(*groups: pl.DataFrame, **options: Any) -> dict[str, Any]:
    chart = charts.sla_attainment(pl.concat(groups), as_of=AS_OF, **options)
    found: dict[str, Any] = chart.to_dict()
    return found


def test_groups_stand_by_their_share_with_the_weighted_mean_across_them() -> None:
    spec = spec_of(WORST, BEST, MIDDLE)

    rows = rows_with(spec, "full_name")
    assert [(row["full_name"], row["at"], row["value"]) for row in rows] == [
        ("B", 0.8, "80 % · 100"),
        ("M", 0.5, "50 % · 50"),
        ("W", 0.1, "10 % · 50"),
    ]
    # (80 + 25 + 5) of 200.
    lines = [rows for rows in spec["datasets"].values() if list(rows[0]) == ["at"]]
    assert lines == [[{"at": pytest.approx(0.55)}]]
    assert "the mean of the groups weighted by their waits, 55 %." in caption(spec)
    assert title(spec) == "“B” answers 80 % within 10 min, “W” 10 %"
    assert description(spec).endswith("B 80 % · 100, M 50 % · 50, W 10 % · 50.")
    domains = [x["scale"]["domain"] for x in encodings(spec, "x") if "scale" in x]
    assert all(domain == [0, 1] for domain in domains)


def test_the_finding_is_only_what_the_intervals_bear() -> None:
    level = group("L", 100, 78)

    assert (
        title(spec_of(BEST, level)) == "No group clearly answers more within 10 min than all: 79 %"
    )
    assert title(spec_of(BEST)) == "80 % are answered within 10 min"
    near = group("N", 400, 240)
    assert title(spec_of(BEST, near)) == "“B” answers 80 % within 10 min, the groups together 64 %"
    young = group("Y", 9, 0, attained=None, lo=None, hi=None, n_undecided=9, n_missed=0)
    assert [row["value"] for row in rows_with(spec_of(young), "full_name")] == ["unknown · 9"]
    assert (
        title(spec_of(BEST, level, level, goal=0.5))
        == "All 3 groups clearly reach 50 % within 10 min"
    )
    assert title(spec_of(BEST, MIDDLE, WORST, goal=0.5)) == (
        "1 of 3 groups clearly reaches 50 % within 10 min, 1 clearly misses it"
    )
    assert title(spec_of(MIDDLE, goal=0.55)) == (
        "50 % are answered in time: the goal of 55 % within 10 min is neither clearly reached nor "
        "missed"
    )


def test_what_is_not_watched_for_long_enough_is_a_paler_stretch() -> None:
    spec = spec_of(group("B", 100, 60, unresolved=0.3, n_undecided=20, n_excluded=7))

    assert rows_with(spec, "beyond")[0]["beyond"] == pytest.approx(0.9)
    said = caption(spec)
    assert "20 still ran and were not yet as long: they count as far as they were watched." in said
    assert "Pale: how much too low it may be" in said
    assert "Left out: 7 conversations without a wait." in said


def test_targets_without_groups_are_rows_in_their_order() -> None:
    later = group("x", 100, 90, target=timedelta(hours=2)).drop("team")
    spec = spec_of(later, BEST.drop("team"))

    rows = rows_with(spec, "full_name")
    assert [row["full_name"] for row in rows] == ["within 10 min", "within 2 h"]
    assert title(spec) == "Answered: 80 % within 10 min and 90 % within 2 h"
    assert "n = 100 waits" in caption(spec)


def test_below_five_each_wait_is_a_ring() -> None:
    spec = spec_of(group("F", 4, 1))

    row = rows_with(spec, "each")[0]
    assert (row["each"], row["at"], row["value"]) == ("●○○○", None, "1 of 4")
    assert title(spec) == "Too few waits to tell how many are answered within 10 min"
    assert "Dashed" not in caption(spec)


def test_thousands_of_groups_become_few_rows_and_nothing_a_calm_sentence() -> None:
    many = pl.concat([BEST] * 12_000).with_columns(team=pl.format("t{}", pl.int_range(pl.len())))
    spec = spec_of(many)

    assert row_count(spec) <= 30
    assert "11,990 smaller groups not drawn." in caption(spec)
    empty = charts.sla_attainment(SlaAttainment.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(empty) == "Nobody waited for an answer."
    unread = BEST.with_columns(n=pl.lit(0, pl.UInt32), n_excluded=pl.lit(7, pl.UInt32))
    unknown = charts.sla_attainment(unread, as_of=AS_OF).to_dict()
    assert calm_sentence(unknown) == "Nobody is known to have waited for an answer."
    assert "Left out: 7 conversations without a wait." in caption(unknown)


def test_hostile_names_stay_text() -> None:
    assert stays_text(spec_of(*(group(name, 50, 25) for name in HOSTILE)), *HOSTILE)


def test_what_can_not_be_drawn_is_told() -> None:
    with pytest.raises(InputError) as raised:
        spec_of(BEST, group("C", 10, 5, target=timedelta(hours=2)))
    assert str(raised.value) == (
        "Several groups have several targets.\n"
        "2 groups, 2 targets.\n"
        "Try: filter the table to one target, or to one group."
    )
    with pytest.raises(InputError) as raised:
        spec_of(BEST, goal=80)
    assert str(raised.value) == "goal=80 is not from 0 to 1.\nTry: goal=0.8 for 80 %."
