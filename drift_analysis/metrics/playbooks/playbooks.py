"""Which playbooks start conversations, and what comes of those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import (
    Conversations,
    Goals,
    PlaybookAttribution,
)
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH, MOMENT

from ..attributed import attributed, booked, with_mark, with_talks
from ..responses.responses import first_response
from ..statistics.incidence import cumulative_incidence
from ..statistics.life_tables import ROUNDING
from ..statistics.proportions import wilson
from ..statistics.survival import survival_quantiles
from .playbook_names import names_of

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["BY", "FLAGS", "outcomes_of", "playbook_attribution"]

_KEY = Conversations.conversation_id.name
BY = ["attribution", "playbook_id"]
"""What tells the rows of the result apart."""

FLAGS = (
    *("bulk_sent", "engaged", "human_handled", "closed", "emails_captured"),
    *("meetings", "goals"),
)
"""What is counted of each conversation, besides itself."""


def playbook_attribution(
    conversations: Frame,
    *,
    messages: Frame | None = None,
    playbooks: Frame | None = None,
    meetings: Frame | None = None,
    goals: Frame | None = None,
    as_of: datetime,
) -> Frame:
    """Count what each playbook started, and what came of it.

    A conversation belongs to the playbook that started it (``relatedPlaybookId``). A detail
    record without one is attributed to ``none``: Drift's default welcome message, or a person.
    A list record does not tell, so it is ``unknown``; those are in no denominator but their own.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    messages
        A `Messages` table, for engagement, people, addresses and answers.
    playbooks
        A `Playbooks` table, for the names. Drift does not say whether ``relatedPlaybookId`` is
        a playbook's id or its interaction id, so both are tried, the id first:
        `playbook_match_rates` tells how often each fits. Disabled playbooks are not in Drift's
        list; they keep their id and have no name.
    meetings
        A `Meetings` table. A meeting that was cancelled later was booked all the same.
    goals
        A `Goals` table. Drift gives goals no time, so `as_of` cannot hide any.
    as_of
        The moment, with a time zone, after which nothing is seen: no conversation, message,
        meeting, or close.

    Returns
    -------
    :
        A `PlaybookAttribution` table, one row per playbook, then one for ``none`` and one for
        ``unknown`` where there are such conversations: ``playbook_id``, ``playbook_name``,
        ``attribution``, ``conversations``, ``share`` (of those whose playbook is known),
        ``bulk_sent``, ``engaged``, ``engagement_rate`` with ``engagement_lo`` and
        ``engagement_hi``, ``human_handled``, ``closed``, ``emails_captured``, ``meetings``,
        ``goals``, ``median_first_response``, ``median_time_to_close``. Most conversations
        first, then by id. What needs a table that was not given is null.

        A conversation of which no message at all was loaded counts as engaged by its status,
        as all do without `messages`.

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
    >>> from drift_analysis.metrics.playbooks.playbooks import playbook_attribution
    >>> from drift_analysis.schemas import Conversations
    >>> made = {"created_at": datetime(2026, 1, 5, tzinfo=UTC), "is_detail": True}
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": 1, "playbook_id": 7, "status": "open", **made},
    ...         {"conversation_id": 2, "playbook_id": 7, "status": "bulk_sent", **made},
    ...         {"conversation_id": 3, "playbook_id": None, "status": "open", **made},
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> found = playbook_attribution(conversations, as_of=datetime(2026, 2, 1, tzinfo=UTC))
    >>> found.select("playbook_id", "attribution", "conversations", "engagement_rate")
    shape: (2, 4)
    ┌─────────────┬─────────────┬───────────────┬─────────────────┐
    │ playbook_id ┆ attribution ┆ conversations ┆ engagement_rate │
    │ ---         ┆ ---         ┆ ---           ┆ ---             │
    │ i64         ┆ enum        ┆ u32           ┆ f64             │
    ╞═════════════╪═════════════╪═══════════════╪═════════════════╡
    │ 7           ┆ playbook    ┆ 2             ┆ 0.5             │
    │ null        ┆ none        ┆ 1             ┆ 1.0             │
    └─────────────┴─────────────┴───────────────┴─────────────────┘
    """
    moment = require_moment(as_of)
    rows = outcomes_of(conversations, messages, meetings, goals, moment)
    result = (
        _counted(rows)
        .join(_answered(rows, conversations, messages, moment), on=BY, how="left", nulls_equal=True)
        .join(_closed(rows, moment), on=BY, how="left", nulls_equal=True)
        .join(names_of(playbooks), on="playbook_id", how="left")
        .sort("attribution", "conversations", "playbook_id", descending=[False, True, False])
    )
    return as_given(PlaybookAttribution.conform(result), conversations)


def outcomes_of(
    conversations: Frame,
    messages: Frame | None,
    meetings: Frame | None,
    goals: Frame | None,
    moment: datetime,
) -> pl.LazyFrame:
    """Return the playbook of each conversation, and what came of it."""
    rows = with_talks(attributed(conversations, moment), messages, moment)
    rows = with_mark(rows, booked(meetings, moment), "meetings")
    return with_mark(rows, None if goals is None else Goals.require(goals).lazy(), "goals")


def _counted(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Count, and divide; a flag that is known of no conversation gives null, not 0."""
    counts = rows.group_by(BY).agg(
        pl.len().alias("conversations"),
        *(pl.when(pl.col(flag).count() > 0).then(pl.col(flag).sum()).alias(flag) for flag in FLAGS),
    )
    is_known = pl.col("attribution") != "unknown"
    share = pl.col("conversations") / pl.col("conversations").filter(is_known).sum()
    lo, hi = wilson("engaged", "conversations")
    return counts.with_columns(
        pl.when(is_known).then(share).alias("share"),
        (pl.col("engaged") / pl.col("conversations")).alias("engagement_rate"),
        lo.alias("engagement_lo"),
        hi.alias("engagement_hi"),
    )


def _answered(
    rows: pl.LazyFrame, conversations: Frame, messages: Frame | None, moment: datetime
) -> pl.LazyFrame:
    """Return after how long half of the engaged ones have a human answer."""
    name = "median_first_response"
    if messages is None:
        return rows.select(*BY, pl.lit(None, LENGTH).alias(name)).clear()
    waits = first_response(messages.lazy(), conversations=conversations.lazy(), as_of=moment)
    engaged = rows.filter("engaged").select(_KEY, *BY).join(waits, on=_KEY)
    curves = cumulative_incidence(engaged, duration="wait", outcome="outcome", by=BY)
    half = (pl.col("outcome") == "answered") & (pl.col("incidence") >= 0.5 - ROUNDING)
    return curves.filter(half).group_by(BY).agg(pl.col("t").min().alias(name))


def _closed(rows: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Return after how long half of the engaged ones are closed."""
    end = pl.when("closed").then("updated_at").otherwise(pl.lit(moment, MOMENT))
    lives = rows.filter("engaged").select(
        *BY, (end - pl.col("created_at")).alias("life"), (~pl.col("closed")).alias("is_open")
    )
    found = survival_quantiles(lives, duration="life", censored="is_open", by=BY, q=[0.5])
    return found.select(*BY, pl.col("p50").alias("median_time_to_close"))
