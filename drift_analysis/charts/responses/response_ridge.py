"""Who answers faster: the waits of each group as a ridge on one axis of time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import SchemaError
from drift_analysis.schemas import FirstResponse
from drift_analysis.schemas.base import require_moment

from ..kit.axes import TimeScale
from ..kit.frame import FEW, Drawing, Picture, Size, Space, calm, framed, limit_of
from ..kit.frame import names as broken
from ..kit.grouping import named_group
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, earliest, period
from .response_ridge_rows import FOOT, answer_curves, folded, ridge_rows, ridges_of
from .response_ridge_words import ridge_words
from .responses_words import left_out, no_waits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["first_response_ridge"]


def first_response_ridge(
    waits: pl.DataFrame | pl.LazyFrame,
    *,
    by: str,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw when contacts are answered, a ridge per group, on a logarithmic axis of time.

    A ridge is as high as many are answered about then (steps of the cumulative incidence, so that
    those still waiting count), and all ridges have one scale: a group that answers few is flat.
    Dot and line are the median and its 95 % interval. A group with fewer than five waits shows
    the answered ones as rings.

    Parameters
    ----------
    waits
        A `FirstResponse` table, with a column to group by, which you joined. It is reduced here
        to a few steps per group.
    by
        The column to group by; null is a group of its own, "unknown".
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle; the first wait's start if not given.
    tz
        The time zone of the dates in the words.
    limit
        How many groups to show: those with the most waits, 7 or in half size 5 if not given.
        The rest become one row.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, or higher if there are many rows) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `waits` is no `FirstResponse` table, or has no such column.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> waits = schemas.FirstResponse.empty().with_columns(team=pl.lit(None, pl.String))
    >>> charts.first_response_ridge(waits, by="team", as_of=noon).description
    'No picture: nobody waited for an answer, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(waits, FirstResponse, *_beyond(waits, by))
    table = table.with_columns(label=named_group([by]))
    known = table.filter(pl.col("wait").is_not_null())
    span = period(since or earliest(known["started_at"]), as_of, tz)
    told = as_of_sentence(as_of, tz)
    out = left_out(table, known)
    if known.is_empty():
        words = no_waits(table, (span, told))
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    merged = folded(known, limit_of(limit, size, full=7, half=5))
    curves = answer_curves(merged)
    rows = ridge_rows(merged, curves)
    words = ridge_words(rows, known, by, (span, out, told)).but(title, subtitle)
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=104, foot=26)
    return framed(_picture(rows, curves, merged, space), words, space)


def _beyond(waits: pl.DataFrame | pl.LazyFrame, by: str) -> list[str]:
    """Name the column to group by, unless it is one of the table's own."""
    checked = FirstResponse.require(waits.lazy())
    have = checked.collect_schema().names()
    if by not in have:
        raise SchemaError.missing_columns("FirstResponse", [by], have)
    return [] if by in FirstResponse.column_names() else [by]


def _picture(
    rows: pl.DataFrame, curves: pl.DataFrame, merged: pl.DataFrame, space: Space
) -> Drawing:
    scale = TimeScale(merged["wait"].dt.total_seconds(fractional=True))
    x = partial(scale.x, width=space.plot_width)
    y = partial(_y, rows=rows.height)
    data = drawn(ridges_of(rows, curves, scale), "row", "t", "foot", "top")
    ridge = alt.Chart(data).encode(x=x("t"), detail="row:O")
    few = merged.join(rows.filter(pl.col("n") < FEW).select("label", "row"), on="label")
    rings = few.filter(pl.col("outcome") == "answered").select(
        "row", t=pl.col("wait").dt.total_seconds(fractional=True).clip(scale.first)
    )
    named = rows.with_columns(
        pl.Series("name", broken(rows["label"], space), dtype=pl.String),
        pl.col("at", "lo", "hi").clip(scale.first, scale.last),
        foot=pl.col("row") + FOOT,
        full_name="label",
        end=pl.when(pl.col("at").is_not_null()).then(pl.col("hi").fill_null(scale.last)),
    )
    marks = drawn(named, "row", "at", "lo", "end", "foot", "name", "full_name", "value")
    tooltip = [alt.Tooltip("full_name:N", title="group"), alt.Tooltip("value:N", title="median")]
    base = alt.Chart(marks).encode(y=y("foot"))
    ridges = alt.layer(
        ridge.mark_area(color=ACCENT, opacity=0.3).encode(y=y("top"), y2="foot:Q"),
        ridge.mark_line(color=ACCENT, strokeWidth=1.5).encode(y=y("top")),
        base.mark_rule(color=ACCENT, strokeWidth=1.5).encode(x=x("lo"), x2="end:Q"),
        base.mark_point(color=ACCENT, filled=True, size=90, opacity=1).encode(
            x=x("at"), tooltip=tooltip
        ),
    )
    return _beside(ridges, marks, drawn(rings, "row", "t"), x, space)


def _beside(
    ridges: Drawing,
    marks: pl.DataFrame,
    rings: pl.DataFrame,
    x: Callable[[str], alt.X],
    space: Space,
) -> Drawing:
    """Put names and numbers beside the ridges; their rows have a scale of their own."""
    edge = alt.Chart(marks).encode(
        y=row_axis(marks.height), x=alt.value(space.plot_width + space.right)
    )
    ring = alt.Chart(rings).encode(x=x("t"), y=row_axis(marks.height))
    beside = alt.layer(
        ring.mark_point(color=ACCENT, size=80, filled=False, strokeWidth=2, opacity=1),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(marks, space),
    )
    picture = alt.layer(ridges, beside).resolve_scale(y="independent")
    sized: Drawing = picture.properties(width=space.plot_width, height=space.plot_height)
    return sized


def _y(field: str, rows: int) -> alt.Y:
    return alt.Y(field, type="quantitative").scale(domain=[rows, 0]).axis(None)
