from __future__ import annotations

from math import inf

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.metrics import newcombe, wilson
from drift_analysis.report.changes import Change, Reading, change_of, said, span_of

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def share(x: int, n: int) -> Reading:
    lo, hi = pl.select(wilson(pl.lit(x), pl.lit(n))).row(0)
    return Reading(x / n, lo, hi, n)


@settings(deadline=None)
@given(counts, counts)
def test_a_change_of_shares_is_newcombes(now: tuple[int, int], before: tuple[int, int]) -> None:
    change = change_of(share(*now), share(*before), "share")

    expected = pl.select(newcombe(*(pl.lit(each) for each in (*now, *before)))).row(0)
    assert change is not None
    assert (change.difference, change.lo, change.hi) == pytest.approx(expected, abs=1e-9)


def test_a_change_of_counts_is_how_their_sum_falls_to_them() -> None:
    # 60 of 100 in all: Wilson's bounds are 0.502003 and 0.690599, odds of 1.00804 and 2.23205.
    change = change_of(Reading(60, 60, 60, 28), Reading(40, 40, 40, 28), "count")

    assert change is not None
    assert change.difference == pytest.approx(0.5)
    assert (change.lo, change.hi) == pytest.approx((0.00804, 1.23205), abs=1e-5)


def test_counts_of_longer_periods_are_taken_per_day() -> None:
    change = change_of(Reading(60, 60, 60, 14), Reading(60, 60, 60, 28), "count")

    assert change is not None
    assert change.difference == pytest.approx(1.0)


@pytest.mark.parametrize(("now", "before"), [(5, 0), (0, 0)])
def test_there_is_no_proportion_of_nothing(now: int, before: int) -> None:
    assert change_of(Reading(now, now, now, 7), Reading(before, before, before, 7), "count") is None


def test_nothing_after_something_is_all_of_it_less() -> None:
    change = change_of(Reading(0, 0, 0, 7), Reading(5, 5, 5, 7), "count")

    assert change is not None
    assert (change.difference, change.lo) == (-1, -1)
    assert change.hi < 0


def test_distances_of_chance_are_squared_and_those_of_evidence_are_added() -> None:
    now, before = Reading(100, 97, 104, 9), Reading(60, 57, 64, 9)
    bounded = Reading(100, 97, 104, 9, bounded=True)

    # Down: 3 and 4 give 5 by Pythagoras, or 7 as they are. Up: 4 and 3 likewise.
    assert change_of(now, before, "length") == Change(40, 35, 45)
    assert change_of(bounded, before, "length") == Change(40, 33, 47)


def test_where_an_interval_has_no_end_the_change_has_none() -> None:
    assert change_of(Reading(100, 97, None, 9), Reading(60, 60, 60, 9), "length") == Change(
        40, 37, inf
    )
    assert change_of(Reading(None, 97, None, 9), Reading(60, 60, 60, 9), "length") is None


def test_the_other_way_round_is_the_opposite() -> None:
    now, before = share(8, 20), share(3, 30)

    there, back = change_of(now, before, "share"), change_of(before, now, "share")

    assert there is not None
    assert back is not None
    assert (-back.difference, -back.hi, -back.lo) == pytest.approx(
        (there.difference, there.lo, there.hi)
    )


@pytest.mark.parametrize(
    ("change", "is_sure", "clearness"),
    [
        (Change(0.2, 0.1, 0.3), True, 2.0),
        (Change(-0.2, -0.3, -0.1), True, 2.0),
        (Change(0.1, -0.1, 0.3), False, 0.5),
        (Change(0.0, -0.1, 0.1), False, 0.0),
        (Change(0.1, 0.1, 0.1), True, inf),
    ],
)
def test_a_change_is_sure_when_its_interval_leaves_out_none(
    change: Change,
    is_sure: bool,  # noqa: FBT001
    clearness: float,
) -> None:
    assert change.is_sure is is_sure
    assert change.clearness == pytest.approx(clearness)


@pytest.mark.parametrize(
    ("change", "unit", "words", "interval"),
    [
        (
            Change(0.01, -0.0004, 0.11),
            "share",
            "1 point more",
            "under 1 point less to 11 points more",
        ),
        (
            Change(-0.21, -0.31, -0.11),
            "share",
            "21 points less",
            "31 points less to 11 points less",
        ),
        (Change(0.5, 0.004, 1.23), "count", "50 % more", "under 1 % more to 123 % more"),
        (Change(0, -60, inf), "length", "the same", "at least 1 min less"),
        (Change(-90, -inf, 3600), "length", "1 min 30 s less", "at most 1 h more"),
        (Change(60, -inf, inf), "length", "1 min more", "without ends"),
    ],
)
def test_a_change_is_said_in_words(change: Change, unit: str, words: str, interval: str) -> None:
    assert said(change, unit) == words  # type: ignore[arg-type]
    assert span_of(change, unit) == interval  # type: ignore[arg-type]
