from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from builders import NOON
from charts.tables import (
    AS_OF,
    answered,
    calm_sentence,
    caption,
    description,
    encodings,
    ended,
    row_count,
    title,
    waits,
)
from drift_analysis import charts
from drift_analysis.charts.kit.week import classes
from drift_analysis.errors import InputError
from drift_analysis.schemas import FirstResponse

MONDAY, TUESDAY = NOON, NOON + timedelta(days=1)


def at(start: Any, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "started_at": start, "ended_at": start + row["wait"]} for row in rows]


def spec_of(*rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.first_response_hours(
        waits(*rows), as_of=AS_OF, **options
    ).to_dict()
    return found


def cells(spec: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("day", "hour", "class", "value", "is_told")
    found = [row for rows in spec["datasets"].values() for row in rows if "day" in row]
    unique = {tuple(row[name] for name in names) for row in found}
    return sorted(unique, key=str)


SLOW = at(MONDAY, *(answered(minutes) for minutes in (100, 110, 120, 130, 140)))
FAST = at(TUESDAY, *(answered(minutes) for minutes in (1, 2, 3, 4, 5)))
FEW = at(MONDAY + timedelta(hours=1), answered(500))


def test_a_cell_holds_the_median_of_the_local_hour() -> None:
    spec = spec_of(*SLOW, *FAST, *FEW, tz="Europe/Berlin")

    assert cells(spec) == [
        ("Mon", 13, "from 1 h", "2 h · n 5", True),
        ("Mon", 14, None, "n 1: too few", False),
        ("Tue", 13, "under 10 min", "3 min · n 5", False),
    ]
    assert title(spec) == (
        "Slowest on Mon 13 to 14 h: half wait over 2 h; fastest on Tue 13 to 14 h: 3 min "
        "(Europe/Berlin)"
    )
    assert "Grey dot: fewer than 5 waits (1 hour)." in caption(spec)
    assert description(spec).startswith("Heat map; x: hour of the day, 0 to 23, y: weekday")


def test_every_day_and_hour_has_its_place_whichever_occur() -> None:
    spec = spec_of(*FAST)

    hours = {tuple(x["scale"]["domain"]) for x in encodings(spec, "x") if "scale" in x}
    days = {tuple(y["scale"]["domain"]) for y in encodings(spec, "y") if "scale" in y}
    assert hours == {tuple(range(24))}
    assert days == {("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def test_a_target_gives_shares() -> None:
    spec = spec_of(*SLOW, *FAST, within=timedelta(minutes=4))

    assert title(spec) == (
        "Answered within 4 min: 0 % of those who write on Mon 12 to 13 h, 80 % on Tue 12 to 13 h "
        "(UTC)"
    )
    assert [cell[3] for cell in cells(spec)] == ["0 % · n 5", "80 % · n 5"]


def test_an_hour_in_which_half_are_never_answered_is_the_slowest() -> None:
    never = at(MONDAY, answered(1), *[ended(30, "closed")] * 4)
    spec = spec_of(*never, *FAST)

    assert cells(spec)[0][3] == "half not reached · n 5"
    assert title(spec).startswith("Slowest on Mon 12 to 13 h: half get no answer; fastest on Tue")
    assert "In 1 hour half are never answered: shown as the longest wait." in caption(spec)


def test_one_hour_alone_is_not_called_the_slowest() -> None:
    never = at(MONDAY, answered(1), *[ended(30, "closed")] * 4)

    assert title(spec_of(*SLOW)) == (
        "Only Mon 12 to 13 h has 5 waits or more: half are answered within 2 h (UTC)"
    )
    assert title(spec_of(*never)) == (
        "Only Mon 12 to 13 h has 5 waits or more: half get no answer (UTC)"
    )


def test_few_waits_and_none_are_calm_sentences() -> None:
    assert calm_sentence(spec_of(*FEW)) == "No hour of the week has 5 waits yet."
    empty = charts.first_response_hours(FirstResponse.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(empty) == "Nobody waited for an answer."


def test_many_waits_become_a_week() -> None:
    many = pl.concat([waits(*SLOW, *FAST)] * 1_200)
    assert row_count(charts.first_response_hours(many, as_of=AS_OF).to_dict()) <= 200


def test_classes_part_values_at_round_numbers() -> None:
    edges = [1, 2, 5, 10, 20, 50, 100, 200]
    assert classes([3], edges, str) == ([], ["2 to 5"])
    assert classes([300], edges, str) == ([], ["from 200"])
    assert classes([0.5], edges, str) == ([], ["under 1"])
    assert classes([0.5, 300], edges, str)[0] == [2, 10, 20, 100]
    assert classes([], [], str) == ([], ["all"])


def test_a_target_of_nothing_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        spec_of(*FAST, within=timedelta(0))
    assert str(raised.value) == (
        "within=datetime.timedelta(0) is no time.\nTry: timedelta(minutes=10)."
    )
