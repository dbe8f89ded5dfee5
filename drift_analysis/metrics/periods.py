"""Periods on a local calendar: days, weeks, months."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PERIOD", "local_period", "periods_of", "require_every"]

PERIOD = "period"
"""The column that holds the first day of a period."""

_EVERY = re.compile(r"[1-9]\d{0,3}(d|w|mo|q|y)")


def require_every(every: str | None) -> None:
    """Check that the length of a period means something.

    Raises
    ------
    InputError
        If it is not a number and a unit.
    """
    if every is not None and not _EVERY.fullmatch(str(every)):
        what = f"every={every!r} is not the length of a period."
        raise InputError.of(
            what, "It is a number and one of d, w, mo, q, y.", "'1d', '1w' or '1mo'."
        )


def local_period(moment: pl.Expr, every: str, tz: str) -> pl.Expr:
    """Return the local date on which the period begins: dates know no missing midnight."""
    return moment.dt.convert_time_zone(tz).dt.date().dt.truncate(every).alias(PERIOD)


def periods_of(
    rows: pl.LazyFrame, every: str, groups: Sequence[str], *, until: str = PERIOD
) -> pl.LazyFrame:
    """Return every group, in every period from the first to the last of all, or to `until`."""
    first, last = pl.col(PERIOD).min(), pl.col(until).max()
    periods = rows.select(pl.date_ranges(first, last, interval=every).alias(PERIOD))
    return rows.select(groups).unique().join(periods.explode(PERIOD), how="cross")
