"""The statuses of one conversation, one after another, and what each of them rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.schemas import StatusEvents, StatusIntervals

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = ["log_start", "stretches"]

_EVIDENCE = {
    "webhook": "told by a webhook",
    "snapshot": "seen in an older record",
    "message": "follows from a message",
    "record": "seen in the record",
    "assumed": "assumed",
}


def stretches(intervals: pl.DataFrame, *, tz: str) -> list[dict[str, Any]]:
    """Return what the browser is told of the life of one conversation: texts only.

    Parameters
    ----------
    intervals
        Rows of a `StatusIntervals` table.
    tz
        The time zone in which moments are written.
    """
    i = StatusIntervals
    others = i.possible.col.cast(pl.List(pl.String)).list.set_difference(
        pl.concat_list(i.status.col.cast(pl.String))
    )
    entered = i.entered_at.col.dt.convert_time_zone(tz).dt.to_string("%-d %b %Y, %H:%M")
    rows = intervals.sort(i.visit.name, i.entered_at.name).select(
        status=i.status.col.cast(pl.String),
        since=entered,
        evidence=i.evidence.col.cast(pl.String).replace_strict(_EVIDENCE),
        possible=others.list.sort().list.join(", ").str.replace_all("_", " "),
        length=i.duration.col,
        runs=i.left_at.col == i.left_at.col.max(),
    )
    return [_said(**row) for row in rows.to_dicts()]


def log_start(events: pl.LazyFrame) -> datetime | None:
    """Return when the log of webhooks begins; the events of one conversation do not tell."""
    e = StatusEvents
    told = events.filter(e.source.col == "webhook").select(e.changed_at.col.min())
    begin: datetime | None = told.collect().item()
    return begin


def _said(*, length: timedelta, runs: bool, **texts: str) -> dict[str, Any]:
    lasted = human_duration(length)
    return {**texts, "lasted": f"{lasted} so far" if runs else lasted}
