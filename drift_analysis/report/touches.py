"""Which ways lead to a meeting, and which playbooks stand on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import plural
from drift_analysis.schemas import AttributionCredits, Conversations, Journeys, Meetings

from .measures import unless_empty
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["credits_", "section", "tells"]

_LOOKBACK = timedelta(days=30)
_SHOWN = 25
_MODELS = ("first", "linear", "last", "markov")
_DRAWS = 100
_ENDED = (
    "A journey is what one contact met, up to a booked meeting or until none came within 30 days; "
    "it counts here if the last conversation of it began in the period. Conversations without a "
    "contact are in no journey."
)


def tells(m: Measures) -> bool:
    """Whether a contact met something before a meeting."""
    journeys = _journeys(m)
    return not journeys.filter(Journeys.converted.col).is_empty()


def section(m: Measures) -> Section:
    """Which ways contacts took, and how many of them led to a meeting."""
    j, journeys = Journeys, _journeys(m)
    ways = (
        journeys.filter(j.is_mature.col)
        .group_by(j.touches.col.list.join(" → ").alias("Way"))
        .agg(
            j.n.col.sum().alias("Journeys"),
            j.n.col.filter(j.converted.col).sum().alias("With a meeting"),
        )
        .sort("With a meeting", "Journeys", "Way", descending=[True, True, False])
    )
    return Section(
        name="journeys",
        question="Which ways lead to a meeting?",
        sentences=_findings(journeys),
        chart=charts.journeys(journeys, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=ways.head(_SHOWN),
        data=ways,
        definition=f"{_ENDED} Whether one led to a meeting is known at once, that none came only "
        "after 30 days: the youngest journeys that are known are those with one.",
    )


def credits_(m: Measures) -> Section:
    """How much of the meetings each playbook is credited with, by several models."""
    a, journeys = AttributionCredits, _journeys(m)
    found = metrics.multi_touch_attribution(journeys, model=_MODELS, n_boot=_DRAWS)
    return Section(
        name="playbook-credit",
        question="Which playbook gets the credit for meetings?",
        sentences=(
            _most(found),
            "Models differ in whom they credit: the first touch, the last, all alike, or by what "
            "would be missing without it. Where they agree, the finding is robust.",
        ),
        chart=charts.multi_touch_attribution(found, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=found.filter(a.credit.col > 0).select(
            a.touch.col.alias("Touch"),
            a.model.col.cast(pl.String).alias("Model"),
            a.credit.col.round(1).cast(pl.String).alias("Meetings credited"),
            a.share.col.alias("Share"),
            a.lo.col.alias("95 % from"),
            a.hi.col.alias("95 % to"),
        ),
        data=found,
        definition=f"{_ENDED} The credits of a model add up to the meetings. The interval is that "
        f"of {_DRAWS} draws of contacts (Bayesian bootstrap). Credit is not cause.",
    )


def _journeys(m: Measures) -> pl.DataFrame:
    j = Journeys
    known = m.dataset.conversations.filter(Conversations.created_at.col < m.until)
    meetings = unless_empty(m.dataset.meetings)
    found = metrics.journeys(
        known,
        converted=Meetings.empty() if meetings is None else meetings,
        lookback=_LOOKBACK,
        as_of=m.as_of,
        playbooks=unless_empty(m.dataset.playbooks),
    )
    return found.filter(j.touched_at.col.list.last() >= m.since)


def _findings(journeys: pl.DataFrame) -> tuple[str, ...]:
    j = Journeys
    mature = journeys.filter(j.is_mature.col)
    n, met = (int(each[j.n.name].sum()) for each in (mature, mature.filter(j.converted.col)))
    young = int(journeys[j.n.name].sum()) - n
    several = int(mature.filter(j.converted.col & (j.touches.col.list.len() > 1))[j.n.name].sum())
    if not met:
        return ("No journey is known to have led to a meeting.",)
    return (
        f"{plural(met, 'journey')} of {n:,} led to a meeting; {several or 'none'} of them after "
        "more than one conversation.",
        *([f"Of {young:,} more it is too early to say."] if young else []),
    )


def _most(credits: pl.DataFrame) -> str:
    a = AttributionCredits
    first = credits.filter((a.model.col == "linear") & a.share.col.is_not_null())
    if first.is_empty():
        return "There is no meeting to give credit for."
    top = first.sort(a.credit.name, a.touch.name, descending=[True, False]).row(0, named=True)
    credited = f"{top['credit']:,.1f}".removesuffix(".0")
    return (
        f"If all that a contact met counts alike, “{top['touch']}” has {credited} of "
        f"{first[a.credit.name].sum():,.0f} meetings."
    )
