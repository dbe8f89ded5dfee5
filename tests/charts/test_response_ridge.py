from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from charts.tables import (
    AS_OF,
    HOSTILE,
    answered,
    calm_sentence,
    caption,
    ended,
    row_count,
    rows_with,
    stays_text,
    title,
    waits,
)
from drift_analysis import charts
from drift_analysis.errors import SchemaError
from drift_analysis.schemas import FirstResponse


def spec_of(groups: dict[str | None, list[dict[str, Any]]], **options: Any) -> dict[str, Any]:
    rows = [row for group in groups.values() for row in group]
    names = [name for name, group in groups.items() for _ in group]
    table = waits(*rows).with_columns(team=pl.Series(names, dtype=pl.String))
    found: dict[str, Any] = charts.first_response_ridge(
        table, by="team", as_of=AS_OF, **options
    ).to_dict()
    return found


FAST = [answered(minutes) for minutes in range(1, 21)]
SLOW = [answered(60 * minutes) for minutes in range(1, 21)]


def test_groups_stand_by_their_median_the_fastest_first() -> None:
    spec = spec_of({"slow": SLOW, "fast": FAST, None: [answered(10)] * 6})

    rows = rows_with(spec, "full_name")
    assert [(row["full_name"], row["at"], row["value"]) for row in rows] == [
        ("fast", 600, "10 min · 20"),
        ("unknown", 600, "10 min · 6"),
        ("slow", 36_000, "10 h · 20"),
    ]
    assert title(spec) == "Half are answered within 10 min by “fast”, within 10 h by “slow”"


def test_a_ridge_is_highest_where_most_are_answered_and_flat_where_few_are() -> None:
    few = [answered(10)] * 5 + [ended(600, "closed")] * 15
    ridges = rows_with(spec_of({"all": [answered(10)] * 20, "few": few}), "top")

    def height(row: int) -> float:
        heights = (each["foot"] - each["top"] for each in ridges if each["row"] == row)
        return float(max(heights))

    highest = min((each for each in ridges if each["row"] == 0), key=lambda each: each["top"])
    assert highest["t"] == pytest.approx(600, rel=0.1)
    assert height(1) == pytest.approx(height(0) / 4)


def test_those_still_waiting_and_closed_count() -> None:
    spec = spec_of({"a": [answered(10)] * 4 + [ended(600, "closed")] * 6, "b": FAST})

    assert [row["value"] for row in rows_with(spec, "full_name")] == [
        "10 min · 20",
        "40 % ever · 10",
    ]
    assert "20 % were closed without an answer." in caption(spec)
    assert "Ever: half is not reached, this share is answered." in caption(spec)


def test_the_small_groups_are_one_row_and_few_waits_are_rings() -> None:
    groups: dict[str | None, list[dict[str, Any]]] = {f"g{n:02}": FAST[: 20 - n] for n in range(10)}
    spec = spec_of(groups)
    names = [row["full_name"] for row in rows_with(spec, "full_name")]
    assert len(names) == 8
    assert names[-1] == "3 other groups"

    few = spec_of({"few": [answered(5), ended(10, "waiting")]})
    assert title(few) == "Too few waits per group for a median: each answer is drawn"
    assert [
        rows for rows in few["datasets"].values() if rows and list(rows[0]) == ["row", "t"]
    ] == [[{"row": 0, "t": 300.0}]]


def test_the_finding_is_only_what_the_intervals_bear() -> None:
    assert title(spec_of({"a": FAST, "b": FAST})) == (
        "No group is clearly faster than another: the medians' intervals overlap"
    )
    assert title(spec_of({"a": FAST})) == "“a”: half are answered within 10 min"
    assert title(spec_of({"a": [ended(5, "waiting")] * 6})) == (
        "In no group half of the waits are known to be answered"
    )


def test_many_waits_become_few_rows_and_nothing_a_calm_sentence() -> None:
    assert row_count(spec_of({"a": FAST * 600, "b": SLOW * 600})) <= 200
    nothing = FirstResponse.empty().with_columns(team=pl.lit(None, pl.String))
    empty = charts.first_response_ridge(nothing, by="team", as_of=AS_OF).to_dict()
    assert calm_sentence(empty) == "Nobody waited for an answer."


def test_hostile_names_stay_text() -> None:
    assert stays_text(spec_of(dict.fromkeys(HOSTILE, FAST)), *HOSTILE)


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(SchemaError) as raised:
        charts.first_response_ridge(waits(answered(1)), by="team", as_of=AS_OF)
    assert str(raised.value).startswith("FirstResponse: missing 'team'.\n")
