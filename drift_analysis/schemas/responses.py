"""How long a contact waited for an answer."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length, moment
from .columns import count, enum, flag, identifier, rate

__all__ = [
    "CONTAINMENT",
    "NOT_AT_RISK",
    "NOT_JUDGED",
    "RESPONSE_OUTCOMES",
    "TURN_ENDS",
    "BotContainment",
    "ContainmentRates",
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

CONTAINMENT = ("contained", "unanswered", "handed_over", "human_only", "nobody")
"""Who answered the contact of a closed conversation.

`contained`: bots only, and the last word was not the contact's. `unanswered`: bots only, but the
contact's last message has no answer. `handed_over`: bots and humans. `human_only`: no bot.
`nobody`: no answer at all.
"""

NOT_JUDGED = ("no_messages", "not_engaged", "unknown_status", "open", "unknown_author")
"""Why a conversation has no outcome.

`no_messages`: none were loaded. `not_engaged`: the contact wrote nothing. `unknown_status`: whether
it was closed is not known. `open`: not closed, so that a human may still come. `unknown_author`: of
a user who answered the record does not say whether it is a bot, and the outcome depends on it.
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


class BotContainment(Table):
    """One row per conversation: whether a bot could handle it alone."""

    conversation_id = identifier("The conversation.", key=True)
    outcome = enum(
        CONTAINMENT,
        "Who answered the contact, and whether that was enough.",
        null="cannot be judged: see `not_judged`",
    )
    not_judged = enum(NOT_JUDGED, "Why there is no outcome.", null="there is one")
    n_contact = count("Visible messages of the contact.", null="no messages were loaded")
    n_bot = count(
        "Visible messages of bots after the contact's first.", null="no messages were loaded"
    )
    n_human = count(
        "Visible messages of humans after the contact's first.", null="no messages were loaded"
    )


class ContainmentRates(Table):
    """One row per group and outcome: how often a bot handled a conversation alone.

    The columns of the group stand before these.
    """

    outcome = enum(CONTAINMENT, "Who answered the contact, and whether that was enough.")
    conversations = count("Conversations with this outcome.")
    share = rate("Of `n_judged`.", null="none can be judged")
    lo = rate("Lower 95 % bound (Wilson).", null="none can be judged")
    hi = rate("Upper 95 % bound (Wilson).", null="none can be judged")
    n_judged = count("Conversations of the group that have an outcome.")
    n_open = count("Those that are not closed yet.")
    n_not_engaged = count("Those in which the contact wrote nothing.")
    n_unknown = count("Those without messages, with an unknown status or an unknown kind of user.")
