"""How much work comes in, goes out, and waits."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import count, enum, flag, identifier, rate

__all__ = ["Ageing", "Flow"]

_AT_THE_END = " when the period ends"


class Flow(Table):
    """One row per group and period, without gaps: what came, what closed, and what was left.

    The columns of the group stand before these. Counts without a suffix are those of the best
    estimate; `_min` and `_max` are the least and the most that the evidence allows.
    """

    period = dy.Date(
        description="The first day of the period, in the time zone asked for.",
        metadata={"null": None},
    )
    is_complete = flag("Whether it had ended by `as_of`; else its end is `as_of`.")
    arrivals = count("Conversations that began, or were picked up after they were sent in bulk.")
    closes = count("How often a conversation closed.")
    reopens = count("How often a closed one became open or pending again.")
    net_flow = dy.Int32(
        description="`arrivals` and `reopens` less `closes`: by how much the backlog grew.",
        metadata={"null": None},
    )
    open = count("Conversations that are open" + _AT_THE_END + ".")
    open_min = count("The least that the evidence allows.")
    open_max = count("The most that the evidence allows.")
    pending = count("Conversations that are pending" + _AT_THE_END + ".")
    pending_min = count("The least that the evidence allows.")
    pending_max = count("The most that the evidence allows.")
    backlog = count("Conversations that are open or pending" + _AT_THE_END + ".")
    backlog_min = count("The least that the evidence allows.")
    backlog_max = count("The most that the evidence allows.")
    cumulative_arrivals = count("Conversations that have arrived" + _AT_THE_END + ".")
    cumulative_arrivals_min = count("The least that the evidence allows.")
    cumulative_arrivals_max = count("The most that the evidence allows.")
    cumulative_closes = count("Conversations that have closed at least once" + _AT_THE_END + ".")
    cumulative_closes_min = count("The least that the evidence allows.")
    cumulative_closes_max = count("The most that the evidence allows.")


class Ageing(Table):
    """One row per group and conversation that is open or pending at `as_of`, by the estimate.

    The columns of the group stand before these.
    """

    conversation_id = identifier("The conversation.")
    status = enum(("open", "pending"), "What it is at `as_of`.")
    is_certain = flag("Whether the evidence allows nothing but open and pending.")
    arrived_at = moment("When it began, or was picked up after it was sent in bulk.")
    age = length("How long ago that was.")
    share_faster = rate(
        "The share of the finished conversations that took no longer, from there to their last"
        " close.",
        null="none is finished",
    )
    n_finished = count("Conversations of the group that are closed at `as_of`.")
    finished_p50 = length("Half of these took no longer than this.", null="none is finished")
    finished_p90 = length("Nine in ten of them took no longer.", null="none is finished")
