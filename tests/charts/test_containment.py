from __future__ import annotations

from typing import Any

import polars as pl

from builders import table
from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    row_count,
    rows_with,
    stays_text,
    subtitle,
    title,
)
from drift_analysis import charts
from drift_analysis.schemas import ContainmentRates
from drift_analysis.schemas.responses import CONTAINMENT


def counts(*numbers: int, team: str | None = None) -> pl.DataFrame:
    """Build the rows of a group from its five counts, with bounds of ten points."""
    n = sum(numbers)
    rows: list[dict[str, Any]] = []
    for outcome, count in zip(CONTAINMENT, numbers, strict=True):
        share = count / n if n else 0.0
        bounds = {"lo": max(0.0, share - 0.1), "hi": min(1.0, share + 0.1)}
        known = {"share": share, **bounds} if n else {}
        rows.append({"outcome": outcome, "conversations": count, **known})
    apart = {"n_judged": n, "n_open": 7, "n_not_engaged": 2, "n_unknown": 0}
    filled = table(ContainmentRates, rows, **apart)
    return filled if team is None else filled.select(pl.lit(team).alias("team"), pl.all())


def spec_of(*groups: pl.DataFrame, **options: Any) -> dict[str, Any]:
    chart = charts.containment_rates(pl.concat(groups), as_of=AS_OF, **options)
    found: dict[str, Any] = chart.to_dict()
    return found


def test_without_groups_each_outcome_is_a_row_with_its_interval() -> None:
    spec = spec_of(counts(40, 10, 20, 20, 10))

    rows = rows_with(spec, "full_name")
    assert [(row["full_name"], row["at"], row["value"]) for row in rows] == [
        ("bots alone", 0.4, "40 % · 40"),
        ("bots, last word open", 0.1, "10 % · 10"),
        ("bots, then humans", 0.2, "20 % · 20"),
        ("humans only", 0.2, "20 % · 20"),
        ("nobody", 0.1, "10 % · 10"),
    ]
    assert title(spec) == "Bots handle 40 % of closed conversations alone"
    assert "Apart: 7 still open and 2 in which the contact wrote nothing." in caption(spec)


def test_a_group_is_a_bar_whose_parts_follow_each_other_to_the_whole() -> None:
    spec = spec_of(counts(10, 0, 40, 40, 10, team="low"), counts(60, 10, 20, 10, 0, team="high"))

    parts = [row for row in rows_with(spec, "start") if row["row"] == 0]
    assert [(row["who"], round(row["start"], 6), round(row["end"], 6)) for row in parts] == [
        ("bots alone", 0.0, 0.6),
        ("bots, last word open", 0.6, 0.7),
        ("bots, then humans", 0.7, 0.9),
        ("humans only", 0.9, 1.0),
        ("nobody", 1.0, 1.0),
    ]
    assert [row["value"] for row in rows_with(spec, "name", "lo")] == ["60 % · 100", "10 % · 100"]
    assert title(spec) == (
        "Bots handle 35 % of closed conversations alone: most in “high” (60 %), "
        "fewest in “low” (10 %)"
    )
    assert "right: bots alone · n" in subtitle(spec)


def test_groups_that_overlap_are_not_ranked_in_words() -> None:
    level = [counts(n, 0, 40, 40, 20 - n, team=f"t{n}") for n in (10, 12)]
    assert title(spec_of(*level)) == (
        "Bots handle 11 % of closed conversations alone, and no group clearly differs"
    )


def test_below_five_counts_take_the_place_of_shares() -> None:
    alone = spec_of(counts(1, 0, 2, 0, 0))
    row = rows_with(alone, "each")[0]
    assert (row["each"], row["at"], row["value"]) == ("●○○", None, "1 of 3")
    assert title(alone) == "Bots handled 1 of 3 conversations alone"

    mixed = spec_of(counts(1, 0, 2, 0, 0, team="few"), counts(40, 0, 60, 0, 0, team="many"))
    assert {row["row"] for row in rows_with(mixed, "start")} == {0}
    assert [row["value"] for row in rows_with(mixed, "name", "lo")] == ["40 % · 100", "1 of 3"]


def test_what_can_not_be_judged_is_a_calm_sentence_that_counts_the_open() -> None:
    spec = spec_of(counts(0, 0, 0, 0, 0))
    assert calm_sentence(spec) == "No closed conversation can be judged."
    assert "Apart: 7 still open" in caption(spec)
    empty = charts.containment_rates(ContainmentRates.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(empty) == "No closed conversation can be judged."


def test_many_groups_become_few_rows_and_hostile_names_stay_text() -> None:
    every = [counts(40, 10, 20, 20, 10 + n, team=f"t{n:03}") for n in range(40)]
    assert row_count(spec_of(*every)) <= 100
    assert "30 smaller groups not drawn." in caption(spec_of(*every))
    assert stays_text(spec_of(*(counts(4, 1, 2, 2, 1, team=name) for name in HOSTILE)), *HOSTILE)
