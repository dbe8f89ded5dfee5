"""Write the values of a frame as people read them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from drift_analysis.charts.kit.format import human_date, human_duration, human_share

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "NOTHING",
    "as_text",
    "reached",
    "rows",
    "share_span",
    "span",
]

NOTHING = "\N{EN DASH}"
"""What stands where there is no value."""


def rows(frame: pl.DataFrame, *, tz: str) -> list[list[str]]:
    """Return the rows of a small frame as text."""
    return [[as_text(value, tz=tz) for value in row] for row in frame.iter_rows()]


def as_text(value: Any, *, tz: str = "UTC") -> str:
    """Return one value as text: lengths in words, shares in per cent, moments as days.

    Examples
    --------
    >>> as_text(1234), as_text(["demo", "trial"]), as_text(None) == NOTHING
    ('1,234', 'demo, trial', True)
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return human_share(value)
        case timedelta():
            return human_duration(value)
        case date():
            return human_date(value, tz)
        case list():
            return ", ".join(as_text(each, tz=tz) for each in value) or NOTHING
        case _:
            return str(value)


def span(lo: timedelta | None, hi: timedelta | None) -> str:
    """Return the least and the most of a length; where there is no most, say so.

    Examples
    --------
    >>> from datetime import timedelta
    >>> span(timedelta(hours=1), None), span(None, None) == NOTHING
    ('1 h to not reached', True)
    """
    if lo is None and hi is None:
        return NOTHING
    if lo == hi:
        return reached(lo)
    return f"{reached(lo)} to {reached(hi)}"


def share_span(lo: float | None, hi: float | None) -> str:
    """Return the bounds of a share, in per cent.

    Examples
    --------
    >>> share_span(0.2, 0.4)
    '20 % to 40 %'
    """
    return NOTHING if lo is None or hi is None else f"{human_share(lo)} to {human_share(hi)}"


def reached(value: timedelta | None) -> str:
    """Return a length, or that so many were never reached."""
    return "not reached" if value is None else human_duration(value)
