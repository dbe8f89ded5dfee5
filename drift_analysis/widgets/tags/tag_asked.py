"""What a tag explorer is asked for: which view, which tags, and what counts as one tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["EVERY", "LIMITS", "VIEWS", "TagsAsked"]

VIEWS = {
    "frequency": "How often",
    "trend": "By period",
    "pairs": "Together",
    "spellings": "Spellings",
}
"""The views, and what each is called."""

EVERY = {"1d": "Day", "1w": "Week", "1mo": "Month", "1q": "Quarter", "1y": "Year"}
"""The lengths of a period that are offered."""

LIMITS = (5, 10, 20, 40)
"""How many tags a picture may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TagsAsked:
    """What is asked for; all that is on show follows from it.

    Attributes
    ----------
    view
        How often tags are used, by period, which go together, or which spellings look alike.
    every
        The length of a period.
    limit
        How many tags are drawn.
    tag, also
        A tag, and a second one, whose conversations are shown: what its spellings have in common.
    merged
        The mapping: pairs of an old name and the new one.
    apart
        Spellings that are proposed to become another, and are not to.
    """

    view: Literal["frequency", "trend", "pairs", "spellings"] = "frequency"
    every: Literal["1d", "1w", "1mo", "1q", "1y"] = "1mo"
    limit: int = 10
    tag: str | None = None
    also: str | None = None
    merged: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, ...] = ()
