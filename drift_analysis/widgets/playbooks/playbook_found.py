"""What follows from one comparison of playbooks: sides, rates, curves and tags."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.metrics import survival_curve, tag_frequency
from drift_analysis.schemas import Conversations, PlaybookComparison

from .playbook_rates import playbook_comparison, playbook_sides
from .playbook_tags import playbook_tags
from .playbook_words import side_names

if TYPE_CHECKING:
    from .playbook_facts import PlaybookFacts
    from .playbook_state import Comparison

__all__ = ["Found"]


class Found:
    """What follows from one comparison; each part is worked out when it is first asked for."""

    def __init__(self, facts: PlaybookFacts, asked: Comparison) -> None:
        self.asked = asked
        self._facts = facts

    @cached_property
    def names(self) -> tuple[str, str]:
        """What the sides are called."""
        if self.asked.first is None:
            return "no playbook", "the rest"
        return side_names(self._facts.names, self.asked.first, self.asked.second)

    @cached_property
    def sides(self) -> pl.DataFrame:
        """The conversations of either side, with ``side``."""
        chosen = self._facts.within(self.asked.start, self.asked.end, self.asked.inbox)
        if self.asked.first is None:
            return chosen.with_columns(side=pl.lit("")).clear()
        return playbook_sides(chosen, **self._sides, names=self.names)

    @property
    def height(self) -> int:
        """How many conversations are on either side."""
        return self.sides.height

    @cached_property
    def frame(self) -> pl.DataFrame:
        """A `PlaybookComparison` table."""
        if self.asked.first is None or self._facts.dataset.as_of is None:
            return PlaybookComparison.empty()
        chosen = self._facts.within(self.asked.start, self.asked.end, self.asked.inbox)
        return playbook_comparison(self._facts.attribution(chosen), **self._sides)

    @cached_property
    def curves(self) -> pl.DataFrame:
        """A `SurvivalCurve` table by ``what`` and ``side``."""
        on = Conversations.conversation_id.name
        lasted = self._facts.durations.join(self.sides.select(on, "side"), on=on)
        return survival_curve(lasted, duration="lasted", censored="runs", by=["what", "side"])

    @cached_property
    def tags(self) -> pl.DataFrame:
        """A `PlaybookTags` table."""
        return playbook_tags(tag_frequency(self.sides, by="side"), names=self.names)

    @property
    def _sides(self) -> dict[str, Any]:
        return {"playbook_id": self.asked.first, "against": self.asked.second}
