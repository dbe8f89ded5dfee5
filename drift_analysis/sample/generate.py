"""Simulating an organisation that uses Drift, and exporting what Drift would tell of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

from . import directory
from .clock import DAY, HOUR, instant, to_datetime
from .oddities import NOTHING_ODD, Oddities, choose_oddities, put_to_sleep
from .replies import detail_reply, list_replies, message_replies
from .result import Sample
from .tell import midnight, tell
from .webhooks import webhook_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .history import Life
    from .replies import Json

__all__ = ["generate", "snapshots"]

_EXPORTED_AFTER = 6 * HOUR


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
    Sample(conversations=50, webhooks=600, fetched_at=2026-06-01T10:00:00+00:00)
    """
    if n < 0 or weeks < 1:
        raise InputError.of(
            "A sample needs 0 or more conversations in at least 1 week.",
            f"Got n={n}, weeks={weeks}.",
            "generate(400, weeks=13).",
        )
    began = midnight(start)
    moment = midnight(start + timedelta(weeks=weeks)) + _EXPORTED_AFTER
    lives = tell(n, seed, start, weeks, moment, long_ones=oddities)
    if oddities:
        put_to_sleep(lives, moment)
    log_start = midnight(start + timedelta(weeks=log_after_weeks))
    odd = choose_oddities(lives, log_start, moment) if oddities else NOTHING_ODD
    return _export(lives, odd, began, log_start, moment)


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
        The pages of the list at each moment, in Drift's own shape. In place of a sample's
        `older_lists` (`dataclasses.replace`) they are written with it.

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


def _export(
    lives: Sequence[Life], odd: Oddities, began: int, log_start: int, moment: int
) -> Sample:
    return Sample(
        started_at=to_datetime(began),
        fetched_at=to_datetime(moment),
        log_start=to_datetime(log_start),
        conversation_pages=list_replies(lives, moment, repeat=odd.shifted),
        older_lists={to_datetime(moment - DAY): list_replies(lives, moment - DAY)[:1]}
        if odd.shifted
        else {},
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
