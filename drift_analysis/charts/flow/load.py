"""When contacts come: conversations or messages by weekday and hour of the local clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import LoadByHour
from drift_analysis.schemas.base import require_moment

from ..kit.format import zone
from ..kit.frame import Picture, Size, Words, calm, framed
from ..kit.prepare import collected
from ..kit.week import classes, week_map, week_space
from ..kit.words import as_of_sentence, period
from .load_words import load_words, rate_told

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["load_by_hour"]

Count = Literal["conversations", "messages"]

_EDGES = [step * 10**power for power in range(-3, 7) for step in (1, 2, 5)]
_LEAST = 1.0


def load_by_hour(
    load: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str,
    count: Count = "conversations",
    since: datetime | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how many contacts write in each hour of the week, per such hour that was observed.

    An hour of the week that was observed for less than an hour in all is a grey dot.

    Parameters
    ----------
    load
        A `LoadByHour` table.
    as_of
        The moment that the table was computed for, with a time zone.
    tz
        The time zone that the table was computed for: its hours are local ones.
    count
        ``"conversations"``, by the contact's first message, or ``"messages"`` of contacts.
    since
        When the period began, for the subtitle.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `load` is no `LoadByHour` table.
    InputError
        If `as_of` has no time zone, or there is no such count, size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.load_by_hour(schemas.LoadByHour.empty(), as_of=noon, tz="UTC").description
    'No picture: no contact wrote until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    zone(tz)
    if count not in get_args(Count):
        raise InputError.unknown_choice("count", count, get_args(Count))
    table = collected(load, LoadByHour)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    if not int(table[count].sum()):
        words = Words(
            "No contact wrote", when[0], (when[1],), f"No picture: no contact wrote {when[0]}."
        )
        return calm("No contact wrote.", words.but(title, subtitle), size)
    cells = _cells(table, count)
    shown = cells.filter(pl.col("at").is_not_null())
    words = load_words(cells, count, tz, when).but(title, subtitle)
    if shown.is_empty():
        return calm("No hour of the week was observed for an hour.", words, size)
    rates = [rate for rate in shown["at"] if rate]
    breaks = classes([0.0, *rates], _spread(rates), lambda rate: rate_told(rate))
    space = week_space(size, breaks[1])
    return framed(week_map(cells, breaks, space, f"{count} per hour"), words, space)


def _cells(table: pl.DataFrame, count: str) -> pl.DataFrame:
    """Keep the hours that were observed, and frame the busiest."""
    hours = pl.col("observed").dt.total_seconds(fractional=True) / 3_600
    rate = pl.col(f"{count}_per_hour")
    cells = table.filter(pl.col("observed") > pl.duration(milliseconds=0)).sort("weekday", "hour")
    cells = cells.with_columns(n=count, hours=hours, at=pl.when(hours >= _LEAST).then(rate))
    busiest = (pl.col("at") == pl.col("at").max()).fill_null(value=False)
    said = [
        f"{rate_told(row['at'])} per hour · {row['n']} in {row['hours']:.0f} h"
        if row["at"] is not None
        else f"{row['n']} in {row['hours']:.1f} h: too short"
        for row in cells.to_dicts()
    ]
    return cells.with_columns(
        value=pl.Series(said, dtype=pl.String), is_told=busiest & (busiest.cum_sum() == 1)
    )


def _spread(rates: list[float]) -> list[float]:
    """Choose round edges of equal steps, or of growing ones where the rates span too much."""
    top = max(rates, default=1.0)
    step = max((edge for edge in _EDGES if edge * 4 <= top), default=_EDGES[0])
    even = [step * n for n in range(1, 5)]
    spans = sorted(rates)[len(rates) // 2] < top / 50 if rates else False
    return [edge for edge in _EDGES if min(rates) < edge <= top] if spans else even
