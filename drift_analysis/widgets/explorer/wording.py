"""What an explorer says in words: what is shown, what is left out, which filter to loosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.format import human_moment, human_period, plural
from drift_analysis.charts.kit.frame import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ..asked.filters import Filters
    from ..asked.selection import Selection
    from .periods import Span

__all__ = ["advice", "picture_words", "summary"]

_FILTERS = {
    "start": "the first day",
    "end": "the last day",
    "status": "the status",
    "inbox": "the inbox",
    "playbook": "the playbook",
    "tag": "the tag",
    "participant": "the participant",
    "author": "the author",
    "shortest": "the least duration",
    "longest": "the greatest duration",
    "unanswered": "whether it was answered",
    "text": "the text in messages",
    "find": "what is to be found in the table",
    "picked": "what is picked in the chart",
}
_UNKNOWN = {
    "playbook": "their playbook is",
    "tag": "their tags are",
    "participant": "their participants are",
    "duration": "their duration is",
}


def summary(selection: Selection) -> str:
    """Say how many are shown, of how many, and how many are left out as unknown.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import Filters
    >>> from drift_analysis.widgets.asked.facts import facts_of
    >>> from drift_analysis.widgets.asked.selection import Selection
    >>> from drift_analysis.widgets.explorer.wording import summary
    >>> facts = facts_of(load("data/sample"), tz="UTC")
    >>> summary(Selection(facts, Filters(inbox=-1)))
    '0 shown of 400 conversations'
    """
    parts = [f"{selection.height:,} shown of {selection.total:,} conversations"]
    parts += [
        f"{n:,} left out, since {_UNKNOWN[name]} not known"
        for name, n in selection.left_out().items()
        if n
    ]
    parts += _picked(selection.filters)
    return " · ".join(parts)


def advice(selection: Selection) -> str:
    """Say which filter to loosen when nothing is shown; nothing when something is."""
    filters = selection.filters
    if selection.total == 0:
        return "This data set holds no conversations."
    if selection.height:
        return ""
    if filters.start and filters.end and filters.start > filters.end:
        return "From is after To, so no day fits."
    found = selection.without_each()
    best = max(found, key=lambda name: found[name])
    if found[best] == 0:
        return "No conversation fits all filters. Reset them to see everything."
    there = f"Without {_FILTERS[best]} there would be {found[best]:,}."
    return f"No conversation fits all filters. {there}"


def picture_words(
    started: pl.DataFrame,
    span: Span | None,
    *,
    notes: Sequence[str],
    tz: str,
    as_of: datetime | None,
) -> Words:
    """Say what stands around the picture of what is shown."""
    first, last = started.select(first=pl.col("day").min(), last=pl.col("day").max()).row(0)
    count = plural(started.height, "conversation") + " started"
    title = count if first is None else f"{count}, {human_period(first, last)}"
    period = "day" if span is None else span.period
    caption = (
        *notes,
        f"Days are those of {tz}.",
        "Status as last seen" + (f", {human_moment(as_of, tz)}." if as_of else "."),
    )
    return Words(
        title=title,
        subtitle=f"Conversations started per {period}, by status",
        caption=caption,
        description=f"Stacked bars of conversations started per {period}, by status. {title}.",
    )


def _picked(filters: Filters) -> list[str]:
    if not filters.picked:
        return []
    first = min(pick.first for pick in filters.picked)
    last = max(pick.last for pick in filters.picked)
    statuses = {pick.status for pick in filters.picked if pick.status is not None}
    names = ", ".join(sorted(status.replace("_", " ") for status in statuses))
    return [f"picked: {human_period(first, last)}" + (f", {names}" if names else "")]
