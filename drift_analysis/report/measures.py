"""Compute everything that a review shows, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from drift_analysis import metrics
from drift_analysis.schemas import Conversations, FirstResponse, Messages

from .contents import period

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .periods import Period

__all__ = ["Measures", "known_messages", "measure", "unless_empty"]


@dataclass(frozen=True)
class Measures:
    """The tables behind the pictures of a review, as they were known at `as_of`.

    Attributes
    ----------
    conversations
        A `Conversations` table: those created until `as_of`.
    messages
        A `Messages` table: those sent until `as_of`; None when none were loaded.
    intervals, times, groups
        A `StatusIntervals`, a `TimeInStatus` and a `TimeInStatusGroups` table.
    waits, answers
        A `FirstResponse` table, and its `CumulativeIncidence`.
    attribution
        A `PlaybookAttribution` table.
    tags, trend, every
        A `TagFrequency` table, the same by period, and how long a period is.
    since, until
        When the period began, and when it ended: without one, the first conversation and `as_of`.
    as_of, tz
        The end of what is known, and the time zone of days.
    dataset
        All that was loaded; its conversations are those of the audience, of any period.
    """

    conversations: pl.DataFrame
    messages: pl.DataFrame | None
    intervals: pl.DataFrame
    times: pl.DataFrame
    groups: pl.DataFrame
    waits: pl.DataFrame
    answers: pl.DataFrame
    attribution: pl.DataFrame
    tags: pl.DataFrame
    trend: pl.DataFrame
    every: str
    since: datetime
    until: datetime
    as_of: datetime
    tz: str
    dataset: Dataset[pl.DataFrame]

    @cached_property
    def everybody(self) -> pl.DataFrame:
        """A `StatusIntervals` table of all conversations, of any period: what waits is of all."""
        known = self.dataset.conversations.filter(Conversations.created_at.col <= self.as_of)
        if known.height == self.conversations.height:
            return self.intervals
        return metrics.status_intervals(
            known,
            messages=known_messages(self.dataset, known, self.as_of),
            status_events=unless_empty(self.dataset.status_events),
            as_of=self.as_of,
        )

    @cached_property
    def closes(self) -> pl.DataFrame:
        """A `TimeToClose` table of the conversations."""
        return metrics.time_to_close(self.intervals)


def measure(
    dataset: Dataset[pl.DataFrame], *, as_of: datetime, tz: str, within: Period | None = None
) -> Measures | None:
    """Compute every metric of a review from what had happened by `as_of`.

    None where no conversation had begun, or, if a period is given, none began within it.
    """
    c = Conversations
    began = c.created_at.col
    conversations = dataset.conversations.filter(began <= as_of)
    if within:
        conversations = conversations.filter(began >= within.start, began < within.end)
    if conversations.is_empty():
        return None
    messages = known_messages(dataset, conversations, as_of)
    intervals = metrics.status_intervals(
        conversations,
        messages=messages,
        status_events=unless_empty(dataset.status_events),
        as_of=as_of,
    )
    times = metrics.time_in_status(intervals)
    waits = metrics.first_response(
        Messages.empty() if messages is None else messages,
        as_of=as_of,
        conversations=conversations,
    )
    every = _period_length(conversations)
    return Measures(
        conversations=conversations,
        messages=messages,
        intervals=intervals,
        times=times,
        groups=metrics.time_in_status(intervals, by=[]),
        waits=waits,
        answers=metrics.cumulative_incidence(
            waits, duration=FirstResponse.wait.name, outcome=FirstResponse.outcome.name
        ),
        attribution=metrics.playbook_attribution(
            conversations,
            messages=messages,
            playbooks=unless_empty(dataset.playbooks),
            meetings=unless_empty(dataset.meetings),
            goals=unless_empty(dataset.goals),
            as_of=as_of,
        ),
        tags=metrics.tag_frequency(conversations, tz=tz),
        trend=metrics.tag_frequency(conversations, every=every, tz=tz),
        every=every,
        since=within.start if within else period(conversations)[0],
        until=within.end if within else as_of,
        as_of=as_of,
        tz=tz,
        dataset=dataset,
    )


def known_messages(
    dataset: Dataset[pl.DataFrame], conversations: pl.DataFrame, as_of: datetime
) -> pl.DataFrame | None:
    """Return the messages of some conversations that were sent by a moment; None without any."""
    sent = dataset.messages.filter(Messages.created_at.col <= as_of)
    return unless_empty(sent.join(conversations, on=Messages.conversation_id.name, how="semi"))


def unless_empty(table: pl.DataFrame) -> pl.DataFrame | None:
    """An empty table was not loaded: what it would tell is unknown, not absent."""
    return None if table.is_empty() else table


def _period_length(conversations: pl.DataFrame) -> str:
    """Days, weeks or months: so that a trend has neither three points nor three hundred."""
    first, last = period(conversations)
    if last - first < timedelta(days=21):
        return "1d"
    return "1w" if last - first < timedelta(days=270) else "1mo"
