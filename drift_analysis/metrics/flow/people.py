"""How much each person does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Messages, Workload, visible_at
from drift_analysis.schemas.base import as_given, require_moment

from ..arguments import require_zone
from ..responses.responses import first_response

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["work_of", "workload"]

_USER, _KEY = Workload.user_id.name, Messages.conversation_id.name


def workload(messages: Frame, *, tz: str, as_of: datetime, since: datetime | None = None) -> Frame:
    """Count what each person did: conversations, messages, notes, first answers, days.

    How many conversations somebody had open at once is not among it: Drift's records do not tell
    who had a conversation when. The most in which one person wrote on one day is.

    Parameters
    ----------
    messages
        A `Messages` table.
    tz
        The time zone in which days begin, an IANA name.
    as_of
        The moment, with a time zone, after which nothing is seen.
    since
        The moment from which on work counts; not given, all does.

    Returns
    -------
    :
        A `Workload` table, one row per human user who wrote a visible message or a private
        note: ``user_id``, ``conversations``, ``messages``, ``notes``, ``first_responses``,
        ``active_days``, ``busiest_day``, ``first_at``, ``last_at``. Sorted by user. Bots, and
        users of whom the record does not say whether they are one, have no row.

    Raises
    ------
    SchemaError
        If `messages` is no such table.
    InputError
        If there is no such time zone, or a moment has none.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.flow.people import workload
    >>> from drift_analysis.schemas import Messages
    >>> said = [(1, "contact", 7), (1, "human", 3), (2, "contact", 8), (2, "human", 3)]
    >>> messages = pl.DataFrame(
    ...     [
    ...         {
    ...             "message_id": n,
    ...             "conversation_id": conversation,
    ...             "author_kind": author,
    ...             "author_id": who,
    ...             "type": "chat",
    ...             "created_at": datetime(2026, 1, 5, 9, n, tzinfo=UTC),
    ...         }
    ...         for n, (conversation, author, who) in enumerate(said)
    ...     ],
    ...     schema=Messages.schema(),
    ... )
    >>> found = workload(messages, tz="UTC", as_of=datetime(2026, 1, 6, tzinfo=UTC))
    >>> found.select("user_id", "conversations", "messages", "first_responses", "busiest_day")
    shape: (1, 5)
    ┌─────────┬───────────────┬──────────┬─────────────────┬─────────────┐
    │ user_id ┆ conversations ┆ messages ┆ first_responses ┆ busiest_day │
    │ ---     ┆ ---           ┆ ---      ┆ ---             ┆ ---         │
    │ i64     ┆ u32           ┆ u32      ┆ u32             ┆ u32         │
    ╞═════════╪═══════════════╪══════════╪═════════════════╪═════════════╡
    │ 3       ┆ 2             ┆ 2        ┆ 2               ┆ 2           │
    └─────────┴───────────────┴──────────┴─────────────────┴─────────────┘
    """
    require_zone(tz)
    moment = require_moment(as_of)
    begin = None if since is None else require_moment(since, "since")
    written, firsts = work_of(Messages.require(messages).lazy(), tz, moment, begin)
    shown = ~pl.col("is_note")
    result = (
        written.group_by(_USER)
        .agg(
            pl.col(_KEY).filter(shown).n_unique().alias("conversations"),
            shown.sum().alias("messages"),
            pl.col("is_note").sum().alias("notes"),
            pl.col("day").filter(shown).n_unique().alias("active_days"),
            pl.col("at").filter(shown).min().alias("first_at"),
            pl.col("at").filter(shown).max().alias("last_at"),
        )
        .join(_busiest(written.filter(shown)), on=_USER, how="left", nulls_equal=True)
        .join(_firsts(firsts), on=_USER, how="left", nulls_equal=True)
        .with_columns(pl.col("busiest_day", "first_responses").fill_null(0))
        .sort(_USER, nulls_last=True)
    )
    return as_given(Workload.conform(result), messages)


def work_of(
    messages: pl.LazyFrame, tz: str, moment: datetime, since: datetime | None
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return who wrote what in which conversation, and who answered first in which."""
    m, seen = Messages, messages.filter(Messages.created_at.col <= moment)
    answers = first_response(seen, as_of=moment).filter(pl.col("outcome") == "answered")
    firsts = answers.select(
        pl.col("responder_id").alias(_USER), _KEY, pl.col("ended_at").alias("at")
    )
    by_human = m.author_kind.col == "human"
    written = seen.filter(by_human & (visible_at(moment) | (m.type.col == "private_note"))).select(
        m.author_id.col.alias(_USER),
        _KEY,
        m.created_at.col.alias("at"),
        (m.type.col == "private_note").alias("is_note"),
        m.created_at.col.dt.convert_time_zone(tz).dt.date().alias("day"),
    )
    if since is None:
        return written, firsts
    return written.filter(pl.col("at") >= since), firsts.filter(pl.col("at") >= since)


def _busiest(shown: pl.LazyFrame) -> pl.LazyFrame:
    days = shown.group_by(_USER, "day").agg(pl.col(_KEY).n_unique().alias("busiest_day"))
    return days.group_by(_USER).agg(pl.col("busiest_day").max())


def _firsts(answers: pl.LazyFrame) -> pl.LazyFrame:
    return answers.group_by(_USER).agg(pl.len().alias("first_responses"))
