"""What happened in these conversations: their statuses over time, and who wrote when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import LIFE_ORDER, StatusIntervals
from drift_analysis.schemas.base import require_moment

from ..kit.format import human_duration, zone
from ..kit.frame import Drawing, Picture, Space, Words, by_size, calm, framed
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import AUTHOR_COLORS
from ..kit.words import as_of_sentence
from .status import status_color

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..kit.frame import Size

from .timeline_rows import end_of_axis, goes_on, latest, merged_stretches, message_ticks
from .timeline_words import clock_format, timeline_words

__all__ = ["status_timeline"]

_MOST_ROWS = 40
_STEP, _LEGENDS, _STACKED, _BREAK = 16, 56, 96, 90
_NARROW = 310
_THIN, _MARK = 2, 40
_TICK = "M-0.32,-1.1H0.32V1.1H-0.32Z"
_SHAPES = {"contact": _TICK, "bot": "circle", "human": _TICK, "unknown": "diamond"}


def status_timeline(
    intervals: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    messages: pl.DataFrame | pl.LazyFrame | None = None,
    limit: int = 40,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the latest conversations as rows of statuses over time, the oldest at the top.

    A stretch is pale where another status cannot be excluded. A conversation that is not closed
    ends in an open arrow: it goes on, for as long as stands beside it where the axis is cut soon
    after the last thing that happened. Messages are marks, the contact's above the row, those
    of humans (ticks) and bots (dots) below it; what they say never enters the chart.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table. Filter it to draw conversations of your choice.
    as_of
        The moment that the table was computed for, with a time zone.
    messages
        A `Messages` table, of which visible messages are drawn.
    limit
        How many conversations to draw at most: 1 to 40.
    tz
        The time zone of the axis.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, higher with many rows) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `intervals` or `messages` are not these tables.
    InputError
        If `as_of` has no time zone, `limit` is not from 1 to 40, or there is no such size or
        time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.status_timeline(schemas.StatusIntervals.empty(), as_of=noon)
    >>> chart.description
    'No picture: there are no conversations.'
    """
    as_of = require_moment(as_of)
    zone(tz)
    if not 1 <= limit <= _MOST_ROWS:
        raise InputError.of(
            f"limit={limit!r} is not from 1 to {_MOST_ROWS}.",
            "More rows than that can not be read.",
            "filter the intervals to the conversations in question.",
        )
    table = collected(intervals, StatusIntervals)
    rows = latest(table, limit)
    n_all = table["conversation_id"].n_unique()
    if rows.is_empty():
        told = as_of_sentence(as_of, tz)
        empty = Words("No conversations", "", (told,), "No picture: there are no conversations.")
        return calm("No conversations to draw.", empty.but(title, subtitle or told), size)
    stretches = merged_stretches(table.join(rows, on="conversation_id"))
    ticks = None if messages is None else message_ticks(messages, rows, as_of)
    end = end_of_axis(stretches, ticks, as_of)
    words = timeline_words(stretches, ticks, (rows.height, n_all), (end, as_of, tz))
    words = words.but(title, subtitle)
    names = rows["conversation_id"].cast(pl.String).to_list()
    right = _BREAK if end < as_of and goes_on(stretches) else 14
    space = Space.for_rows(size, names, rows=0, right=right, foot=26)
    legends = by_size(size, full=_LEGENDS, half=_STACKED)
    space = replace(space, height=max(space.height - legends, rows.height * _STEP + space.foot))
    return framed(_picture(rows, stretches, ticks, (end, as_of, tz), space), words, space)


def _picture(
    rows: pl.DataFrame,
    stretches: pl.DataFrame,
    ticks: pl.DataFrame | None,
    when: tuple[datetime, datetime, str],
    space: Space,
) -> Drawing:
    end, as_of, tz = when
    days = (end - min(stretches["entered_at"])) / timedelta(days=1)
    x = partial(_x, days=days, width=space.plot_width)
    thick = min(16, max(6, space.plot_height // rows.height // 3))
    shown = stretches.filter(pl.col("entered_at") <= end).with_columns(
        pl.col("left_at").clip(upper_bound=end),
        arrow=pl.when(pl.col("left_at") == as_of, pl.col("status") != "closed").then(pl.lit(end)),
        opacity=pl.when("certain").then(1.0).otherwise(0.35),
        name=pl.col("status").cast(pl.String).str.replace_all("_", " "),
    )
    more = f"+ {human_duration(as_of - end)}" if end < as_of else ""
    shown = shown.with_columns(more=pl.lit(more))
    columns = ["row", "status", "name", "entered_at", "left_at", "arrow", "opacity", "more"]
    base = alt.Chart().encode(
        x=x("entered_at"),
        y=row_axis(rows.height),
        color=status_color("status"),
        opacity=alt.Opacity("opacity", type="quantitative").scale(None).legend(None),
    )
    tooltip = [
        alt.Tooltip("name:N", title="status"),
        alt.Tooltip("entered_at:T", title="from", format="%-d %b %H:%M"),
        alt.Tooltip("left_at:T", title="to", format="%-d %b %H:%M"),
    ]
    closed = pl.col("status") == "closed"
    named = _statuses(shown, space)
    bars = [
        base.properties(data=drawn(shown.filter(which), *columns, tz=tz))
        .mark_bar(height=height)
        .encode(x2="left_at:T", tooltip=tooltip, color=color)
        for which, height, color in (
            (closed, _THIN, status_color("status")),
            (~closed, thick, named),
        )
    ]
    arrows = base.properties(
        data=drawn(shown.filter(pl.col("arrow").is_not_null()), *columns, tz=tz)
    )
    arrow = arrows.mark_point(shape="triangle-right", size=40, filled=False, xOffset=5)
    labels = rows.select("row", name=pl.col("conversation_id").cast(pl.String))
    beyond = alt.Chart(arrows.data).mark_text(style="note", align="left", dx=12)
    beyond = beyond.encode(x=x("arrow"), y=row_axis(rows.height), text="more:N")
    layers = [*bars, arrow.encode(x=x("arrow")), beyond, *row_names(labels, space)]
    if ticks is not None and not ticks.is_empty():
        layers += _marks(ticks, row_axis(rows.height), x, tz, 3 + thick // 2, space)
    # One layer of each has the legend. All stand in one level: Altair copies a chart for each.
    picture = alt.layer(*layers).resolve_scale(
        color="independent", opacity="independent", shape="independent"
    )
    sized: Drawing = picture.properties(width=space.plot_width, height=space.plot_height)
    return sized


def _marks(
    ticks: pl.DataFrame,
    y: alt.Y,
    x: Callable[[str], alt.X],
    tz: str,
    beside: int,
    space: Space,
) -> list[alt.Chart]:
    """Place messages above and below the row, in a shape of their own per kind."""
    data = drawn(ticks, "row", "author_kind", "created_at", tz=tz)
    kinds = alt.Scale(domain=list(AUTHOR_COLORS), range=list(AUTHOR_COLORS.values()))
    used = [kind for kind in AUTHOR_COLORS if kind in data["author_kind"]]
    color = alt.Color("author_kind", type="nominal").scale(kinds)
    shapes = alt.Scale(domain=list(AUTHOR_COLORS), range=[_SHAPES[kind] for kind in AUTHOR_COLORS])
    shape = alt.Shape("author_kind", type="nominal").scale(shapes)

    def part(which: list[str], legend: alt.Legend | None) -> alt.Chart:
        rows = data.filter(pl.col("author_kind").is_in(which))
        named = (color.legend(legend), shape.legend(legend))
        return alt.Chart(rows).encode(*named, x=x("created_at"), y=y)

    mark = partial(alt.MarkDef, type="point", filled=True, opacity=1, size=_MARK)
    legend, others = _legend(used, "messages", space), ["human", "bot", "unknown"]
    return [
        part(["contact"], legend).properties(mark=mark(yOffset=-beside)),
        part(others, None).properties(mark=mark(yOffset=beside)),
    ]


def _statuses(shown: pl.DataFrame, space: Space) -> alt.Color:
    used = [status for status in LIFE_ORDER if status in shown["status"]]
    legend = _legend(used, "status", space, symbolType="square", symbolStrokeWidth=0)
    return status_color("status").legend(legend)


def _legend(used: list[str], title: str, space: Space, **symbol: Any) -> alt.Legend:
    """Name what is used in one line, or in half a page's width in two columns without a title."""
    is_narrow = space.width <= _NARROW
    return alt.Legend(
        orient="bottom" if is_narrow and title == "messages" else "top",
        direction="horizontal",
        title=None if is_narrow else title,
        titleOrient="left",
        columns=2 if is_narrow else 0,
        values=used,
        labelExpr="replace(datum.label, '_', ' ')",
        symbolOpacity=1,
        padding=2,
        **symbol,
    )


def _x(field: str, *, days: float, width: int) -> alt.X:
    axis = alt.Axis(
        format=clock_format(days, width),
        tickCount=max(2, width // 110),
        labelOverlap="greedy",
        labelSeparation=12,
        ticks=False,
        domain=False,
    )
    return alt.X(field, type="temporal").axis(axis).title(None)
