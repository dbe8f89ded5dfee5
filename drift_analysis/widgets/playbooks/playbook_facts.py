"""What a comparison of playbooks asks about: one row per conversation, found out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.metrics import (
    explain,
    first_response,
    playbook_attribution,
    status_intervals,
    time_to_close,
)
from drift_analysis.schemas import Conversations, Messages, PlaybookAttribution
from drift_analysis.schemas.playbooks import OUTCOMES

from ..asked.filters import local_day
from ..asked.names import playbook_names

if TYPE_CHECKING:
    from datetime import date, datetime

    from drift_analysis.schemas import Dataset

__all__ = ["PlaybookFacts", "playbook_durations", "unless_empty"]

_ID = Conversations.conversation_id.name


def playbook_durations(
    conversations: pl.LazyFrame,
    messages: pl.LazyFrame | None,
    status_events: pl.LazyFrame | None,
    *,
    as_of: datetime,
) -> pl.LazyFrame:
    """Measure how long each conversation took to be answered by a human, and to be closed.

    A conversation that was closed without an answer counts as not answered for as long as it is
    watched: it can still be opened again, and leaving it out would make answers look faster.

    Parameters
    ----------
    conversations, messages, status_events
        The tables; without messages nothing is known of answers.
    as_of
        The moment, with a time zone, after which nothing is seen.

    Returns
    -------
    :
        One row per conversation and ``what``: ``answered`` or ``closed``; ``lasted`` (Duration),
        until it was, or as long as it was watched; ``runs``, whether it has not been yet.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.widgets import playbook_durations
    >>> dataset = da.load("data/sample")
    >>> tables = (dataset.conversations.lazy(), dataset.messages.lazy(), None)
    >>> lasted = playbook_durations(*tables, as_of=dataset.as_of)
    >>> curves = da.survival_curve(lasted, duration="lasted", censored="runs", by="what")
    >>> curves.collect()["what"].unique().sort().to_list()
    ['answered', 'closed']
    """
    intervals = status_intervals(
        conversations, messages=messages, status_events=status_events, as_of=as_of
    )
    closes = time_to_close(intervals).select(
        _ID,
        what=pl.lit("closed"),
        lasted=pl.coalesce("time_to_last_close", "watched"),
        runs="censored",
    )
    if messages is None:
        return closes
    waits = first_response(messages, conversations=conversations, as_of=as_of)
    is_answered = pl.col("outcome") == "answered"
    watched = pl.lit(as_of, waits.collect_schema()["started_at"]) - pl.col("started_at")
    answers = waits.drop_nulls("wait").select(
        _ID,
        what=pl.lit("answered"),
        lasted=pl.when(is_answered).then("wait").otherwise(watched),
        runs=~is_answered,
    )
    return pl.concat([answers, closes])


def unless_empty(frame: pl.LazyFrame) -> pl.LazyFrame | None:
    """Return a table, or None if nothing was loaded of it: then nothing is known, not none."""
    return None if frame.limit(1).collect().is_empty() else frame


@dataclass(frozen=True)
class PlaybookFacts:
    """A data set, and what is known of each of its conversations.

    What is known of a conversation hangs on no other one, so that filters can come later.
    """

    dataset: Dataset[Any]
    tz: str

    @cached_property
    def conversations(self) -> pl.DataFrame:
        """The conversations, as a `Conversations` table, with ``day``."""
        table = Conversations.require(self.dataset.conversations).lazy()
        found: pl.DataFrame = table.with_columns(day=local_day(self.tz)).collect()
        return found

    @cached_property
    def names(self) -> dict[int, str]:
        """What each id of a playbook is called."""
        return dict(playbook_names(self.dataset.playbooks).iter_rows())

    @cached_property
    def tables(self) -> dict[str, pl.LazyFrame | None]:
        """The other tables that `playbook_attribution` takes; None where nothing was loaded."""
        found = {name: getattr(self.dataset, name).lazy() for name in ("meetings", "goals")}
        messages = Messages.require(self.dataset.messages).lazy()
        return {name: unless_empty(each) for name, each in {"messages": messages, **found}.items()}

    @cached_property
    def behind(self) -> pl.DataFrame:
        """For each conversation its playbook, and whether each outcome came of it."""
        if self.dataset.as_of is None:
            return pl.DataFrame(schema=_BEHIND)
        plan = self.conversations.lazy().drop("day")
        asked = explain(playbook_attribution, plan, **self.tables, as_of=self.dataset.as_of)
        found: pl.DataFrame = asked.behind.collect()
        return found.select(pl.col(name).cast(dtype) for name, dtype in _BEHIND.items())

    @cached_property
    def durations(self) -> pl.DataFrame:
        """How long each conversation took to be answered, and to be closed."""
        plan = self.conversations.lazy().drop("day")
        events = self.dataset.status_events.lazy()
        if self.dataset.as_of is None:
            return pl.DataFrame(schema=_DURATIONS)
        found = playbook_durations(plan, self.tables["messages"], events, as_of=self.dataset.as_of)
        return found.collect()

    def attribution(self, chosen: pl.DataFrame) -> pl.DataFrame:
        """Count what came of some conversations, as `playbook_attribution` would, but for waits."""
        kept = self.behind.lazy().join(chosen.lazy().select(_ID), on=_ID, how="semi")
        numbers = ("conversations", *OUTCOMES)
        counts = kept.group_by("attribution", "playbook_id").agg(
            pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
            for name in numbers
        )
        missing = [name for name in PlaybookAttribution.column_names() if name not in _BEHIND]
        schema = PlaybookAttribution.schema()
        empty = [pl.lit(None, schema[name]).alias(name) for name in missing]
        return PlaybookAttribution.conform(counts.with_columns(empty)).collect()

    def within(self, start: date | None, end: date | None, inbox: int | None) -> pl.DataFrame:
        """Return the conversations of a period and an inbox."""
        on = []
        if start is not None:
            on.append(pl.col("day") >= start)
        if end is not None:
            on.append(pl.col("day") <= end)
        if inbox is not None:
            on.append(Conversations.inbox_id.col == inbox)
        return self.conversations.lazy().filter(on).collect() if on else self.conversations


_BEHIND: dict[str, Any] = {
    "attribution": PlaybookAttribution.attribution.dtype,
    "playbook_id": pl.Int64,
    _ID: pl.Int64,
    "conversations": pl.Int64,
    **dict.fromkeys(OUTCOMES, pl.Int64),
}
_DURATIONS: dict[str, Any] = {
    _ID: pl.Int64,
    "what": pl.String,
    "lasted": pl.Duration("ms"),
    "runs": pl.Boolean,
}
