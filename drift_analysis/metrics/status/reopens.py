"""Conversations that were closed and opened again: by whom, after how long, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Messages, Reopens, StatusIntervals
from drift_analysis.schemas.base import as_given

from ..neighbours import before, ends_life, known_behind, next_of
from .lives import ID, can_be, in_order, is_new, must_be

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["reopens"]

_OPENED = ("open", "pending")


def reopens(intervals: Frame, *, messages: Frame | None = None) -> Frame:
    """List each time that a closed conversation became open or pending again.

    Visits are those of the best estimate, so a status that is told twice is one visit. A reopen
    that nothing witnessed is not in the table; one of which `is_certain` is false may not have
    been.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it.
    messages
        A `Messages` table. A contact who wrote after the close and up to the reopen did it, since
        Drift opens a closed conversation when the contact writes. Without messages that is known
        only where the intervals rest on one.

    Returns
    -------
    :
        A `Reopens` table, sorted by conversation and time: ``conversation_id``, ``reopen``,
        ``closed_at``, ``reopened_at``, ``status``, ``is_certain``, ``reopened_by`` (``contact``,
        ``agent`` or ``unknown``), ``after``, ``next_close_at`` and ``time_to_next_close`` (null
        until it closes again), ``censored``, ``watched``.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> import drift_analysis as da
    >>> from drift_analysis.schemas import Conversations, StatusEvents
    >>> hour = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(13)]
    >>> record = {
    ...     "conversation_id": 7, "status": "closed", "created_at": hour[9],
    ...     "updated_at": hour[12], "is_detail": True,
    ... }
    >>> told = [(hour[10], "closed"), (hour[11], "open"), (hour[12], "closed")]
    >>> events = [
    ...     {"conversation_id": 7, "changed_at": at, "status": status, "source": "webhook"}
    ...     for at, status in told
    ... ]
    >>> intervals = da.status_intervals(
    ...     pl.DataFrame([record], schema=Conversations.schema()),
    ...     status_events=pl.DataFrame(events, schema=StatusEvents.schema()),
    ...     as_of=hour[12],
    ... )
    >>> da.reopens(intervals).select("status", "reopened_by", "after", "time_to_next_close")
    shape: (1, 4)
    ┌────────┬─────────────┬──────────────┬────────────────────┐
    │ status ┆ reopened_by ┆ after        ┆ time_to_next_close │
    │ ---    ┆ ---         ┆ ---          ┆ ---                │
    │ enum   ┆ enum        ┆ duration[ms] ┆ duration[ms]       │
    ╞════════╪═════════════╪══════════════╪════════════════════╡
    │ open   ┆ unknown     ┆ 1h           ┆ 1h                 │
    └────────┴─────────────┴──────────────┴────────────────────┘
    """
    opened = in_order(StatusIntervals.require(intervals).lazy()).pipe(_opened)
    written = None if messages is None else Messages.require(messages).lazy()
    closes, at = pl.col("next_close_at"), pl.col("reopened_at")
    result = _with_authors(opened, written).with_columns(
        reopen=pl.int_range(1, pl.len() + 1).over(ID),
        after=at - pl.col("closed_at"),
        time_to_next_close=closes - at,
        censored=closes.is_null(),
        watched=pl.col("as_of") - at,
    )
    return as_given(Reopens.conform(result), intervals)


def _opened(lives: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the visits that follow a close, with the closes before and after them."""
    closes = pl.when(pl.col("status") == "closed").then("entered_at")
    return (
        lives.with_columns(
            is_new=is_new(),
            was=before("status"),
            is_certain=before(must_be("closed")) & ~can_be("closed"),
            as_of=next_of(pl.when(ends_life()).then("left_at")),
        )
        .filter("is_new")
        .with_columns(closed_at=before(closes), next_close_at=known_behind(closes))
        .filter(pl.col("status").is_in(_OPENED), pl.col("was") == "closed")
        .rename({"entered_at": "reopened_at"})
    )


def _with_authors(opened: pl.LazyFrame, messages: pl.LazyFrame | None) -> pl.LazyFrame:
    """Add who opened it, as far as messages tell."""
    told = pl.when(pl.col("evidence") == "message").then(pl.lit("contact"))
    if messages is None:
        return opened.with_columns(reopened_by=told.otherwise(pl.lit("unknown")))
    m, at = Messages, Messages.created_at.col
    by_contact = (m.author_kind.col == "contact") & (m.type.col == "chat")
    between = (at > pl.col("closed_at")) & (at <= pl.col("reopened_at"))
    # Few conversations are ever opened again: only the messages of those are looked at.
    opened = opened.cache()
    known = (
        messages.join(opened.select(ID, "visit", "closed_at", "reopened_at"), on=ID)
        .group_by(ID, "visit")
        .agg(known_since=at.min(), wrote=(by_contact & between).any())
    )
    return (
        opened.join(known, on=[ID, "visit"], how="left")
        .with_columns(
            reopened_by=told.when("wrote")
            .then(pl.lit("contact"))
            .when(pl.col("known_since") <= pl.col("as_of"))
            .then(pl.lit("agent"))
            .otherwise(pl.lit("unknown"))
        )
        .sort(ID, "visit")
    )
