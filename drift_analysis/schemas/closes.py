"""How long conversations take until they close, and how they open again."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import count, enum, flag, identifier

__all__ = ["REOPENED_BY", "Reopens", "TimeToClose"]

REOPENED_BY = ("contact", "agent", "unknown")
"""Who opened a conversation again: the contact by writing, or somebody of the organisation."""

_NEVER = "it has not closed yet"
_OPEN = "it is not closed at `as_of`: its last close is still to come"
_YEARS = "outside the years of the calendar"
_OR = f"; or {_YEARS}"


class TimeToClose(Table):
    """One row per conversation that somebody took part in: when it closed, and how long that took.

    Everything is counted from `started_at` on. A close is an entry into `closed`; what comes
    before the clock starts is not counted.
    """

    conversation_id = identifier("The conversation.", key=True)
    started_at = moment("When the clock started.")
    first_close_at = moment("When it first closed, by the best estimate.", null=_NEVER)
    first_close_at_min = moment(
        "The earliest that the evidence allows.", null="it certainly has not closed"
    )
    first_close_at_max = moment(
        "The latest that the evidence allows.", null="it may not have closed at all"
    )
    last_close_at = moment("When it closed for good, by the best estimate.", null=_OPEN)
    last_close_at_min = moment(
        "The earliest that the evidence allows, if it is closed at `as_of`.",
        null="it is certainly not closed at `as_of`",
    )
    last_close_at_max = moment(
        "The latest that the evidence allows, if it is closed at `as_of`.",
        null="it is certainly not closed at `as_of`",
    )
    watched = length("From the start to `as_of`: how long it was watched.", null=_YEARS)
    time_to_first_close = length("From the start to the first close.", null=_NEVER + _OR)
    time_to_first_close_min = length(
        "The least that the evidence allows.", null="it certainly has not closed" + _OR
    )
    time_to_first_close_max = length(
        "The most that the evidence allows.", null="it may not have closed at all" + _OR
    )
    first_censored = flag("Whether it had not closed once by `as_of`, by the best estimate.")
    time_to_last_close = length("From the start to the last close.", null=_OPEN + _OR)
    time_to_last_close_min = length(
        "The least that the evidence allows, if it is closed at `as_of`.",
        null="it is certainly not closed at `as_of`" + _OR,
    )
    time_to_last_close_max = length(
        "The most that the evidence allows, if it is closed at `as_of`.",
        null="it is certainly not closed at `as_of`" + _OR,
    )
    censored = flag("Whether it was not closed at `as_of`, by the best estimate.")
    active_time = length("The time from the start on in which it was not closed.", null=_YEARS)
    active_time_min = length("The least that the evidence allows.", null=_YEARS)
    active_time_max = length("The most that the evidence allows.", null=_YEARS)
    n_closes = count("How often it closed, by the best estimate; unseen closes may have been more.")
    n_reopens = count("How often it was open or pending right after it had been closed.")
    auto_closed = flag(
        "Whether the last close came `idle` or more after the last visible message before it.",
        null="no `idle` was given, it is not closed, or no visible message is known",
    )
    effective_close_at = moment(
        "When it was over: at that message if `auto_closed`, else at the last close.",
        null="no `idle` was given, it is not closed, or no visible message is known",
    )


class Reopens(Table):
    """One row for each time that a closed conversation became open or pending again.

    The visits are those of the best estimate. `bulk_sent` to `open` is engagement and no reopen.
    """

    conversation_id = identifier("The conversation.", key=True)
    reopen = dy.UInt32(
        primary_key=True,
        description="Counts the reopens of a conversation, from 1.",
        metadata={"null": None},
    )
    closed_at = moment("When it had closed.")
    reopened_at = moment("When it was opened again.")
    status = enum(("open", "pending"), "What it became.")
    is_certain = flag(
        "Whether the evidence leaves no doubt that it was closed until then, and then was not."
    )
    reopened_by = enum(
        REOPENED_BY,
        "`contact`: a message of the contact did it; `agent`: none did, so somebody of the"
        " organisation, a bot included; `unknown`: no messages of it are known.",
    )
    after = length("How long it had been closed.")
    next_close_at = moment("When it closed again.", null="it has not closed since")
    time_to_next_close = length("From the reopen to that close.", null="it has not closed since")
    censored = flag("Whether it had not closed again by `as_of`.")
    watched = length("From the reopen to `as_of`: how long it was watched.")
