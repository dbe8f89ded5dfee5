"""Simulating an organisation that uses Drift, and exporting what Drift would tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

from . import directory
from .arrivals import arrivals, begun_by
from .clock import DAY, HOUR, OFFICE, WEEK, Dice, instant, to_datetime
from .history import Contact, Life
from .life import live
from .oddities import NOTHING_ODD, Oddities, choose_oddities, put_to_sleep, rounds_of
from .organisation import INBOXES
from .replies import detail_reply, list_replies, message_replies
from .visitors import make_contact
from .webhooks import webhook_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .replies import Json

__all__ = ["Sample", "generate", "snapshots"]

_EXPORTED_AFTER = 6 * HOUR


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """A simulated organisation: Drift's replies at the moment of an export, and the truth.

    Attributes
    ----------
    started_at, fetched_at, log_start
        When the period begins, when everything was exported, when the webhook log begins.
    conversation_pages, details, message_pages
        Replies about conversations and messages.
    older_pages
        The first page of the list as it was a day earlier.
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
    older_pages: list[Json]
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


def generate(
    n: int = 400,
    *,
    seed: int = 20_260_302,
    start: date = date(2026, 3, 2),
    weeks: int = 13,
    log_after_weeks: int = 3,
    oddities: bool = True,
) -> Sample:
    """Simulate an organisation that uses Drift.

    The rules that Drift keeps hold: a conversation begins as `open`, or as `bulk_sent` when a
    playbook sent it; a contact's message ends `bulk_sent` at once and reopens a closed
    conversation within two seconds; messages and changes of status, and nothing else, move
    `updatedAt`. All names, addresses and texts are invented. The same arguments give the same
    sample on every version of Python.

    Parameters
    ----------
    n
        How many conversations begin.
    seed
        Another number gives another organisation's luck.
    start
        The first day, on the clock of an office in New York.
    weeks
        How long the period is. Everything is exported six hours after its end.
    log_after_weeks
        How late the webhook log begins; 0 gives a log that is complete from the first moment.
    oddities
        Whether the export has the faults of a real one: details or messages not fetched, pages
        that shifted, a broken line, a status that Drift does not document.

    Returns
    -------
    :
        A `Sample`: replies in Drift's own shapes, and the true history of every status.

    Raises
    ------
    InputError
        If `n` is negative, or there is not at least one week.

    Examples
    --------
    >>> from drift_analysis.sample import generate
    >>> generate(50)
    Sample(conversations=50, webhooks=603, fetched_at=2026-06-01T10:00:00+00:00)
    """
    if n < 0 or weeks < 1:
        raise InputError.of(
            "A sample needs 0 or more conversations in at least 1 week.",
            f"Got n={n}, weeks={weeks}.",
            "generate(400, weeks=13).",
        )
    began = _midnight(start)
    moment = _midnight(start + timedelta(weeks=weeks)) + _EXPORTED_AFTER
    lives = _tell(n, seed, start, weeks, moment, long_ones=oddities)
    if oddities:
        put_to_sleep(lives, moment)
    odd = choose_oddities(lives) if oddities else NOTHING_ODD
    return _export(lives, odd, began, began + log_after_weeks * WEEK, moment)


def snapshots(sample: Sample, moments: Iterable[datetime]) -> dict[datetime, list[Json]]:
    """Return the list of conversations as it was at each of the moments.

    Parameters
    ----------
    sample
        What `generate` returned.
    moments
        Moments with a time zone, not after the export.

    Returns
    -------
    :
        The pages of the list at each moment, in Drift's own shape.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from drift_analysis.sample import generate, snapshots
    >>> sample = generate(50)
    >>> week = sample.started_at + timedelta(weeks=1)
    >>> [len(page["data"]) for page in snapshots(sample, [week])[week]]
    [5]
    """
    return {moment: list_replies(sample.lives, instant(moment)) for moment in moments}


def _midnight(day: date) -> int:
    return instant(datetime.combine(day, time(), OFFICE))


def _tell(
    n: int, seed: int, start: date, weeks: int, moment: int, *, long_ones: bool
) -> list[Life]:
    """Tell the life of every conversation up to a moment."""
    dice = Dice(seed)
    began = _midnight(start)
    lives: list[Life] = []
    contacts: list[Contact] = []
    conversation_id, contact_id = 4_210_000_000, 17_300_000_000
    for number, at in enumerate(arrivals(dice, n, start, weeks)):
        conversation_id += dice.whole(400, 90_000)
        contact_id += dice.whole(400, 90_000)
        if not contacts or dice.chance(0.86):
            contacts.append(make_contact(dice, contact_id, at))
            contact = contacts[-1]
        else:
            contact = dice.one_of(contacts)
        rounds = rounds_of(number, n) if long_ones else None
        playbook = begun_by(dice, at - began)
        life = Life(
            id=conversation_id,
            created_at=at,
            contact=contact,
            playbook=None if rounds else playbook,
            inbox_id=INBOXES[playbook.inbox if playbook else "Sales"],
        )
        live(life, Dice(seed * 1_000_003 + number), began, rounds)
        life.cut(moment)
        lives.append(life)
    _number_messages(dice, lives)
    return lives


def _number_messages(dice: Dice, lives: Iterable[Life]) -> None:
    """Give the messages ids that go up with time, as Drift's do."""
    message_id = 12_840_000_000
    written = [message for life in lives for message in life.messages]
    for message in sorted(written, key=lambda message: message.at):
        message_id += dice.whole(3, 9_000)
        message.id = message_id


def _export(
    lives: Sequence[Life], odd: Oddities, began: int, log_start: int, moment: int
) -> Sample:
    return Sample(
        started_at=to_datetime(began),
        fetched_at=to_datetime(moment),
        log_start=to_datetime(log_start),
        conversation_pages=list_replies(lives, moment, repeat=odd.shifted),
        older_pages=list_replies(lives, moment - DAY)[:1] if odd.shifted else [],
        details=[detail_reply(life, moment) for life in lives if life.id not in odd.list_only],
        message_pages=[
            page
            for life in lives
            if life.id not in odd.silent
            for page in message_replies(life, moment)[: 1 if life.id in odd.cut_short else None]
        ],
        users=directory.users_reply(began, moment),
        playbooks=directory.playbooks_reply(began),
        landing_pages=directory.landing_pages(),
        meetings=directory.meetings_reply(lives, moment),
        contacts=directory.contact_replies(lives),
        webhooks=webhook_log(lives, log_start, moment),
        broken=odd.broken,
        status_history=[(life.id, at, status) for life in lives for at, status in life.statuses],
        lives=list(lives),
    )
