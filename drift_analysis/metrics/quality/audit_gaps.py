"""The rule of an audit about days on which no conversation began although many should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations
from drift_analysis.schemas.columns import MOMENT

from .found import Found

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

__all__ = ["of_gaps"]

_WEEKS = (-2, -1, 1, 2)
_EXPECTED = 10
"""If arrivals are independent, a gap where this many are expected has a chance of e^-10."""


def of_gaps(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find runs of days (UTC) without a new conversation where at least 10 were to be expected.

    The period goes from the day of the first conversation to the last whole day before
    `as_of`. Expected on a day: the median of the same weekday in the two weeks before and the two
    after, as far as they lie within the period, if at least two do. So a quiet weekend is none,
    and what a small organisation lacks on one day is only found over several.
    """
    day, n = pl.col("_day"), pl.col("_n")
    created = Conversations.created_at.col.dt.date()
    counts = data.conversations.group_by(_day=created).agg(_n=pl.len())
    until = pl.max_horizontal(day.max(), pl.lit(data.as_of, MOMENT).dt.date() - pl.duration(days=1))
    days = (
        counts.filter(pl.len() > 0)
        .select(pl.date_ranges(day.min(), until).alias("_day").first())
        .explode("_day")
        .drop_nulls()
        .join(counts, on="_day", how="left")
        .with_columns(n.fill_null(0))
        .sort("_day")
    )
    around = pl.concat_list([n.shift(7 * week) for week in _WEEKS]).list.drop_nulls()
    expected = pl.when(around.list.len() > 1).then(around.list.median()).fill_null(0)
    empty = (
        days.with_columns(_expected=expected, _run=(n > 0).cum_sum())
        .filter(n == 0)
        .filter(pl.col("_expected").sum().over("_run") >= _EXPECTED)
    )
    first, last = (each.dt.strftime("%Y-%m-%d") for each in (day.min(), day.max()))
    told = pl.format("The first is {}, the last {}.", first, last)
    return {"days_without_conversations": Found(empty, days, told)}
