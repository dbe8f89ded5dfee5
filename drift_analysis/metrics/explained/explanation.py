"""How a metric explains itself: its definition, its stage, and why it leaves out what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from .stage import Stage

__all__ = ["LATER", "Explanation"]

LATER = {"created_later": "They began later than the moment that is looked at."}
"""The reason that all metrics share which look at conversations up to a moment."""


@dataclass(frozen=True)
class Explanation:
    """What is known of a metric besides its function.

    Attributes
    ----------
    definition
        What it counts, and whose definition it follows.
    stage
        A function of those arguments of the metric that it names, their frames as plans, and of
        ``table``, what the metric returns. It gives None if the frames do not name conversations.
    reasons
        Why it leaves out conversations: a sentence for each.
    told
        The reasons of which the result itself tells how many conversations they are.
    builds_on
        The argument that does not name the conversations itself: the stage of its own
        explanation is then given as ``source``, None if it has none.
    """

    definition: str
    stage: Callable[..., Stage | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    told: Collection[str] = ()
    builds_on: str | None = None
