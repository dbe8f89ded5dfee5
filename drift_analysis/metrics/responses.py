"""How long contacts wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, FirstResponse, Messages, visible_at
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH, MOMENT

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

    from .calendar import Calendar

__all__ = ["Clock", "Responder", "first_response"]

Responder = Literal["human", "bot", "any"]
"""Whose answer ends the wait."""

Clock = Literal["first_contact", "created"]
"""What starts the wait: the contact's first message, or the conversation's creation."""

_SKEW = pl.duration(minutes=1)
"""How far two of Drift's clocks may disagree before a negative wait is a contradiction."""

_KEY = Messages.conversation_id.name
_ORDER = [_KEY, Messages.created_at.name, Messages.message_id.name]


def first_response(
    messages: Frame,
    *,
    kind: Responder = "human",
    clock: Clock = "first_contact",
    as_of: datetime,
    conversations: Frame | None = None,
    calendar: Calendar | None = None,
) -> Frame:
    """Measure how long each contact waited for the first answer.

    An answer is the first visible message of a user of the asked kind that comes after the
    contact's first visible message. A greeting before it answers nothing; private notes,
    prompts, suggestions, edits and deleted messages are never seen by the contact and never
    count; a bot is no human, and a user of whom the record does not say which is neither.

    Waits without an answer are kept: those that the end of the conversation cut off as
    ``closed``, those that still ran at `as_of` as ``waiting``. Leaving them out would make
    answers look faster and surer than they are.

    Parameters
    ----------
    messages
        A `Messages` table.
    kind
        Whose answer counts: ``human``, ``bot``, or ``any`` user's.
    clock
        ``first_contact`` starts at the contact's first visible message, ``created`` at the
        creation of the conversation, which may be long before if an agent or bot wrote first.
    as_of
        The moment, with a time zone, after which nothing is seen.
    conversations
        A `Conversations` table. Given, it says which conversations there are, and which closed:
        Drift keeps no history of status, so a close is placed at ``updated_at``, or, in old
        records without it, at the latest message. Not given, the conversations are those of
        the messages, and none is known to have closed.
    calendar
        Business hours, for ``business_wait``.

    Returns
    -------
    :
        A `FirstResponse` table, one row per conversation: ``conversation_id``, ``started_at``,
        ``ended_at``, ``wait``, ``business_wait`` (null without a `calendar`), ``outcome``,
        ``censored``, ``responder_id``, ``responder_kind``, and ``not_at_risk``, the reason why
        all of these are null. Sorted by conversation.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    InputError
        If `kind` or `clock` is none of the choices, `as_of` has no time zone, or the clock
        ``created`` is asked for without `conversations`.

    Notes
    -----
    Waits from a hand-over or from a reopening are not offered: Drift's messages hold neither
    moment, and guessing one from the messages would let the answer choose its own start.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.responses import first_response
    >>> from drift_analysis.schemas import Messages
    >>> said = [(0, "contact"), (3, "bot"), (9, "human")]
    >>> messages = pl.DataFrame(
    ...     [
    ...         {
    ...             "message_id": minute,
    ...             "conversation_id": 7,
    ...             "author_kind": author,
    ...             "type": "chat",
    ...             "created_at": datetime(2026, 1, 5, 9, minute, tzinfo=UTC),
    ...         }
    ...         for minute, author in said
    ...     ],
    ...     schema=Messages.schema(),
    ... )
    >>> as_of = datetime(2026, 1, 6, tzinfo=UTC)
    >>> first_response(messages, as_of=as_of).select("conversation_id", "wait", "outcome")
    shape: (1, 3)
    ┌─────────────────┬──────────────┬──────────┐
    │ conversation_id ┆ wait         ┆ outcome  │
    │ ---             ┆ ---          ┆ ---      │
    │ i64             ┆ duration[ms] ┆ enum     │
    ╞═════════════════╪══════════════╪══════════╡
    │ 7               ┆ 9m           ┆ answered │
    └─────────────────┴──────────────┴──────────┘
    """
    _require_choices(kind, clock, conversations)
    moment = require_moment(as_of)
    seen = Messages.require(messages).lazy().filter(Messages.created_at.col <= moment)
    rows = _population(seen, conversations, moment).join(
        _talks(seen, kind, moment), on=_KEY, how="left"
    )
    waits = _waits(rows, clock, moment)
    business = pl.lit(None, LENGTH)
    if calendar is not None:
        business = calendar.business_time("started_at", "ended_at")
    risk, key = FirstResponse.not_at_risk, FirstResponse.conversation_id
    told = [name for name in FirstResponse.column_names() if name not in {risk.name, key.name}]
    result = (
        waits.with_columns(business.alias("business_wait"))
        .with_columns(pl.when(risk.col.is_null()).then(pl.col(told)))
        .sort(_KEY)
    )
    return as_given(FirstResponse.conform(result), messages)


def _require_choices(kind: str, clock: str, conversations: object) -> None:
    for name, got, choices in (("kind", kind, Responder), ("clock", clock, Clock)):
        if got not in get_args(choices):
            raise InputError.unknown_choice(name, got, get_args(choices))
    if clock == "created" and conversations is None:
        what = "clock='created' needs the conversations."
        raise InputError.of(
            what, "Messages do not say when their conversation was created.", "conversations=..."
        )


def _population(seen: pl.LazyFrame, conversations: Frame | None, moment: datetime) -> pl.LazyFrame:
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


def _talks(seen: pl.LazyFrame, kind: Responder, moment: datetime) -> pl.LazyFrame:
    """Return when each conversation's contact first wrote, and the first answer to it."""
    m = Messages
    visible = seen.filter(visible_at(moment)).sort(_ORDER)
    by_contact = m.author_kind.col == "contact"
    answers = ~by_contact if kind == "any" else m.author_kind.col == kind
    contacted = by_contact.cum_sum().over(_KEY, order_by=_ORDER[1:]) > 0
    first_answers = (
        visible.filter(contacted & answers)
        .unique(_KEY, keep="first", maintain_order=True)
        .select(
            _KEY,
            m.created_at.col.alias("answered_at"),
            m.author_id.col.alias("responder_id"),
            m.author_kind.col.cast(pl.String).alias("responder_kind"),
        )
    )
    contacts = (
        visible.filter(by_contact).group_by(_KEY).agg(m.created_at.col.min().alias("contact_at"))
    )
    last = seen.group_by(_KEY).agg(m.created_at.col.max().alias("last_message_at"))
    return last.join(contacts, on=_KEY, how="left").join(first_answers, on=_KEY, how="left")


def _waits(rows: pl.LazyFrame, clock: Clock, moment: datetime) -> pl.LazyFrame:
    """Decide when each wait began, and how and when it ended."""
    start = pl.col("contact_at" if clock == "first_contact" else "created_at")
    closed_at = pl.coalesce("updated_at", "last_message_at")
    is_closed = (pl.col("status") == "closed") & closed_at.is_between("started_at", moment)
    ended_at = pl.coalesce(
        "answered_at", pl.when("is_closed").then(closed_at), pl.lit(moment, MOMENT)
    )
    outcome = (
        pl.when(pl.col("answered_at").is_not_null())
        .then(pl.lit("answered"))
        .when("is_closed")
        .then(pl.lit("closed"))
        .otherwise(pl.lit("waiting"))
    )
    return (
        rows.with_columns(
            pl.when(pl.col("contact_at").is_not_null()).then(start).alias("started_at")
        )
        .with_columns(is_closed.fill_null(value=False).alias("is_closed"))
        .with_columns(ended_at.alias("ended_at"), outcome.alias("outcome"))
        .with_columns(_not_at_risk().alias("not_at_risk"))
        .with_columns(pl.max_horizontal("started_at", "ended_at").alias("ended_at"))
        .with_columns(
            (pl.col("ended_at") - pl.col("started_at")).alias("wait"),
            (pl.col("outcome") == "waiting").alias("censored"),
        )
    )


def _not_at_risk() -> pl.Expr:
    return (
        pl.when(pl.col("last_message_at").is_null())
        .then(pl.lit("no_messages"))
        .when(pl.col("started_at").is_null())
        .then(pl.lit("no_contact_message"))
        .when(pl.col("ended_at") + _SKEW < pl.col("started_at"))
        .then(pl.lit("before_creation"))
    )
