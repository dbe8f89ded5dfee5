"""Survival curves and competing ends against lifelines, fractions, and their laws."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lifelines
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.utils import qth_survival_times, restricted_mean_survival_time
from polars.testing import assert_frame_equal

from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import cumulative_incidence, survival_curve, survival_quantiles
from drift_analysis.schemas import CumulativeIncidence, SurvivalCurve

if TYPE_CHECKING:
    from collections.abc import Callable

ORACLE = json.loads(Path("tests/oracles/vectors_competing_risks_and_tags.json").read_text())

Life = tuple[int, bool]
End = tuple[int, str | None]

lives = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)
outcomes = st.sampled_from(["answered", "closed", None])
ends = st.lists(st.tuples(st.integers(0, 12), outcomes), min_size=1, max_size=30)


def lived(rows: list[Life], **more: Any) -> pl.DataFrame:
    schema = {"life": pl.Int64, "running": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.col("life").cast(pl.Duration("ms")), **more)


def ended(rows: list[End], **more: Any) -> pl.DataFrame:
    schema = {"life": pl.Int64, "end": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.col("life").cast(pl.Duration("ms")), **more)


def curve(frame: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    return survival_curve(frame, duration="life", censored="running", by=by)


def quantiles(frame: pl.DataFrame, by: str | None = None, *q: float) -> pl.DataFrame:
    return survival_quantiles(frame, duration="life", censored="running", by=by, q=q or (0.5, 0.9))


def incidence(frame: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    return cumulative_incidence(frame, duration="life", outcome="end", by=by)


def alike(metric: Callable[[Any], Any], frame: pl.DataFrame) -> None:
    eager, lazy = metric(frame), metric(frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(), eager)
    assert_frame_equal(lazy.collect(engine="streaming"), eager)


def milliseconds(times: pl.Series) -> list[int]:
    return times.dt.total_milliseconds().to_list()


def product_limit(rows: list[Life]) -> dict[int, Fraction]:
    survival, left = {0: Fraction(1)}, Fraction(1)
    for t in sorted({life for life, _ in rows}):
        at_risk = sum(life >= t for life, _ in rows)
        events = sum(life == t and not running for life, running in rows)
        left *= 1 - Fraction(events, at_risk)
        survival[t] = left
    return survival


def incidence_of(rows: list[End], outcome: str) -> dict[int, Fraction]:
    lives = [(life, end is None) for life, end in rows]
    survival, total, before = product_limit(lives), Fraction(0), Fraction(1)
    found = {0: Fraction(0)}
    for t in sorted({life for life, _ in rows}):
        at_risk = sum(life >= t for life, _ in rows)
        total += before * Fraction(sum(row == (t, outcome) for row in rows), at_risk)
        found[t], before = total, survival[t]
    return found


@given(lives)
@settings(deadline=None)
def test_the_curve_is_the_product_limit(rows: list[Life]) -> None:
    found = curve(lived(rows))

    expected = product_limit(rows)
    assert milliseconds(found["t"]) == sorted(expected)
    assert found["survival"].to_list() == pytest.approx(
        [float(expected[t]) for t in sorted(expected)], abs=1e-12
    )


@given(lives)
@settings(deadline=None)
def test_everyone_at_risk_ends_or_is_censored(rows: list[Life]) -> None:
    found = curve(lived(rows))

    gone = (found["events"] + found["censored"]).to_list()
    assert found["at_risk"].to_list() == [sum(gone[i:]) for i in range(len(gone))]
    assert found["events"].sum() == sum(not running for _, running in rows)
    SurvivalCurve.checked(found)


@given(lives)
@settings(deadline=None, max_examples=30)
def test_the_curve_and_its_band_are_those_of_lifelines(rows: list[Life]) -> None:
    found = curve(lived(rows))
    durations, running = zip(*rows, strict=True)
    theirs = lifelines.KaplanMeierFitter().fit(durations, ~np.array(running))

    times = milliseconds(found["t"])
    assert found["survival"].to_list() == pytest.approx(
        theirs.survival_function_at_times(times).to_list(), abs=1e-12
    )
    inner = found.filter(pl.col("lo").is_not_null())
    band = theirs.confidence_interval_.loc[milliseconds(inner["t"])]
    assert inner.select("lo", "hi").to_numpy() == pytest.approx(band.to_numpy(), abs=1e-12)


def test_the_band_is_null_exactly_where_survival_is_0_or_1() -> None:
    found = curve(lived([(1, False), (2, True), (3, False)]))

    assert found["survival"].to_list() == pytest.approx([1, 2 / 3, 2 / 3, 0])
    assert found["lo"].is_null().to_list() == [True, False, False, True]
    assert found["hi"].is_null().to_list() == [True, False, False, True]


def test_without_censoring_the_curve_is_the_share_that_lives_longer() -> None:
    found = curve(lived([(1, False), (1, False), (4, False), (9, False)]))

    assert milliseconds(found["t"]) == [0, 1, 4, 9]
    assert found["survival"].to_list() == pytest.approx([1, 0.5, 0.25, 0])


def test_an_end_at_once_lowers_the_first_row() -> None:
    found = curve(lived([(0, False), (5, False)]))

    assert found.select("at_risk", "events", "survival").row(0) == (2, 1, 0.5)


def test_what_is_not_known_is_not_at_risk() -> None:
    rows = lived([(1, False), (2, True)])
    unknown = pl.DataFrame(
        {"life": [None, timedelta(milliseconds=-1), timedelta(1)], "running": [False, False, None]},
        schema=rows.schema,
    )

    assert_frame_equal(curve(pl.concat([rows, unknown])), curve(rows))


@given(lives, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=30)
def test_groups_do_not_matter_to_one_another_nor_does_the_order_of_rows(
    rows: list[Life], random: Any
) -> None:
    group = [random.choice(["a", "b", None]) for _ in rows]
    frame = lived(rows).with_columns(group=pl.Series(group, dtype=pl.String))
    together = curve(frame, by="group")

    for name in set(group):
        alone = frame.filter(pl.col("group").eq_missing(name))
        mine = together.filter(pl.col("group").eq_missing(name)).drop("group")
        assert_frame_equal(mine, curve(alone))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
    assert_frame_equal(curve(shuffled, by="group"), together)
    alike(lambda f: survival_curve(f, duration="life", censored="running", by="group"), frame)


def test_durations_in_other_units_are_measured_in_milliseconds() -> None:
    frame = lived([(1500, False)])

    assert_frame_equal(curve(frame.cast({"life": pl.Duration("us")})), curve(frame))


@given(lives, st.sampled_from([0.1, 0.25, 0.5, 0.9]))
@settings(deadline=None)
def test_a_quantile_is_the_first_time_at_which_that_share_has_ended(
    rows: list[Life], q: float
) -> None:
    found = quantiles(lived(rows), None, q)

    left = 1 - Fraction(str(q))
    reached = [t for t, survival in product_limit(rows).items() if survival <= left]
    expected = timedelta(milliseconds=min(reached)) if reached else None
    assert found[f"p{100 * q:g}"].item() == expected
    assert found.select("n", "n_censored").row(0) == (
        len(rows),
        sum(running for _, running in rows),
    )


def test_quantiles_and_bounds_are_those_of_lifelines() -> None:
    waltons = [
        *((life, False) for life in (6, 13, 13, 13, 19, 19, 19, 26, 26, 26, 33, 36, 40, 44)),
        *((life, True) for life in (7, 20, 45, 45)),
    ]
    theirs = lifelines.KaplanMeierFitter().fit(*zip(*((t, not r) for t, r in waltons), strict=True))
    found = quantiles(lived(waltons), None, 0.25, 0.5)

    band = theirs.confidence_interval_
    for q in (0.25, 0.5):
        lower, upper = (qth_survival_times(1 - q, band[[column]]).item() for column in band.columns)
        name = f"p{100 * q:g}"
        assert found.select(pl.col(name, f"{name}_lo", f"{name}_hi").dt.total_milliseconds()).row(
            0
        ) == (
            qth_survival_times(1 - q, theirs.survival_function_),
            *(lower, upper),
        )
    assert milliseconds(found["restricted_mean"]) == [
        round(restricted_mean_survival_time(theirs, t=45))
    ]


def test_the_ninth_of_ten_is_the_ninetieth_percentile_although_floats_round() -> None:
    found = quantiles(lived([(day, False) for day in range(1, 11)]))

    assert milliseconds(found["p90"]) == [9]
    assert milliseconds(found["p50"]) == [5]


def test_what_nobody_reached_is_null_and_the_restricted_mean_is_still_given() -> None:
    found = quantiles(lived([(4, True), (8, True)]))

    assert found.select("n", "n_censored", "p50", "p50_lo", "p50_hi", "p90").row(0) == (
        *(2, 2),
        *(None, None, None, None),
    )
    assert found.select("restricted_mean", "restricted_to").row(0) == (
        timedelta(milliseconds=8),
        timedelta(milliseconds=8),
    )


def test_quantiles_come_by_group_in_order() -> None:
    frame = lived([(1, False), (2, False), (7, True)]).with_columns(
        group=pl.Series(["b", "b", None]), part=pl.Series([1, 1, 2])
    )

    found = survival_quantiles(
        frame, duration="life", censored="running", by=["group", "part"], q=[0.5]
    )

    assert found.select("group", "part", "n", "n_censored").rows() == [
        ("b", 1, 2, 0),
        (None, 2, 1, 1),
    ]
    alike(lambda f: survival_quantiles(f, duration="life", censored="running", by="group"), frame)


def test_the_oracle_of_competing_ends_is_met() -> None:
    words = {0: None, 1: "answered", 2: "closed"}
    rows = [(t, words[e]) for t, e in zip(ORACLE["T"], ORACLE["E"], strict=True)]
    found = incidence(ended(rows))

    for outcome, name in (("answered", "cif1"), ("closed", "cif2")):
        mine = found.filter(pl.col("outcome") == outcome)
        values = dict(zip(milliseconds(mine["t"]), mine["incidence"], strict=True))
        assert values == pytest.approx({0: 0.0} | {int(t): v for t, v in ORACLE[name].items()})
    answered = found.filter(pl.col("outcome") == "answered")["incidence"].to_list()
    assert answered == pytest.approx(list(ORACLE["lifelines_cif1"].values()))
    still_running = 1 - found.group_by("outcome").agg(pl.col("incidence").last())["incidence"].sum()
    assert still_running == pytest.approx(ORACLE["S_end"], abs=1e-12)


@given(ends)
@settings(deadline=None)
def test_incidences_are_the_fractions_of_aalen_and_johansen(rows: list[End]) -> None:
    found = incidence(ended(rows))

    for outcome in {end for _, end in rows if end}:
        mine = found.filter(pl.col("outcome") == outcome)
        expected = incidence_of(rows, outcome)
        assert milliseconds(mine["t"]) == sorted(expected)
        assert mine["incidence"].to_list() == pytest.approx(
            [float(expected[t]) for t in sorted(expected)], abs=1e-12
        )
    CumulativeIncidence.checked(found)


@given(ends)
@settings(deadline=None)
def test_incidences_and_survival_add_up_to_one(rows: list[End]) -> None:
    some = ended([*rows, (3, "answered")])
    total = incidence(some).group_by("t").agg(pl.col("incidence").sum()).sort("t")
    survival = curve(some.with_columns(running=pl.col("end").is_null()))

    assert (total["incidence"] + survival["survival"]).to_list() == pytest.approx([1] * len(total))


@given(st.lists(outcomes, min_size=2, max_size=12))
@settings(deadline=None, max_examples=30)
def test_the_band_is_that_of_lifelines(words: list[str | None]) -> None:
    times = [5 * n + 5 for n in range(len(words) + 2)]
    rows = list(zip(times, [*words, "answered", None], strict=True))
    codes = np.array([{None: 0, "answered": 1, "closed": 2}[end] for _, end in rows])
    with np.errstate(all="ignore"):
        theirs = lifelines.AalenJohansenFitter().fit(np.array(times), codes, 1)
    found = incidence(ended(rows)).filter(
        pl.col("outcome") == "answered", pl.col("lo").is_not_null()
    )

    band = theirs.confidence_interval_.loc[milliseconds(found["t"])].to_numpy()
    assert len(found) > 0
    assert found.select("lo", "hi").to_numpy() == pytest.approx(band, abs=1e-9)


def test_the_word_for_still_running_is_no_outcome() -> None:
    rows: list[End] = [(1, "answered"), (2, "waiting"), (3, None), (4, "closed")]

    assert incidence(ended(rows))["outcome"].unique().sort().to_list() == ["answered", "closed"]
    kept = cumulative_incidence(ended(rows), duration="life", outcome="end", censored_as=None)
    assert kept["outcome"].unique().sort().to_list() == ["answered", "closed", "waiting"]


def test_an_enum_keeps_its_order_and_its_outcomes_that_never_came() -> None:
    words = pl.Enum(["waiting", "closed", "answered"])
    found = incidence(ended([(2, "waiting"), (3, "waiting")]).cast({"end": words}))

    assert found["outcome"].unique(maintain_order=True).to_list() == ["closed", "answered"]
    assert found["incidence"].to_list() == [0.0] * 6
    assert found["lo"].null_count() == 6


@given(ends)
@settings(deadline=None, max_examples=20)
def test_incidences_of_groups_are_those_of_each_alone(rows: list[End]) -> None:
    words = pl.Enum(["answered", "closed", "waiting"])
    frame = ended(rows).cast({"end": words}).with_row_index("n")
    frame = frame.with_columns(group=pl.when(pl.col("n") % 3 > 0).then(pl.col("n") % 3))
    together = incidence(frame, by="group")

    for name in frame["group"].unique():
        alone = incidence(frame.filter(pl.col("group").eq_missing(name)))
        assert_frame_equal(together.filter(pl.col("group").eq_missing(name)).drop("group"), alone)
    alike(lambda f: cumulative_incidence(f, duration="life", outcome="end", by="group"), frame)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(curve(lived([])), SurvivalCurve.empty())
    assert_frame_equal(incidence(ended([])), CumulativeIncidence.empty())
    assert quantiles(lived([])).height == 0
    grouped = curve(lived([]).with_columns(group=pl.lit("a")), by="group")
    assert grouped.columns == ["group", *SurvivalCurve.column_names()]


def refusal(call: Callable[[], object], error: type[Exception] = InputError) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_arguments_that_mean_nothing_are_refused() -> None:
    frame = lived([(1, False)])

    assert refusal(lambda: survival_curve(frame, duration="wait", censored="running")) == (
        "There is no column 'wait'.\n"
        "The frame has 'life', 'running'.\n"
        "Try: the name of a column that it has."
    )
    assert refusal(lambda: survival_curve(frame, duration="running", censored="running")) == (
        "duration='running' holds no lengths of time.\n"
        "Its dtype is Boolean.\n"
        "Try: pl.duration(seconds=...) to make lengths of time of numbers."
    )
    assert refusal(lambda: survival_curve(frame, duration="life", censored="life")) == (
        "censored='life' does not tell true from false.\n"
        "Its dtype is Duration(time_unit='ms').\n"
        "Try: pl.col(...) == ... to make Booleans of other values."
    )
    assert refusal(lambda: curve(frame.with_columns(t=1), by="t")) == (
        "by='t' is a name that is needed here.\n"
        "Two columns cannot have one name.\n"
        "Try: frame.rename(...) first."
    )
    for name in ("t", "survival", "lo", "p50"):
        taken = frame.with_columns(pl.lit(1).alias(name))
        assert refusal(lambda t=taken, n=name: quantiles(t, n)).startswith(f"by={name!r} is")  # type: ignore[misc]
    ends_ = ended([(1, None)]).with_columns(so=1)
    assert refusal(lambda: incidence(ends_, by="so")).startswith("by='so' is")
    assert refusal(lambda: quantiles(frame, None, 50)) == (
        "q=50 is not between 0 and 1.\nIt is the share that has ended.\nTry: 0.5 for the median."
    )
    no_frame: Any = [1, 2]
    assert refusal(lambda: curve(no_frame), SchemaError) == (
        "frame: expected a polars DataFrame or LazyFrame.\n"
        "Got list.\n"
        "Try: pl.from_pandas(...) or da.load(...) to get one."
    )
