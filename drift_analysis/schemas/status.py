"""What a conversation's status is, what is known of its changes, and how long it stayed."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from .base import Table, length, moment
from .columns import beyond, count, enum, flag, identifier, rate, string

__all__ = [
    "EVIDENCE",
    "LIFE_ORDER",
    "STATUS",
    "STATUSES",
    "StatusEvents",
    "StatusIntervals",
    "TimeInStatus",
    "TimeInStatusGroups",
]

STATUSES = ("open", "pending", "closed", "bulk_sent", "unknown")
"""Every status that Drift documents, and `unknown` for one that is new to us."""

LIFE_ORDER = ("bulk_sent", "open", "pending", "closed", "unknown")
"""The same in the order of a life, which is the order in which charts show them."""

STATUS = pl.Enum(STATUSES)
"""The dtype of every status."""

EVIDENCE = ("webhook", "snapshot", "message", "record", "assumed")
"""What a stretch of a life can rest on, from the strongest to the weakest."""

_YEARS = "outside the years of the calendar"


class StatusEvents(Table):
    """One row for each time that something witnessed a conversation's status.

    A webhook tells of a change at the moment it happens. A snapshot is an older record of a
    conversation that was seen again later: it had this status at every moment from
    `earliest_at` to `latest_at`, since a change would have moved `updatedAt`.
    """

    conversation_id = identifier("The conversation.", key=True)
    changed_at = moment("When it changed (webhook), or last changed before (snapshot).", key=True)
    status = enum(STATUSES, "The status from then on; `unknown` for one new to us.")
    status_raw = string("The status as it was sent.", key=True)
    source = enum(("webhook", "snapshot"), "What witnessed it.", key=True)
    earliest_at = moment("The earliest moment at which it is known to have had the status.")
    latest_at = moment(
        "The latest moment at which it is known to have had the status; a webhook's own moment."
    )
    extra = beyond()


class StatusIntervals(Table):
    """The stretches of every conversation's life, in order, from its creation to `as_of`.

    They neither overlap nor leave a gap. Drift keeps no history of status, so each carries the
    best estimate, every status that cannot be excluded, and the evidence it rests on.
    """

    conversation_id = identifier("The conversation.", key=True)
    visit = dy.UInt16(
        primary_key=True,
        description="Counts the visits, from 1; goes up when the estimated status changes.",
        metadata={"null": None},
    )
    status = enum(STATUSES, "The best estimate: the path with the fewest changes.")
    possible = dy.List(
        dy.Enum(STATUSES),
        description="Every status that cannot be excluded; one alone is certain.",
        metadata={"null": None},
    )
    entered_at = moment("When the stretch begins.", key=True)
    left_at = moment("When it ends; that moment is no longer part of it.")
    duration = length("How long it is.")
    censored = flag("Whether it belongs to the visit that was still running at `as_of`.")
    evidence = enum(EVIDENCE, "What the estimate rests on.")


class TimeInStatus(Table):
    """One row per conversation and status that it was in, or may have been in."""

    conversation_id = identifier("The conversation.", key=True)
    status = enum(STATUSES, "The status.", key=True)
    duration = length("The best estimate of the time in it.", null=_YEARS)
    duration_min = length(
        "The least time in it that the evidence allows.",
        null="not bounded: `first` and `last` stays of a life that is not known for certain; or "
        + _YEARS,
    )
    duration_max = length(
        "The most time in it that the evidence allows.",
        null="not bounded: `first` and `last` stays of a life that is not known for certain; or "
        + _YEARS,
    )
    n_visits = dy.UInt32(
        description="How many visits the estimate has; 0 where it was only possible.",
        metadata={"null": None},
    )
    censored = flag("Whether it was still in it at `as_of`, so that the time goes on.")


class TimeInStatusGroups(Table):
    """One row per group and status; the columns of the group stand before these."""

    status = enum(STATUSES, "The status.")
    n = count("Conversations that were in it by the estimate.")
    n_censored = count("Those of them that were still in it at `as_of`.")
    share_censored = rate("`n_censored` of `n`.", null="`n` is 0")
    total = length("The time of all of them together.", null=_YEARS)
    total_min = length("The least that the evidence allows.", null="not bounded")
    total_max = length("The most that the evidence allows.", null="not bounded")
    mean = length(
        "`total` by `n`; those still running count as far as they got.",
        null=f"`n` is 0, or {_YEARS}",
    )
    mean_min = length("The least that the evidence allows.", null="`n` is 0, or not bounded")
    mean_max = length("The most that the evidence allows.", null="`n` is 0, or not bounded")
    median = length(
        "Half are out of it after this time (Kaplan-Meier).", null=f"not reached, or {_YEARS}"
    )
    median_min = length("The same from the least times.", null="not reached, or not bounded")
    median_max = length("The same from the most times.", null="not reached, or not bounded")
    p90 = length(
        "Nine in ten are out of it after this time (Kaplan-Meier).",
        null=f"not reached, or {_YEARS}",
    )
    p90_min = length("The same from the least times.", null="not reached, or not bounded")
    p90_max = length("The same from the most times.", null="not reached, or not bounded")
