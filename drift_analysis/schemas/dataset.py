"""Everything that one load found, held together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Generic

import polars as pl

from .base import Frame

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Dataset"]


@dataclass(frozen=True, slots=True, repr=False)
class Dataset(Generic[Frame]):
    """The tables that one load found, and the latest moment that anything in them witnessed.

    Attributes
    ----------
    conversations, messages, status_events, playbooks, users, contacts, meetings
    goals, participant_events
        The tables, each as `drift_analysis.schemas` describes it; empty where nothing was found.
    rejects
        What was read and fits no table: `records read = rows + merged repeats + rejects`.
    issues
        What was loaded but is suspicious, or was repaired.
    as_of
        The latest moment that anything witnessed; null when there is nothing.
    """

    conversations: Frame
    messages: Frame
    status_events: Frame
    playbooks: Frame
    users: Frame
    contacts: Frame
    meetings: Frame
    goals: Frame
    participant_events: Frame
    rejects: Frame
    issues: Frame
    as_of: datetime | None

    def __repr__(self) -> str:
        sizes = (
            f"{field.name}={_size(getattr(self, field.name))}"
            for field in fields(self)
            if field.name != "as_of"
        )
        when = self.as_of.isoformat(timespec="seconds") if self.as_of else "nothing"
        return f"Dataset({', '.join(sizes)}, as_of={when})"


def _size(frame: pl.DataFrame | pl.LazyFrame) -> str:
    return f"{frame.height:_}" if isinstance(frame, pl.DataFrame) else "lazy"
