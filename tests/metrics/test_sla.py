"""Targets for answers: by hand, against a reference, and laws."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import NOON, messages, table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import (
    Calendar,
    cumulative_incidence,
    response_turns,
    sla_attainment,
)
from drift_analysis.schemas import FirstResponse, SlaAttainment
from metrics.references.responses import attained


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def waits(*rows: tuple[float, str], **more: Any) -> pl.DataFrame:
    return table(
        FirstResponse,
        [
            {
                "conversation_id": n,
                "started_at": NOON,
                "ended_at": NOON + minutes(wait),
                "wait": minutes(wait),
                "outcome": outcome,
                "censored": outcome == "waiting",
                **more,
            }
            for n, (wait, outcome) in enumerate(rows)
        ],
    )


def not_at_risk(n: int) -> pl.DataFrame:
    return table(
        FirstResponse,
        [{"conversation_id": -k, "not_at_risk": "no_messages"} for k in range(1, n + 1)],
    )


def attainment(frame: pl.DataFrame, target: float, **more: Any) -> dict[str, Any]:
    found = sla_attainment(frame, target=minutes(target), **more)
    return SlaAttainment.checked(found).row(0, named=True)


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in ("n", "n_met", "n_missed", "n_undecided", "n_excluded"))


def test_the_share_is_read_from_the_incidence_at_the_target() -> None:
    frame = waits((1, "answered"), (2, "closed"), (3, "waiting"), (4, "answered"))

    # One of four at minute 1; at minute 4 the one that is left takes the half that remains.
    at_three, at_four = attainment(frame, 3.5), attainment(frame, 4)

    assert (at_three["attained"], counts(at_three)) == (0.25, (4, 1, 2, 1, 0))
    assert (at_four["attained"], counts(at_four)) == (0.75, (4, 2, 1, 1, 0))


def test_who_still_waits_and_not_yet_long_has_neither_met_nor_missed() -> None:
    decided = waits((1, "answered"), (2, "answered"), (9, "answered"), (9, "waiting"))
    young = waits((0, "waiting"), (0.5, "waiting")).with_columns(pl.col("conversation_id") + 9)

    alone, together = attainment(decided, 5), attainment(pl.concat([decided, young]), 5)

    assert (alone["attained"], counts(alone)) == (0.5, (4, 2, 2, 0, 0))
    assert counts(together) == (6, 2, 2, 2, 0)
    assert together["attained"] == 0.5


def test_an_answer_at_the_very_target_meets_it_and_a_wait_of_that_length_misses_it() -> None:
    assert counts(attainment(waits((5, "answered")), 5)) == (1, 1, 0, 0, 0)
    assert counts(attainment(waits((5, "waiting")), 5)) == (1, 0, 1, 0, 0)


def test_a_close_without_an_answer_misses_the_target_however_early() -> None:
    found = attainment(waits((1, "closed"), (3, "answered")), 5)

    assert (found["attained"], counts(found)) == (0.5, (2, 1, 1, 0, 0))


def test_what_nobody_was_watched_long_enough_to_tell_is_said() -> None:
    # Four of five are answered; the fifth was last seen waiting at minute 3.
    found = attainment(waits(*[(1, "answered")] * 4, (3, "waiting")), 60)
    reached = attainment(waits(*[(1, "answered")] * 4, (60, "waiting")), 60)

    assert found["attained"] == pytest.approx(0.8)
    assert found["unresolved"] == pytest.approx(0.2)
    assert (reached["attained"], reached["unresolved"]) == (pytest.approx(0.8), 0)
    # A third answered, a third closed: only the last third can still be.
    found = attainment(waits((1, "answered"), (2, "closed"), (3, "waiting")), 60)
    assert (found["attained"], found["unresolved"]) == pytest.approx((1 / 3, 1 / 3))


def test_a_share_of_which_nothing_is_decided_is_null() -> None:
    found = attainment(waits((1, "waiting"), (2, "waiting")), 5)

    assert [found[name] for name in ("attained", "lo", "hi", "unresolved")] == [None, None, None, 1]


def test_the_bounds_are_those_of_the_incidence() -> None:
    frame = waits((1, "answered"), (2, "closed"), (3, "waiting"), (4, "answered"), (6, "closed"))
    curve = cumulative_incidence(frame, duration="wait", outcome="outcome").filter(
        pl.col("outcome") == "answered", pl.col("t") == minutes(4)
    )

    found = attainment(frame, 5)

    assert (found["lo"], found["hi"]) == (curve["lo"].item(), curve["hi"].item())


def test_all_and_none_have_the_bounds_of_wilson() -> None:
    all_met = attainment(waits(*[(1, "answered")] * 20), 5)
    none_met = attainment(waits(*[(9, "answered")] * 20), 5)

    # Newcombe's case of 0 of 20: 0 to 0.1611.
    assert (all_met["attained"], round(all_met["lo"], 4), all_met["hi"]) == (1, 0.8389, 1)
    assert (none_met["attained"], none_met["lo"], round(none_met["hi"], 4)) == (0, 0, 0.1611)


def test_rows_without_a_wait_are_counted_apart() -> None:
    found = attainment(pl.concat([waits((1, "answered")), not_at_risk(3)]), 5)
    nobody = attainment(not_at_risk(2), 5)

    assert (found["attained"], counts(found)) == (1, (1, 1, 0, 0, 3))
    assert counts(nobody) == (0, 0, 0, 0, 2)
    assert [nobody[name] for name in ("attained", "lo", "hi", "unresolved")] == [None] * 4


def test_each_group_and_each_target_has_a_row_of_its_own() -> None:
    frame = pl.concat([waits((1, "answered"), (8, "answered"), (3, "answered")), not_at_risk(1)])
    grouped = frame.with_columns(inbox=pl.Series([1, 1, None, 2]))

    found = sla_attainment(grouped, target=[minutes(5), minutes(2), minutes(5)], by="inbox")

    assert found.select("inbox", "target", "attained", "n", "n_excluded").rows() == [
        (1, minutes(2), 0.5, 2, 0),
        (1, minutes(5), 0.5, 2, 0),
        (2, minutes(2), None, 0, 1),
        (2, minutes(5), None, 0, 1),
        (None, minutes(2), 0, 1, 0),
        (None, minutes(5), 1, 1, 0),
    ]


def test_turns_have_targets_too() -> None:
    chat = [(0, "contact"), (4, "bot"), (10, "contact"), (17, "human"), (30, "contact")]
    frame = messages(
        *({"created_at": NOON + minutes(at), "author_kind": author} for at, author in chat)
    )
    turns = response_turns(frame, as_of=NOON + minutes(33))

    found = sla_attainment(turns, target=[minutes(5), minutes(10)])

    # Waits of 4 and 7 minutes, and one that has run for 3.
    assert found.select("n_met", "n_missed", "n_undecided").rows() == [(1, 1, 1), (2, 0, 1)]
    assert found["attained"].to_list() == [0.5, 1.0]


def test_with_a_calendar_only_business_time_counts() -> None:
    office = Calendar("UTC", {0: [("12:30", "17:00")]})
    frame = waits((45, "answered"), (29, "waiting"), (29, "closed"))

    plain, business = attainment(frame, 20), attainment(frame, 20, calendar=office)

    assert counts(plain) == (3, 0, 3, 0, 0)
    assert counts(business) == (3, 1, 1, 1, 0)


ends = st.sampled_from(["answered", "closed", "waiting"])
many = st.lists(st.tuples(st.integers(0, 12), ends), min_size=1, max_size=25)


@given(many, st.integers(1, 13))
@settings(deadline=None, max_examples=60)
def test_shares_are_those_that_a_patient_reader_would_work_out(
    rows: list[tuple[int, str]], target: int
) -> None:
    found = attainment(waits(*rows), target)

    assert found["n"] == found["n_met"] + found["n_missed"] + found["n_undecided"] == len(rows)
    if found["attained"] is not None:
        assert found["attained"] == pytest.approx(attained(rows, target), abs=1e-12)
        lo, hi = found["lo"], found["hi"]
        assert lo - 1e-12 <= found["attained"] <= hi + 1e-12
        assert found["attained"] + found["unresolved"] <= 1 + 1e-12


@given(many)
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_repeats_nor_other_groups_nor_the_engine_matter(
    rows: list[tuple[int, str]],
) -> None:
    frame = waits(*rows).with_columns(group=pl.int_range(pl.len()) % 3)
    options: Any = {"target": [minutes(3), minutes(7)], "by": "group"}
    expected = sla_attainment(frame, **options)

    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(sla_attainment(shuffled, **options), expected)
    lazy = sla_attainment(frame.lazy(), **options)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)
    apart = [sla_attainment(part, **options) for part in frame.partition_by("group")]
    assert_frame_equal(pl.concat(apart).sort("group", "target"), expected)
    twice = sla_attainment(pl.concat([frame, frame]), **options)
    assert_frame_equal(twice.select("attained"), expected.select("attained"))


@given(many)
@settings(deadline=None, max_examples=25)
def test_a_longer_target_is_met_by_no_fewer(rows: list[tuple[int, str]]) -> None:
    found = sla_attainment(waits(*rows), target=[minutes(m) for m in range(1, 13)])

    shares = found.drop_nulls("attained")["attained"].to_list()
    assert all(b >= a - 1e-12 for a, b in pairwise(shares))


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(
        sla_attainment(FirstResponse.empty(), target=minutes(5)), SlaAttainment.empty()
    )


def test_what_means_nothing_is_refused() -> None:
    def refusal(error: type[Exception] = InputError, **options: Any) -> str:
        with pytest.raises(error) as caught:
            sla_attainment(**{"waits": FirstResponse.empty(), "target": minutes(5), **options})
        return str(caught.value)

    assert refusal(target=minutes(0)) == (
        "target=datetime.timedelta(0) is no length of time above 0.\n"
        "It says how long, not when or how many.\n"
        "Try: timedelta(hours=1)."
    )
    assert refusal(target=300).startswith("target=300 is no length of time above 0.\n")
    assert refusal(target=[]).startswith("target=None is no length of time above 0.\n")
    assert refusal(by="target") == (
        "by='target' is a name that is needed here.\n"
        "Two columns cannot have one name.\n"
        "Try: frame.rename(...) first."
    )
    assert refusal(by="inbox").startswith("There is no column 'inbox'.\n")
    assert refusal(SchemaError, waits=pl.DataFrame({"wait": [1]})).startswith(
        "FirstResponse: missing 'conversation_id', 'started_at',"
    )
