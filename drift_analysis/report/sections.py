"""The list of sections that a review can have, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

from . import (
    ageing,
    closes,
    cohorts,
    completeness,
    containment,
    flow,
    load,
    people,
    playbook_funnel,
    playbook_lift,
    playbook_trend,
    playbooks,
    response_hours,
    responses,
    sla,
    status,
    tag_distinctive,
    tag_pairs,
    tags,
    touches,
    transitions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .measures import Measures
    from .parts import Section

__all__ = ["ALL", "ENTRIES", "Entry", "chosen", "require_sections"]


def _always(_: Measures) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """A section that a review can have.

    Attributes
    ----------
    name
        What it is called when it is asked for, and its anchor in the page.
    make
        What makes it from the tables.
    tells
        Whether it has something to say: without that it is there only if it was asked for by name.
    is_usual
        Whether it belongs to a review for which no sections were chosen.
    """

    name: str
    make: Callable[[Measures], Section]
    tells: Callable[[Measures], bool] = _always
    is_usual: bool = True


ENTRIES = (
    Entry("first-response", responses.section),
    Entry("answered-in-time", sla.section, sla.tells),
    Entry("answer-trend", cohorts.section, cohorts.tells, is_usual=False),
    Entry("response-hours", response_hours.section, response_hours.tells, is_usual=False),
    Entry("containment", containment.section, containment.tells, is_usual=False),
    Entry("load", load.section, load.tells),
    Entry("workload", people.section, people.tells, is_usual=False),
    Entry("time-in-status", status.section),
    Entry("time-to-close", closes.section, closes.tells, is_usual=False),
    Entry("timeline", status.timeline),
    Entry("transitions", transitions.section, is_usual=False),
    Entry("backlog", flow.section, flow.tells),
    Entry("flow", flow.course, flow.tells, is_usual=False),
    Entry("ageing", ageing.section, ageing.tells, is_usual=False),
    Entry("playbooks", playbooks.section),
    Entry("playbook-lift", playbook_lift.section, playbook_lift.tells),
    Entry("playbook-funnel", playbook_funnel.section, playbook_funnel.tells, is_usual=False),
    Entry("playbook-trend", playbook_trend.section, playbook_trend.tells, is_usual=False),
    Entry("journeys", touches.section, touches.tells, is_usual=False),
    Entry("playbook-credit", touches.credits_, touches.tells, is_usual=False),
    Entry("tags", tags.section),
    Entry("tag-trend", tags.trend, tags.follows),
    Entry("tag-pairs", tag_pairs.section, tag_pairs.tells, is_usual=False),
    Entry("tag-distinctive", tag_distinctive.section, tag_distinctive.tells, is_usual=False),
    Entry("completeness", completeness.section, is_usual=False),
)
"""All of them: a new one is one more line here."""

ALL = "all"
"""What to ask for to have every section that has something to say."""


def require_sections(names: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the names of sections as they stand in the list; None means the usual ones.

    Raises
    ------
    InputError
        If there is no such section.

    Examples
    --------
    >>> from drift_analysis.report.sections import require_sections
    >>> require_sections(["tags", "time_in_status"])
    ('tags', 'time-in-status')
    """
    if names is None:
        return None
    given = [names] if isinstance(names, str) else names
    known = [entry.name for entry in ENTRIES]
    plain = [str(name).replace("_", "-") for name in given]
    for name in plain:
        if name not in (ALL, *known):
            choice = "sections"
            raise InputError.unknown_choice(choice, name, (ALL, *known))
    return (ALL,) if ALL in plain else tuple(dict.fromkeys(plain))


def chosen(m: Measures, names: Sequence[str] | None) -> list[Section]:
    """Make the sections that were asked for, in that order; else all that have to say something."""
    if names is None or ALL in names:
        offered = [entry for entry in ENTRIES if names or entry.is_usual]
        return [entry.make(m) for entry in offered if entry.tells(m)]
    by_name = {entry.name: entry for entry in ENTRIES}
    return [by_name[name].make(m) for name in names]
