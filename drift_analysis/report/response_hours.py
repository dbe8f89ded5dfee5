"""At which hours of the week contacts wait longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_duration, plural
from drift_analysis.schemas import FirstResponse, LoadByHour, Messages

from .cells import reached
from .load import DAYS
from .parts import Section
from .responses import time_until
from .sla import tells

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]


def section(m: Measures) -> Section:
    """How long contacts wait who write at each hour of the week."""
    u, f = LoadByHour, FirstResponse
    begun = f.started_at.col.dt.convert_time_zone(m.tz)
    at_work = (begun.dt.weekday() <= 5) & begun.dt.hour().is_between(9, 16)
    waits = m.waits.filter(f.outcome.col.is_not_null())
    hours = metrics.load_by_hour(
        Messages.empty() if m.messages is None else m.messages,
        tz=m.tz,
        as_of=m.as_of,
        conversations=m.conversations,
    ).filter(u.conversations.col > 0)
    return Section(
        name="response-hours",
        question="At which hours do contacts wait longest?",
        sentences=(
            f"On weekdays between 9:00 and 17:00 {_half(waits.filter(at_work))}; at other times "
            f"{_half(waits.filter(~at_work))}.",
            "An hour is the one in which the contact first wrote, on the local clock. Few write "
            "in most of them: look at blocks of hours, not at single ones.",
        ),
        chart=charts.first_response_hours(m.waits, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=hours.select(
            pl.Series("Day", [DAYS[each] for each in hours[u.weekday.name]], pl.String),
            pl.Series("Hour", [f"{each:02d}:00" for each in hours[u.hour.name]], pl.String),
            u.conversations.col.alias("Conversations"),
            pl.Series(
                "Half answered within",
                [reached(each) for each in hours[u.median_first_response.name]],
                pl.String,
            ),
        ),
        data=hours,
        definition="The time after which half of the contacts who first wrote in that hour of the "
        "week had an answer from a person; a conversation closed without an answer is a competing "
        "end, and one still waiting is censored (Aalen and Johansen).",
    )


def _half(waits: pl.DataFrame) -> str:
    """Say after which time half of some contacts were answered."""
    f = FirstResponse
    if waits.is_empty():
        return "nobody wrote"
    curves = metrics.cumulative_incidence(waits, duration=f.wait.name, outcome=f.outcome.name)
    median = time_until(curves, "incidence")
    who = f"of the {plural(waits.height, 'contact')} who wrote"
    if median is None:
        return f"fewer than half {who} had an answer"
    return f"half {who} had an answer within {human_duration(median)}"
