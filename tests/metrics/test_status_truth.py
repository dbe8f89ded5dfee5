"""Simulated organisations: what the loaders read against what truly happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import drift_analysis as da
from drift_analysis.sample import Sample, generate, write
from drift_analysis.schemas import STATUSES

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = (1, 2, 3)


def truth(sample: Sample, as_of: pl.Expr) -> pl.DataFrame:
    """Sum the true time in each status, from the history that only the simulation knows."""
    history = pl.DataFrame(
        sample.status_history,
        schema={"conversation_id": pl.Int64, "at": pl.Int64, "status": pl.String},
        orient="row",
    ).with_columns(at=pl.col("at").cast(pl.Datetime("ms", "UTC")))
    lengths = pl.col("at").shift(-1).over("conversation_id").fill_null(as_of) - pl.col("at")
    return (
        history.with_columns(true=lengths)
        .group_by("conversation_id", pl.col("status").cast(pl.Enum(STATUSES)))
        .agg(pl.col("true").sum())
    )


def compared(sample: Sample, folder: Path, *, log_start: bool, webhooks: bool) -> pl.DataFrame:
    write(sample, folder)
    data = da.load(folder)
    assert data.as_of == sample.fetched_at
    events = data.status_events
    if not webhooks:
        events = events.filter(pl.col("source") != "webhook")
    intervals = da.status_intervals(
        data.conversations,
        messages=data.messages,
        status_events=events,
        as_of=data.as_of,
        log_start=data.conversations["created_at"].min() if log_start else None,  # type: ignore[arg-type]
    )
    times = da.time_in_status(intervals)
    both = truth(sample, pl.lit(data.as_of)).join(
        times, on=["conversation_id", "status"], how="full", coalesce=True
    )
    zero = pl.duration()
    return both.with_columns(pl.col("true", "^duration.*$").fill_null(zero))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_that_is_complete_from_the_start_gives_the_exact_times(
    seed: int, tmp_path: Path
) -> None:
    sample = generate(200, seed=seed, weeks=6, log_after_weeks=0, oddities=False)
    both = compared(sample, tmp_path / "export", log_start=True, webhooks=True)
    exact = both.filter(pl.col("duration_min") == pl.col("duration_max"))
    wrong = exact.filter(pl.col("true") != pl.col("duration"))
    assert wrong.height == 0
    assert exact["conversation_id"].n_unique() == 200
    assert exact.height / both.height > 0.95


@pytest.mark.parametrize("webhooks", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_lies_inside_the_bounds(seed: int, webhooks: bool, tmp_path: Path) -> None:  # noqa: FBT001
    sample = generate(200, seed=seed, weeks=6, oddities=False)
    both = compared(sample, tmp_path / "export", log_start=False, webhooks=webhooks)
    outside = both.filter(
        ~pl.col("true").is_between(pl.col("duration_min"), pl.col("duration_max"))
    )
    assert outside.height == 0
    uncertain = both.filter(pl.col("duration_min") < pl.col("duration_max"))
    assert uncertain.height > 0
