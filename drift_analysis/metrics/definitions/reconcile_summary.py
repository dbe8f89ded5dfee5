"""What each tool would show for the same conversations, and by which rules it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Reconciliation, ReconciliationSummary
from drift_analysis.schemas.base import as_given

from ..averages import mean_length, median_length
from ..statistics.incidence import cumulative_incidence

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["flags_of", "reconcile_summary"]

_KEY = ["profile", "metric"]


def reconcile_summary(reconciliation: Frame) -> Frame:
    """Sum up a reconciliation: one row per profile.

    Parameters
    ----------
    reconciliation
        A `Reconciliation` table, as `reconcile` returns it; of several metrics, too.

    Returns
    -------
    :
        A `ReconciliationSummary` table, in the order in which the profiles first stand in what
        was given: ``profile``, ``metric``, ``n``, ``n_counted``, ``n_left_out``,
        ``n_unfinished``, ``mean``, ``median``, ``average``, ``shown``, ``reopens``,
        ``mean_reopens``, ``n_differing``, ``rules``.

    Raises
    ------
    SchemaError
        If it is not that table.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.definitions.reconcile_summary import reconcile_summary
    >>> from drift_analysis.schemas import Reconciliation
    >>> rows = [
    ...     {"conversation_id": n, "profile": "zendesk", "metric": "first_response",
    ...      "duration": timedelta(minutes=minutes), "counted": True, "outcome": "ended",
    ...      "differs": n > 1, "rule": rule, "average": "median"}
    ...     for n, minutes, rule in [(1, 4, None), (2, 6, "clock"), (3, 20, "clock")]
    ... ]
    >>> found = reconcile_summary(pl.DataFrame(rows, schema=Reconciliation.schema()))
    >>> found.select("n_counted", "mean", "shown", "n_differing")
    shape: (1, 4)
    ┌───────────┬──────────────┬──────────────┬─────────────┐
    │ n_counted ┆ mean         ┆ shown        ┆ n_differing │
    │ ---       ┆ ---          ┆ ---          ┆ ---         │
    │ u32       ┆ duration[ms] ┆ duration[ms] ┆ u32         │
    ╞═══════════╪══════════════╪══════════════╪═════════════╡
    │ 3         ┆ 10m          ┆ 6m           ┆ 2           │
    └───────────┴──────────────┴──────────────┴─────────────┘
    >>> found["rules"].to_list()
    [[{'rule': 'clock', 'n': 2}]]
    """
    rows = Reconciliation.require(reconciliation).lazy()
    ended = pl.col("outcome") == "ended"
    lengths = pl.col("duration").filter(ended)
    shown = {"mean": pl.col("mean"), "median": pl.col("median"), "survival_median": pl.col("half")}
    counts = rows.group_by(_KEY, maintain_order=True).agg(
        pl.len().alias("n"),
        *(flag.sum().alias(name) for name, flag in flags_of().items()),
        mean_length(lengths).alias("mean"),
        median_length(lengths).alias("median"),
        pl.col("average").first(),
        pl.when(pl.col("metric").first() == "reopens")
        .then(pl.col("reopens").sum())
        .alias("reopens"),
        pl.col("reopens").mean().alias("mean_reopens"),
    )
    result = (
        counts.join(_rules(rows), on=_KEY, how="left", maintain_order="left")
        .join(_halves(rows), on=_KEY, how="left", maintain_order="left")
        .with_columns(
            shown=pl.coalesce(
                pl.when(pl.col("average") == name).then(value) for name, value in shown.items()
            ),
            rules=pl.col("rules").fill_null([]),
        )
    )
    return as_given(ReconciliationSummary.conform(result), reconciliation)


def flags_of() -> dict[str, pl.Expr]:
    """Tell of a conversation and profile what it counts among."""
    return {
        "n_counted": pl.col("counted"),
        "n_left_out": ~pl.col("counted"),
        "n_unfinished": pl.col("outcome") != "ended",
        "n_differing": pl.col("differs"),
    }


def _rules(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Count by which rule how many differ first."""
    return (
        rows.filter(pl.col("rule").is_not_null())
        .group_by(*_KEY, "rule")
        .agg(pl.len().cast(pl.UInt32).alias("n"))
        .sort(*_KEY, "rule")
        .group_by(_KEY)
        .agg(pl.struct("rule", "n").sort_by("rule").alias("rules"))
    )


def _halves(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Find the time after which half of all that are counted have ended as asked."""
    timed = rows.filter(
        pl.col("average") == "survival_median", pl.col("duration").is_not_null()
    ).select(*_KEY, "duration", "outcome")
    curves = cumulative_incidence(
        timed, duration="duration", outcome="outcome", by=_KEY, censored_as="running"
    )
    return (
        curves.filter(pl.col("outcome") == "ended", pl.col("incidence") >= 0.5)
        .group_by(_KEY)
        .agg(pl.col("t").min().alias("half"))
    )
