"""How far the conversations of each playbook get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis import charts
from drift_analysis.charts.kit.format import human_share
from drift_analysis.schemas import PlaybookAttribution

from .parts import Section
from .playbooks import named

if TYPE_CHECKING:
    import polars as pl

    from .measures import Measures

__all__ = ["section", "tells"]


def tells(m: Measures) -> bool:
    """Whether a playbook started a conversation."""
    return not _started(m).is_empty()


def section(m: Measures) -> Section:
    """How many of the conversations that playbooks started get to each stage."""
    p, started = PlaybookAttribution, _started(m)
    return Section(
        name="playbook-funnel",
        question="How far do the conversations of a playbook get?",
        sentences=_findings(started),
        chart=charts.playbook_funnel(m.attribution, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=started.select(
            named(started),
            p.conversations.col.alias("Started"),
            p.engaged.col.alias("Engaged"),
            p.human_handled.col.alias("By a person"),
            p.emails_captured.col.alias("E-mails"),
            p.meetings.col.alias("Meetings"),
            p.goals.col.alias("Goals"),
        ),
        data=m.attribution,
        definition="Of the conversations that a playbook started: those in which the contact "
        "wrote, those of them in which a person wrote, those in which the contact gave an e-mail "
        "address, and those in which a meeting was booked. The last two need not follow from the "
        "one before. What was not loaded is not known, which is not none.",
    )


def _started(m: Measures) -> pl.DataFrame:
    return m.attribution.filter(PlaybookAttribution.attribution.col == "playbook")


def _findings(started: pl.DataFrame) -> tuple[str, ...]:
    p = PlaybookAttribution
    n = int(started[p.conversations.name].sum())
    if not n:
        return ("No conversation is known to have been started by a playbook.",)
    engaged = int(started[p.engaged.name].sum())
    handled = started[p.human_handled.name]
    person = (
        "of how many a person took part is not known"
        if handled.is_null().all()
        else f"in {int(handled.sum()):,} a person took part"
    )
    booked = started[p.meetings.name]
    meetings = int(booked.sum())
    met = (
        "No meetings were loaded, so who led to one is unknown."
        if booked.is_null().all()
        else f"{meetings:,} led to a meeting ({human_share(meetings / n)} of all)."
    )
    return (f"Of {n:,} that playbooks started, {engaged:,} were engaged with; {person}.", met)
