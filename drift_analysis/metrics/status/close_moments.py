"""When conversations closed, as far as the evidence tells, and how long they were not closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..neighbours import before, ends_life, known_before
from .lives import ID, can_be, is_new, must_be

if TYPE_CHECKING:
    from ..time.calendar import Calendar

__all__ = ["close_moments"]


def close_moments(lives: pl.LazyFrame, calendar: Calendar | None) -> pl.LazyFrame:
    """Find the first and the last close of each life.

    Parameters
    ----------
    lives
        Stretches in order, each with ``started_at`` and ``as_of`` of its conversation.
    calendar
        Add up business time only.

    Returns
    -------
    :
        One row per conversation: the moments, the active time and the counts of a `TimeToClose`
        table, with ``started_at`` and ``as_of``, and ``last_entry``, the last close so far.
    """
    return lives.pipe(_marked).pipe(_summed, calendar)


def _marked(lives: pl.LazyFrame) -> pl.LazyFrame:
    """Mark closes and reopens, and what the evidence allows, from the clock's start on."""
    status, since = pl.col("status"), pl.col("entered_at") >= pl.col("started_at")
    closing = pl.col("is_new") & (status == "closed")
    entry = known_before(pl.when(closing).then("entered_at"))
    was_closed = (before("status") == "closed") & (entry >= pl.col("started_at"))
    return (
        lives.with_columns(is_new=is_new(), may=can_be("closed"))
        .with_columns(must=must_be("closed"), is_last=ends_life())
        .with_columns(
            closes=since & closing,
            reopens=pl.col("is_new") & status.is_in(["open", "pending"]) & was_closed,
            begins=since & pl.col("must") & ~before("must").fill_null(value=False),
            begin=pl.max_horizontal("entered_at", "started_at"),
        )
        .filter(since | (pl.col("left_at") > pl.col("started_at")) | pl.col("is_last"))
    )


def _summed(marked: pl.LazyFrame, calendar: Calendar | None) -> pl.LazyFrame:
    """Find the moments of each conversation, and add up the time in which it was not closed."""
    entered, left, begin = pl.col("entered_at"), pl.col("left_at"), pl.col("begin")
    may, must, last = pl.col("may"), pl.col("must"), pl.col("is_last")
    is_closed = pl.col("status") == "closed"
    # What was closed for good before the clock started took no time.
    already = pl.col("ended") & pl.col("last_entry").is_null()
    lapse = left - begin if calendar is None else calendar.business_time("begin", "left_at")
    return (
        marked.with_columns(lapse=lapse)
        .group_by(ID)
        .agg(
            pl.col("started_at", "as_of").first(),
            first_close_at=entered.filter("closes").min(),
            first_close_at_min=begin.filter(may).min(),
            first_close_at_max=entered.filter("begins").min(),
            last_entry=entered.filter("closes").max(),
            last_excluded=left.filter(~may).max(),
            last_begun=entered.filter("begins").max(),
            ended=(is_closed & last).any(),
            may_have=(may & last).any(),
            must_have=(must & last).any(),
            active_time=_total(~is_closed),
            active_time_min=_total(~may),
            active_time_max=_total(~must),
            n_closes=pl.col("closes").sum(),
            n_reopens=pl.col("reopens").sum(),
        )
        .with_columns(
            n_closes=pl.when(already).then(1).otherwise("n_closes"),
            first_close_at=pl.when(already).then("started_at").otherwise("first_close_at"),
        )
        .with_columns(**_last_closes(), censored=~pl.col("ended"))
        .with_columns(first_censored=pl.col("first_close_at").is_null())
    )


def _total(counted: pl.Expr) -> pl.Expr:
    """Add up stretches; null as soon as the length of one is not known."""
    lengths = pl.col("lapse").filter(counted)
    return pl.when(lengths.is_not_null().all()).then(lengths.sum())


def _last_closes() -> dict[str, pl.Expr]:
    """Return when it closed for good: after all that excludes it, before all that requires it."""
    earliest = pl.max_horizontal("first_close_at_min", "last_excluded")
    latest = pl.when("must_have").then(pl.coalesce("last_begun", "started_at")).otherwise("as_of")
    return {
        "last_close_at": pl.when("ended").then(pl.coalesce("last_entry", "started_at")),
        "last_close_at_min": pl.when("may_have").then(earliest),
        "last_close_at_max": pl.when("may_have").then(latest),
    }
