"""Days, weeks, months and longer, as a time zone has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["PERIOD", "all_periods", "begins_at", "period_of", "require_every", "require_moments"]

PERIOD = "period"
"""The column that holds the first day of a period."""

_EVERY = re.compile(r"[1-9]\d{0,3}(d|w|mo|q|y)")


def require_every(every: str) -> str:
    """Return the length of a period.

    Raises
    ------
    InputError
        If it is no number of days, weeks, months, quarters or years.
    """
    if not _EVERY.fullmatch(str(every)):
        what = f"every={every!r} is not the length of a period."
        raise InputError.of(
            what, "It is a number and one of d, w, mo, q, y.", "'1d', '1w' or '1mo'."
        )
    return every


def require_moments(frame: Frame, name: str) -> Frame:
    """Check that a column holds moments with a time zone, and hand the frame on.

    Raises
    ------
    InputError
        If it holds something else.
    """
    dtype = frame.collect_schema()[name]
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
        what = f"{name!r} holds no moments with a time zone."
        remedy = f"pl.col({name!r}).dt.replace_time_zone('UTC') for moments without one."
        raise InputError.of(what, f"Its dtype is {dtype}.", remedy)
    return frame


def period_of(moment: pl.Expr, every: str, tz: str) -> pl.Expr:
    """Return the local date on which the period begins: dates know no missing midnight."""
    return moment.dt.convert_time_zone(tz).dt.date().dt.truncate(every).alias(PERIOD)


def all_periods(rows: pl.LazyFrame, groups: Sequence[str], every: str) -> pl.LazyFrame:
    """Return every group, in every period from the first to the last of all."""
    first, last = pl.col(PERIOD).min(), pl.col(PERIOD).max()
    periods = rows.select(pl.date_ranges(first, last, interval=every).alias(PERIOD))
    return rows.select(groups).unique().join(periods.explode(PERIOD), how="cross")


def begins_at(day: pl.Expr, tz: str) -> pl.Expr:
    """Return the moment at which a local day begins, or the first after it where it is left out.

    Clocks that are set forward at midnight leave out an hour, and once left out a whole day.
    """
    midnight = day.cast(pl.Datetime("ms"))
    tries = (midnight.dt.offset_by(skipped) for skipped in ("0h", "1h", "24h"))
    return pl.coalesce(
        each.dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null") for each in tries
    ).dt.convert_time_zone("UTC")
