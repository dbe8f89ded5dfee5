"""Whether more comes of a playbook's conversations than of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import plural
from drift_analysis.charts.kit.text import shortened
from drift_analysis.charts.kit.words import listing
from drift_analysis.schemas import PlaybookAttribution, PlaybookLift

from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST = 2
_CHANCE = 0.05


def tells(m: Measures) -> bool:
    """Whether meetings are known, some were booked, and playbooks can be compared."""
    p = PlaybookAttribution
    booked = m.attribution[p.meetings.name]
    started = m.attribution.filter(p.attribution.col == "playbook")
    return bool((booked.sum() or 0) > 0) and started.height >= _FEWEST


def section(m: Measures) -> Section:
    """How much more often a playbook's conversations lead to a meeting than the rest."""
    p, found = PlaybookLift, metrics.playbook_lift(m.attribution, outcome="meetings")
    name = pl.coalesce(p.playbook_name.col, pl.format("playbook {}", p.playbook_id.col))
    return Section(
        name="playbook-lift",
        question="After which playbook do more meetings follow?",
        sentences=(
            _finding(found.filter(p.q.col < _CHANCE).with_columns(name.alias("name"))),
            "An association, not a cause: visitors who meet one playbook differ from the others.",
        ),
        chart=charts.playbook_lift(found, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=found.select(
            name.alias("Playbook"),
            p.conversations.col.alias("Conversations"),
            p.happened.col.alias("Meetings"),
            p.happened_rate.col.alias("Rate"),
            p.other_rate.col.alias("Elsewhere"),
            (p.q.col < _CHANCE).alias("More than chance"),
        ),
        data=found,
        definition="The share of a playbook's conversations with a meeting, less that of all other "
        "conversations (Newcombe, 95 %). More than chance: q below 5 % among all playbooks "
        "(Fisher's exact test, Benjamini and Hochberg).",
    )


def _finding(sure: pl.DataFrame) -> str:
    if sure.is_empty():
        return "No playbook differs from the rest by more than chance."
    names = [shortened(each) for each in sure["name"]][:3]
    verb = "differs" if sure.height == 1 else "differ"
    return f"{plural(sure.height, 'playbook')} {verb} by more than chance: {listing(names)}."
