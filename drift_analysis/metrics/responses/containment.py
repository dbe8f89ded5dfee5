"""Whether a bot handled a conversation without a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import AUTHOR_KINDS, BotContainment, Messages
from drift_analysis.schemas.base import as_given, require_moment

from ..attributed import attributed
from .waits import since_contact, spoken

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["bot_containment"]

_KEY = Messages.conversation_id.name


def bot_containment(conversations: Frame, *, messages: Frame, as_of: datetime) -> Frame:
    """Tell of each conversation whether a bot handled it alone.

    Only closed conversations are judged, whoever wrote in them: in an open one a human may
    still come, and counting those that were handed over already, but not those that may be,
    would make the bot look worse than it is.

    As for first responses, only what follows the contact's first visible message answers it: a
    greeting, of a bot or a human, is no part in the conversation.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    messages
        A `Messages` table.
    as_of
        The moment, with a time zone, after which nothing is seen: no conversation, message, or
        close (at ``updated_at``).

    Returns
    -------
    :
        A `BotContainment` table, one row per conversation: ``conversation_id``, ``outcome``,
        ``not_judged``, ``n_contact``, ``n_bot``, ``n_human``. Sorted by conversation.

        ``contained`` are those that were closed, in which only bots answered and the contact
        did not have the last word; else they are ``unanswered``. ``handed_over`` are those
        in which a bot and a human answered, in whichever order.

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
    >>> from drift_analysis.metrics.responses.containment import bot_containment
    >>> from drift_analysis.schemas import Conversations, Messages
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> made = {"status": "closed", "created_at": nine, "updated_at": nine}
    >>> conversations = pl.DataFrame(
    ...     [{"conversation_id": n, **made} for n in (1, 2)], schema=Conversations.schema()
    ... )
    >>> said = [(1, "contact"), (1, "bot"), (2, "contact"), (2, "bot"), (2, "human")]
    >>> messages = pl.DataFrame(
    ...     [
    ...         {
    ...             "message_id": n,
    ...             "conversation_id": conversation,
    ...             "author_kind": author,
    ...             "type": "chat",
    ...             "created_at": nine,
    ...         }
    ...         for n, (conversation, author) in enumerate(said)
    ...     ],
    ...     schema=Messages.schema(),
    ... )
    >>> found = bot_containment(
    ...     conversations, messages=messages, as_of=datetime(2026, 1, 6, tzinfo=UTC)
    ... )
    >>> found.select("conversation_id", "outcome", "n_bot", "n_human")
    shape: (2, 4)
    ┌─────────────────┬─────────────┬───────┬─────────┐
    │ conversation_id ┆ outcome     ┆ n_bot ┆ n_human │
    │ ---             ┆ ---         ┆ ---   ┆ ---     │
    │ i64             ┆ enum        ┆ u32   ┆ u32     │
    ╞═════════════════╪═════════════╪═══════╪═════════╡
    │ 1               ┆ contained   ┆ 1     ┆ 0       │
    │ 2               ┆ handed_over ┆ 1     ┆ 1       │
    └─────────────────┴─────────────┴───────┴─────────┘
    """
    moment = require_moment(as_of)
    seen = Messages.require(messages).lazy().filter(Messages.created_at.col <= moment)
    # Each use asks for other columns, and without the cache for another pass over the messages.
    talks = spoken(seen, moment).cache()
    result = (
        attributed(conversations, moment)
        .select(_KEY, "status")
        .join(talks.select(_KEY, "last_message_at"), on=_KEY, how="left")
        .join(_answers(seen, talks, moment), on=_KEY, how="left")
        .with_columns(
            pl.when(pl.col("last_message_at").is_not_null())
            .then(pl.col(f"n_{name}").fill_null(0))
            .alias(f"n_{name}")
            for name in AUTHOR_KINDS
        )
        .with_columns(_not_judged().alias("not_judged"))
        .with_columns(pl.when(pl.col("not_judged").is_null()).then(_outcome()).alias("outcome"))
        .sort(_KEY)
    )
    return as_given(BotContainment.conform(result), conversations)


def _answers(seen: pl.LazyFrame, talks: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Count who wrote since the contact first did, and tell whether the contact wrote last."""
    kind = Messages.author_kind.col
    return (
        since_contact(seen, talks, moment)
        .group_by(_KEY)
        .agg(
            *((kind == name).sum().alias(f"n_{name}") for name in AUTHOR_KINDS),
            (kind.max_by("place") == "contact").alias("contact_last"),
        )
    )


def _not_judged() -> pl.Expr:
    status = pl.col("status")
    certain = (pl.col("n_bot") > 0) & (pl.col("n_human") > 0)
    reasons = {
        "no_messages": pl.col("last_message_at").is_null(),
        "not_engaged": pl.col("n_contact") == 0,
        "unknown_status": status == "unknown",
        "open": status != "closed",
        "unknown_author": (pl.col("n_unknown") > 0) & ~certain,
    }
    return pl.coalesce(pl.when(so).then(pl.lit(name)) for name, so in reasons.items())


def _outcome() -> pl.Expr:
    bot, human = pl.col("n_bot") > 0, pl.col("n_human") > 0
    return (
        pl.when(bot & human)
        .then(pl.lit("handed_over"))
        .when(human)
        .then(pl.lit("human_only"))
        .when(bot & pl.col("contact_last"))
        .then(pl.lit("unanswered"))
        .when(bot)
        .then(pl.lit("contained"))
        .otherwise(pl.lit("nobody"))
    )
