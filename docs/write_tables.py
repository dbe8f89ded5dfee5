"""Write docs/tables.md, the data dictionary, from the tables themselves."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis import schemas

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).with_name("tables.md")

LOADED = (
    schemas.Conversations,
    schemas.Messages,
    schemas.StatusEvents,
    schemas.Playbooks,
    schemas.Users,
    schemas.Contacts,
    schemas.Meetings,
    schemas.Goals,
    schemas.ParticipantEvents,
    schemas.ReportMetrics,
    schemas.Rejects,
    schemas.Issues,
)
COMPUTED = (
    schemas.StatusIntervals,
    schemas.TimeInStatus,
    schemas.TimeInStatusGroups,
    schemas.TimeToClose,
    schemas.Reopens,
    schemas.Transitions,
    schemas.Variants,
    schemas.Flow,
    schemas.Ageing,
    schemas.FirstResponse,
    schemas.ResponseTurns,
    schemas.SlaAttainment,
    schemas.BotContainment,
    schemas.ContainmentRates,
    schemas.LoadByHour,
    schemas.Workload,
    schemas.PlaybookAttribution,
    schemas.PlaybookMatchRates,
    schemas.PlaybookNames,
    schemas.PlaybookLift,
    schemas.PlaybookComparison,
    schemas.PlaybookTags,
    schemas.Journeys,
    schemas.AttributionCredits,
    schemas.TagFrequency,
    schemas.TagCooccurrence,
    schemas.TagSets,
    schemas.TagDistinctive,
    schemas.TagSurvival,
    schemas.TagVariants,
    schemas.SurvivalCurve,
    schemas.CumulativeIncidence,
    schemas.LogRank,
    schemas.RestrictedMean,
    schemas.CohortTrend,
    schemas.Behind,
    schemas.LeftOut,
    schemas.Definitions,
    schemas.Reconciliation,
    schemas.ReconciliationSummary,
    schemas.ReportReconciliation,
    schemas.Audit,
    schemas.MetricCoverage,
)
INTRODUCTION = """\
# The tables

Made from the tables in `drift_analysis/schemas/` by `make docs`; do not edit it by hand.
In a notebook, `da.schemas.Conversations.describe()` gives the same as a frame.

- Moments are UTC, to the millisecond; lengths of time are durations, to the millisecond.
- Rates go from 0 to 1. Ids are 64-bit integers; turn them into text before they reach a browser.
- An empty "null means" says that the column is never null."""


def dictionary() -> str:
    """Return the page."""
    parts = [
        INTRODUCTION,
        "## What the loaders give",
        *(_chapter(table) for table in LOADED),
        "## What the metrics give",
        *(_chapter(table) for table in COMPUTED),
    ]
    return "\n\n".join(parts) + "\n"


def _chapter(table: type[schemas.Table]) -> str:
    heading = _row(("column", "dtype", "unit", "meaning", "null means"))
    rule = _row(["---"] * 5)
    entries = table.describe().iter_rows(named=True)
    return "\n\n".join(
        [
            f"### {table.__name__}",
            inspect.getdoc(table) or "",
            "\n".join([heading, rule, *(_entry(**entry) for entry in entries)]),
        ]
    )


def _entry(
    *, column: str, dtype: str, unit: str | None, key: bool, meaning: str, null_means: str | None
) -> str:
    name = f"**`{column}`** (key)" if key else f"`{column}`"
    return _row((name, f"`{dtype}`", unit or "", meaning, null_means or ""))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
