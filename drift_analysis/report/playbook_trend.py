"""Whether playbooks do better than they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_date, human_share
from drift_analysis.metrics.time.periods import PERIOD, period_of
from drift_analysis.schemas import Conversations, Messages, PlaybookAttribution

from .measures import unless_empty
from .parts import Section
from .playbooks import named

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST, _ENOUGH = 3, 5


def tells(m: Measures) -> bool:
    """Whether there are enough periods, and playbooks in them."""
    started = m.attribution.filter(PlaybookAttribution.attribution.col == "playbook")
    return m.trend["period"].n_unique() >= _FEWEST and not started.is_empty()


def section(m: Measures) -> Section:
    """How many of a playbook's conversations were engaged with, by when they began."""
    p, by_period = PlaybookAttribution, _by_period(m)
    started = by_period.filter(p.attribution.col == "playbook")
    return Section(
        name="playbook-trend",
        question="Do playbooks do better than before?",
        sentences=_findings(started),
        chart=charts.playbook_trend(by_period, as_of=m.as_of, tz=m.tz),
        numbers=started.select(
            pl.Series("From", [human_date(each) for each in started[PERIOD]], pl.String),
            named(started),
            p.conversations.col.alias("Conversations"),
            p.engaged.col.alias("Engaged"),
            p.engagement_rate.col.alias("Rate"),
            p.engagement_lo.col.alias("95 % from"),
            p.engagement_hi.col.alias("95 % to"),
        ),
        data=by_period,
        definition="Conversations by the day, week or month in which they began. Engaged: the "
        "contact wrote a visible message. The interval is Wilson's, at 95 %. The youngest have had "
        "the least time to be engaged with.",
    )


def _by_period(m: Measures) -> pl.DataFrame:
    """Attribute the conversations of each period by themselves."""
    key = Conversations.conversation_id.name
    begun = m.conversations.with_columns(period_of(Conversations.created_at.col, m.every, m.tz))
    said = None if m.messages is None else m.messages.join(begun.select(key, PERIOD), on=key)
    talks = begun.partition_by(PERIOD, as_dict=True)
    told = {} if said is None else said.partition_by(PERIOD, as_dict=True)
    loaded = m.dataset
    found = [
        metrics.playbook_attribution(
            these.drop(PERIOD),
            messages=None if said is None else _messages(told.get((day,))),
            playbooks=unless_empty(loaded.playbooks),
            meetings=unless_empty(loaded.meetings),
            goals=unless_empty(loaded.goals),
            as_of=m.as_of,
        ).with_columns(pl.lit(day, pl.Date).alias(PERIOD))
        for (day,), these in sorted(talks.items())
    ]
    return pl.concat(found)


def _messages(found: pl.DataFrame | None) -> pl.DataFrame:
    return Messages.empty() if found is None else found.drop(PERIOD)


def _findings(started: pl.DataFrame) -> tuple[str, ...]:
    p = PlaybookAttribution
    sums = (
        started.group_by(PERIOD)
        .agg(p.engaged.col.sum(), p.conversations.col.sum())
        .sort(PERIOD)
        .with_columns(rate=p.engaged.col / p.conversations.col)
        .filter(p.conversations.col >= _ENOUGH)
    )
    if sums.is_empty():
        return (f"In no period did playbooks start {_ENOUGH} conversations or more.",)
    first, last = sums.row(0, named=True), sums.row(-1, named=True)
    return (
        f"Of the conversations that playbooks started from {human_date(first[PERIOD])} on, "
        f"{human_share(first['rate'])} were engaged with; of the last ones, from "
        f"{human_date(last[PERIOD])} on, {human_share(last['rate'])}.",
        "Few conversations make wide intervals: a step between two points is mostly chance.",
    )
