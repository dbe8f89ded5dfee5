"""How the work is spread over people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import plural
from drift_analysis.schemas import Conversations, Messages, Workload

from .measures import known_messages
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST = 2


def tells(m: Measures) -> bool:
    """Whether more than one person wrote in the period."""
    return m.messages is not None and _work(m).height >= _FEWEST


def section(m: Measures) -> Section:
    """In how many conversations each person wrote."""
    w, work = Workload, _work(m)
    unnamed = pl.lit("without an id")
    busiest = work.sort(w.conversations.name, w.user_id.name, descending=[True, False])
    return Section(
        name="workload",
        question="How is the work spread over people?",
        sentences=_findings(busiest),
        chart=charts.workload(work, since=m.since, as_of=m.until, tz=m.tz),
        numbers=busiest.select(
            pl.coalesce(w.user_id.col.cast(pl.String), unnamed).alias("Person"),
            w.conversations.col.alias("Conversations"),
            w.messages.col.alias("Messages"),
            w.first_responses.col.alias("First answers"),
            w.active_days.col.alias("Days active"),
            w.busiest_day.col.alias("Most on one day"),
        ),
        data=work,
        definition="Visible messages of people, within the period, also in conversations that "
        "began before it. A conversation counts for each person who wrote in it. People stand "
        "here by their ids, not by name. How much somebody wrote says nothing of how well.",
    )


def _work(m: Measures) -> pl.DataFrame:
    everybody = m.dataset.conversations.filter(Conversations.created_at.col <= m.until)
    messages = known_messages(m.dataset, everybody, m.until)
    found = metrics.workload(
        Messages.empty() if messages is None else messages, tz=m.tz, as_of=m.until, since=m.since
    )
    return found.filter(Workload.conversations.col > 0)


def _findings(busiest: pl.DataFrame) -> tuple[str, str]:
    counts = busiest[Workload.conversations.name].to_list()
    if not counts:
        return "No person wrote.", "Without messages of people there is no work to tell of."
    answers = int(busiest[Workload.first_responses.name].sum())
    middle = counts[len(counts) // 2]
    return (
        f"{plural(len(counts), 'person', 'people')} wrote to contacts: the busiest in "
        f"{plural(counts[0], 'conversation')}, half of them in {middle:,} or fewer.",
        f"{plural(answers, 'conversation')} had the first answer of a person in this time.",
    )
