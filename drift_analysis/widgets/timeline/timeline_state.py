"""What a timeline of statuses is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["SORTS", "Timeline"]

SORTS = {
    "latest": "Latest first",
    "waiting": "Longest wait for a human first",
    "open": "Open now, longest first",
    "uncertain": "Most uncertain first",
}
"""How the conversations can be sorted, and what that is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """What is drawn; it never changes once it is made.

    Attributes
    ----------
    ids
        The conversations to choose from; all of them if None.
    sample
        How many of them are drawn at most, by chance.
    seed
        Which sample: the same number always draws the same.
    sort
        Their order: ``latest``, ``waiting``, ``open`` or ``uncertain``.
    page
        The page, from 1.
    conversation
        The id of the one that is read; None if there is none.

    Examples
    --------
    >>> from drift_analysis.widgets import Timeline
    >>> Timeline(sort="waiting").sample
    200
    """

    ids: tuple[int, ...] | None = None
    sample: int = 200
    seed: int = 0
    sort: Literal["latest", "waiting", "open", "uncertain"] = "latest"
    page: int = 1
    conversation: int | None = None
