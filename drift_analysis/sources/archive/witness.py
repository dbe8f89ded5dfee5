"""What a list proves of conversations that it does not tell: they were still as they are known."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads it when it decodes)

import msgspec
import polars as pl

from drift_analysis.schemas import Conversations

__all__ = ["Witness", "as_seen", "seen_again"]


class Witness(msgspec.Struct, frozen=True):
    """What was proved of the conversations that an archive knows, at a moment ``at``.

    They had not changed since, if they are among the ids in ``same``, or if their newest state is
    one of ``since`` to ``before`` (milliseconds since 1970; null is the beginning) and they are
    not in ``besides``. So what a sync proves of all conversations is a few words, however many
    there are; it becomes rows where a later state has to be told from this one.
    """

    at: datetime
    before: int
    since: int | None = None
    same: list[int] = []
    besides: list[int] = []

    def holds(self) -> pl.Expr:
        """Tell of which rows of `Conversations`, in their newest state, it was proved."""
        c = Conversations
        changed = c.updated_at.col.dt.epoch("ms")
        inside = (changed < self.before) & (changed >= (self.since or 0))
        inside &= ~c.conversation_id.col.is_in(self.besides)
        proved = inside | (changed.is_not_null() & c.conversation_id.col.is_in(self.same))
        return proved.fill_null(value=False)


def as_seen(conversations: pl.LazyFrame, witness: Witness | None) -> pl.LazyFrame:
    """Say in ``fetched_at`` when each was last seen, as if what was proved were rows."""
    if witness is None:
        return conversations
    seen = pl.max_horizontal(Conversations.fetched_at.col, _moment(witness))
    told = pl.when(witness.holds()).then(seen).otherwise(Conversations.fetched_at.col)
    return conversations.with_columns(told.alias(Conversations.fetched_at.name))


def seen_again(conversations: pl.LazyFrame, witness: Witness, but: Witness | None) -> pl.LazyFrame:
    """Make rows of what was proved, as the list would tell them; of what `but` proves, none.

    Parameters
    ----------
    conversations
        The newest states that an archive knows.
    witness
        What was proved of them.
    but
        What was proved of them later; null for nothing.

    Returns
    -------
    :
        `Conversations` of which only the state and the moment are known.
    """
    c = Conversations
    told = (c.conversation_id, c.status, c.status_raw, c.created_at, c.updated_at)
    chosen = witness.holds() & ~but.holds() if but else witness.holds()
    known = {column.name: column.col for column in told} | {
        c.fetched_at.name: _moment(witness),
        c.is_detail.name: pl.lit(value=False),
    }
    columns = [
        known.get(name, pl.lit(None, dtype)).alias(name) for name, dtype in c.schema().items()
    ]
    return conversations.filter(chosen).select(columns)


def _moment(witness: Witness) -> pl.Expr:
    return pl.lit(witness.at, Conversations.schema()[Conversations.fetched_at.name])
