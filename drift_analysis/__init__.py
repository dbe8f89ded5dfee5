"""Honest metrics and pictures from Drift's chat conversations.

Import it as ``import drift_analysis as da``. Verbs stand at the top (`da.load`,
`da.time_in_status`); pictures and views one level down (`da.charts`, `da.widgets`,
`da.report`). Those, and the client of the live API, are loaded when they are first used:
altair alone costs more than everything else together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import errors, sample, schemas
from .metrics import (
    Calendar,
    Explained,
    ageing,
    audit,
    bot_containment,
    cohort_trend,
    containment_rates,
    cumulative_incidence,
    definitions,
    explain,
    first_response,
    flow,
    journeys,
    load_by_hour,
    log_rank,
    merge_tags,
    metric_coverage,
    multi_touch_attribution,
    playbook_attribution,
    playbook_lift,
    playbook_names,
    reconcile,
    reconcile_report,
    reconcile_summary,
    reopens,
    response_turns,
    restricted_mean,
    sla_attainment,
    status_intervals,
    survival_curve,
    tag_cooccurrence,
    tag_distinctive,
    tag_frequency,
    tag_sets,
    tag_survival,
    tag_variants,
    time_in_status,
    time_to_close,
    transitions,
    variants,
    workload,
)
from .schemas import Dataset
from .sources import (
    erase,
    load,
    load_archive,
    load_contacts,
    load_conversations,
    load_meetings,
    load_messages,
    load_playbooks,
    load_report_metrics,
    load_status_events,
    load_users,
    scan_archive,
    write_archive,
)

if TYPE_CHECKING:
    from . import charts, report, widgets
    from .sources.api.client import DriftClient
    from .sources.api.fetch import fetch
    from .sources.api.sync import sync

__all__ = [
    "Calendar",
    "Dataset",
    "DriftClient",
    "Explained",
    "ageing",
    "audit",
    "bot_containment",
    "charts",
    "cohort_trend",
    "containment_rates",
    "cumulative_incidence",
    "definitions",
    "erase",
    "errors",
    "explain",
    "fetch",
    "first_response",
    "flow",
    "journeys",
    "load",
    "load_archive",
    "load_by_hour",
    "load_contacts",
    "load_conversations",
    "load_meetings",
    "load_messages",
    "load_playbooks",
    "load_report_metrics",
    "load_status_events",
    "load_users",
    "log_rank",
    "merge_tags",
    "metric_coverage",
    "multi_touch_attribution",
    "playbook_attribution",
    "playbook_lift",
    "playbook_names",
    "reconcile",
    "reconcile_report",
    "reconcile_summary",
    "reopens",
    "report",
    "response_turns",
    "restricted_mean",
    "sample",
    "scan_archive",
    "schemas",
    "sla_attainment",
    "status_intervals",
    "survival_curve",
    "sync",
    "tag_cooccurrence",
    "tag_distinctive",
    "tag_frequency",
    "tag_sets",
    "tag_survival",
    "tag_variants",
    "time_in_status",
    "time_to_close",
    "transitions",
    "variants",
    "widgets",
    "workload",
    "write_archive",
]

_WHEN_FIRST_USED = {
    "DriftClient": "drift_analysis.sources.api.client",
    "charts": "drift_analysis.charts",
    "fetch": "drift_analysis.sources.api.fetch",
    "report": "drift_analysis.report",
    "sync": "drift_analysis.sources.api.sync",
    "widgets": "drift_analysis.widgets",
}


def __getattr__(name: str) -> Any:
    if name not in _WHEN_FIRST_USED:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module = import_module(_WHEN_FIRST_USED[name])
    value = getattr(module, name, module)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
