"""When conversations started, by status: as a picture, and as a chart that can be clicked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.charts.kit.format import zone
from drift_analysis.charts.kit.frame import Picture, Space, Words, calm, framed
from drift_analysis.charts.kit.theme import STATUS_COLORS
from drift_analysis.schemas import LIFE_ORDER, Conversations

from ..asked.filters import Filters, Pick, local_day
from .periods import START, Span, arrivals
from .wording import picture_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["arrivals_chart", "arrivals_picture", "linked_chart", "picks"]

_MOST_TICKS = 12
_LEFT = 40
_LABEL = "replace(datum.label, '_', ' ')"
_SLACK = timedelta(hours=1)  # a brush is rounded to pixels: what it grazes was not meant


def arrivals_chart(
    conversations: pl.DataFrame,
    *,
    as_of: datetime | None = None,
    tz: str = "UTC",
    notes: Sequence[str] = (),
) -> Picture:
    """Draw when conversations started, by their status as it was last seen.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    as_of
        When the statuses were seen; said below the picture.
    tz
        The time zone in which days begin, as an IANA name.
    notes
        Sentences to say below the picture, such as which filters are on.

    Returns
    -------
    :
        A chart of altair, which `drift_analysis.charts.save` writes to a file.

    Raises
    ------
    SchemaError
        If the frame is no `Conversations` table.
    InputError
        If there is no such time zone.

    Examples
    --------
    >>> import drift_analysis as da
    >>> dataset = da.load("data/sample")
    >>> chart = da.widgets.arrivals_chart(dataset.conversations, as_of=dataset.as_of)
    >>> type(chart).__name__
    'VConcatChart'
    """
    zone(tz)
    found = Conversations.require(conversations)
    started = found.select(Conversations.status.col, day=local_day(tz))
    span = Span.of(started, Filters())
    words = picture_words(started, span, notes=notes, tz=tz, as_of=as_of)
    return arrivals_picture(started, span, words)


def arrivals_picture(started: pl.DataFrame, span: Span | None, words: Words) -> Picture:
    """Draw the conversations as a picture to hand on."""
    if span is None or started.is_empty():
        return calm("No conversation fits all filters.", words, "full")
    rows = arrivals(started, span)
    space = Space.of("full", left=_LEFT)
    chart = _bars(rows, span).properties(width=space.plot_width, height=space.plot_height)
    # A legend that all parts share would stand above the title, and not below it.
    picture: Picture = framed(chart, words, space).resolve_scale(color="independent")
    return picture


def linked_chart(
    started: pl.DataFrame | pl.LazyFrame,
    span: Span,
    picked: Iterable[Pick],
    *,
    tz: str,
    drawn: int,
) -> alt.Chart:
    """Draw the conversations as a chart that can be clicked and brushed, with what is picked.

    A chart in the browser may tell of its brush after another has taken its place, so what it
    tells carries the number `drawn` of the chart.
    """
    rows = arrivals(started, span).with_columns(drawn=pl.lit(drawn))
    axis = f"{START}{drawn}"
    bars, brush = _selections(picked, drawn)
    is_bright = alt.when(bars | alt.expr.isDefined(brush[axis]))
    title = f"Started per {span.period} ({tz}). Click a bar, or drag over several, to pick."
    if rows.is_empty():
        title = "Nothing to draw: no conversation fits all filters."
    chart: alt.Chart = (
        _bars(rows.rename({START: axis}), span, axis=axis)
        .encode(opacity=is_bright.then(alt.value(1)).otherwise(alt.value(0.3)))
        .add_params(bars, brush)
        .properties(
            width="container",
            height=150,
            title=alt.TitleParams(title, fontSize=13, fontWeight="normal", offset=4),
        )
        .configure(background="transparent")
        .configure_mark(cursor="pointer")
    )
    return chart


def picks(
    bars: list[dict[str, Any]], brush: dict[str, Any], span: Span, *, drawn: int
) -> tuple[Pick, ...] | None:
    """Return what is picked in the chart with this number; None if it is another one's.

    A brush wins over bars.
    """
    axis = f"{START}{drawn}"
    if set(brush) - {axis} or any(bar["drawn"] != drawn for bar in bars):
        return None
    if stretch := brush.get(axis):
        first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in sorted(stretch))
        first, last = first + _SLACK, last - _SLACK
        return (Pick(*span.whole(first.date(), last.date())),) if first <= last else ()
    return tuple(
        Pick(date.fromisoformat(bar["first"]), date.fromisoformat(bar["last"]), bar["status"])
        for bar in bars
    )


def _bars(rows: pl.DataFrame, span: Span, *, axis: str = START) -> alt.Chart:
    first, last = span.whole(span.first, span.last)
    domain = [_milliseconds(first), _milliseconds(last + timedelta(days=1))]
    starts = span.starts
    ticks = [_milliseconds(day) for day in starts[:: -(-len(starts) // _MOST_TICKS)]]
    days = "%b %Y" if span.every == "1mo" else "%-d %b"
    statuses = [status for status in LIFE_ORDER if status in rows["status"]]
    colors = [STATUS_COLORS[status] for status in statuses]
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            alt.X(axis, type="temporal")
            .scale(type="utc", domain=domain, nice=False)
            .axis(values=ticks, format=days, grid=False, labelOverlap=True)
            .title(None),
            alt.X2("stop"),
            _counts(max(rows["high"], default=0)),
            alt.Y2("high"),
            alt.Color("status:N")
            .scale(domain=statuses, range=colors)
            .legend(title=None, symbolType="square", labelExpr=_LABEL, orient="top", offset=4),
            tooltip=[
                alt.Tooltip("first:N", title="From"),
                alt.Tooltip("last:N", title="To"),
                alt.Tooltip("status:N", title="Status"),
                alt.Tooltip("n:Q", title="Conversations"),
            ],
        )
    )
    return chart


def _counts(most: int) -> alt.Y:
    """Make an axis of whole numbers, with at most five of them on it."""
    step = next(
        n * 10**power for power in range(16) for n in (1, 2, 5) if most <= 4 * n * 10**power
    )
    ticks = list(range(0, most + step, step))
    return (
        alt.Y("low:Q")
        .scale(domain=[0, ticks[-1]], nice=False)
        .axis(values=ticks, format=",d", minExtent=_LEFT, maxExtent=_LEFT)
        .title(None)
    )


def _selections(picked: Iterable[Pick], drawn: int) -> tuple[alt.Parameter, alt.Parameter]:
    bars: list[dict[str, Any]] = []
    stretches: list[tuple[int, int]] = []
    for pick in picked:
        if pick.status is None:
            after = pick.last + timedelta(days=1)
            stretches.append((_milliseconds(pick.first), _milliseconds(after)))
        else:
            days = {"first": pick.first.isoformat(), "last": pick.last.isoformat()}
            bars.append({**days, "status": pick.status, "drawn": drawn})
    fields = ["first", "last", "status", "drawn"]
    return (
        alt.selection_point("bars", fields=fields, value=bars or alt.Undefined),
        alt.selection_interval(
            "brush", encodings=["x"], value={"x": stretches[0]} if stretches else alt.Undefined
        ),
    )


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
