"""What a comparison of playbooks is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Comparison"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What is compared; it never changes once it is made.

    Attributes
    ----------
    first
        The id of a playbook; None if no conversation names one.
    second
        What it is compared with: ``rest``, ``none``, or the id of another playbook.
    start, end
        The first and the last day on which a conversation may have been created.
    inbox
        The id of its inbox.
    outcome
        The outcome that is looked at more closely.

    Examples
    --------
    >>> from drift_analysis.widgets import Comparison
    >>> Comparison(first=7).second
    'rest'
    """

    first: int | None = None
    second: int | Literal["rest", "none"] = "rest"
    start: date | None = None
    end: date | None = None
    inbox: int | None = None
    outcome: str = "engaged"
