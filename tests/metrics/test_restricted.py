"""Restricted means against cases worked out by hand, fractions, lifelines, and their laws."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import lifelines
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.utils import restricted_mean_survival_time
from polars.testing import assert_frame_equal

import metrics.references.lives as slow
from drift_analysis.errors import InputError
from drift_analysis.metrics import restricted_mean, survival_quantiles
from drift_analysis.schemas import RestrictedMean

if TYPE_CHECKING:
    from metrics.references.lives import Life

lives_of = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)
horizons = st.integers(1, 15)


def ms(number: float) -> timedelta:
    return timedelta(milliseconds=number)


def lived(rows: list[Life]) -> pl.DataFrame:
    """Build lives in minutes: the mean is kept to the millisecond."""
    schema = {"life": pl.Int64, "running": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns((pl.col("life") * 60_000).cast(pl.Duration("ms")))


def mean(frame: pl.DataFrame, horizon: int, by: str | None = None) -> pl.DataFrame:
    return restricted_mean(
        frame, duration="life", censored="running", horizon=timedelta(minutes=horizon), by=by
    )


def only(rows: list[Life], horizon: int) -> dict[str, Any]:
    return RestrictedMean.checked(mean(lived(rows), horizon)).row(0, named=True)


def test_the_area_and_its_variance_are_worked_out_by_hand() -> None:
    # The curve is 1 until 1, 2/3 until 3, 1/3 until 5: the area is 1 + 4/3 + 2/3 = 3 minutes.
    # The variance is 2^2 / (3 * 2) + (2/3)^2 / (2 * 1) = 8/9 square minutes.
    found = only([(1, False), (3, False), (8, True)], 5)

    assert (found["n"], found["n_censored"], found["horizon"]) == (3, 0, timedelta(minutes=5))
    assert found["restricted_mean"] == timedelta(minutes=3)
    assert found["variance"] == pytest.approx(8 / 9 * 3600)
    reach = timedelta(minutes=1.959963984540054 * (8 / 9) ** 0.5)
    assert abs(found["lo"] - (timedelta(minutes=3) - reach)) < ms(1)
    assert abs(found["hi"] - (timedelta(minutes=3) + reach)) < ms(1)


@given(lives_of, horizons)
@settings(deadline=None)
def test_means_and_variances_are_those_of_fractions(rows: list[Life], horizon: int) -> None:
    found = only(rows, horizon)

    expected = slow.restricted_mean(rows, horizon)
    if expected is None:
        assert [found[name] for name in ("restricted_mean", "variance", "lo", "hi")] == [None] * 4
    else:
        assert found["restricted_mean"] / timedelta(minutes=1) == pytest.approx(
            float(expected[0]), abs=1e-5
        )
        assert found["variance"] == pytest.approx(float(expected[1]) * 3600, rel=1e-9, abs=1e-9)
        assert timedelta() <= found["lo"] <= found["restricted_mean"] <= found["hi"]
        assert found["hi"] <= found["horizon"]
    assert found["n_censored"] == sum(running and life < horizon for life, running in rows)


@given(lives_of, st.integers(1, 12))
@settings(deadline=None, max_examples=30)
def test_the_mean_is_that_of_lifelines(rows: list[Life], horizon: int) -> None:
    watched = [*rows, (horizon, True)]
    times, running = zip(*watched, strict=True)
    curve = lifelines.KaplanMeierFitter().fit(times, ~np.array(running))

    found = only(watched, horizon)["restricted_mean"] / timedelta(minutes=1)

    assert found == pytest.approx(restricted_mean_survival_time(curve, t=horizon), abs=1e-5)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), horizons)
@settings(deadline=None, max_examples=50)
def test_without_censoring_it_is_the_mean_of_what_is_cut_at_the_horizon(
    lives: list[int], horizon: int
) -> None:
    found = only([(life, False) for life in lives], horizon)

    cut = np.minimum(lives, horizon)
    assert found["restricted_mean"] / timedelta(minutes=1) == pytest.approx(cut.mean(), abs=1e-5)
    assert found["variance"] == pytest.approx(cut.var() / len(cut) * 3600, rel=1e-9, abs=1e-9)


def test_it_agrees_with_the_restricted_mean_of_the_quantiles_at_the_longest_time() -> None:
    frame = lived([(2, False), (5, True), (7, False), (11, True)])

    quantiles = survival_quantiles(frame, duration="life", censored="running")

    assert mean(frame, 11)["restricted_mean"].item() == quantiles["restricted_mean"].item()


def test_all_that_still_runs_has_the_horizon_as_its_mean() -> None:
    found = only([(8, True), (9, True)], 8)

    assert (found["restricted_mean"], found["lo"], found["hi"]) == (timedelta(minutes=8),) * 3
    assert (found["variance"], found["n_censored"]) == (0, 0)


@given(lives_of, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_neither_other_groups_nor_the_order_of_rows_nor_the_engine_matter(
    rows: list[Life], random: Any
) -> None:
    inbox = [random.choice(["a", "b", None]) for _ in rows]
    frame = lived(rows).with_columns(inbox=pl.Series(inbox, dtype=pl.String))
    together = mean(frame, 6, by="inbox")

    for name in set(inbox):
        alone = frame.filter(pl.col("inbox").eq_missing(name))
        mine = together.filter(pl.col("inbox").eq_missing(name)).drop("inbox")
        assert_frame_equal(mine, mean(alone, 6))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 99))
    assert_frame_equal(mean(shuffled, 6, by="inbox"), together)
    lazy = restricted_mean(
        frame.lazy(), duration="life", censored="running", horizon=timedelta(minutes=6), by="inbox"
    )
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), together)


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert mean(lived([]), 3).schema == RestrictedMean.schema()


@pytest.mark.parametrize("horizon", [timedelta(), timedelta(seconds=-1), 5, None])
def test_a_horizon_that_is_no_length_of_time_is_refused(horizon: Any) -> None:
    with pytest.raises(InputError) as caught:
        restricted_mean(lived([]), duration="life", censored="running", horizon=horizon)

    assert str(caught.value) == (
        f"horizon={horizon!r} is not a length of time above 0.\n"
        "It is how far to look.\n"
        "Try: horizon=timedelta(hours=8)."
    )
