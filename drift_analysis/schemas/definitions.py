"""What the same numbers mean to different tools, and where that makes a difference."""

from __future__ import annotations

import dataframely as dy

from .base import Table, length
from .columns import count, enum, flag, identifier, number, string

__all__ = [
    "AVERAGES",
    "DEFINED",
    "ENDINGS",
    "LEFT_OUT",
    "RULES",
    "Definitions",
    "Reconciliation",
    "ReconciliationSummary",
    "ReportReconciliation",
]

DEFINED = ("first_response", "time_to_first_close", "time_to_last_close", "reopens")
"""The numbers of which there are definitions."""

RULES = (
    *("population", "clock", "greetings", "bots", "automatic", "notes"),
    *("close", "reopened", "unfinished", "hours", "average"),
)
"""The questions that a definition answers, in the order in which differences are looked for."""

AVERAGES = ("mean", "median", "survival_median")
"""What a tool shows for many conversations; the last is ours, which takes into account those that
have not ended."""

ENDINGS = ("ended", "closed", "running")
"""How a measured time ended: as asked, by a close without an answer, or not yet."""

LEFT_OUT = ("no_messages", "population", "no_start", "before_start", "unfinished")
"""Why a definition does not count a conversation.

`no_messages`: none were loaded, so nothing is known. `population`: it is not among those that are
counted. `no_start`: the moment that starts the clock is not known. `before_start`: the end lies
before the start. `unfinished`: it has not ended, and those are left out.
"""

_OTHER = "the metric is a count"
_LENGTH = "the metric is a time"


class Definitions(Table):
    """One row per tool, metric and rule: how that tool decides it, and where that is written."""

    tool = string("Whose definition it is; `drift_analysis` is ours.", key=True)
    metric = enum(DEFINED, "The number that is defined.", key=True)
    rule = enum(RULES, "The question that is decided.", key=True)
    value = string("The answer: one of those that the rule has for the metric.")
    is_documented = flag("Whether the source says so; else it is how we read what it does say.")
    source = string("The page, article or file that was read, and what it says.")
    address = string("Where that is.", null="it has no address of its own, or nothing was found")


class Reconciliation(Table):
    """One row per conversation and profile: its number by that definition, and by the base's."""

    conversation_id = identifier("The conversation.", key=True)
    profile = string("Whose definition it is: a `tool` of `Definitions`.", key=True)
    metric = enum(DEFINED, "The number.")
    duration = length("The time by this definition.", null=f"not counted, or {_OTHER}")
    reopens = count("How often it was opened again.", null=f"not counted, or {_LENGTH}")
    counted = flag("Whether the definition counts the conversation.")
    left_out = enum(LEFT_OUT, "Why it does not.", null="it is counted")
    outcome = enum(ENDINGS, "How the time ended.", null=f"not counted, or {_OTHER}")
    base_duration = length("The time by the base's definition.", null="as `duration`")
    base_reopens = count("The count by the base's definition.", null="as `reopens`")
    difference = dy.Duration(
        time_unit="ms",
        nullable=True,
        description="By how much `duration` is longer; negative where it is shorter.",
        metadata={"unit": "time", "null": f"one of the two does not count it, or {_OTHER}"},
    )
    differs = flag("Whether value, outcome or being counted differ from the base's.")
    rule = enum(
        RULES,
        "The first rule by which it differs: of the base's rules, replaced one by one in their "
        "order by those of this profile, the first that changes what the base says.",
        null="it does not differ",
    )
    average = enum(AVERAGES, "What the tool shows for many conversations.")


class ReconciliationSummary(Table):
    """One row per profile: what it counts, what it shows, and by which rules it differs."""

    profile = string("Whose definition it is.", key=True)
    metric = enum(DEFINED, "The number.")
    n = count("Conversations.")
    n_counted = count("Those that the definition counts.")
    n_left_out = count("Those that it does not count.")
    n_unfinished = count("Of those counted, the ones that have not ended as asked.")
    mean = length("The mean of those that have ended as asked.", null=f"there is none, or {_OTHER}")
    median = length("Their median.", null=f"there is none, or {_OTHER}")
    average = enum(AVERAGES, "What the tool shows.")
    shown = length(
        "That: mean, median, or the time after which half of all that are counted have ended as "
        "asked (Aalen-Johansen).",
        null=f"there is none, it is not reached, or {_OTHER}",
    )
    reopens = count("Reopens, all together.", null=_LENGTH)
    mean_reopens = number(
        "Reopens per conversation that is counted.", null=f"there is none, or {_LENGTH}"
    )
    n_differing = count("Conversations whose value, outcome or being counted differs.")
    rules = dy.List(
        dy.Struct({"rule": dy.Enum(RULES), "n": dy.UInt32()}),
        description="By which rule how many of them differ first, in the order of the rules.",
        metadata={"null": None},
    )


class ReportReconciliation(Table):
    """One row per conversation of Drift's report: its number, and ours by Drift's definition."""

    conversation_id = identifier("The conversation.", key=True)
    reported = length("What Drift's report says.", null="it says that there is none")
    computed = length("What the profile gives.", null="it does not count the conversation")
    left_out = enum(
        LEFT_OUT, "Why the profile does not count it.", null="it does, or it was not loaded"
    )
    difference = dy.Duration(
        time_unit="ms",
        nullable=True,
        description="By how much `computed` is longer; negative where it is shorter.",
        metadata={"unit": "time", "null": "one of the two is null"},
    )
    agrees = flag("Whether they differ by no more than the tolerance, or neither has a value.")
    is_loaded = flag("Whether the conversation was among those given.")
    explained_by = enum(
        (*RULES, "unexplained"),
        "The first rule of which another value gives what Drift says; `unexplained` if none does.",
        null="they agree",
    )
    instead = string("That value.", null="they agree, or no rule explains it")
