"""Local business hours as moments: which stretches of UTC a local clock shows as open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

__all__ = ["FIRST", "LAST", "Minutes", "local_slots", "utc_slots"]

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The moments between which business hours are worked out."""

Minutes = tuple[int, int]
"""A slot of a day: from and until, in minutes since midnight; past 1440 is the next day."""

_DAY = 86_400
_SCHEMA = {"start": pl.Int64, "end": pl.Int64}


def local_slots(
    weekly: Mapping[int, Sequence[Minutes]], instead: Mapping[date, Sequence[Minutes]]
) -> pl.DataFrame:
    """Lay the slots of a week, and of the days that differ, on a local clock without a zone.

    Returns ``start`` and ``end``, in seconds that a clock which never changes would count.
    """
    first, last = FIRST.date() - timedelta(days=2), LAST.date() + timedelta(days=2)
    days = pl.select(day=pl.date_range(first, last)).with_columns(
        weekday=pl.col("day").dt.weekday().cast(pl.Int64) - 1
    )
    usual = days.filter(~pl.col("day").is_in(list(instead))).join(
        _rows("weekday", pl.Int64, weekly), on="weekday"
    )
    unusual = days.join(_rows("day", pl.Date, instead), on="day")
    midnight = pl.col("day").cast(pl.Int32).cast(pl.Int64) * _DAY
    return pl.concat([usual, unusual]).select(
        (midnight + 60 * pl.col("start")).alias("start"),
        (midnight + 60 * pl.col("end")).alias("end"),
    )


def utc_slots(local: pl.DataFrame, zone: ZoneInfo) -> pl.DataFrame:
    """Turn slots of a local clock into stretches of UTC, merged and in order.

    A moment is open when the local clock then shows a time within a slot. So an hour that the
    clock skips has no length, and an hour that it shows twice counts twice.

    Returns ``start`` and ``end`` in milliseconds since 1970, and ``before``, the open
    milliseconds before each start. The last row has no length and stands at the very end.
    """
    pieces = [
        local.filter((pl.col("end") > begin + offset) & (pl.col("start") < end + offset)).select(
            (pl.col("start") - offset).clip(begin, end), (pl.col("end") - offset).clip(begin, end)
        )
        for begin, end, offset in _stretches(zone)
    ]
    last = int(LAST.timestamp())
    closing = pl.DataFrame({"start": [last], "end": [last]}, schema=_SCHEMA)
    length = pl.col("end") - pl.col("start")
    apart = (pl.col("start") > pl.col("end").cum_max().shift(1)).fill_null(value=False)
    return (
        pl.concat([*pieces, closing])
        .sort("start", "end")
        .group_by(apart.cum_sum().alias("island"))
        .agg(pl.col("start").min(), pl.col("end").max())
        .sort("start")
        .select(
            pl.col("start") * 1000, pl.col("end") * 1000, before=(length.cum_sum() - length) * 1000
        )
    )


def _rows(
    name: str,
    dtype: type[pl.DataType],
    slots: Mapping[int, Sequence[Minutes]] | Mapping[date, Sequence[Minutes]],
) -> pl.DataFrame:
    rows = [(key, *slot) for key, day in slots.items() for slot in day]
    return pl.DataFrame(rows, schema={name: dtype, **_SCHEMA}, orient="row")


def _stretches(zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Give the stretches in which a zone keeps one offset: begin, end, offset, in seconds."""
    begin, last = int(FIRST.timestamp()), int(LAST.timestamp())
    offset = _offset(begin, zone)
    for midnight in range(begin, last, _DAY):
        until = min(midnight + _DAY, last)
        after = _offset(until, zone)
        if after != offset:
            change = _change(midnight, until, zone)
            yield begin, change, offset
            begin, offset = change, after
    yield begin, last, offset


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """Find the second at which the offset changes, by halving."""
    old = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset() or timedelta()
    return round(offset.total_seconds())
