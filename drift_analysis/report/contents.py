"""Say what an export holds, how complete it is, and what could not be read."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics import playbook_match_rates
from drift_analysis.schemas import Conversations, Issues, Messages, Rejects, StatusEvents

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas import Dataset

__all__ = ["completeness", "issues_by_code", "log_window", "period", "rejects_by_reason", "sizes"]

_PLACES = 3


def sizes(dataset: Dataset[pl.DataFrame]) -> pl.DataFrame:
    """Count the rows of each table.

    Returns
    -------
    :
        ``table`` (String) and ``rows`` (UInt32), in the order of the data set; rejects and
        issues are told by `rejects_by_reason` and `issues_by_code`.
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


def issues_by_code(issues: pl.DataFrame) -> pl.DataFrame:
    """Count what is suspicious, or was repaired, by severity and code.

    Returns
    -------
    :
        ``severity``, ``code``, ``table`` (String), ``n`` (UInt32, rows or records) and
        ``detail`` (String, the first one's); errors first.
    """
    i = Issues
    return (
        i.require(issues)
        .group_by(i.severity.col, i.code.col, i.table.col, maintain_order=True)
        .agg(i.n.col.sum(), i.detail.col.first())
        .sort(i.severity.name, "n", i.code.name, descending=[True, True, False])
        .with_columns(i.severity.col.cast(pl.String))
    )


def completeness(dataset: Dataset[pl.DataFrame]) -> pl.DataFrame:
    """Say how much of what the metrics need is there.

    Returns
    -------
    :
        ``what`` (String), ``n`` and ``of`` (UInt32), ``share`` (Float64, 0 to 1; null: of
        nothing) and ``otherwise`` (String): what follows for the rest.
    """
    c, m, s = Conversations, Messages, StatusEvents
    conversations = dataset.conversations
    ids = c.conversation_id.name
    started = conversations.filter(c.playbook_id.col.is_not_null())
    unlisted = playbook_match_rates(conversations, dataset.playbooks).filter(matched_by="neither")
    webhooks = dataset.status_events.filter(s.source.col == "webhook")
    entries = [
        (
            "Conversations with a detail reply",
            conversations.filter(c.is_detail.col).height,
            conversations.height,
            "Only in a list: playbook, tags and participants are unknown.",
        ),
        (
            "Conversations with messages",
            conversations.join(dataset.messages, on=ids, how="semi").height,
            conversations.height,
            "Without: waits and engagement are unknown, and stays have wider bounds.",
        ),
        (
            "Conversations in the webhook log",
            conversations.join(webhooks, on=ids, how="semi").height,
            conversations.height,
            "Not in it: nothing changed while the log ran, if the log is complete.",
        ),
        (
            "Playbook conversations whose playbook is listed",
            started.height - unlisted["conversations"].item(),
            started.height,
            "Not listed (Drift lists only enabled ones): shown by id, without a name.",
        ),
        (
            "Messages whose conversation is there",
            dataset.messages.join(conversations, on=ids, how="semi").height,
            dataset.messages.height,
            "The others are in no metric.",
        ),
        (
            "Messages by an author of known kind",
            dataset.messages.filter(m.author_kind.col != "unknown").height,
            dataset.messages.height,
            "The record does not say whether it was a bot: counted as an answer of neither kind.",
        ),
    ]
    schema = {"what": pl.String, "n": pl.UInt32, "of": pl.UInt32, "otherwise": pl.String}
    share = pl.when(pl.col("of") > 0).then(pl.col("n") / pl.col("of")).alias("share")
    return pl.DataFrame(entries, schema=schema, orient="row").select(
        "what", "n", "of", share, "otherwise"
    )
