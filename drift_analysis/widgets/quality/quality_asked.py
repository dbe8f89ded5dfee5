"""What a quality panel is asked for: which view, from which severity on, and which row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["LEAST", "VIEWS", "QualityAsked"]

VIEWS = {
    "metrics": "What can be said",
    "findings": "Findings",
    "rejects": "Not read",
    "issues": "Noticed while reading",
}
"""The views, and what each is called."""

LEAST = {"info": "Everything", "warning": "Warnings and errors", "error": "Errors only"}
"""The least severity, and what it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityAsked:
    """What is asked for; all that is on show follows from it.

    Attributes
    ----------
    view
        What each metric can say, what the audit found, what was not read, or what was noticed.
    severity
        Findings and issues below it are not shown.
    metric
        Only findings that limit this metric are shown, and it alone.
    row
        What is behind this one is shown: a metric, a code, or a reason.
    """

    view: Literal["metrics", "findings", "rejects", "issues"] = "metrics"
    severity: Literal["info", "warning", "error"] = "info"
    metric: str | None = None
    row: str | None = None
