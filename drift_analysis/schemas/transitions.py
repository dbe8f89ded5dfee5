"""How conversations move from status to status, and which ways they take."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length
from .columns import count, enum, flag, rate, string
from .status import STATUSES

__all__ = ["Transitions", "Variants"]


class Transitions(Table):
    """One row per group and step from one status to another, by the best estimate.

    The columns of the group stand before these. Every visit to a status is entered by one step and
    left by one: a conversation begins with a step from null, and what it is in at `as_of` has a
    step to null.
    """

    from_status = enum(STATUSES, "The status that was left.", null="the conversation began")
    to_status = enum(STATUSES, "The status that was entered.", null="still in it at `as_of`")
    n = count("How often it was taken.")
    conversations = count("How many conversations took it.")
    share = rate("`n` of all steps from `from_status`; those still in it included.")
    n_certain = count("How many of them are certain: nothing else was possible before and after.")
    n_loops = count("How many of them came back to a status that the conversation had been in.")
    mean_wait = length(
        "How long they had been in `from_status`; of a step to null, so far.",
        null="the conversation began",
    )
    median_wait = length("The median of the same.", null="the conversation began")
    median_stay = length(
        "Half of all stays in `from_status`, however they end, are over after this time"
        " (Kaplan-Meier, with those still running).",
        null="not reached, or the conversation began",
    )


class Variants(Table):
    """One row per group and way that conversations took through the statuses, by the estimate.

    The columns of the group stand before these.
    """

    variant = string(
        "The statuses in order, such as `open → closed`; one that is not closed ends in `…`."
    )
    statuses = dy.List(
        dy.Enum(STATUSES), description="The statuses in order.", metadata={"null": None}
    )
    is_open = flag("Whether it goes on: the conversation was not closed at `as_of`.")
    conversations = count("How many took it.")
    share = rate("`conversations` of all in the group.")
    n_certain = count("How many of them certainly took it: nothing else was possible at any time.")
    rank = count("The most frequent has 1; equal ones share a rank.")
