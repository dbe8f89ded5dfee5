"""An axis of days, weeks or months that follow one another, the same in every time zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .format import human_date, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .frame import Words

__all__ = ["latest_periods", "period_labels", "period_x", "unit_of", "with_earlier"]

_MOST = 400

_UNITS = {(1, 1): "day", (7, 7): "week", (28, 31): "month", (90, 92): "quarter", (365, 366): "year"}
_ROOM = {"short": 58, "long": 76}


def unit_of(periods: pl.Series) -> str:
    """Say how far periods are apart; nobody can tell from one."""
    apart = periods.diff().dt.total_days().drop_nulls().unique().to_list()
    if apart:
        for (least, most), unit in _UNITS.items():
            if least <= min(apart) and max(apart) <= most:
                return unit
    return "period"


def latest_periods(table: pl.DataFrame, most: int = _MOST) -> tuple[pl.DataFrame, int]:
    """Keep the latest periods, and count the others: a panel has no room for more."""
    periods = table["period"].drop_nulls().unique().sort()
    hidden = max(0, periods.len() - most)
    if not hidden:
        return table, 0
    return table.filter(pl.col("period") >= periods[hidden]), hidden


def with_earlier(words: Words, hidden: int) -> Words:
    """Say in a caption how many earlier periods are not drawn; nothing where all are."""
    if not hidden:
        return words
    told = f"{plural(hidden, 'earlier period')} not shown."
    return replace(words, caption=(*words.caption[:-1], told, words.caption[-1]))


def period_labels(periods: Sequence[date]) -> list[str]:
    """Name periods by their first days, without the year where it is the same for all.

    Examples
    --------
    >>> from datetime import date
    >>> from drift_analysis.charts.kit.periods import period_labels
    >>> period_labels([date(2026, 1, 5), date(2026, 1, 12)])
    ['5 Jan', '12 Jan']
    >>> period_labels([date(2025, 12, 1), date(2026, 1, 1)])
    ['Dec 2025', 'Jan 2026']
    """
    told = [human_date(day) for day in periods]
    if len({day.year for day in periods}) <= 1:
        return [label.rpartition(" ")[0] for label in told]
    if all(day.day == 1 for day in periods):
        return [label.partition(" ")[2] for label in told]
    return told


def period_x(field: str, periods: Sequence[date], width: int) -> alt.X:
    """Encode the number of a period, from 0, and name as many periods as there is room for.

    Their places are numbers and their names are texts made here, so that no browser moves a
    day into its own time zone.
    """
    labels = period_labels(periods)
    room = _ROOM["long" if max(map(len, labels)) > 6 else "short"]
    n = len(periods)
    step = max(1, -(-n * room // max(width, 1)))
    values = list(range((n - 1) % step, n, step))
    named = "".join(f"datum.value == {at} ? '{labels[at]}' : " for at in values) + "''"
    axis = alt.Axis(values=values, labelExpr=named, grid=False, ticks=False, domain=False)
    return (
        alt.X(field, type="quantitative")
        .scale(domain=[-0.5, n - 0.5], nice=False, zero=False)
        .axis(axis)
        .title(None)
    )
