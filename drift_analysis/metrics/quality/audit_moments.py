"""Rules of an audit about moments: clocks, fetches, and the webhook log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, Messages, StatusEvents
from drift_analysis.schemas.columns import MOMENT

from .found import Found

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

__all__ = ["of_clocks", "of_the_log", "webhooks_of"]

_ID = Conversations.conversation_id.name
_SKEW = timedelta(minutes=1)
"""How far two clocks may disagree; the same as for waits that come out below 0."""

_OLD = timedelta(days=7)


def webhooks_of(data: Dataset[pl.LazyFrame]) -> pl.LazyFrame:
    """Select what the webhook log tells of statuses."""
    return data.status_events.filter(StatusEvents.source.col == "webhook")


def of_clocks(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find records that contradict the moments of their messages, webhooks and fetches."""
    c = Conversations
    records = data.conversations
    moments = _moments(data)
    messages, events = (moments.filter(_message=is_message) for is_message in (True, False))
    since_creation, since_update = (
        pl.col("_at") - c.created_at.col,
        pl.col("_at") - c.updated_at.col,
    )
    was_there = pl.col("_at") <= c.fetched_at.col.fill_null(pl.col("_at"))
    too_late = was_there & (since_update > _SKEW)
    skewed = since_creation.is_between(-_SKEW, timedelta(0), closed="left") | (
        was_there & since_update.is_between(timedelta(0), _SKEW, closed="right")
    )
    as_of = pl.lit(data.as_of, MOMENT)
    return {
        "event_before_conversation": _some(events, since_creation < -_SKEW),
        "updated_before_last_message": _some(messages, too_late),
        "updated_before_last_event": _some(events, too_late),
        "clock_skew": _some(moments, skewed),
        "fetched_long_ago": Found(records.filter(c.fetched_at.col < as_of - _OLD), records),
    }


def of_the_log(data: Dataset[pl.LazyFrame]) -> dict[str, Found]:
    """Find what the webhook log does not cover, and where it contradicts itself or a record."""
    c, e = Conversations, StatusEvents
    records, log = data.conversations, webhooks_of(data)
    logged = log.select(_ID).unique()
    span = log.select(_n=pl.len(), _first=e.changed_at.col.min(), _last=e.changed_at.col.max())
    spanned = records.join(span, how="cross")
    days = [pl.col(name).first().dt.strftime("%Y-%m-%d") for name in ("_first", "_last")]
    changes = log.select(_ID, e.changed_at.name, _status=_status()).unique()
    before = pl.col("_status").shift(1).over(_ID, order_by=[e.changed_at.name, "_status"])
    at_once = [_ID, e.changed_at.name, e.source.name]
    told = data.status_events.with_columns(_status=_status()).group_by(at_once)
    return {
        "no_webhook_log": Found(spanned.filter(pl.col("_n") == 0), records),
        "began_before_log": Found(
            spanned.filter(c.created_at.col < pl.col("_first")),
            records,
            pl.format("It runs from {} to {}.", *days),
        ),
        "not_in_log": Found(
            spanned.filter(pl.col("_n") > 0).join(logged, on=_ID, how="anti"), records
        ),
        "log_repeats_status": Found(
            changes.filter(pl.col("_status") == before).select(_ID).unique(), logged
        ),
        "log_has_two_statuses": Found(
            told.agg(pl.col("_status").n_unique())
            .filter(pl.col("_status") > 1)
            .select(_ID)
            .unique(),
            data.status_events.select(_ID).unique(),
        ),
        "log_ends_otherwise": _ends_otherwise(data, changes),
    }


def _moments(data: Dataset[pl.LazyFrame]) -> pl.LazyFrame:
    """Put what contacts saw and what the log told beside the moments of the records."""
    c, m, e = Conversations, Messages, StatusEvents
    chat = data.messages.filter(m.type.col == "chat").select(_ID, _at=m.created_at.col)
    told = webhooks_of(data).select(_ID, _at=e.changed_at.col)
    records = data.conversations.select(
        _ID, c.created_at.name, c.updated_at.name, c.fetched_at.name
    )
    return pl.concat([chat.with_columns(_message=True), told.with_columns(_message=False)]).join(
        records, on=_ID
    )


def _some(moments: pl.LazyFrame, wrong: pl.Expr) -> Found:
    """Find the conversations with at least one moment that is wrong."""
    return Found(moments.filter(wrong).select(_ID).unique(), moments.select(_ID).unique())


def _status() -> pl.Expr:
    """The status, or as it was sent where it is new to us: two of those need not be the same."""
    e = StatusEvents
    new = e.status.col == "unknown"
    return pl.when(new).then(e.status_raw.col).otherwise(e.status.col.cast(pl.String))


def _ends_otherwise(data: Dataset[pl.LazyFrame], changes: pl.LazyFrame) -> Found:
    """Compare each record with the last webhook that came before it was fetched."""
    c, at = Conversations, StatusEvents.changed_at.col
    records = data.conversations.select(_ID, c.fetched_at.name, _recorded=_status())
    seen = changes.join(records, on=_ID).filter(at <= c.fetched_at.col.fill_null(at))
    last = seen.filter(at == at.max().over(_ID))
    agrees = (pl.col("_status") == pl.col("_recorded")).any()
    return Found(
        last.group_by(_ID).agg(_agrees=agrees).filter(~pl.col("_agrees")),
        seen.select(_ID).unique(),
    )
