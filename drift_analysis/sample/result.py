"""What a simulation returns: Drift's replies, the webhook log, and the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .history import Life
    from .replies import Json

__all__ = ["Sample"]


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """A simulated organisation: Drift's replies at the moment of an export, and the truth.

    Attributes
    ----------
    started_at, fetched_at, log_start
        When the period begins, when everything was exported, when the webhook log begins.
    conversation_pages, details, message_pages
        Replies about conversations and messages.
    older_lists
        Pages of the list that were fetched earlier, by the moment of it.
    users, playbooks, landing_pages, meetings, contacts
        Replies about all else.
    webhooks
        The log: one envelope per event, complete from `log_start` to `fetched_at`.
    broken
        Lines of an export that are no record.
    status_history
        The truth: conversation, moment in milliseconds, status from then on.
    lives
        Everything that happened, from which the above is told.
    """

    started_at: datetime
    fetched_at: datetime
    log_start: datetime
    conversation_pages: list[Json]
    older_lists: dict[datetime, list[Json]]
    details: list[Json]
    message_pages: list[Json]
    users: Json
    playbooks: list[Json]
    landing_pages: list[Json]
    meetings: Json
    contacts: list[Json]
    webhooks: list[Json]
    broken: tuple[str, ...]
    status_history: list[tuple[int, int, str]]
    lives: list[Life] = field(compare=False)

    def __repr__(self) -> str:
        return (
            f"Sample(conversations={len(self.lives):_}, webhooks={len(self.webhooks):_}, "
            f"fetched_at={self.fetched_at.isoformat(timespec='seconds')})"
        )
