"""When a contact began to wait, and how that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.schemas import Conversations, Messages, ParticipantEvents, Reopens, visible_at
from drift_analysis.schemas.columns import MOMENT

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = [
    "SKEW",
    "Clock",
    "Responder",
    "closed_at",
    "handoffs",
    "last_messages",
    "place",
    "population",
    "since_contact",
    "spoken",
    "talks",
    "talks_again",
    "waits",
]

Responder = Literal["human", "bot", "any"]
"""Whose answer ends the wait."""

Clock = Literal["first_contact", "created", "handoff", "reopen"]
"""What starts the wait."""

SKEW = pl.duration(minutes=1)
"""How far two of Drift's clocks may disagree before their moments contradict each other."""

_KEY = Messages.conversation_id.name


def population(seen: pl.LazyFrame, conversations: Frame | None, moment: datetime) -> pl.LazyFrame:
    """Return the conversations of which there is to be a row."""
    c = Conversations
    if conversations is not None:
        existed = c.require(conversations).lazy().filter(c.created_at.col <= moment)
        return existed.select(_KEY, "created_at", "updated_at", "status").unique()
    unknown = pl.lit(None, MOMENT)
    return (
        seen.select(_KEY)
        .unique()
        .with_columns(
            unknown.alias("created_at"),
            unknown.alias("updated_at"),
            pl.lit("unknown").alias("status"),
        )
    )


def place() -> pl.Expr:
    """Return where a message stands, by moment and then by id, as one number.

    The least of it finds the first message in one pass, without sorting.
    """
    at = Messages.created_at.col.to_physical().cast(pl.Int128)
    return (at * pl.lit(2**64, pl.Int128) + Messages.message_id.col).alias("place")


def spoken(seen: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Return the latest message of each conversation, and where the contact first wrote."""
    m = Messages
    by_contact = visible_at(moment) & (m.author_kind.col == "contact")
    return seen.group_by(_KEY).agg(
        m.created_at.col.max().alias("last_message_at"),
        pl.when(by_contact).then(m.created_at.col).min().alias("contact_at"),
        pl.when(by_contact).then(place()).min().alias("contact_place"),
    )


def since_contact(seen: pl.LazyFrame, talks: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Return the visible messages from the contact's first on, with the `place` of each."""
    visible = seen.filter(visible_at(moment)).with_columns(place())
    first = talks.select(_KEY, "contact_place")
    return visible.join(first, on=_KEY).filter(pl.col("place") >= pl.col("contact_place"))


def talks(seen: pl.LazyFrame, kind: Responder, moment: datetime) -> pl.LazyFrame:
    """Return when each conversation's contact first wrote, and the first answer to it."""
    m = Messages
    answers = m.author_kind.col == kind
    if kind == "any":
        answers = m.author_kind.col != "contact"
    # Each use asks for other columns, and without the cache for another pass over the messages.
    began = spoken(seen, moment).cache()
    first_answers = (
        since_contact(seen.filter(answers), began, moment)
        .group_by(_KEY)
        .agg(
            m.created_at.col.min().alias("answered_at"),
            m.author_id.col.min_by("place").alias("responder_id"),
            m.author_kind.col.min_by("place").cast(pl.String).alias("responder_kind"),
        )
    )
    return began.drop("contact_place").join(first_answers, on=_KEY, how="left")


def talks_again(
    seen: pl.LazyFrame, reopens: Frame, kind: Responder, moment: datetime
) -> pl.LazyFrame:
    """Return when each contact first wrote after the last close that did not last, as `talks`.

    A contact's message opens a closed conversation again, so that it may stand a little before
    the reopen that it caused, but never before the close.
    """
    r = Reopens
    opened = r.require(reopens).lazy().filter(r.reopened_at.col <= moment)
    last = opened.group_by(_KEY).agg(r.closed_at.col.max())
    later = seen.join(last, on=_KEY).filter(Messages.created_at.col > r.closed_at.col)
    told = talks(later.drop(r.closed_at.name), kind, moment).drop("last_message_at")
    return told.rename({"contact_at": "again_at"})


def last_messages(seen: pl.LazyFrame) -> pl.LazyFrame:
    """Return when each conversation's latest message, of whatever kind, was sent."""
    return seen.group_by(_KEY).agg(Messages.created_at.col.max().alias("last_message_at"))


def closed_at(moment: datetime, start: pl.Expr | None = None) -> pl.Expr:
    """Return when a conversation closed after ``started_at``; null if it is not known to have.

    Another start may be given.

    Old records have no ``updated_at``: the latest message is then the last that is known.
    """
    at = pl.coalesce("updated_at", "last_message_at")
    since = pl.col("started_at") if start is None else start
    return pl.when((pl.col("status") == "closed") & at.is_between(since, moment)).then(at)


def handoffs(events: Frame, seen: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Return when the first user who is not known to be a bot was added to each conversation."""
    e, m = ParticipantEvents, Messages
    added = e.require(events).lazy().filter(e.change.col == "added", e.changed_at.col <= moment)
    bots = seen.filter(m.author_kind.col == "bot").select(m.author_id.col.alias(e.user_id.name))
    people = added.join(bots, on=e.user_id.name, how="anti")
    return people.group_by(_KEY).agg(e.changed_at.col.min().alias("handed_at"))


def waits(rows: pl.LazyFrame, clock: Clock, moment: datetime) -> pl.LazyFrame:
    """Decide when each wait began, and how and when it ended."""
    outcome = (
        pl.when(pl.col("answered_at").is_not_null())
        .then(pl.lit("answered"))
        .when(pl.col("closed_at").is_not_null())
        .then(pl.lit("closed"))
        .otherwise(pl.lit("waiting"))
    )
    ended_at = pl.coalesce("answered_at", "closed_at", pl.lit(moment, MOMENT))
    return (
        rows.with_columns(_started_at(clock).alias("started_at"))
        .with_columns(closed_at(moment).alias("closed_at"))
        .with_columns(ended_at.alias("ended_at"), outcome.alias("outcome"))
        .with_columns(_not_at_risk().alias("not_at_risk"))
        .with_columns(pl.max_horizontal("started_at", "ended_at").alias("ended_at"))
        .with_columns(
            (pl.col("ended_at") - pl.col("started_at")).alias("wait"),
            (pl.col("outcome") == "waiting").alias("censored"),
        )
    )


def _started_at(clock: Clock) -> pl.Expr:
    contact, handed = pl.col("contact_at"), pl.max_horizontal("handed_at", "contact_at")
    too_late = (handed > pl.col("answered_at") + SKEW).fill_null(value=False)
    starts = {
        "first_contact": contact,
        "created": pl.col("created_at"),
        "handoff": pl.when(pl.col("handed_at").is_not_null() & ~too_late).then(handed),
        "reopen": pl.col("again_at"),
    }
    return pl.when(contact.is_not_null()).then(starts[clock])


def _not_at_risk() -> pl.Expr:
    return (
        pl.when(pl.col("last_message_at").is_null())
        .then(pl.lit("no_messages"))
        .when(pl.col("contact_at").is_null())
        .then(pl.lit("no_contact_message"))
        .when(pl.col("started_at").is_null())
        .then(pl.lit("no_start"))
        .when(pl.col("ended_at") + SKEW < pl.col("started_at"))
        .then(pl.lit("before_creation"))
    )
