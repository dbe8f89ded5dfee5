"""How long each turn of a contact waited for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Messages, ResponseTurns, visible_at
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import MOMENT

from .waits import closed_at, last_messages, population

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["response_turns"]

_KEY = Messages.conversation_id.name
_ORDER = [Messages.created_at.name, Messages.message_id.name]


def response_turns(
    messages: Frame, *, as_of: datetime, conversations: Frame | None = None
) -> Frame:
    """Cut conversations into turns, and measure how long each waited.

    A turn is the longest run of visible messages of the contact with no visible message of a
    user between them. It starts with its first message and waits until a user writes. What is
    written before the contact speaks is a greeting, and belongs to no turn.

    The waits for a bot and for a human reach to the first message of that kind before the next
    turn begins. So a bot's answer ends the turn, and a contact who comes back two weeks later
    starts a new one, whose wait does not count those weeks.

    Parameters
    ----------
    messages
        A `Messages` table.
    as_of
        The moment, with a time zone, after which nothing is seen.
    conversations
        A `Conversations` table. Given, it says which conversations there are, and whether the
        last turn of one ended with its close (at ``updated_at``; in old records without it, at
        the latest message).

    Returns
    -------
    :
        A `ResponseTurns` table: ``conversation_id``, ``turn``, ``started_at``, ``ended_at``,
        ``n_messages``, ``wait``, ``bot_wait`` and ``human_wait`` (null where none of that kind
        wrote before the next turn), ``end_reason``. Sorted by conversation and turn. A
        conversation in which the contact never wrote has no row.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    InputError
        If `as_of` has no time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.responses.turns import response_turns
    >>> from drift_analysis.schemas import Messages
    >>> said = [(0, "contact"), (1, "contact"), (3, "bot"), (9, "human"), (20, "contact")]
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
    >>> turns = response_turns(messages, as_of=datetime(2026, 1, 5, 10, tzinfo=UTC))
    >>> turns.select("turn", "n_messages", "wait", "human_wait", "end_reason")
    shape: (2, 5)
    ┌──────┬────────────┬──────────────┬──────────────┬────────────┐
    │ turn ┆ n_messages ┆ wait         ┆ human_wait   ┆ end_reason │
    │ ---  ┆ ---        ┆ ---          ┆ ---          ┆ ---        │
    │ u32  ┆ u32        ┆ duration[ms] ┆ duration[ms] ┆ enum       │
    ╞══════╪════════════╪══════════════╪══════════════╪════════════╡
    │ 1    ┆ 2          ┆ 3m           ┆ 9m           ┆ answered   │
    │ 2    ┆ 1          ┆ 40m          ┆ null         ┆ as_of      │
    └──────┴────────────┴──────────────┴──────────────┴────────────┘
    """
    moment = require_moment(as_of)
    m, seen = Messages, Messages.require(messages).lazy().filter(Messages.created_at.col <= moment)
    kind, at = m.author_kind.col, m.created_at.col
    by_contact = kind == "contact"
    # In one order for all conversations, a pass over neighbours finds where each turn begins.
    apart = pl.col(_KEY) != pl.col(_KEY).shift()
    goes_on = by_contact.shift() & ~apart
    begins = (apart | (by_contact & ~goes_on)).fill_null(value=True)
    turns = (
        seen.filter(visible_at(moment))
        .select(_KEY, kind, at, m.message_id.col)
        .sort(_KEY, *_ORDER)
        .select(_KEY, kind, at, begins.cum_sum().alias("turn"))
        .group_by(_KEY, "turn")
        .agg(
            at.min().alias("started_at"),
            by_contact.sum().alias("n_messages"),
            pl.when(~by_contact).then(at).min().alias("answered_at"),
            (pl.when(kind == "bot").then(at).min() - at.min()).alias("bot_wait"),
            (pl.when(kind == "human").then(at).min() - at.min()).alias("human_wait"),
        )
        .filter(pl.col("n_messages") > 0)
    )
    lives = population(seen, conversations, moment).join(last_messages(seen), on=_KEY)
    result = (
        turns.join(lives, on=_KEY)
        .with_columns(closed_at(moment).alias("closed_at"))
        .with_columns(
            pl.coalesce("answered_at", "closed_at", pl.lit(moment, MOMENT)).alias("ended_at"),
            pl.when(pl.col("answered_at").is_not_null())
            .then(pl.lit("answered"))
            .when(pl.col("closed_at").is_not_null())
            .then(pl.lit("closed"))
            .otherwise(pl.lit("as_of"))
            .alias("end_reason"),
        )
        .with_columns((pl.col("ended_at") - pl.col("started_at")).alias("wait"))
        .sort(_KEY, "turn")
        .with_columns(pl.int_range(1, pl.len() + 1).over(_KEY).alias("turn"))
    )
    return as_given(ResponseTurns.conform(result), messages)
