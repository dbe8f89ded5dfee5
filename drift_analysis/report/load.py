"""When contacts write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.schemas import LoadByHour

from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["DAYS", "section", "tells"]

_FEWEST = 50
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def tells(m: Measures) -> bool:
    """Whether contacts wrote often enough to see when."""
    return m.messages is not None and m.messages.height >= _FEWEST


def section(m: Measures) -> Section:
    """How many contacts begin to write in each hour of the week."""
    u, load = LoadByHour, _load(m)
    names = pl.Series("Day", [DAYS[each] for each in load[u.weekday.name]], pl.String)
    hours = pl.Series("Hour", [f"{each:02d}:00" for each in load[u.hour.name]], pl.String)
    return Section(
        name="load",
        question="When do contacts write?",
        sentences=_findings(load),
        chart=charts.load_by_hour(load, since=m.since, as_of=m.until, tz=m.tz),
        numbers=load.select(
            names,
            hours,
            u.conversations.col.alias("Conversations"),
            u.conversations_per_hour.col.round(2).cast(pl.String).alias("Per hour"),
            u.messages.col.alias("Messages"),
        ).filter(pl.col("Messages") > 0),
        data=load,
        definition="Conversations in which the contact first wrote in that hour of the week, by "
        "how many such hours the period held; on the local clock.",
    )


def _load(m: Measures) -> pl.DataFrame:
    messages = m.dataset.messages.head(0) if m.messages is None else m.messages
    return metrics.load_by_hour(
        messages, tz=m.tz, since=m.since, as_of=m.until, conversations=m.conversations
    )


def _findings(load: pl.DataFrame) -> tuple[str, str]:
    u = LoadByHour
    total = int(load[u.conversations.name].sum())
    if not total:
        return "No contact wrote.", "Without messages there is no hour to tell."
    by_day = load.group_by(u.weekday.name).agg(u.conversations.col.sum())
    day, most = by_day.sort(u.conversations.name, u.weekday.name, descending=[True, False]).row(0)
    in_hours = load.filter((u.weekday.col < 5) & u.hour.col.is_between(9, 16))
    share = int(in_hours[u.conversations.name].sum()) / total
    return (
        f"{DAYS[day]} has the most: {most:,} of {total:,} conversations.",
        f"{share:.0%} begin on a weekday between 9:00 and 17:00.".replace("%", " %"),
    )
