from __future__ import annotations

from typing import Any

import pytest

from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    description,
    encodings,
    playbooks,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts, metrics
from drift_analysis.charts.kit.axes import difference_axis
from drift_analysis.schemas import PlaybookLift


def book(name: str, conversations: int, engaged: int, **more: Any) -> dict[str, Any]:
    return {"playbook_name": name, "conversations": conversations, "engaged": engaged, **more}


def spec_of(*rows: dict[str, Any], against: Any = "rest", **options: Any) -> dict[str, Any]:
    lift = metrics.playbook_lift(playbooks(*rows), against=against)
    found: dict[str, Any] = charts.playbook_lift(lift, as_of=AS_OF, **options).to_dict()
    return found


HIGH, LOW, SAME = book("High", 100, 80), book("Low", 100, 20), book("Same", 100, 50)


def test_playbooks_stand_by_their_difference_and_chance_is_said_in_words() -> None:
    # High 80 % against 70 of 200, Same 50 % against 100 of 200, Low 20 % against 130 of 200.
    rows = rows_with(spec_of(LOW, SAME, HIGH), "full_name")

    assert [(row["full_name"], row["at"], row["value"], row["hollow"]) for row in rows] == [
        ("High", pytest.approx(0.45), "+45 · 100 · clear", False),
        ("Same", pytest.approx(0.0), "0 · 100 · may be chance", True),
        ("Low", pytest.approx(-0.45), "−45 · 100 · clear", False),
    ]


def test_the_picture_says_that_it_is_no_cause_and_what_it_is_compared_with() -> None:
    spec = spec_of(LOW, SAME, HIGH, book("x", 5, 5, attribution="unknown"))

    assert title(spec) == (
        "1 of 3 playbooks goes with more, 1 with less engagement than the rest "
        "(an association, not a cause)"
    )
    assert "An association, not a cause: visitors who meet one playbook differ" in caption(spec)
    assert "Left out: 5 whose playbook is unknown." in caption(spec)
    assert "High +45 · 100 · clear, Same 0 · 100 · may be chance" in description(spec)
    none = book("x", 100, 50, attribution="none")
    assert title(spec_of(HIGH, none, against="none")) == (
        "“High” goes with more engagement than conversations without a playbook: +30 points "
        "(an association, not a cause)"
    )


def test_the_finding_is_only_what_is_clear() -> None:
    assert title(spec_of(SAME, book("Other", 100, 52))) == (
        "No playbook clearly goes with more or less engagement than the rest"
    )


def test_zero_is_on_the_axis_and_marked() -> None:
    spec = spec_of(
        HIGH, book("Less", 100, 70), book("x", 50, 5, attribution="none"), against="none"
    )

    domain = next(x["scale"]["domain"] for x in encodings(spec, "x") if "scale" in x)
    assert domain[0] == -0.05
    assert [{"at": 0.0}] in spec["datasets"].values()
    assert difference_axis(-0.1, 0.2, 400)["values"] == [-0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2]


def test_below_five_each_conversation_is_a_ring() -> None:
    rows = rows_with(spec_of(HIGH, book("Few", 3, 1)), "each")
    assert [(row["full_name"], row["each"], row["value"]) for row in rows][1] == (
        "Few",
        "●○○",
        "1 of 3",
    )


def test_many_playbooks_become_few_rows_and_nothing_a_calm_sentence() -> None:
    spec = spec_of(*(book(f"p{n}", 50 + n, 20) for n in range(200)))
    assert row_count(spec) <= 30
    assert "190 smaller playbooks not drawn." in caption(spec)
    told = charts.playbook_lift(PlaybookLift.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(told) == "There is nothing to compare."


def test_hostile_names_stay_text() -> None:
    assert stays_text(spec_of(*(book(name, 50, 25) for name in HOSTILE)), *HOSTILE)
