"""Sentences that several pictures share: the period they cover, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .format import human_date, human_moment, human_period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import polars as pl

__all__ = ["as_of_sentence", "capitalized", "earliest", "listing", "period", "spoken", "subtitled"]


def earliest(moments: pl.Series) -> datetime | None:
    """Return the earliest of some moments; null if there are none."""
    known: list[datetime] = moments.drop_nulls().sort().head(1).to_list()
    return known[0] if known else None


def spoken(status: str) -> str:
    """Say a status, or another of Drift's constants, as words."""
    return status.replace("_", " ")


def period(since: datetime | None, as_of: datetime, tz: str) -> str:
    """Say the period that a picture covers, as far as it is known."""
    if since is None:
        return f"until {human_date(as_of, tz)}"
    return human_period(since, as_of, tz)


def subtitled(parts: Sequence[str]) -> str:
    """Join measure, unit, group and period."""
    return " · ".join(part for part in parts if part)


def as_of_sentence(as_of: datetime, tz: str) -> str:
    """Say the moment to which a picture is true, with the time zone."""
    return f"As of {human_moment(as_of, tz)}."


def capitalized(text: str) -> str:
    """Begin a sentence: the first letter is a capital, the others stay as they are.

    Examples
    --------
    >>> from drift_analysis.charts.kit.words import capitalized
    >>> capitalized("over 99 % of Mr A's"), capitalized("41 %")
    ("Over 99 % of Mr A's", '41 %')
    """
    return text[:1].upper() + text[1:]


def listing(names: Sequence[str]) -> str:
    """Say several names in one go: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
