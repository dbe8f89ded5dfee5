"""Who is behind what is said of other tools' definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.metrics.definitions.reconcile import reconcile
from drift_analysis.metrics.definitions.reconcile_report import reconcile_report
from drift_analysis.metrics.definitions.reconcile_summary import flags_of, reconcile_summary

from .explanation import LATER, Explanation
from .stage import ID, Part, Stage, fates_of, once, row_by_row

if TYPE_CHECKING:
    import polars as pl

__all__ = ["EXPLANATIONS"]


def _reconciled(table: pl.LazyFrame, *, conversations: pl.LazyFrame) -> Stage:
    later = conversations.join(table, on=ID, how="anti")
    return row_by_row(table, (ID, "profile"), fates_of(conversations, {"created_later": later}))


def _summed(*, reconciliation: pl.LazyFrame) -> Stage:
    keys = ("profile", "metric")
    flags = flags_of()
    rows = reconciliation.select(
        *keys, ID, *once("n"), *(flag.alias(name) for name, flag in flags.items()), "reopens"
    )
    return Stage(keys, (Part(rows, keys, ("n", *flags, "reopens")),), fates_of(rows, {}))


def _reported(table: pl.LazyFrame) -> Stage:
    return row_by_row(table, (ID,), fates_of(table, {}))


_WHOSE = "Each definition is one of `da.definitions()`, which names its source."

EXPLANATIONS = {
    reconcile: Explanation(
        "The same conversations by the definitions of several tools, and the first rule by which "
        f"each differs. {_WHOSE}",
        _reconciled,
        LATER,
    ),
    reconcile_summary: Explanation(
        "What each tool counts and shows of the same conversations, and by which rules they "
        f"differ. {_WHOSE}",
        _summed,
    ),
    reconcile_report: Explanation(
        f"Drift's report beside what its definition gives for the same conversations. {_WHOSE}",
        _reported,
    ),
}
