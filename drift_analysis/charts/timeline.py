"""What happened in these conversations: their statuses over time, and who wrote when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import LIFE_ORDER, Messages, StatusIntervals, visible_at
from drift_analysis.schemas.base import require_moment

from .format import human_duration, human_period, plural, zone
from .frame import Drawing, Picture, Space, Words, calm, framed, row_axis, row_names
from .prepare import collected, drawn
from .status import status_color
from .theme import AUTHOR_COLORS
from .words import as_of_sentence, listing, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime

    from .frame import Size

__all__ = ["status_timeline"]

_MOST_ROWS, _MOST_STRETCHES, _MOST_TICKS = 40, 1_000, 800
_STEP, _LEGENDS = 16, 30
_BESIDE_BAR = 5
_MARGIN = 0.03


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
    ends in an open arrow: it goes on. Messages are marks, the contact's above the row, those of
    humans (ticks) and bots (dots) below it; what they say never enters the chart.

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
    rows = _latest(table, limit)
    n_all = table["conversation_id"].n_unique()
    if rows.is_empty():
        told = as_of_sentence(as_of, tz)
        empty = Words("No conversations", "", (told,), "No picture: there are no conversations.")
        empty = replace(empty, title=title or empty.title, subtitle=subtitle or told)
        return calm("No conversations to draw.", empty, size)
    stretches = _stretches(table.join(rows, on="conversation_id"))
    ticks = None if messages is None else _ticks(messages, rows, as_of)
    end = _end(stretches, ticks, as_of)
    words = _words(stretches, ticks, (rows.height, n_all), (end, as_of, tz))
    words = replace(words, title=title or words.title, subtitle=subtitle or words.subtitle)
    names = rows["conversation_id"].cast(pl.String).to_list()
    space = Space.for_rows(size, names, rows=0, right=14, foot=26)
    space = replace(space, height=max(space.height - _LEGENDS, rows.height * _STEP + space.foot))
    return framed(_picture(rows, stretches, ticks, (end, as_of, tz), space), words, space)


def _latest(table: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Number the latest conversations by their start."""
    starts = table.group_by("conversation_id").agg(pl.col("entered_at").min())
    latest = starts.sort("entered_at", "conversation_id").tail(limit)
    return latest.select("conversation_id").with_row_index("row")


def _stretches(table: pl.DataFrame) -> pl.DataFrame:
    """Merge what looks the same, and keep the longest of what is too much to be seen."""
    certain = pl.col("possible").list.len() == 1
    place = table.sort("row", "entered_at").with_columns(certain=certain)
    changed = pl.struct("row", "status", "certain").rle_id()
    merged = place.group_by(changed.alias("stretch"), maintain_order=True).agg(
        pl.col("row", "status", "certain").first(),
        pl.col("entered_at").min(),
        pl.col("left_at").max(),
    )
    lasting = (pl.col("left_at") - pl.col("entered_at")).rank("ordinal", descending=True)
    return merged.filter(lasting <= _MOST_STRETCHES)


def _ticks(
    messages: pl.DataFrame | pl.LazyFrame, rows: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """Keep when somebody wrote, and who; one of those too close to be seen apart."""
    plan = Messages.require(messages.lazy() if isinstance(messages, pl.DataFrame) else messages)
    seen = (
        plan.filter(visible_at(as_of))
        .select("conversation_id", "author_kind", "created_at")
        .join(rows.lazy(), on="conversation_id")
        .sort("row", "created_at")
        .collect()
    )
    places = 600
    while seen.height > _MOST_TICKS:
        seen = _thinned(seen, places)
        places //= 2
    return seen


def _thinned(seen: pl.DataFrame, places: int) -> pl.DataFrame:
    written = pl.col("created_at").dt.epoch("ms")
    width = (written.max() - written.min()) // places + 1
    place = ((written - written.min()) // width).alias("place")
    alike = ["row", "author_kind", "place"]
    return seen.with_columns(place).unique(alike, keep="first", maintain_order=True).drop("place")


def _end(stretches: pl.DataFrame, ticks: pl.DataFrame | None, as_of: datetime) -> datetime:
    """Cut the axis soon after the last thing that happened: what goes on has an arrow."""
    moments = [stretches["entered_at"]] + ([] if ticks is None else [ticks["created_at"]])
    every = pl.concat([series.rename("at") for series in moments])
    first, last = every.min(), every.max()
    margin = (last - first) * _MARGIN  # type: ignore[operator]
    return min(as_of, last + margin) if margin else as_of  # type: ignore[operator, type-var]


def _picture(
    rows: pl.DataFrame,
    stretches: pl.DataFrame,
    ticks: pl.DataFrame | None,
    when: tuple[datetime, datetime, str],
    space: Space,
) -> Drawing:
    end, as_of, tz = when
    shown = stretches.filter(pl.col("entered_at") <= end).with_columns(
        pl.col("left_at").clip(upper_bound=end),
        arrow=pl.when(pl.col("left_at") == as_of, pl.col("status") != "closed").then(pl.lit(end)),
        opacity=pl.when("certain").then(1.0).otherwise(0.35),
        height=pl.when(pl.col("status") == "closed")
        .then(pl.lit("thin"))
        .otherwise(pl.lit("thick")),
        name=pl.col("status").cast(pl.String).str.replace_all("_", " "),
    )
    columns = ["row", "status", "name", "entered_at", "left_at", "arrow", "opacity"]
    base = alt.Chart().encode(
        x=_x("entered_at"),
        y=row_axis(rows.height),
        color=_statuses(shown),
        opacity=alt.Opacity("opacity", type="quantitative").scale(None).legend(None),
    )
    tooltip = [
        alt.Tooltip("name:N", title="status"),
        alt.Tooltip("entered_at:T", title="from", format="%-d %b %H:%M"),
        alt.Tooltip("left_at:T", title="to", format="%-d %b %H:%M"),
    ]
    bars = [
        base.properties(data=drawn(shown.filter(pl.col("height") == which), *columns, tz=tz))
        .mark_bar(height=height, tooltip=True)
        .encode(x2="left_at:T", tooltip=tooltip)
        for which, height in (("thin", 2), ("thick", 6))
    ]
    arrows = base.properties(
        data=drawn(shown.filter(pl.col("arrow").is_not_null()), *columns, tz=tz)
    )
    arrow = arrows.mark_point(shape="triangle-right", size=40, filled=False, xOffset=5)
    labels = rows.select("row", name=pl.col("conversation_id").cast(pl.String))
    statuses = alt.layer(*bars, arrow.encode(x=_x("arrow")), *row_names(labels, space))
    layers = [statuses] if ticks is None else [statuses, _marks(ticks, rows.height, tz)]
    return (
        alt.layer(*layers)
        .resolve_scale(color="independent", opacity="independent")
        .properties(width=space.plot_width, height=space.plot_height)
    )


def _marks(ticks: pl.DataFrame, n_rows: int, tz: str) -> alt.LayerChart:
    """Place messages above and below the row, in a shape of their own per kind."""
    data = drawn(ticks, "row", "author_kind", "created_at", tz=tz)
    kinds = alt.Scale(domain=list(AUTHOR_COLORS), range=list(AUTHOR_COLORS.values()))
    used = [kind for kind in AUTHOR_COLORS if kind in data["author_kind"]]
    legend = _legend(used, "messages", "stroke")
    color = alt.Color("author_kind", type="nominal").scale(kinds).legend(legend)

    def part(*which: str) -> alt.Chart:
        rows = data.filter(pl.col("author_kind").is_in(which))
        return alt.Chart(rows).encode(x=_x("created_at"), y=row_axis(n_rows), color=color)

    return alt.layer(
        part("contact").mark_tick(orient="vertical", size=4, thickness=1.5, yOffset=-_BESIDE_BAR),
        part("human", "unknown").mark_tick(
            orient="vertical", size=4, thickness=1.5, yOffset=_BESIDE_BAR
        ),
        part("bot").mark_point(filled=True, size=8, opacity=1, yOffset=_BESIDE_BAR),
    )


def _statuses(shown: pl.DataFrame) -> alt.Color:
    used = [status for status in LIFE_ORDER if status in shown["status"]]
    return status_color("status").legend(_legend(used, "status", "square"))


def _legend(used: list[str], title: str, symbol: str) -> alt.Legend:
    return alt.Legend(
        orient="top",
        direction="horizontal",
        title=title,
        titleOrient="left",
        values=used,
        labelExpr="replace(datum.label, '_', ' ')",
        symbolType=symbol,
        symbolOpacity=1,
        symbolStrokeWidth=3,
    )


def _x(field: str) -> alt.X:
    axis = alt.Axis(format="%-d %b", labelOverlap=True, ticks=False, domain=False, tickCount=6)
    return alt.X(field, type="temporal").axis(axis).title(None)


def _words(
    stretches: pl.DataFrame,
    ticks: pl.DataFrame | None,
    counts: tuple[int, int],
    when: tuple[datetime, datetime, str],
) -> Words:
    end, as_of, tz = when
    n, n_all = counts
    start = stretches["entered_at"].min()
    span = human_period(start, end, tz)  # type: ignore[arg-type]
    finding = _finding(stretches, n, n_all)
    caption = (
        f"{n} of {plural(n_all, 'conversation')}, the latest by their start."
        if n < n_all
        else f"n = {plural(n, 'conversation')}.",
        "Pale: another status cannot be excluded, since Drift keeps no history of status.",
        "Open arrow: goes on. Thin: closed.",
        "" if ticks is None else "Contacts write above the row, humans and bots below.",
        f"Cut at {human_period(end, end, tz)}." if end < as_of else "",
        as_of_sentence(as_of, tz),
    )
    description = f"Gantt chart, one row per conversation; x: time, {span}. {finding}."
    measure = "Status of each conversation over time"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(stretches: pl.DataFrame, n: int, n_all: int) -> str:
    last = stretches.sort("row", "entered_at").group_by("row", maintain_order=True).last()
    if n == 1:
        spent = stretches.group_by("status", maintain_order=True).agg(
            length=(pl.col("left_at") - pl.col("entered_at")).sum()
        )
        told = [
            f"{spoken(status)} for {human_duration(length)}"
            for status, length in spent.iter_rows()
            if status != "closed"
        ]
        return f"One conversation: {listing([*told, 'now ' + spoken(last['status'][0])])}"
    closed = int((last["status"] == "closed").sum())
    which = f"the {n} latest conversations" if n < n_all else f"{n} conversations"
    return f"{closed} of {which} are closed, {n - closed} go on"
