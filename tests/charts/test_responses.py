from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from builders import NOON
from charts.tables import (
    AS_OF,
    MINUTE,
    answered,
    caption,
    ended,
    row_count,
    rows_with,
    subtitle,
    title,
    waits,
)
from drift_analysis import charts
from drift_analysis.schemas import FirstResponse


def test_the_median_is_found_and_marked() -> None:
    rows = [answered(m) for m in range(1, 9)] + [ended(20, "closed"), ended(30, "waiting")]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert title(spec) == "Half of the contacts get a human answer within 5 min"
    assert rows_with(spec, "half")[0]["t"] == 300
    assert rows_with(spec, "half")[0]["said"] == "half by 5 min"


def test_a_close_competes_with_the_answer() -> None:
    rows = [answered(1), ended(2, "closed"), answered(3), ended(4, "closed"), answered(5)]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    last = {row["outcome"]: row["incidence"] for row in rows_with(spec, "incidence")}
    assert last == {"answered": pytest.approx(0.6), "closed": pytest.approx(0.4)}
    assert [row["said"] for row in rows_with(spec, "height")] == ["closed\n40 %", "answered\n60 %"]


def test_what_is_said_of_closes_is_what_the_rows_bear() -> None:
    def says(*rows: dict[str, Any]) -> str:
        return caption(charts.first_response(waits(*rows), as_of=AS_OF).to_dict())

    five = [answered(m) for m in range(1, 6)]
    known, unknown = "Closed without an answer competes", "closed conversations count as waiting."

    assert known in says(*five, ended(2, "closed"), ended(3, "waiting"))
    assert unknown not in says(*five, ended(2, "closed"), ended(3, "waiting"))
    assert known not in says(*five, ended(3, "waiting"))
    assert unknown in says(*five, ended(3, "waiting"))
    assert "clos" not in says(*five)
    assert "Aalen" not in says(answered(1), ended(2, "closed"))


def test_counts_are_exact_where_they_are_proof() -> None:
    rows = [answered(m) for m in (1, 10)] * 1_234
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert "n = 2,468 waits," in caption(spec)
    assert [row["n"] for row in rows_with(spec, "t", "n")] == ["2,468", "1,234"]


def test_only_the_answers_have_a_band() -> None:
    rows = [answered(1), ended(2, "closed"), answered(3), ended(4, "closed"), ended(5, "waiting")]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    bands = {row["outcome"] for row in rows_with(spec, "incidence") if row["lo"] is not None}
    assert bands == {"answered"}


def test_names_of_the_curves_do_not_lie_upon_each_other() -> None:
    rows = [answered(1), ended(2, "closed"), answered(3), ended(4, "closed")]
    rows += [ended(5, "waiting"), ended(5, "waiting")]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    low, high = (row["height"] for row in rows_with(spec, "height"))
    assert high - low > 0.1


def test_a_median_that_is_not_reached_is_said_in_words() -> None:
    rows = [answered(1), *(ended(9, "waiting") for _ in range(4))]
    chart = charts.first_response(waits(*rows), as_of=AS_OF)

    assert title(chart.to_dict()) == "Half is not reached: 20 % of the contacts get a human answer"
    assert "80 % still wait and count as far as they got." in caption(chart.to_dict())
    assert "At the end: answered 20 %." in str(chart.description)


def test_nobody_answered_is_a_picture_too() -> None:
    rows = [ended(9, "waiting") for _ in range(6)]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert title(spec) == "Half is not reached: 0 % of the contacts get an answer"


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        (["human"], "a human answer"),
        (["bot"], "a bot's answer"),
        (["bot", "human"], "an answer"),
        (["unknown"], "an answer"),
    ],
)
def test_the_title_says_whose_answer_it_is(kinds: list[str], answer: str) -> None:
    rows = [answered(1, kind) for kind in kinds for _ in range(6)]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert title(spec) == f"Half of the contacts get {answer} within 1 min"


def test_the_numbers_at_risk_stand_under_the_ticks() -> None:
    rows = [answered(m) for m in (0.5, 1, 10, 10, 60, 61)]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    under = rows_with(spec, "t", "n")
    assert [(row["t"], row["n"]) for row in under] == [
        (10, "6"),
        (60, "5"),
        (600, "4"),
        (3600, "2"),
    ]


def test_who_never_waited_is_left_out_and_counted() -> None:
    rows = [answered(m) for m in range(1, 7)]
    rows += [{"not_at_risk": "no_messages"}, {"not_at_risk": "no_contact_message"}]
    rows += [{"not_at_risk": "no_contact_message"}]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert caption(spec) == (
        "n = 6 waits, from the start of the clock to the first answer. Left out: 1 without "
        "messages loaded, 2 in which no contact wrote. As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert subtitle(spec) == (
        "Share that got a human answer within a time, log scale · band: 95 % · 2 Mar to 31 Mar 2026"
    )


def test_business_time_is_measured_where_asked() -> None:
    rows = [{**answered(m), "business_wait": m * MINUTE / 2} for m in range(1, 7)]
    rows += [answered(9)]
    spec = charts.first_response(waits(*rows), as_of=AS_OF, business=True).to_dict()

    assert title(spec) == "Half of the contacts get a human answer within 1 min 30 s"
    assert "within a business time" in subtitle(spec)
    assert "Left out: 1 conversation." in caption(spec)


def test_below_five_each_wait_is_drawn() -> None:
    rows = [answered(3), ended(1, "waiting"), ended(2, "closed")]
    spec = charts.first_response(waits(*rows), as_of=AS_OF).to_dict()

    assert title(spec) == "1 of 3 contacts got a human answer"
    assert [(p["name"], p["said"], p["answered"], p["open"]) for p in rows_with(spec, "open")] == [
        ("waiting", "1 min", None, 60),
        ("closed", "2 min", None, 120),
        ("answered", "3 min", 180, None),
    ]


def test_nothing_is_a_calm_sentence() -> None:
    unread, silent = ({"not_at_risk": why} for why in ("no_messages", "no_contact_message"))
    said = {
        "Nobody waited for an answer.": (FirstResponse.empty(), waits(silent)),
        "Nobody is known to have waited for an answer.": (waits(silent, unread),),
        "No messages were loaded, so waits are unknown.": (waits(unread),),
    }
    for sentence, tables in said.items():
        for each in tables:
            spec = charts.first_response(each, as_of=AS_OF).to_dict()
            assert spec["vconcat"][0]["mark"]["text"] == [sentence]

    answered = waits({"wait": timedelta(minutes=1), "outcome": "answered"})
    spec = charts.first_response(answered, as_of=AS_OF, business=True).to_dict()
    why = "No calendar was given, so business time is unknown"
    assert spec["vconcat"][0]["mark"]["text"] == [f"{why}."]
    assert spec["description"].startswith(f"No picture: no{why[2:]}, until ")


def test_many_waits_become_few_steps_without_changing_the_ends() -> None:
    n = pl.col("conversation_id")
    many = (
        pl.DataFrame({"conversation_id": range(12_000)})
        .with_columns(
            started_at=pl.lit(NOON),
            ended_at=pl.lit(NOON),
            wait=pl.duration(milliseconds=(n + 1) * 997, time_unit="ms"),
            business_wait=None,
            outcome=pl.when(n % 3 == 0).then(pl.lit("closed")).otherwise(pl.lit("answered")),
            censored=pl.lit(value=False),
            responder_id=None,
            responder_kind=pl.lit("human"),
            not_at_risk=None,
        )
        .pipe(FirstResponse.conform)
    )

    spec = charts.first_response(many, as_of=AS_OF).to_dict()

    last = {row["outcome"]: row["incidence"] for row in rows_with(spec, "incidence")}
    assert row_count(spec) <= 600
    assert last["answered"] == pytest.approx(2 / 3)
    assert last["closed"] == pytest.approx(1 / 3)
    assert timedelta(seconds=rows_with(spec, "half")[0]["t"]) == many["wait"].sort()[8999]
