"""Say what an export holds, what it is good for, and what could not be read."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics import audit, metric_coverage
from drift_analysis.schemas import Audit, Conversations, MetricCoverage, Rejects, StatusEvents

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas import Dataset

__all__ = ["coverage", "findings", "first_of", "log_window", "period", "rejects_by_reason", "sizes"]

_PLACES = 3


def sizes(dataset: Dataset[pl.DataFrame]) -> pl.DataFrame:
    """Count the rows of each table.

    Returns
    -------
    :
        ``table`` (String) and ``rows`` (UInt32), in the order of the data set; rejects and
        issues are told by `rejects_by_reason` and `findings`.
    """
    names = [f.name for f in fields(dataset) if f.name not in ("rejects", "issues", "as_of")]
    counts = [getattr(dataset, name).height for name in names]
    return pl.DataFrame(
        {"table": names, "rows": counts}, schema={"table": pl.String, "rows": pl.UInt32}
    )


def period(conversations: pl.DataFrame) -> tuple[datetime, datetime]:
    """Return when the first and the last of some conversations were created."""
    created = Conversations.created_at.col
    return conversations.select(created.min().alias("first"), created.max().alias("last")).row(0)


def first_of(conversations: pl.DataFrame) -> datetime | None:
    """Return when the first of some conversations was created; None without any."""
    return None if conversations.is_empty() else period(conversations)[0]


def log_window(status_events: pl.DataFrame) -> tuple[datetime, datetime] | None:
    """Return when the first and the last webhook told of a status; None without any."""
    s = StatusEvents
    told = status_events.filter(s.source.col == "webhook")
    if told.is_empty():
        return None
    return told.select(
        s.changed_at.col.min().alias("first"), s.changed_at.col.max().alias("last")
    ).row(0)


def rejects_by_reason(rejects: pl.DataFrame) -> pl.DataFrame:
    """Count what could not be read, by source and reason, with the first places.

    Returns
    -------
    :
        ``source`` and ``reason`` (String), ``n`` (UInt32), ``places`` (String, the first three)
        and ``detail`` (String, the first one's), largest first.
    """
    r = Rejects
    place = pl.coalesce(
        pl.format("line {}", r.line.col),
        pl.format("record {}", r.index.col),
        pl.format("byte {}", r.byte_offset.col),
        pl.lit("whole source"),
    )
    return (
        r.require(rejects)
        .group_by(r.source.col, r.reason.col.cast(pl.String), maintain_order=True)
        .agg(
            pl.len().cast(pl.UInt32).alias("n"),
            place.head(_PLACES).str.join(", ").alias("places"),
            r.detail.col.first(),
        )
        .sort("n", "source", "reason", descending=[True, False, False])
    )


def findings(dataset: Dataset[pl.DataFrame]) -> pl.DataFrame:
    """Return what an audit found; what was rejected is told in more detail by `rejects_by_reason`.

    Returns
    -------
    :
        ``severity``, ``code``, ``table`` (String), ``n`` and ``of`` (UInt32; null: not counted
        against anything), ``share`` (Float64), ``detail`` and ``such_as`` (String, the ids of the
        first three conversations): the gravest first.
    """
    a = Audit
    ids = a.examples.col.list.head(_PLACES).cast(pl.List(pl.String)).list.join(", ")
    return (
        audit(dataset)
        .filter(a.table.col != "rejects")
        .select(
            a.severity.col.cast(pl.String),
            *(each.col for each in (a.code, a.table, a.n, a.of, a.share, a.detail)),
            ids.alias("such_as"),
        )
    )


def coverage(dataset: Dataset[pl.DataFrame]) -> pl.DataFrame:
    """Say for how many conversations each metric can be computed.

    Returns
    -------
    :
        ``metric`` (String, in words), ``n`` and ``of`` (UInt32), ``share`` (Float64, 0 to 1; null:
        of nothing), ``needs`` and ``caveat`` (String).
    """
    m = MetricCoverage
    words = m.metric.col.cast(pl.String).str.replace_all("_", " ")
    return metric_coverage(dataset).select(
        words, *(each.col for each in (m.n, m.of, m.share, m.needs, m.caveat))
    )
