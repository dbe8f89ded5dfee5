"""Periods that follow one another: days, weeks, months."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["unit_of"]

_UNITS = {(1, 1): "day", (7, 7): "week", (28, 31): "month", (90, 92): "quarter", (365, 366): "year"}


def unit_of(periods: pl.Series) -> str:
    """Say how far periods are apart; nobody can tell from one."""
    apart = periods.diff().dt.total_days().drop_nulls().unique().to_list()
    if apart:
        for (least, most), unit in _UNITS.items():
            if least <= min(apart) and max(apart) <= most:
                return unit
    return "period"
