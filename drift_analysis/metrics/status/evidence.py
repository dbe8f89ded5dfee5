"""What is known of a conversation's life, as facts in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import STATUSES, Conversations, Messages, StatusEvents
from drift_analysis.schemas.status import EVIDENCE

from .witnessed import believed, records, snapshots

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "ANY",
    "BITS",
    "BULK_SENT",
    "EVENT",
    "KIND",
    "MESSAGE",
    "OPEN",
    "PENDING",
    "SEEN",
    "START",
    "facts",
]

BITS = {status: 1 << place for place, status in enumerate(STATUSES)}
"""A set of statuses is a number with one bit for each, so that sets meet by ``&``."""

OPEN, PENDING, BULK_SENT = BITS["open"], BITS["pending"], BITS["bulk_sent"]
ANY = sum(BITS.values())

KIND = pl.Enum(EVIDENCE)
"""The dtype of what a fact rests on."""

_ID = "conversation_id"
_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": pl.Datetime("ms", "UTC"),
    "order": pl.UInt8,  # of facts at the same instant
    "kind": KIND,  # null where it only divides a stretch
    "single": pl.UInt8,  # the one status that it has from here on
    "allowed": pl.UInt8,  # the statuses that it can have at this instant
    "covers": pl.Int8,  # +1 where a witnessed stretch of `witnessed` begins, -1 where it ends
    "witnessed": pl.UInt8,
}
START, _END, MESSAGE, EVENT, SEEN, _BORDER = range(6)
"""What a fact is, in the order of facts at the same instant."""


def facts(
    conversations: pl.LazyFrame,
    messages: pl.LazyFrame | None,
    status_events: pl.LazyFrame | None,
    *,
    as_of: datetime,
    log_start: datetime | None,
    log_end: datetime | None,
) -> pl.LazyFrame:
    """Put together all facts until `as_of`, sorted by conversation and time.

    Returns
    -------
    :
        ``conversation_id``, ``may_be_bulk``, ``is_newborn`` (it was created at `as_of`), and for
        each fact ``at``, ``order``, ``kind``, ``single``, ``allowed``, ``covers``, ``witnessed``,
        ``within`` (the log is complete then) and ``before_end`` (the log does not end before).
    """
    events = _known(status_events, as_of)
    lives = _lives(conversations, events, as_of=as_of, log_start=log_start, log_end=log_end)
    written = _written(messages, as_of)
    older = snapshots(events, as_of)
    changes = events.filter(pl.col("source") == "webhook").unique([_ID, "changed_at", "status"])
    seen = pl.concat([records(lives, written, older, as_of), older])
    told = lives.select(_ID, "began_at", "is_newborn", "may_be_bulk", "log_start", "log_end")
    said = written.filter(pl.col("author_kind") == "contact", pl.col("type") == "chat")
    parts = [
        _fact(lives, at="created_at", order=START, kind="assumed", allowed=_first_statuses()),
        _fact(
            said.join(told, on=_ID),
            at="created_at",
            order=MESSAGE,
            kind="message",
            allowed=OPEN | PENDING,
        ),
        _fact(
            changes.join(told, on=_ID), at="changed_at", order=EVENT, kind="webhook", single=_bit()
        ),
        *_stretches(believed(seen, changes, written).join(told, on=_ID)),
        _fact(lives.filter(pl.col("log_start").is_not_null()), at="log_start", order=_BORDER),
        _fact(lives, at="log_end", order=_BORDER, kind="assumed"),
    ]
    return (
        pl.concat(parts)
        .filter((pl.col("at") < as_of) | ~pl.col("order").is_in([_END, _BORDER]))
        .sort(_ID, "at", "told_at", "rank")
        .drop("told_at", "rank")
    )


def _rank() -> pl.Expr:
    """Return the order of facts at the same instant as one number: few keys are quickly sorted."""
    kind = pl.col("kind").to_physical().cast(pl.UInt32) + 1
    rank = pl.col("order").cast(pl.UInt32) * 8 + kind.fill_null(0)
    for name in ("witnessed", "single"):
        rank = rank * 32 + pl.col(name).fill_null(0)
    return rank


def _lives(
    conversations: pl.LazyFrame,
    events: pl.LazyFrame,
    *,
    as_of: datetime,
    log_start: datetime | None,
    log_end: datetime | None,
) -> pl.LazyFrame:
    """Select the conversations that exist at `as_of`, with the stretch that the log covers."""
    c = Conversations
    first = pl.col("changed_at").filter(pl.col("source") == "webhook").min()
    starts = _moment(log_start) if log_start else first
    log = events.select(log_start=starts.cast(_COLUMNS["at"]), log_end=_moment(log_end or as_of))
    no_playbook = c.is_detail.col & c.playbook_id.col.is_null()
    return (
        conversations.filter(c.created_at.col <= as_of)
        .select(
            _ID,
            "status",
            "created_at",
            "updated_at",
            "fetched_at",
            began_at="created_at",
            is_newborn=c.created_at.col == as_of,
            may_be_bulk=~no_playbook | (c.status.col == "bulk_sent"),
        )
        .join(log, how="cross")
    )


def _known(events: pl.LazyFrame | None, as_of: datetime) -> pl.LazyFrame:
    if events is None:
        return StatusEvents.empty().lazy()
    return events.filter(StatusEvents.changed_at.col <= as_of)


def _written(messages: pl.LazyFrame | None, as_of: datetime) -> pl.LazyFrame:
    known = Messages.empty().lazy() if messages is None else messages
    columns = (_ID, "created_at", "author_kind", "type")
    return known.filter(Messages.created_at.col <= as_of).select(columns)


def _stretches(ended: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Turn witnessed stretches into facts."""
    lasting = ended.filter(pl.col("end").is_not_null())
    return [
        _fact(
            ended,
            at="begin",
            order=SEEN,
            kind=pl.col("kind"),
            single=_bit(),
            covers=pl.col("end").is_not_null(),
            witnessed=_bit(),
        ),
        _fact(lasting, at="end", order=_END, kind="assumed", covers=-1, witnessed=_bit()),
    ]


def _fact(
    frame: pl.LazyFrame, *, at: str, order: int, **values: str | int | pl.Expr
) -> pl.LazyFrame:
    """Return facts of one kind, of conversations with what `_lives` tells of them.

    What was told before the conversation began counts from when it did. The columns are as small
    as can be, as there are as many rows as messages.
    """
    given = {"at": pl.max_horizontal(at, "began_at"), "order": order, **values}
    columns = {name: _expression(given.get(name)).cast(t) for name, t in _COLUMNS.items()}
    told_at = pl.lit(None, _COLUMNS["at"]) if order == START else pl.col(at)
    logged = pl.col("at") >= pl.col("log_start"), pl.col("at") < pl.col("log_end")
    return (
        frame.select(
            _ID, "may_be_bulk", "is_newborn", "log_start", "log_end", told_at=told_at, **columns
        )
        .with_columns(
            rank=_rank(),
            within=pl.all_horizontal(logged).fill_null(value=False),
            before_end=logged[1],
        )
        .drop("log_start", "log_end")
    )


def _expression(value: str | int | pl.Expr | None) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value)


def _first_statuses() -> pl.Expr:
    return pl.when("may_be_bulk").then(OPEN | BULK_SENT).otherwise(OPEN)


def _bit() -> pl.Expr:
    return pl.col("status").replace_strict(BITS, return_dtype=pl.UInt8)


def _moment(value: datetime) -> pl.Expr:
    return pl.lit(value, dtype=_COLUMNS["at"])
