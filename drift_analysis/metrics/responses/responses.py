"""How long contacts wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import FirstResponse, Messages
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH

from .waits import Clock, Responder, handoffs, population, talks, talks_again, waits

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

    from ..time.calendar import Calendar

__all__ = ["first_response"]


def first_response(
    messages: Frame,
    *,
    kind: Responder = "human",
    clock: Clock = "first_contact",
    as_of: datetime,
    conversations: Frame | None = None,
    participant_events: Frame | None = None,
    reopens: Frame | None = None,
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
        What starts the wait. ``first_contact``: the contact's first visible message.
        ``created``: the creation of the conversation, which may be long before if an agent or a
        bot wrote first. ``handoff``: the moment at which the first user who is not known to be
        a bot was added, though not before the contact's first message. ``reopen``: the
        contact's first visible message since the conversation was last opened again; what was
        said before counts for nothing.
    as_of
        The moment, with a time zone, after which nothing is seen.
    conversations
        A `Conversations` table. Given, it says which conversations there are, and which closed:
        Drift keeps no history of status, so a close is placed at ``updated_at``, or, in old
        records without it, at the latest message. Not given, the conversations are those of
        the messages, and none is known to have closed.
    participant_events
        A `ParticipantEvents` table, which the clock ``handoff`` needs: only webhooks tell when
        somebody was added. A user is known to be a bot by a message that says so.
    reopens
        A `Reopens` table, which the clock ``reopen`` needs. It holds what the evidence tells of:
        without a webhook log few reopens are witnessed.
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
        needs a table that was not given.

    Notes
    -----
    Two clocks may disagree a little: a wait of up to a minute below 0 counts as 0, a longer one
    as ``before_creation``. A hand-over that was recorded more than a minute after the
    answer was not the first; its true start is not known (``no_start``).

    By the clock ``reopen``, what was never opened again has no start, nor has what an agent
    opened again and no contact wrote in since. `response_turns` measures the waits before.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.responses.responses import first_response
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
    _require_choices(kind, clock)
    _require_tables(clock, conversations, participant_events, reopens)
    moment = require_moment(as_of)
    seen = Messages.require(messages).lazy().filter(Messages.created_at.col <= moment)
    key, risk = FirstResponse.conversation_id.name, FirstResponse.not_at_risk
    rows = population(seen, conversations, moment).join(
        talks(seen, kind, moment), on=key, how="left"
    )
    if clock == "handoff" and participant_events is not None:
        rows = rows.join(handoffs(participant_events, seen, moment), on=key, how="left")
    if clock == "reopen" and reopens is not None:
        again = talks_again(seen, reopens, kind, moment)
        rows = rows.drop("answered_at", "responder_id", "responder_kind")
        rows = rows.join(again, on=key, how="left")
    business = pl.lit(None, LENGTH)
    if calendar is not None:
        business = calendar.business_time("started_at", "ended_at")
    told = [name for name in FirstResponse.column_names() if name not in {key, risk.name}]
    result = (
        waits(rows, clock, moment)
        .with_columns(business.alias("business_wait"))
        .with_columns(pl.when(risk.col.is_null()).then(pl.col(told)))
        .sort(key)
    )
    return as_given(FirstResponse.conform(result), messages)


def _require_choices(kind: str, clock: str) -> None:
    for name, got, choices in (("kind", kind, Responder), ("clock", clock, Clock)):
        if got not in get_args(choices):
            raise InputError.unknown_choice(name, got, get_args(choices))
    if clock == "handoff" and kind != "human":
        what = f"clock='handoff' cannot measure kind={kind!r}."
        raise InputError.of(what, "A conversation is handed over to a person.", "kind='human'.")


def _require_tables(
    clock: str, conversations: object, participant_events: object, reopens: object
) -> None:
    needs = {
        "created": (conversations, "conversations", "when a conversation was created"),
        "handoff": (
            participant_events,
            "participant_events",
            "when a conversation was handed over",
        ),
        "reopen": (reopens, "reopens", "when a conversation was opened again"),
    }
    table, name, told = needs.get(clock, (True, "", ""))
    if table is None:
        what = f"clock={clock!r} needs the {name.replace('_', ' ')}."
        remedy = "reopens=da.reopens(intervals)." if name == "reopens" else f"{name}=..."
        raise InputError.of(what, f"Messages do not tell {told}.", remedy)
