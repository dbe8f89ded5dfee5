"""The lives of the conversations that a timeline draws, worked out once for each sample."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.metrics import first_response, status_intervals
from drift_analysis.schemas import Conversations, FirstResponse, StatusIntervals

from ..panes.stretches import log_start
from .timeline_order import timeline_order, timeline_sample

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

    from .timeline_state import Timeline

__all__ = ["PAGE", "Lives"]

PAGE = 20
"""Conversations on a page."""

_ID = Conversations.conversation_id.name


class Lives:
    """A sample of conversations: their intervals, their messages, and their order."""

    def __init__(self, dataset: Dataset[Any], asked: Timeline) -> None:
        self._dataset = dataset
        self.asked = asked

    @cached_property
    def sample(self) -> pl.Series:
        """The ids of the conversations."""
        asked = self.asked
        return timeline_sample(
            self._dataset.conversations, n=asked.sample, seed=asked.seed, ids=asked.ids
        )

    @cached_property
    def intervals(self) -> pl.DataFrame:
        """A `StatusIntervals` table of the sample."""
        if self._dataset.as_of is None:
            return StatusIntervals.empty()
        return status_intervals(
            self._conversations,
            messages=self.messages,
            status_events=self._of("status_events").collect(),
            as_of=self._dataset.as_of,
            log_start=log_start(self._dataset.status_events.lazy()),
        )

    @cached_property
    def messages(self) -> pl.DataFrame:
        """The messages of the sample."""
        return self._of("messages").collect()

    @cached_property
    def waits(self) -> pl.DataFrame:
        """A `FirstResponse` table of the sample."""
        if self._dataset.as_of is None:
            return FirstResponse.empty()
        return first_response(
            self.messages, conversations=self._conversations, as_of=self._dataset.as_of
        )

    def order(self, sort: str) -> pl.DataFrame:
        """Return the conversations in an order."""
        return timeline_order(self.intervals, self.waits, sort=sort)

    @cached_property
    def _conversations(self) -> pl.DataFrame:
        return self._of("conversations").collect()

    def _of(self, name: str) -> pl.LazyFrame:
        table: pl.LazyFrame = getattr(self._dataset, name).lazy()
        return table.filter(pl.col(_ID).is_in(self.sample.implode()))
