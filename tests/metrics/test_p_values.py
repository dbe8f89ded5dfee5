"""P and q values against scipy, statsmodels, fractions, and the laws of chance."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.multitest import multipletests

from drift_analysis.metrics import benjamini_hochberg, fisher_exact
from drift_analysis.metrics.statistics.p_values import chi_squared_p, normal_p

ORACLE = json.loads(Path("tests/oracles/vectors_competing_risks_and_tags.json").read_text())

p_values = st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.04, 0.5]), min_size=1, max_size=30)


@st.composite
def tables(draw: st.DrawFn, largest: int = 60) -> tuple[int, int, int, int]:
    n = draw(st.integers(1, largest))
    a, b = draw(st.integers(0, n)), draw(st.integers(0, n))
    return draw(st.integers(max(0, a + b - n), min(a, b))), a, b, n


def q_of(values: list[float | None]) -> list[float | None]:
    frame = pl.DataFrame({"p": values}, schema={"p": pl.Float64})
    return frame.select(benjamini_hochberg("p"))["q"].to_list()


def fisher_of(*rows: tuple[int | None, ...]) -> list[float | None]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("xabn", pl.Int64), orient="row")
    return frame.select(fisher_exact("x", "a", "b", "n"))["p"].to_list()


def enumerated(x: int, a: int, b: int, n: int) -> Fraction:
    ways = {k: comb(a, k) * comb(n - a, b - k) for k in range(max(0, a + b - n), min(a, b) + 1)}
    return Fraction(sum(each for each in ways.values() if each <= ways[x]), comb(n, b))


def test_the_published_example_is_met() -> None:
    # Benjamini and Hochberg (1995), section 3.2: four of the fifteen are found at 0.05.
    p = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]

    q = q_of(list(p))

    assert sum(each is not None and each <= 0.05 for each in q) == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert q[-1] == 1


@given(p_values)
@settings(deadline=None)
def test_q_values_are_those_of_statsmodels(values: list[float]) -> None:
    theirs = multipletests(values, method="fdr_bh")[1]

    assert q_of(list(values)) == pytest.approx(list(theirs), rel=1e-12, abs=1e-300)


@given(p_values)
@settings(deadline=None, max_examples=30)
def test_a_q_is_no_smaller_than_its_p_and_keeps_the_order(values: list[float]) -> None:
    q = [each or 0.0 for each in q_of(list(values))]

    assert all(low >= high * (1 - 1e-12) for low, high in zip(q, values, strict=True))
    by_p = [each for _, each in sorted(zip(values, q, strict=True))]
    assert by_p == sorted(by_p)


def test_what_is_no_p_value_is_no_question() -> None:
    assert q_of([0.01, None, 0.04, float("nan"), 1.5, -0.1]) == [0.02, None, 0.04, None, None, None]
    assert q_of([]) == []


def test_groups_are_families_of_their_own() -> None:
    frame = pl.DataFrame(
        {"family": ["x", "y", "x", "y", None], "part": [1] * 5, "p": [0.01, 0.01, 0.04, None, 0.5]}
    )

    expected = [0.02, 0.01, 0.04, None, 0.5]
    for over in ("family", ["family", "part"]):
        plan = frame.lazy().select(benjamini_hochberg(pl.col("p"), over=over))
        assert plan.collect()["q"].to_list() == expected
        assert_frame_equal(plan.collect(engine="streaming"), plan.collect())


@given(st.floats(-37, 37))
@settings(deadline=None)
def test_the_normal_tail_is_that_of_scipy(z: float) -> None:
    found = pl.select(normal_p(pl.lit(z))).item()

    assert found == pytest.approx(2 * scipy.stats.norm.sf(abs(z)), rel=1e-12, abs=0)


@given(st.floats(0, 1400), st.integers(1, 12))
@settings(deadline=None)
def test_the_chi_squared_tail_is_that_of_scipy(chi2: float, df: int) -> None:
    found = pl.select(chi_squared_p(pl.lit(chi2), pl.lit(df), most=12)).item()

    assert found == pytest.approx(scipy.stats.chi2.sf(chi2, df), rel=1e-12, abs=1e-300)


def test_degrees_of_freedom_that_are_not_foreseen_have_no_p() -> None:
    frame = pl.DataFrame({"df": [0, 1, 2, 3, None]})

    found = frame.select(p=chi_squared_p(pl.lit(4.0), pl.col("df"), most=2))["p"]

    assert found.is_null().to_list() == [True, False, False, True, True]


def test_the_exact_test_meets_the_oracle() -> None:
    pairs: list[dict[str, Any]] = ORACLE["arules_pairs"]

    found = fisher_of(*((pair["n_ab"], pair["n_a"], pair["n_b"], 8) for pair in pairs))

    assert found == pytest.approx([pair["fisher_p"] for pair in pairs], rel=1e-12)


def test_the_lady_tasting_tea_is_right_by_chance_once_in_seventy() -> None:
    # Eight cups, four with milk first; she finds all four: 1 of 70 ways, and the mirror image.
    assert fisher_of((4, 4, 4, 8)) == pytest.approx([2 / 70])


def test_every_small_table_has_the_chance_of_its_ways_those_of_equal_ones_included() -> None:
    rows = [
        (x, a, b, n)
        for n in range(1, 13)
        for a in range(n + 1)
        for b in range(n + 1)
        for x in range(max(0, a + b - n), min(a, b) + 1)
    ]

    assert fisher_of(*rows) == pytest.approx([float(enumerated(*row)) for row in rows], rel=1e-12)


@given(tables())
@settings(deadline=None)
def test_the_exact_test_counts_all_ways_that_are_no_likelier(row: tuple[int, ...]) -> None:
    assert fisher_of(row) == pytest.approx([float(enumerated(*row))], rel=1e-11)


@given(st.lists(tables(3000), min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_the_exact_test_is_that_of_scipy(rows: list[tuple[int, int, int, int]]) -> None:
    theirs = [
        scipy.stats.fisher_exact([[x, a - x], [b - x, n - a - b + x]])[1] for x, a, b, n in rows
    ]

    assert fisher_of(*rows) == pytest.approx(theirs, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    "row",
    [
        (10_400, 100_000, 100_000, 1_000_000),
        (300, 1_000, 90_000, 1_000_000),
        (0, 1_000, 90_000, 1_000_000),
        (10, 10, 3_000, 1_000_000),
        (6_000, 10_000, 500_000, 1_000_000),
        (700, 700, 500_000, 1_000_000),
    ],
)
def test_large_tables_are_exact_although_only_likely_counts_are_added_up(
    row: tuple[int, int, int, int],
) -> None:
    x, a, b, n = row
    theirs = scipy.stats.fisher_exact([[x, a - x], [b - x, n - a - b + x]])[1]

    assert fisher_of(row) == pytest.approx([theirs], rel=1e-8)


def test_a_chance_too_small_for_a_number_is_0() -> None:
    assert fisher_of((95_000, 100_000, 100_000, 1_000_000)) == [0.0]
    assert fisher_of((0, 300_000, 300_000, 1_000_000)) == [0.0]


@given(tables())
@settings(deadline=None, max_examples=30)
def test_it_does_not_matter_which_property_is_named_first(row: tuple[int, ...]) -> None:
    x, a, b, n = row

    assert fisher_of((x, b, a, n)) == pytest.approx(fisher_of(row), rel=1e-10)


@pytest.mark.parametrize(
    "row",
    [(3, 2, 5, 9), (-1, 2, 5, 9), (0, 5, 5, 9), (1, 2, 2, 0), (1, 10, 2, 9), (None, 2, 5, 9)],
)
def test_counts_that_cannot_be_have_no_p(row: tuple[int | None, ...]) -> None:
    assert fisher_of(row, (1, 2, 2, 4)) == [None, 1.0]


def test_a_plan_gives_the_same_on_either_engine() -> None:
    frame = pl.LazyFrame({"x": [1, 5, 0], "a": [3, 9, 4], "b": [4, 9, 5], "n": [9, 30, 9]})

    plan = frame.select(fisher_exact("x", "a", "b", pl.col("n")))

    assert_frame_equal(plan.collect(engine="streaming"), plan.collect())
    assert frame.clear().select(fisher_exact("x", "a", "b", "n")).collect().height == 0
