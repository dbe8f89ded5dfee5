"""Averages of lengths are those of the lengths, to the nearest millisecond: one law for all."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean, median
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON
from drift_analysis.metrics import (
    reconcile_summary,
    restricted_mean,
    survival_quantiles,
    time_in_status,
    transitions,
)
from drift_analysis.metrics.averages import mean_length, median_length
from drift_analysis.schemas import Reconciliation, StatusIntervals
from drift_analysis.schemas.columns import LENGTH

HALF = timedelta(microseconds=500)
LENGTHS = st.lists(st.integers(0, 2**40), min_size=1, max_size=9)


def lengths(*milliseconds: int | None) -> pl.Series:
    return pl.Series("length", milliseconds, dtype=pl.Int64).cast(LENGTH)


def intervals(milliseconds: list[int]) -> pl.DataFrame:
    """Give lives that are open for so long, and then closed for no time."""
    rows: list[dict[str, Any]] = [
        {
            "conversation_id": n,
            "visit": visit,
            "status": status,
            "possible": [status],
            "entered_at": NOON + timedelta(milliseconds=begin),
            "left_at": NOON + timedelta(milliseconds=length),
            "duration": timedelta(milliseconds=length - begin),
            "censored": visit == 2,
            "evidence": "webhook",
        }
        for n, length in enumerate(milliseconds)
        for visit, status, begin in ((1, "open", 0), (2, "closed", length))
    ]
    return StatusIntervals.checked(pl.DataFrame(rows, schema=StatusIntervals.schema()))


def waits(milliseconds: list[int]) -> pl.DataFrame:
    return lengths(*milliseconds).to_frame("wait").with_columns(running=pl.lit(value=False))


def reconciled(milliseconds: list[int]) -> pl.DataFrame:
    rows = [
        {
            "profile": "front",
            "metric": "first_response",
            "conversation_id": n,
            "counted": True,
            "outcome": "ended",
            "duration": timedelta(milliseconds=length),
        }
        for n, length in enumerate(milliseconds)
    ]
    return pl.DataFrame(rows, schema=Reconciliation.schema())


def is_near(found: timedelta, exact: float) -> bool:
    # A Float64 of 2^40 milliseconds is right to 2^-13 of one.
    return abs(found / timedelta(milliseconds=1) - exact) <= HALF / timedelta(milliseconds=1) + 1e-3


@pytest.mark.parametrize(
    ("milliseconds", "average", "middle"),
    [
        ((1, 2, 2), 2, 2),
        ((0, 0, 1), 0, 0),
        ((1, 1, 3, 2), 2, 2),
        ((0, 3, None), 2, 2),
        ((7,), 7, 7),
    ],
)
def test_what_is_left_of_a_millisecond_is_rounded(
    milliseconds: tuple[int | None, ...], average: int, middle: int
) -> None:
    found = (
        lengths(*milliseconds)
        .to_frame()
        .select(mean=mean_length(pl.col("length")), median=median_length(pl.col("length")))
    )
    assert found.row(0) == tuple(timedelta(milliseconds=each) for each in (average, middle))


def test_of_nothing_there_is_no_average() -> None:
    found = (
        lengths(None)
        .to_frame()
        .select(mean=mean_length(pl.col("length")), median=median_length(pl.col("length")))
    )
    assert found.row(0) == (None, None)
    assert found.schema["mean"] == found.schema["median"] == LENGTH


@settings(max_examples=25, deadline=None)
@given(LENGTHS)
def test_every_mean_of_lengths_is_the_nearest_millisecond(milliseconds: list[int]) -> None:
    lives, one = intervals(milliseconds), waits(milliseconds)
    steps = transitions(lives).filter(from_status="open", to_status="closed")
    stays = time_in_status(lives, by=pl.lit(1).alias("all")).filter(status="open")
    horizon = timedelta(milliseconds=2**40)
    curve = survival_quantiles(one, duration="wait", censored="running")
    within = restricted_mean(one, duration="wait", censored="running", horizon=horizon)
    exact = mean(milliseconds)
    for frame, name in [
        (steps, "mean_wait"),
        (stays, "mean"),
        (stays, "mean_min"),
        (stays, "mean_max"),
        (reconcile_summary(reconciled(milliseconds)), "mean"),
    ]:
        assert is_near(frame[name][0], exact), name
    for frame in (curve, within):
        found = frame["restricted_mean"][0] / timedelta(milliseconds=1)
        assert found == pytest.approx(exact, rel=1e-12, abs=0.51)


@settings(max_examples=25, deadline=None)
@given(LENGTHS)
def test_every_median_of_lengths_is_the_nearest_millisecond(milliseconds: list[int]) -> None:
    steps = transitions(intervals(milliseconds)).filter(from_status="open", to_status="closed")
    summary = reconcile_summary(reconciled(milliseconds))
    for found in (steps["median_wait"][0], summary["median"][0]):
        assert is_near(found, median(milliseconds))
