from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import drift_analysis as da
from drift_analysis.sample import Sample, generate, snapshots, write
from drift_analysis.schemas import STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY = ["conversation_id", "status"]
DAY = timedelta(days=1)


def daily_lists(sample: Sample, folder: Path) -> Path:
    """Lay down the list of conversations as it was exported every night, and nothing else."""
    nights = (sample.fetched_at - sample.started_at) // DAY
    moments = [sample.fetched_at - DAY * n for n in range(1, nights)]
    write(replace(sample, older_lists=snapshots(sample, moments)), folder)
    return folder / "conversations"


def bounds(source: Path | Sequence[Path]) -> pl.DataFrame:
    data = da.load(source if not isinstance(source, (list, tuple)) else list(source))
    assert data.rejects.height == data.messages.height == 0
    assert data.as_of is not None
    intervals = da.status_intervals(
        data.conversations, status_events=data.status_events, as_of=data.as_of
    )
    return da.time_in_status(intervals).select(*KEY, "duration_min", "duration_max")


def truth(sample: Sample) -> pl.DataFrame:
    history = pl.DataFrame(
        sample.status_history,
        schema={"conversation_id": pl.Int64, "at": pl.Int64, "status": pl.String},
        orient="row",
    ).with_columns(at=pl.col("at").cast(pl.Datetime("ms", "UTC")))
    until = pl.col("at").shift(-1).over("conversation_id").fill_null(sample.fetched_at)
    return (
        history.with_columns(pl.col("status").cast(pl.Enum(STATUSES)), true=until - pl.col("at"))
        .group_by(KEY)
        .agg(pl.col("true").sum())
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_daily_exports_of_the_list_alone_bound_every_stay_more_narrowly_than_the_last_one(
    seed: int, tmp_path: Path
) -> None:
    sample = generate(150, seed=seed, weeks=4, oddities=False)
    lists = daily_lists(sample, tmp_path / "export")
    for other in lists.iterdir():
        if not other.name.startswith("list-"):
            other.unlink()
    pages = sorted(lists.iterdir())
    nights = sorted({page.name[:20] for page in pages})
    assert len(nights) >= 27
    last = [page for page in pages if page.name.startswith(nights[-1])]

    both = (
        truth(sample)
        .join(bounds(lists), on=KEY, how="full", coalesce=True)
        .join(bounds(last), on=KEY, how="full", coalesce=True, suffix="_alone")
        .with_columns(pl.col("true", "^duration_.*$").fill_null(pl.duration()))
        .with_columns(
            width=pl.col("duration_max") - pl.col("duration_min"),
            width_alone=pl.col("duration_max_alone") - pl.col("duration_min_alone"),
        )
    )

    inside = pl.col("true").is_between(pl.col("duration_min"), pl.col("duration_max"))
    assert both.filter(~inside).height == 0
    assert both.filter(pl.col("width") > pl.col("width_alone")).height == 0
    narrower = both.filter(pl.col("width") < pl.col("width_alone"))
    assert narrower["conversation_id"].n_unique() > 50
    assert both["width"].sum() < both["width_alone"].sum() / 2
