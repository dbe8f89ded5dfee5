"""The list of sections that a review can have, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError

from . import flow, load, playbook_lift, playbooks, responses, sla, status, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .measures import Measures
    from .parts import Section

__all__ = ["ENTRIES", "Entry", "chosen", "require_sections"]


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
        Whether it has something to say: without that it is there only if it was asked for.
    """

    name: str
    make: Callable[[Measures], Section]
    tells: Callable[[Measures], bool] = _always


ENTRIES = (
    Entry("first-response", responses.section),
    Entry("answered-in-time", sla.section, sla.tells),
    Entry("load", load.section, load.tells),
    Entry("time-in-status", status.section),
    Entry("timeline", status.timeline),
    Entry("backlog", flow.section, flow.tells),
    Entry("playbooks", playbooks.section),
    Entry("playbook-lift", playbook_lift.section, playbook_lift.tells),
    Entry("tags", tags.section),
    Entry("tag-trend", tags.trend),
)
"""All of them: a new one is one more line here."""


def require_sections(names: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the names of sections as they stand in the list; None means those that tell.

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
        if name not in known:
            choice = "sections"
            raise InputError.unknown_choice(choice, name, known)
    return tuple(dict.fromkeys(plain))


def chosen(m: Measures, names: Sequence[str] | None) -> list[Section]:
    """Make the sections that were asked for, in that order; else all that have to say something."""
    by_name = {entry.name: entry for entry in ENTRIES}
    if names is None:
        return [entry.make(m) for entry in ENTRIES if entry.tells(m)]
    return [by_name[name].make(m) for name in names]
