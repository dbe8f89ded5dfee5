"""What the picture of load says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.week import hour_told
from ..kit.words import subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["load_words", "rate_told"]

_OFFICE_DAYS, _FROM, _TO = 5, 9, 17


def rate_told(rate: float) -> str:
    """Say how many per hour, in two digits.

    Examples
    --------
    >>> from drift_analysis.charts.flow.load_words import rate_told
    >>> rate_told(0.254), rate_told(3), rate_told(12.4), rate_told(3_420)
    ('0.25', '3', '12', '3,420')
    """
    if rate >= 9.95:
        return exact_count(round(rate))
    return f"{rate:.2g}" if rate >= 0.001 or not rate else "under 0.001"


def load_words(cells: pl.DataFrame, count: str, tz: str, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    n, hours = int(cells["n"].sum()), float(cells["hours"].sum())
    in_office = (pl.col("weekday") < _OFFICE_DAYS) & pl.col("hour").is_between(_FROM, _TO - 1)
    outside = int(cells.filter(~in_office)["n"].sum())
    finding = f"{_finding(cells, count, n / hours)} ({tz})"
    whose = " by the contact's first message" if count == "conversations" else " of contacts"
    short = int(cells["at"].null_count())
    unseen = 168 - cells.height
    caption = (
        f"n = {plural(n, count[:-1])}{whose}, in {plural(round(hours), 'hour')} observed.",
        f"{human_share(outside / n)} outside Mon to Fri, {_FROM} to {_TO} h." if n >= FEW else "",
        "Framed: the busiest hour." if cells["is_told"].any() else "",
        f"Grey dot: observed for less than 1 h ({plural(short, 'hour')})." if short else "",
        f"Empty: never observed ({plural(unseen, 'hour')})." if unseen else "",
        as_of,
    )
    description = (
        f"Heat map; x: hour of the day, 0 to 23, y: weekday, {tz}; darker: more {count} per hour. "
        f"{finding}. {human_share(outside / n)} outside Monday to Friday, {_FROM} to {_TO} h."
    )
    measure = f"{count.capitalize()} per hour observed"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(cells: pl.DataFrame, count: str, mean: float) -> str:
    told = cells.filter("is_told")
    if told.is_empty():
        return f"Too short a time to tell when {count} come"
    busiest = told.row(0, named=True)
    at = hour_told(busiest["weekday"], busiest["hour"])
    return f"Busiest {at}: {rate_told(busiest['at'])} {count} per hour, all week {rate_told(mean)}"
