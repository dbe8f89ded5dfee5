from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from typing import Any

import pytest

import drift_analysis as da

NAMESPACES = (
    "",
    ".charts",
    ".demo",
    ".errors",
    ".metrics",
    ".report",
    ".sample",
    ".schemas",
    ".sources",
)
TABLES = {name for name in da.schemas.__all__ if hasattr(getattr(da.schemas, name), "describe")}
RETURNS = {
    "load_contacts": "Contacts",
    "load_conversations": "Conversations",
    "load_meetings": "Meetings",
    "load_messages": "Messages",
    "load_playbooks": "Playbooks",
    "load_report_metrics": "ReportMetrics",
    "load_status_events": "StatusEvents",
    "load_users": "Users",
    "ageing": "Ageing",
    "audit": "Audit",
    "cohort_trend": "CohortTrend",
    "cumulative_incidence": "CumulativeIncidence",
    "definitions": "Definitions",
    "first_response": "FirstResponse",
    "log_rank": "LogRank",
    "flow": "Flow",
    "bot_containment": "BotContainment",
    "containment_rates": "ContainmentRates",
    "journeys": "Journeys",
    "load_by_hour": "LoadByHour",
    "merge_tags": "Conversations",
    "metric_coverage": "MetricCoverage",
    "multi_touch_attribution": "AttributionCredits",
    "playbook_attribution": "PlaybookAttribution",
    "playbook_lift": "PlaybookLift",
    "playbook_names": "PlaybookNames",
    "status_intervals": "StatusIntervals",
    "reconcile": "Reconciliation",
    "reconcile_report": "ReportReconciliation",
    "reconcile_summary": "ReconciliationSummary",
    "reopens": "Reopens",
    "response_turns": "ResponseTurns",
    "restricted_mean": "RestrictedMean",
    "sla_attainment": "SlaAttainment",
    "survival_curve": "SurvivalCurve",
    "tag_cooccurrence": "TagCooccurrence",
    "tag_distinctive": "TagDistinctive",
    "tag_frequency": "TagFrequency",
    "tag_sets": "TagSets",
    "tag_survival": "TagSurvival",
    "tag_variants": "TagVariants",
    "time_in_status": "TimeInStatus",
    "time_to_close": "TimeToClose",
    "transitions": "Transitions",
    "variants": "Variants",
    "workload": "Workload",
}
HEAVY = (
    "altair",
    "httpx",
    "starlette",
    "uvicorn",
    "ipywidgets",
    "anywidget",
    "jinja2",
    "vl_convert",
    "IPython",
)


def namespace(suffix: str) -> Any:
    return importlib.import_module(f"drift_analysis{suffix}")


def public(suffix: str) -> list[Any]:
    offered = [getattr(namespace(suffix), name) for name in namespace(suffix).__all__]
    return [each for each in offered if inspect.isclass(each) or inspect.isroutine(each)]


def as_ruff_sorts(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("suffix", NAMESPACES)
def test_everything_public_is_listed_in_order_and_can_be_had(suffix: str) -> None:
    listed = namespace(suffix).__all__

    assert listed == sorted(set(listed), key=as_ruff_sorts)
    assert [name for name in listed if not hasattr(namespace(suffix), name)] == []
    assert [name for name in listed if name not in dir(namespace(suffix))] == []


@pytest.mark.parametrize("suffix", NAMESPACES)
def test_everything_public_is_documented(suffix: str) -> None:
    bare = []
    for each in public(suffix):
        members = vars(each).items() if inspect.isclass(each) else ()
        bare += [each.__qualname__] * (not each.__doc__)
        bare += [
            f"{each.__qualname__}.{name}"
            for name, member in members
            if not name.startswith("_")
            and (inspect.isroutine(member) or isinstance(member, property))
            and not inspect.getdoc(getattr(each, name))
        ]

    assert bare == []


@pytest.mark.parametrize(("name", "table"), RETURNS.items(), ids=RETURNS)
def test_docstrings_name_the_table_that_they_return_or_each_of_its_columns(
    name: str, table: str
) -> None:
    docstring = inspect.getdoc(getattr(da, name)) or ""
    returns = docstring.partition("Returns\n-------")[2].partition("\n\nRaises")[0]
    columns = getattr(da.schemas, table).column_names()

    assert f"`{table}`" in returns or all(f"``{column}``" in returns for column in columns)


def test_every_verb_at_the_top_that_gives_a_frame_is_looked_at_here() -> None:
    verbs = [getattr(da, name) for name in da.__all__ if inspect.isfunction(getattr(da, name))]
    frames = {each.__name__ for each in verbs if each.__annotations__.get("return") == "Frame"}

    assert frames <= set(RETURNS)


@pytest.mark.parametrize("module", ["drift_analysis", "drift_analysis.cli"])
def test_importing_it_leaves_what_draws_and_what_calls_out_alone(module: str) -> None:
    code = f"import sys, {module}; print(*(m for m in {HEAVY} if m in sys.modules))"

    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert loaded.stdout.split() == []


def test_pictures_and_views_are_had_from_the_top_when_asked_for() -> None:
    assert da.report.Review.__name__ == "Review"
    assert da.charts.time_in_status.__name__ == "time_in_status"
    assert da.widgets.Explorer.__name__ == "Explorer"
