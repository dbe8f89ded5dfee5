"""First response times by any definition: what they need to know, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Messages
from drift_analysis.schemas.columns import MOMENT

from ..responses.waits import SKEW, closed_at, handoffs
from ..status.lives import ID
from ..status.reopens import reopens

if TYPE_CHECKING:
    from collections.abc import Collection

    from .definition_tables import Tables
    from .definitions import Profile

__all__ = ["facts", "result"]

_ORDER = [Messages.created_at.name, Messages.message_id.name]
_ANSWER_RULES = ("greetings", "bots", "automatic", "notes")
_NEVER = pl.datetime(1970, 1, 1, time_unit="ms", time_zone="UTC")


def facts(tables: Tables, profiles: Collection[Profile]) -> pl.LazyFrame:
    """Return, per conversation, the moments that the profiles ask for, in one pass."""
    wanted = {_name(profile): profile for profile in profiles}
    written = _ordered(tables).filter(pl.any_horizontal(_answers(each) for each in wanted.values()))
    rows = tables.conversations
    restarts = any(profile["reopened"] == "restarts" for profile in profiles)
    if restarts:
        opened = reopens(tables.intervals).select(ID, "reopened_at")
        opened = opened.filter(pl.col("reopened_at") <= tables.moment)
        written = _with_reopens(written, opened)
        latest = opened.group_by(ID).agg(pl.col("reopened_at").max())
        rows = rows.join(latest, on=ID, how="left")
    answers: list[pl.Expr] = []
    for name, profile in wanted.items():
        counts = _answers(profile)
        answers.append(pl.col("created_at").filter(counts).min().alias(name))
        if restarts:
            before = pl.col("opened_before").filter(counts).min()
            answers.append(before.alias(f"{name} opened"))
    rows = rows.join(written.group_by(ID).agg(answers), on=ID, how="left")
    handed = pl.lit(None, MOMENT).alias("handed_at")
    if tables.participant_events is None:
        return rows.with_columns(handed)
    added = handoffs(tables.participant_events, tables.messages, tables.moment)
    return rows.join(added, on=ID, how="left")


def result(profile: Profile, tables: Tables) -> dict[str, pl.Expr]:
    """Return the time, how it ended, and why it is not counted, over the facts."""
    answered = pl.col(_name(profile))
    start = _start(profile, answered)
    # A conversation that was closed before its clock started has not ended its wait with that.
    closed = closed_at(tables.moment, start)
    end = pl.coalesce(answered, closed, pl.lit(tables.moment, MOMENT))
    outcome = (
        pl.when(answered.is_not_null())
        .then(pl.lit("ended"))
        .when(closed.is_not_null())
        .then(pl.lit("closed"))
        .otherwise(pl.lit("running"))
    )
    contacted = pl.col("contact_at").is_not_null() | (profile["population"] == "all")
    left_out = (
        pl.when(pl.col("last_message_at").is_null())
        .then(pl.lit("no_messages"))
        .when(~contacted)
        .then(pl.lit("population"))
        .when(start.is_null())
        .then(pl.lit("no_start"))
        .when(end + SKEW < start)
        .then(pl.lit("before_start"))
        .when(answered.is_null() & (profile["unfinished"] == "left_out"))
        .then(pl.lit("unfinished"))
    )
    stop = pl.max_horizontal(start, end)
    length = stop - start
    if profile["hours"] == "business" and tables.calendar is not None:
        length = tables.calendar.business_time(start, stop)
    counted = left_out.is_null()
    return {
        "duration": pl.when(counted).then(length),
        "reopens": pl.lit(None, pl.UInt32),
        "outcome": pl.when(counted).then(outcome),
        "left_out": left_out,
    }


def _name(profile: Profile) -> str:
    """Name the column of the first answer, of which the same rules give the same."""
    return " ".join(["answer", *(profile[rule] for rule in _ANSWER_RULES)])


def _ordered(tables: Tables) -> pl.LazyFrame:
    """Keep what may be an answer, each once, with what came before it."""
    m = Messages
    deleted = (m.is_deleted.col & (m.edited_at.col <= tables.moment)).fill_null(value=False)
    is_chat = m.type.col == "chat"
    by_contact = is_chat & (m.author_kind.col == "contact")
    return (
        tables.messages.filter(m.type.col.is_in(["chat", "private_note"]), ~deleted)
        .sort(ID, *_ORDER)
        .filter(m.message_id.col.ne_missing(m.message_id.col.shift()))
        .with_columns(
            contacted=by_contact.cum_sum().over(ID, order_by=_ORDER) > 0,
            is_opening=is_chat & (is_chat.cum_sum().over(ID, order_by=_ORDER) == 1),
        )
    )


def _with_reopens(written: pl.LazyFrame, opened: pl.LazyFrame) -> pl.LazyFrame:
    """Add when the conversation was last opened again before each message; else long ago."""
    return (
        written.sort(ID, "created_at")
        .join_asof(
            opened.sort(ID, "reopened_at"),
            left_on="created_at",
            right_on="reopened_at",
            by=ID,
            check_sortedness=False,
        )
        .with_columns(opened_before=pl.col("reopened_at").fill_null(_NEVER))
    )


def _answers(profile: Profile) -> pl.Expr:
    """Tell which messages answer."""
    m = Messages
    kind = m.author_kind.col
    answers = kind != "contact" if profile["bots"] == "answers" else kind == "human"
    if profile["automatic"] == "no_answer":
        answers &= m.app_id.col.is_null() & m.integration_source.col.is_null()
    if profile["notes"] == "no_answer":
        answers &= m.type.col == "chat"
    places = {"no_answer": pl.col("contacted"), "all_but_opening": ~pl.col("is_opening")}
    place = places.get(profile["greetings"])
    return answers if place is None else answers & place


def _start(profile: Profile, answered: pl.Expr) -> pl.Expr:
    """Return when the clock starts; null if that is not known."""
    contact, created = pl.col("contact_at"), pl.col("created_at")
    handed = pl.max_horizontal("handed_at", "contact_at")
    too_late = (handed > answered + SKEW).fill_null(value=False)
    known = pl.when(pl.col("handed_at").is_not_null() & ~too_late).then(handed)
    start = {
        "first_contact": contact,
        "created": created,
        "handoff": known,
        "handoff_or_created": pl.coalesce(known, created),
    }[profile["clock"]]
    if profile["reopened"] == "goes_on":
        return start
    before = pl.col(f"{_name(profile)} opened")
    opened = pl.when(answered.is_null()).then(pl.col("reopened_at")).otherwise(before)
    return pl.when(start.is_not_null()).then(pl.max_horizontal(start, opened))
