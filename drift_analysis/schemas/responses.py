"""How long a contact waited for an answer."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import count, enum, flag, identifier, rate

__all__ = [
    "NOT_AT_RISK",
    "RESPONSE_OUTCOMES",
    "TURN_ENDS",
    "FirstResponse",
    "ResponseTurns",
    "SlaAttainment",
]

RESPONSE_OUTCOMES = ("answered", "closed", "waiting")
"""How a wait ended: answered, closed without an answer, or still waiting at `as_of`."""

TURN_ENDS = ("answered", "closed", "as_of")
"""How a turn ended: a user wrote, the conversation closed, or nothing until `as_of`."""

NOT_AT_RISK = ("no_messages", "no_contact_message", "no_start", "before_creation")
"""Why a conversation has no wait.

`no_messages`: none were loaded, so nothing is known. `no_contact_message`: nobody waited.
`no_start`: the clock's start never came. `before_creation`: the moments contradict each other.
"""


class FirstResponse(Table):
    """One row per conversation: how long until the first answer, or that it never began."""

    conversation_id = identifier("The conversation.", key=True)
    started_at = moment("When the clock started.", null="not at risk: see `not_at_risk`")
    ended_at = moment("When the wait ended: the answer, the close, or `as_of`.", null="not at risk")
    wait = length("From the start to the end.", null="not at risk")
    business_wait = length(
        "The part of it within business hours.", null="not at risk, or no calendar given"
    )
    outcome = enum(RESPONSE_OUTCOMES, "How the wait ended.", null="not at risk")
    censored = flag("Whether it was still waiting at `as_of`.", null="not at risk")
    responder_id = identifier("The user who answered.", null="not answered, or not in the record")
    responder_kind = enum(
        ("bot", "human", "unknown"), "What kind of user answered.", null="not answered"
    )
    not_at_risk = enum(NOT_AT_RISK, "Why there is no wait.", null="there is one")


class ResponseTurns(Table):
    """One row per turn: a run of the contact's messages that no user's message interrupts."""

    conversation_id = identifier("The conversation.", key=True)
    turn = dy.UInt32(
        primary_key=True,
        description="Counts the turns of a conversation, from 1.",
        metadata={"null": None},
    )
    started_at = moment("The first message of the turn.")
    ended_at = moment("The first message of a user after it; else the close, or `as_of`.")
    n_messages = count("Messages of the contact in it.")
    wait = length("From the start to the end.")
    bot_wait = length(
        "From the start to the first message of a bot.", null="no bot wrote before the next turn"
    )
    human_wait = length(
        "From the start to the first message of a human.",
        null="no human wrote before the next turn",
    )
    end_reason = enum(TURN_ENDS, "How it ended; `as_of` is censored.")


class SlaAttainment(Table):
    """One row per group and target: the share that is answered within it.

    The columns of the group stand before these.
    """

    target = length("The longest wait that meets the target.")
    attained = rate(
        "The share answered within the target (Aalen-Johansen; closed unanswered is a competing "
        "end).",
        null="of no wait it is known whether it met the target",
    )
    lo = rate("Lower 95 % bound.", null="as `attained`")
    hi = rate("Upper 95 % bound.", null="as `attained`")
    unresolved = rate(
        "By how much `attained` may be too low, because nobody was watched until the target; "
        "0 when somebody was.",
        null="no waits",
    )
    n = count("Waits.")
    n_met = count("Those answered within the target.")
    n_missed = count("Those that took longer, still ran when it passed, or were closed unanswered.")
    n_undecided = count("Those that were still running, not yet as long as the target.")
    n_excluded = count("Rows without a wait, which are in no other count.")
