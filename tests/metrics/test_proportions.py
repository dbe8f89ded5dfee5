"""Wilson's bounds against published values, statsmodels, and the laws of an interval."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from drift_analysis.errors import InputError
from drift_analysis.metrics.proportions import wilson

ORACLE = json.loads(Path("tests/oracles/vectors_wilson.json").read_text())

counts = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


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
