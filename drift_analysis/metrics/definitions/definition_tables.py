"""What definitions are worked out from: the tables as plans, cut at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drift_analysis.schemas import (
    Conversations,
    Messages,
    ParticipantEvents,
    StatusIntervals,
    visible_at,
)
from drift_analysis.schemas.base import require_moment

from ..responses.waits import population
from ..status.status import status_intervals

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Table

    from ..time.calendar import Calendar

    Given = pl.DataFrame | pl.LazyFrame

__all__ = ["Tables", "tables_at"]

ID = Messages.conversation_id.name


@dataclass(frozen=True, slots=True)
class Tables:
    """What was given, as plans.

    Attributes
    ----------
    conversations
        One row each: ``created_at``, ``updated_at``, ``status``; ``last_message_at`` (null: no
        messages were loaded), ``contact_at`` and ``human_at`` (when contact and human first
        wrote).
    messages
        Those sent until the moment.
    intervals
        The stretches of the conversations' lives.
    participant_events
        Who was added when; null if that was not given.
    moment
        The end of what is known.
    calendar
        Business hours; null if they are not known.
    """

    conversations: pl.LazyFrame
    messages: pl.LazyFrame
    intervals: pl.LazyFrame
    participant_events: pl.LazyFrame | None
    moment: datetime
    calendar: Calendar | None


def tables_at(
    conversations: Given,
    *,
    messages: Given,
    intervals: Given | None,
    participant_events: Given | None,
    as_of: datetime,
    calendar: Calendar | None,
) -> Tables:
    """Check the tables by name and dtype, and cut them at a moment.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        If `as_of` has no time zone.
    """
    m, moment = Messages, require_moment(as_of)
    records, written = _plan(Conversations, conversations), _plan(m, messages)
    seen = written.filter(m.created_at.col <= moment).select(ID, *_USED)
    events = participant_events
    lives = (
        status_intervals(records, messages=written, as_of=moment)
        if intervals is None
        else _plan(StatusIntervals, intervals)
    )
    return Tables(
        conversations=_known(population(seen, records, moment), seen, moment),
        messages=seen,
        intervals=lives,
        participant_events=None if events is None else _plan(ParticipantEvents, events),
        moment=moment,
        calendar=calendar,
    )


def _plan(table: type[Table], given: Any) -> pl.LazyFrame:
    plan: pl.LazyFrame = table.require(given).lazy()
    return plan


_USED = (
    *("message_id", "created_at", "author_kind", "author_id", "type"),
    *("is_deleted", "edited_at", "app_id", "integration_source"),
)


def _known(rows: pl.LazyFrame, seen: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Add to each conversation who first wrote when, and when somebody last did."""
    m = Messages
    visible = visible_at(moment)
    told = seen.group_by(ID).agg(
        m.created_at.col.max().alias("last_message_at"),
        *(
            m.created_at.col.filter(visible & (m.author_kind.col == kind)).min().alias(f"{kind}_at")
            for kind in ("contact", "human")
        ),
    )
    return rows.join(told, on=ID, how="left")
