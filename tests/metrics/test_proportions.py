"""Shares and their differences: published values, statsmodels, and the laws of an interval."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from drift_analysis.errors import InputError
from drift_analysis.metrics import newcombe, two_proportions_p, wilson

ORACLE = json.loads(Path("tests/oracles/vectors_wilson.json").read_text())

Pair = tuple[tuple[int, int], tuple[int, int]]

counts = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

pairs = st.tuples(counts, counts)


def bounds(x: int | None, n: int | None, confidence: float = 0.95) -> tuple[float, float]:
    frame = pl.DataFrame({"x": [x], "n": [n]}, schema={"x": pl.UInt32, "n": pl.UInt32})
    lo, hi = frame.select(wilson("x", "n", confidence=confidence)).row(0)
    return lo, hi


@pytest.mark.parametrize(("case", "published"), ORACLE["wilson_95"].items())
def test_published_bounds_are_met_to_four_places(case: str, published: list[float]) -> None:
    x, n = map(int, case.split("/"))

    assert bounds(x, n) == pytest.approx(published, abs=5e-5)


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
@settings(deadline=None)
def test_bounds_are_those_of_statsmodels(case: tuple[int, int], confidence: float) -> None:
    theirs = proportion_confint(*case, alpha=1 - confidence, method="wilson")

    assert bounds(*case, confidence) == pytest.approx(theirs, abs=1e-12)


@given(counts)
@settings(deadline=None)
def test_the_share_lies_between_its_bounds_and_both_lie_within_0_and_1(
    case: tuple[int, int],
) -> None:
    x, n = case
    lo, hi = bounds(x, n)

    assert 0 <= lo <= x / n <= hi <= 1


@given(counts)
@settings(deadline=None)
def test_what_did_not_happen_mirrors_what_did(case: tuple[int, int]) -> None:
    x, n = case
    lo, hi = bounds(n - x, n)

    assert bounds(x, n) == pytest.approx((1 - hi, 1 - lo), abs=1e-12)


def test_the_ends_are_exact() -> None:
    assert bounds(0, 7)[0] == 0
    assert bounds(7, 7)[1] == 1


@pytest.mark.parametrize(("x", "n"), [(0, 0), (None, 5), (3, None), (6, 5)])
def test_counts_that_cannot_be_have_no_bounds(x: int | None, n: int | None) -> None:
    assert all(bound is None for bound in bounds(x, n))


def test_expressions_do_as_well_as_names() -> None:
    frame = pl.DataFrame({"hit": [True, False, True]})

    found = frame.select(wilson(pl.col("hit").sum(), pl.len()))

    assert found.row(0) == bounds(2, 3)
    assert found.columns == ["lo", "hi"]


@pytest.mark.parametrize("confidence", [0, 1, -1, 95])
def test_a_confidence_beyond_0_and_1_is_refused(confidence: float) -> None:
    with pytest.raises(InputError) as caught:
        wilson("x", "n", confidence=confidence)

    assert str(caught.value) == (
        f"confidence={confidence} is not between 0 and 1.\n"
        "It is the share of intervals that hold the truth.\n"
        "Try: confidence=0.95."
    )


def compared(
    one: tuple[int | None, int | None],
    other: tuple[int | None, int | None],
    confidence: float = 0.95,
) -> dict[str, float]:
    frame = pl.DataFrame([(*one, *other)], schema=dict.fromkeys("xnym", pl.UInt32), orient="row")
    found = newcombe("x", "n", "y", "m", confidence=confidence)
    return frame.select(*found, two_proportions_p("x", "n", "y", "m")).row(0, named=True)


def test_the_published_difference_is_met() -> None:
    published = ORACLE["newcombe_diff_56_70_48_80"]

    found = compared((56, 70), (48, 80))

    assert found["difference"] == pytest.approx(published["diff"])
    assert (found["lo"], found["hi"]) == pytest.approx(published["ci"], abs=5e-5)


# Newcombe (1998), 873-890, table II, method 10: the contrasts of which no cell is large.
@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_published_differences_of_few_trials_are_met(
    one: tuple[int, int], other: tuple[int, int], published: tuple[float, float]
) -> None:
    found = compared(one, other)

    assert (found["lo"], found["hi"]) == pytest.approx(published, abs=5e-5)


@given(pairs, st.sampled_from([0.5, 0.95, 0.999]))
@settings(deadline=None)
def test_the_bounds_of_a_difference_are_those_of_statsmodels(case: Pair, confidence: float) -> None:
    found = compared(*case, confidence)

    theirs = confint_proportions_2indep(*case[0], *case[1], method="newcomb", alpha=1 - confidence)
    assert (found["lo"], found["hi"]) == pytest.approx(theirs, abs=1e-10)


@given(pairs)
@settings(deadline=None)
def test_the_difference_lies_between_its_bounds_and_is_mirrored(case: Pair) -> None:
    found, mirrored = compared(*case), compared(case[1], case[0])

    assert -1 <= found["lo"] <= found["difference"] <= found["hi"] <= 1
    assert (mirrored["lo"], mirrored["hi"]) == pytest.approx((-found["hi"], -found["lo"]))
    assert mirrored["p"] == pytest.approx(found["p"])


@given(pairs)
@settings(deadline=None)
def test_the_p_value_is_that_of_statsmodels(case: Pair) -> None:
    (x, n), (y, m) = case
    found = compared(*case)["p"]

    if x * m == y * n:
        assert found == 1
    else:
        assert found == pytest.approx(proportions_ztest([x, y], [n, m])[1], rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("impossible", [(0, 0), (None, 5), (3, None), (6, 5)])
def test_a_difference_needs_counts_that_can_be_on_both_sides(
    impossible: tuple[int | None, int | None],
) -> None:
    nothing = dict.fromkeys(["difference", "lo", "hi", "p"])

    assert compared(impossible, (1, 2)) == nothing
    assert compared((1, 2), impossible) == nothing
