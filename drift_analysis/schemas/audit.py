"""What an audit finds in a data set, and what can be said of it in spite of that."""

from __future__ import annotations

import dataframely as dy

from .base import Table
from .columns import count, enum, flag, rate, string
from .loading import SEVERITIES

__all__ = ["BUILT_ON", "METRICS", "Audit", "MetricCoverage"]

BUILT_ON = {
    "time_in_status": ("time_to_close", "reopens", "transitions", "variants", "flow", "ageing"),
    "exact_time_in_status": (),
    "first_response": ("sla_attainment", "bot_containment", "load_by_hour", "reconcile"),
    "first_response_from_handoff": (),
    "response_turns": ("workload",),
    "playbook_attribution": ("playbook_lift",),
    "playbook_names": (),
    "journeys": ("multi_touch_attribution",),
    "tag_frequency": ("tag_cooccurrence", "tag_sets", "tag_distinctive", "tag_survival"),
}
"""What an audit looks at, and the metrics that need the same: what limits one limits these."""

METRICS = tuple(dict.fromkeys(name for one, more in BUILT_ON.items() for name in (one, *more)))
"""The metrics, and the two that need more than their tables."""


class Audit(Table):
    """One row for each thing that an audit found, the gravest first."""

    severity = enum(SEVERITIES, "How much it matters.")
    code = string("A short name for it, such as `list_only`.", key=True)
    table = string("The table it is about.", key=True)
    n = count("How many rows, conversations, days or records it is about.")
    of = count("Of how many it could be.", null="not counted against anything")
    share = rate("`n` of `of`.", null="not counted against anything")
    detail = string("What it is and what follows, as a sentence; counts and days, never a value.")
    affects = dy.List(
        dy.Enum(METRICS),
        description="The metrics that it limits.",
        metadata={"null": None},
    )
    examples = dy.List(
        dy.Int64(),
        description="The first few conversations that it is about, by id.",
        metadata={"null": None},
    )


class MetricCoverage(Table):
    """One row per metric: whether it can be computed, for how many, and with which caveat."""

    metric = enum(METRICS, "The metric.", key=True)
    possible = flag("Whether it can be computed for at least one.")
    n = count("For how many conversations it can be computed.")
    of = count("Of how many.")
    share = rate("`n` of `of`.", null="`of` is 0")
    needs = string("What a conversation must have for it.")
    caveat = string("What to mind when reading it on this data.")
