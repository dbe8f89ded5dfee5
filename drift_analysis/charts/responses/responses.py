"""How long a contact waits: the share that is answered by each time."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.metrics.statistics.incidence import cumulative_incidence
from drift_analysis.schemas import FirstResponse
from drift_analysis.schemas.base import require_moment

from ..kit.axes import TimeScale, share_axis
from ..kit.format import exact_count, human_duration, human_share
from ..kit.frame import FEW, Drawing, Picture, Space, by_size, calm, framed
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import ACCENT, STATUS_COLORS
from ..kit.words import as_of_sentence, earliest, period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from ..kit.frame import Size

from .responses_words import median, no_waits, responses_words

__all__ = ["first_response"]

_COLORS = {"answered": ACCENT, "closed": STATUS_COLORS["closed"]}
_STEPS = 240


def first_response(
    waits: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    business: bool = False,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share of contacts that is answered by each time, with its band.

    The curve is the cumulative incidence (Aalen-Johansen): conversations closed without an
    answer compete, and have a curve of their own; those still waiting count as far as they got.
    The numbers under the axis are those that still wait. Below five waits each one is drawn.

    Parameters
    ----------
    waits
        A `FirstResponse` table. It is reduced here to a few hundred steps.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle; the first wait's start if not given.
    tz
        The time zone of the dates in the words.
    business
        Whether to measure business time, where a calendar was given.
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
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.first_response(schemas.FirstResponse.empty(), as_of=noon)
    >>> chart.description
    'No picture: nobody waited for an answer, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(waits, FirstResponse)
    length = "business_wait" if business else "wait"
    known = table.filter(pl.col(length).is_not_null()).with_columns(wait=length)
    since = since or earliest(known["started_at"])
    span = period(since, as_of, tz)
    when = (span, as_of_sentence(as_of, tz))
    if known.is_empty():
        words = no_waits(table, when, business=business)
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    curves = _curves(known)
    words = responses_words(table, known, curves, when, business=business)
    words = words.but(title, subtitle)
    space = Space.of(size, left=66, right=by_size(size, full=84, half=66), foot=60)
    picture = _points(known, space) if known.height < FEW else _picture(known, curves, space)
    return framed(picture, words, space)


def _curves(known: pl.DataFrame) -> pl.DataFrame:
    """Return the curve of the answers, and of closing without one if that occurs."""
    curves = cumulative_incidence(known, duration="wait", outcome="outcome")
    curves = curves.filter(pl.col("outcome").is_in(list(_COLORS)))
    occurs = (pl.col("incidence").max() > 0).over("outcome")
    return curves.filter(occurs | (pl.col("outcome") == "answered"))


def _thinned(curves: pl.DataFrame) -> pl.DataFrame:
    """Keep the last of all steps that are too close to be seen apart."""
    shown = pl.col("t").dt.total_seconds(fractional=True).clip(1).log()
    place = (shown / shown.max().clip(1e-9) * _STEPS).floor()
    is_last = (place != place.shift(-1)).over("outcome", order_by="t")
    is_end = pl.col("t").is_in([curves["t"].min(), curves["t"].max()])
    return curves.filter(is_last | is_end)


def _picture(known: pl.DataFrame, curves: pl.DataFrame, space: Space) -> Drawing:
    scale = TimeScale(known["wait"].dt.total_seconds(fractional=True))
    x = partial(scale.x, width=space.plot_width)
    band = pl.when(pl.col("outcome") == "answered").then(pl.col("lo", "hi"))
    data = drawn(_thinned(curves).with_columns(band), "outcome", "t", "incidence", "lo", "hi")
    base = alt.Chart(data.with_columns(pl.col("t").clip(scale.first))).encode(x=x("t"))
    colors = alt.Scale(domain=list(_COLORS), range=list(_COLORS.values()))
    dashes = alt.Scale(domain=list(_COLORS), range=[[1, 0], [5, 3]])
    base = base.encode(color=alt.Color("outcome", type="nominal").scale(colors).legend(None))
    return alt.layer(
        base.mark_area(interpolate="step-after", opacity=0.22).encode(y=_y("lo"), y2="hi:Q"),
        base.mark_line(interpolate="step-after", strokeWidth=2).encode(
            y=_y("incidence"),
            strokeDash=alt.StrokeDash("outcome", type="nominal").scale(dashes).legend(None),
        ),
        *_median_mark(median(curves), scale, x),
        _ends(curves, space),
        *_numbers_at_risk(known, scale, x, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _points(known: pl.DataFrame, space: Space) -> Drawing:
    """Draw the few waits themselves: filled where answered, hollow where not."""
    scale = TimeScale(known["wait"].dt.total_seconds(fractional=True))
    x = partial(scale.x, width=space.plot_width)
    answered = pl.col("outcome") == "answered"
    ordered = known.sort("wait", "conversation_id")
    rows = ordered.select(
        row=pl.int_range(pl.len()),
        answered=pl.when(answered).then("wait"),
        open=pl.when(~answered).then("wait"),
        name=pl.col("outcome").cast(pl.String),
        said=pl.Series([human_duration(wait) for wait in ordered["wait"]]),
    )
    data = drawn(rows, *rows.columns).with_columns(pl.selectors.float().clip(scale.first))
    base = alt.Chart(data).encode(y=row_axis(data.height))
    return alt.layer(
        base.mark_point(size=110, filled=True, opacity=1).encode(x=x("answered")),
        base.mark_point(size=110, filled=False, strokeWidth=2).encode(x=x("open")),
        base.mark_text(style="note", align="left", dx=10).encode(x=x("answered"), text="said:N"),
        base.mark_text(style="note", align="left", dx=10).encode(x=x("open"), text="said:N"),
        *row_names(data, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _median_mark(
    half: timedelta | None, scale: TimeScale, x: Callable[[str], alt.X]
) -> list[alt.Chart]:
    if half is None:
        return []
    at = max(half.total_seconds(), scale.first)
    row = pl.DataFrame({"t": [at], "half": [0.5], "zero": [0.0]})
    base = alt.Chart(row.with_columns(said=pl.lit(f"half by {human_duration(half)}")))
    base = base.encode(x=x("t"))
    # A curve that rises leaves room above it on its left.
    has_room = math.log(at / scale.first) > math.log(scale.last / scale.first) / 3
    return [
        base.mark_rule(style="reference").encode(y=_y("half"), y2="zero:Q"),
        base.mark_point(filled=True, size=110, opacity=1).encode(y=_y("half")),
        base.mark_text(
            style="strong",
            align="right" if has_room else "left",
            dx=-8 if has_room else 10,
            dy=-10 if has_room else 12,
        ).encode(y=_y("half"), text="said:N"),
    ]


def _ends(curves: pl.DataFrame, space: Space) -> alt.Chart:
    """Name each curve at its end, and keep the names from lying upon each other."""
    last = curves.group_by("outcome", maintain_order=True).agg(pl.col("incidence").last())
    apart = 32 / space.plot_height
    rows = last.sort("incidence").to_dicts()
    heights = [row["incidence"] for row in rows]
    if len(heights) > 1 and heights[1] - heights[0] < apart:
        heights[1] = min(heights[0] + apart, 1.0)
        heights[0] = max(0.0, heights[1] - apart)
    said = [f"{row['outcome']}\n{human_share(row['incidence'])}" for row in rows]
    labels = pl.DataFrame({"height": heights, "said": said})
    text = alt.Chart(labels).mark_text(
        style="note", align="left", baseline="middle", lineBreak="\n"
    )
    placed: alt.Chart = text.encode(
        x=alt.value(space.plot_width + 6), y=_y("height"), text="said:N"
    )
    return placed


def _numbers_at_risk(
    known: pl.DataFrame, scale: TimeScale, x: Callable[[str], alt.X], space: Space
) -> list[alt.Chart]:
    ticks = scale.ticks(space.plot_width)
    waits = known["wait"].dt.total_seconds(fractional=True)
    at_risk = [exact_count(int((waits >= tick).sum())) for tick in ticks]
    below = alt.value(space.plot_height + 40)
    rows = pl.DataFrame({"t": ticks, "n": at_risk})
    return [
        alt.Chart(rows).mark_text(style="note").encode(x=x("t"), y=below, text="n:N"),
        alt.Chart(pl.DataFrame({"said": ["waiting"]}))
        .mark_text(style="note", align="left")
        .encode(x=alt.value(-space.left), y=below, text="said:N"),
    ]


def _y(field: str) -> alt.Y:
    shares = alt.Y(field, type="quantitative").scale(domain=[0, 1])
    return shares.axis(share_axis()).title(None)
