"""How many conversations started in each day, week or month, by status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.schemas import LIFE_ORDER, Conversations

if TYPE_CHECKING:
    from ..asked.filters import Filters

__all__ = ["START", "Every", "Span", "arrivals"]

Every = Literal["1d", "1w", "1mo"]
"""The length of a period, as polars writes it."""

START = "start"
"""Where a bar begins, in ms."""

_MOST_BARS = 62
_NAMES = {"1d": "day", "1w": "week", "1mo": "month"}
_BAR = 0.88  # the rest of a period is the gap to the next bar


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a chart covers, cut into equal periods.

    Attributes
    ----------
    first, last
        The first and the last day.
    every
        The length of a period, as polars writes it.
    """

    first: date
    last: date
    every: Every

    @classmethod
    def of(cls, started: pl.DataFrame, filters: Filters) -> Span | None:
        """Return what the dates of the filters leave of each ``day``; None if that is nothing."""
        first, last = started.select(first=pl.col("day").min(), last=pl.col("day").max()).row(0)
        if first is None:
            return None
        first, last = max(first, filters.start or first), min(last, filters.end or last)
        if first > last:
            return None
        length = (last - first).days + 1
        every: Every = "1mo"
        if length <= _MOST_BARS:
            every = "1d"
        elif length <= 7 * _MOST_BARS:
            every = "1w"
        return cls(first, last, every)

    @property
    def starts(self) -> list[date]:
        """The first day of every period."""
        first, last = self.whole(self.first, self.last)
        return pl.date_range(first, last, self.every, eager=True).to_list()

    @property
    def period(self) -> str:
        """What a period is called."""
        return _NAMES[self.every]

    def whole(self, first: date, last: date) -> tuple[date, date]:
        """Return the first and the last day of the periods that two days fall into."""
        ends = pl.select(
            pl.lit(first).dt.truncate(self.every),
            pl.lit(last).dt.truncate(self.every).dt.offset_by(self.every).alias("end"),
        ).row(0)
        return ends[0], ends[1] - timedelta(days=1)


def arrivals(started: pl.DataFrame | pl.LazyFrame, span: Span) -> pl.DataFrame:
    """Count the conversations that started in each period, by status.

    Parameters
    ----------
    started
        The ``day`` on which each conversation started, and its ``status``.
    span
        The days to cover.

    Returns
    -------
    :
        One row per period and status that occur: ``first`` and ``last`` (its days, as texts),
        ``start`` and ``stop`` (where its bar begins and ends, in ms), ``status``, ``n``, and
        ``low`` and ``high`` (where the bar stands on those below it, in the order of a life).
    """
    status = Conversations.status.col.cast(pl.String)
    until = pl.col("day").dt.offset_by(span.every)
    start, end = pl.col("day").dt.epoch("ms"), until.dt.epoch("ms")
    return (
        started.lazy()
        .group_by("day", Conversations.status.col)
        .len("n")
        .group_by(day=pl.col("day").dt.truncate(span.every), status=status)
        .agg(pl.col("n").sum())
        .sort("day", pl.col("status").cast(pl.Enum(LIFE_ORDER)))
        .with_columns(high=pl.col("n").cum_sum().over("day"))
        .select(
            first=pl.col("day").dt.to_string("%Y-%m-%d"),
            last=until.dt.offset_by("-1d").dt.to_string("%Y-%m-%d"),
            start=start,
            stop=start + (end - start) * _BAR,
            status="status",
            n=pl.col("n").cast(pl.Int64),
            low=pl.col("high").cast(pl.Int64) - pl.col("n"),
            high=pl.col("high").cast(pl.Int64),
        )
        .collect()
    )
