"""What an explorer says in words: what is shown, what is left out, which filter to loosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.charts.format import human_moment, human_period, plural
from drift_analysis.charts.frame import Words

from .filters import Filters, left_out, local_day, narrow, without_each

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from .periods import Span

__all__ = ["advice", "picture_words", "summary"]

_FILTERS = {
    "start": "the first day",
    "end": "the last day",
    "status": "the status",
    "inbox": "the inbox",
    "playbook": "the playbook",
    "tag": "the tag",
    "picked": "what is picked in the chart",
}
_UNKNOWN = {"playbook": "their playbook is", "tag": "their tags are"}


def summary(conversations: pl.DataFrame, filters: Filters, *, tz: str) -> str:
    """Say how many are shown, of how many, and how many are left out as unknown.

    Examples
    --------
    >>> from drift_analysis.schemas import Conversations
    >>> from drift_analysis.widgets.filters import Filters
    >>> from drift_analysis.widgets.wording import summary
    >>> summary(Conversations.empty(), Filters(status="open"), tz="UTC")
    '0 shown of 0 conversations'
    """
    shown = narrow(conversations, filters, tz=tz).height
    parts = [f"{shown:,} shown of {conversations.height:,} conversations"]
    parts += [
        f"{n:,} left out, since {_UNKNOWN[name]} not known"
        for name, n in left_out(conversations, filters, tz=tz).items()
        if n
    ]
    parts += _picked(filters)
    return " · ".join(parts)


def advice(conversations: pl.DataFrame, filters: Filters, *, tz: str) -> str:
    """Say which filter to loosen when nothing is shown; nothing when something is."""
    if conversations.is_empty():
        return "This data set holds no conversations."
    if narrow(conversations, filters, tz=tz).height:
        return ""
    if filters.start and filters.end and filters.start > filters.end:
        return "From is after To, so no day fits."
    found = without_each(conversations, filters, tz=tz)
    best = max(found, key=lambda name: found[name])
    if found[best] == 0:
        return "No conversation fits all filters. Reset them to see everything."
    there = f"Without {_FILTERS[best]} there would be {found[best]:,}."
    return f"No conversation fits all filters. {there}"


def picture_words(
    conversations: pl.DataFrame,
    filters: Filters,
    span: Span | None,
    labels: list[str],
    *,
    tz: str,
    as_of: datetime | None,
) -> Words:
    """Say what stands around the picture of what is shown."""
    shown = narrow(conversations, filters, tz=tz)
    started = plural(shown.height, "conversation") + " started"
    first, last = shown.select(first=local_day(tz).min(), last=local_day(tz).max()).row(0)
    title = started if first is None else f"{started}, {human_period(first, last)}"
    period = "day" if span is None else span.period
    on = f"Shown: {'; '.join(labels)}." if labels else "No filter is on."
    caption = (
        f"{summary(conversations, filters, tz=tz)}.",
        on,
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
