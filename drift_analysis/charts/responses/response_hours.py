"""When contacts wait longest: the wait by weekday and hour of the local clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics.responses.sla import sla_attainment
from drift_analysis.metrics.statistics.incidence import cumulative_incidence
from drift_analysis.schemas import FirstResponse
from drift_analysis.schemas.base import require_moment

from ..kit.format import exact_count, human_duration, human_share, zone
from ..kit.frame import FEW, Picture, Size, calm, framed
from ..kit.prepare import collected
from ..kit.week import classes, week_map, week_space
from ..kit.words import as_of_sentence, earliest, period
from .response_hours_words import hours_words
from .responses_words import left_out, no_waits

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = ["first_response_hours"]

_HALF = 0.5 - 1e-12
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_EDGES = [1, 10, 30, *(n * _MINUTE for n in (1, 2, 5, 10, 20, 30))]
_EDGES += [*(n * _HOUR for n in (1, 2, 4, 8, 12)), *(n * _DAY for n in (1, 2, 4, 7, 14, 30, 90))]
_SHARES = [0.2, 0.4, 0.6, 0.8]


def first_response_hours(
    waits: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    within: timedelta | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how long contacts wait by the weekday and hour in which the wait began.

    A cell is darker where the median wait is longer (Aalen-Johansen, so that those still waiting
    count); or, with `within`, where a larger share is answered in that time. An hour with fewer
    than five waits is a grey dot.

    Parameters
    ----------
    waits
        A `FirstResponse` table. It is reduced here to at most 168 cells.
    as_of
        The moment that the table was computed for, with a time zone.
    within
        A target: draw the share that is answered within it in place of the median.
    since
        When the period began, for the subtitle; the first wait's start if not given.
    tz
        The time zone of the weekdays and hours, and of the dates in the words.
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
        If `waits` is no `FirstResponse` table.
    InputError
        If `within` is no time, `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.first_response_hours(schemas.FirstResponse.empty(), as_of=noon).description
    'No picture: nobody waited for an answer, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    zone(tz)
    if within is not None and within.total_seconds() <= 0:
        raise InputError.of(f"within={within!r} is no time.", "", "timedelta(minutes=10).")
    table = collected(waits, FirstResponse)
    known = table.filter(pl.col("wait").is_not_null())
    span = period(since or earliest(known["started_at"]), as_of, tz)
    told = as_of_sentence(as_of, tz)
    out = left_out(table, known)
    if known.is_empty():
        words = no_waits(table, (span, told))
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    cells = _cells(known, within, tz)
    shown = cells.filter(pl.col("at").is_not_null())
    words = hours_words(cells, shown, (within, tz), (span, out, told)).but(title, subtitle)
    if shown.is_empty():
        return calm(f"No hour of the week has {FEW} waits yet.", words, size)
    values = shown["at"].to_list()
    breaks = (
        classes(values, _EDGES, lambda seconds: human_duration(1000 * seconds))
        if within is None
        else classes(values, _SHARES, human_share)
    )
    about = "median wait" if within is None else "share answered in time"
    space = week_space(size, breaks[1])
    return framed(week_map(cells, breaks, space, about), words, space)


def _cells(known: pl.DataFrame, within: timedelta | None, tz: str) -> pl.DataFrame:
    """Reduce waits to one row per hour of the week in which any began."""
    local = pl.col("started_at").dt.convert_time_zone(tz)
    placed = known.with_columns(weekday=local.dt.weekday() - 1, hour=local.dt.hour())
    at = ["weekday", "hour"]
    cells = placed.group_by(at).agg(n=pl.len())
    if within is None:
        curves = cumulative_incidence(placed, duration="wait", outcome="outcome", by=at)
        half = curves.filter(pl.col("outcome") == "answered", pl.col("incidence") >= _HALF)
        found = half.group_by(at).agg(at=pl.col("t").min().dt.total_seconds(fractional=True))
        # Where half are never answered, the wait is longer than any that was seen.
        longest = placed["wait"].dt.total_seconds(fractional=True).max()
        found = cells.select(at).join(found, on=at, how="left")
        found = found.with_columns(
            is_reached=pl.col("at").is_not_null(), at=pl.col("at").fill_null(longest)
        )
    else:
        rates = sla_attainment(placed, target=within, by=at)
        found = rates.select(*at, at="attained", is_reached=pl.lit(value=True))
    cells = cells.join(found, on=at).with_columns(
        pl.when(pl.col("n") >= FEW).then("at"), is_told=pl.lit(value=False)
    )
    cells = cells.sort(at)
    said = [_said(row, within) for row in cells.to_dicts()]
    return _framed_cell(cells.with_columns(value=pl.Series(said, dtype=pl.String)), within)


def _framed_cell(cells: pl.DataFrame, within: timedelta | None) -> pl.DataFrame:
    """Frame the slowest hour; the first of equal ones."""
    worst = pl.col("at").max() if within is None else pl.col("at").min()
    is_worst = (pl.col("at") == worst).fill_null(value=False)
    return cells.with_columns(is_told=is_worst & (is_worst.cum_sum() == 1))


def _said(row: dict[str, object], within: timedelta | None) -> str:
    n = int(str(row["n"]))
    if row["at"] is None:
        return f"n {n}: too few"
    at = float(str(row["at"]))
    if within is not None:
        return f"{human_share(at)} · n {exact_count(n)}"
    reached = human_duration(1000 * at) if row["is_reached"] else "half not reached"
    return f"{reached} · n {exact_count(n)}"
