"""What passes the filters, and what would if one of them were another."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations

from .conditions import conditions
from .filters import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .facts import Facts
    from .filters import Filters

__all__ = ["Selection"]


class Selection:
    """The conversations that pass every filter; each filter is asked once.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import Filters
    >>> from drift_analysis.widgets.asked.facts import facts_of
    >>> from drift_analysis.widgets.asked.selection import Selection
    >>> facts = facts_of(load("data/sample"), tz="UTC")
    >>> Selection(facts, Filters(tag="Pricing")).height
    45
    """

    def __init__(self, facts: Facts, filters: Filters) -> None:
        self.facts = facts
        self.filters = filters
        on = conditions(filters, facts)
        asked = {f"passes {name}": condition for name, condition in on.items()}
        passing = facts.table.select(Conversations.conversation_id.col, **asked)
        self._passing = {name: passing[f"passes {name}"] for name in on}

    @cached_property
    def mask(self) -> pl.Series:
        """Whether each conversation passes."""
        return self._all(self._passing)

    @cached_property
    def height(self) -> int:
        """How many pass."""
        return int(self.mask.sum())

    @property
    def total(self) -> int:
        """How many there are."""
        return self.facts.table.height

    @property
    def frame(self) -> pl.DataFrame:
        """Those that pass, as a `Conversations` table."""
        found = self.facts.conversations
        return found.filter(self.mask) if self._passing else found

    def holds(self, conversation_id: int) -> bool:
        """Tell whether a conversation passes."""
        ids = self.facts.table[Conversations.conversation_id.name]
        return bool(((ids == conversation_id) & self.mask).any())

    def without(self, *names: str) -> pl.Series:
        """Whether each conversation would pass if these filters were off."""
        if not self._passing.keys() & set(names):
            return self.mask
        return self._all(name for name in self._passing if name not in names)

    def rows(self, *names: str) -> pl.LazyFrame:
        """Return the facts of what would pass if these filters were off."""
        if not self._passing.keys() - set(names):
            return self.facts.table.lazy()
        return self.facts.table.lazy().filter(pl.lit(self.without(*names)))

    def without_each(self) -> dict[str, int]:
        """Count, for each filter that is on, what would be shown if that one alone were off."""
        return {name: int(self.without(name).sum()) for name in self._passing}

    def left_out(self) -> dict[str, int]:
        """Count what passes all other filters, but of which a filter cannot know whether it fits.

        Only filters that are on are asked; the two ends of a duration are one.
        """
        asked = {
            what: (names, is_unknown)
            for what, (names, is_unknown) in _UNKNOWN.items()
            if any(name in self._passing for name in names)
            and getattr(self.filters, what, None) is not Absence.UNKNOWN
        }
        return {
            what: int(self.rows(*names).select(is_unknown.sum()).collect().item())
            for what, (names, is_unknown) in asked.items()
        }

    def _all(self, names: Iterable[str]) -> pl.Series:
        chosen = [self._passing[name] for name in names]
        if not chosen:
            return pl.repeat(value=True, n=self.total, dtype=pl.Boolean, eager=True)
        return reduce(and_, chosen)


_UNKNOWN = {
    "playbook": (
        ("playbook",),
        Conversations.playbook_id.col.is_null() & ~Conversations.is_detail.col,
    ),
    "tag": (("tag",), pl.col("tags").is_null()),
    "participant": (("participant",), Conversations.participants.col.is_null()),
    "duration": (("shortest", "longest"), pl.col("duration").is_null()),
}
