"""Whether people ask for other things than before: the share of each tag, period by period."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import TagFrequency
from drift_analysis.schemas.base import require_moment

from .color import readable
from .format import human_share, zone
from .frame import FEW, Drawing, Picture, Space, by_size, calm, framed, limit_of
from .prepare import collected, drawn
from .tag_trend_words import require_period, trend_words
from .tags_absent import absent_words, known_of
from .text import wrap
from .words import as_of_sentence
from .words import period as period_words

if TYPE_CHECKING:
    from datetime import datetime

    from .frame import Size

__all__ = ["tag_trend"]

_LEFT, _GAP, _HEAD, _FOOT = 34, 24, 34, 8
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


def tag_trend(
    frequency: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    conversations: pl.DataFrame | pl.LazyFrame | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share of each tag by period: small panels on one scale, most frequent first.

    The band is the 95 % interval (Wilson). A period that `as_of` has not passed yet is
    incomplete and hollow; one with fewer than five conversations has no point.

    Parameters
    ----------
    frequency
        What `tag_frequency(conversations, every=...)` returned: a `TagFrequency` table with a
        column ``period`` (Date), the first day of each period.
    as_of
        The moment that the table was computed for, with a time zone.
    conversations
        The `Conversations` table that was counted. It is needed only where no tag is found: a
        table of tags without a row can not tell whether there are none or they are unknown.
    tz
        The time zone in which the periods were cut.
    limit
        How many tags to show; 6, or 4 in half size, if not given.
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
        If `frequency` is no `TagFrequency` table, or has no ``period``, or `conversations` is no
        table of conversations.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> nothing = schemas.TagFrequency.empty().with_columns(period=pl.lit(None, pl.Date))
    >>> charts.tag_trend(nothing, as_of=noon).description
    'No picture: no tag is known on any conversation, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    require_period(frequency)
    table = collected(frequency, TagFrequency, "period").filter(pl.col("period").is_not_null())
    space = Space.of(size, left=_LEFT)
    rows = _rows(table, limit_of(limit, size, full=6, half=4), as_of, tz)
    if rows.is_empty():
        span = period_words(None, as_of, tz)
        words = absent_words(known_of(table, conversations), span, as_of_sentence(as_of, tz))
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    words = trend_words(rows, table, as_of, tz)
    if rows["solid"].null_count() == rows["pale"].null_count() == rows.height:
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    picture = _picture(rows, space, by_size(size, full=3, half=2))
    return framed(picture, words.but(title, subtitle), space)


def _rows(table: pl.DataFrame, limit: int, as_of: datetime, tz: str) -> pl.DataFrame:
    """Keep the most frequent tags, one row per period, and tell which periods count."""
    used = pl.col("conversations").sum()
    ranked = table.group_by("tag").agg(used).filter(pl.col("conversations") > 0)
    ranked = ranked.sort("conversations", "tag", descending=[True, False]).head(limit)
    panels = ranked.select("tag").with_row_index("panel")
    ends = _period_ends(table["period"].unique().sort(), as_of, tz)
    solid, enough = pl.col("is_complete"), pl.col("n_known") >= FEW
    return (
        table.join(panels, on="tag")
        .join(ends, on="period")
        .sort("panel", "period")
        .with_columns(
            pl.when(solid & enough).then(pl.col("share_lo", "share_hi")),
            solid=pl.when(solid & enough).then("share"),
            pale=pl.when(~solid & enough).then("share"),
        )
    )


def _period_ends(periods: pl.Series, as_of: datetime, tz: str) -> pl.DataFrame:
    """Tell which periods `as_of` has passed; the last is as long as the one before it."""
    frame = periods.to_frame("period")
    months = pl.col("period").dt.year() * 12 + pl.col("period").dt.month()
    by_months = periods.len() > 1 and bool((periods.dt.day() == 1).all())
    if by_months:
        step = frame.select(months.diff().min()).item()
        end = pl.col("period").dt.offset_by(f"{step}mo")
    else:
        end = pl.col("period") + pl.col("period").diff().min()
    today = as_of.astimezone(zone(tz)).date()
    return frame.with_columns(is_complete=(end <= today).fill_null(value=False))


def _picture(rows: pl.DataFrame, space: Space, columns: int) -> Drawing:
    n_panels = int(rows["panel"].to_list()[-1]) + 1
    columns = min(columns, n_panels)
    lines = -(-n_panels // columns)
    width = (space.plot_width - columns * _GAP) // columns
    height = (space.height - lines * (_HEAD + _FOOT)) // lines
    first = pl.col("period") == pl.col("period").first().over("panel")
    texts = {
        "name": [wrap(tag, width, size=13, lines=1)[0] for tag in rows["tag"]],
        "share_text": [human_share(share) for share in rows["share"]],
        "color": [readable(color) for color in rows["color"]],
    }
    shown = rows.with_columns(pl.Series(name, values) for name, values in texts.items())
    shown = shown.with_columns(pl.when(first).then("name").otherwise(pl.lit("")))
    data = drawn(shown, "panel", "period", "solid", "pale", "share_lo", "share_hi", "share", *texts)
    top = rows.select(pl.max_horizontal(pl.col("share_hi", "solid", "pale").max())).item() or 1.0
    base = alt.Chart().encode(
        x=alt.X("period", type="temporal")
        .axis(format="%-d %b", values=_dates(rows), grid=False, ticks=False, labelOverlap=True)
        .scale(padding=6)
        .title(None),
        color=alt.Color("color:N", scale=None),
    )
    y = partial(_y, top=top)
    tooltip = [
        alt.Tooltip("period:T", title="period from"),
        alt.Tooltip("share_text:N", title="share"),
    ]
    layers = alt.layer(
        base.mark_area(opacity=0.22).encode(y=y("share_lo"), y2="share_hi:Q"),
        base.mark_rule(opacity=0.4).encode(y=y("share_lo"), y2="share_hi:Q"),
        base.mark_line(strokeWidth=2).encode(y=y("solid")),
        base.mark_point(filled=True, size=30, opacity=1).encode(y=y("solid"), tooltip=tooltip),
        base.mark_point(filled=False, size=40).encode(y=y("pale"), tooltip=tooltip),
        alt.Chart()
        .mark_text(style="strong", align="left", baseline="bottom")
        .encode(x=alt.value(0), y=alt.value(-6), text="name:N"),
    ).properties(width=width, height=height)
    facet = alt.Facet("panel", type="ordinal").header(
        title=None, labelExpr="''", labelFontSize=1, labelPadding=0
    )
    return layers.facet(facet, data=data, columns=columns, spacing={"row": _HEAD, "column": _GAP})


def _dates(rows: pl.DataFrame) -> list[alt.DateTime]:
    """Return two periods to name on the axis, away from its ends, where names would collide."""
    periods = rows["period"].unique().sort().to_list()
    places = sorted({len(periods) // 6, len(periods) * 2 // 3})
    named = [periods[place] for place in places]
    return [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in named]


def _y(field: str, top: float) -> alt.Y:
    step = next(step for step in _STEPS if top <= 3 * step)
    top = step * math.ceil(top / step)
    axis = alt.Axis(
        values=[step * n for n in range(round(top / step) + 1)],
        labelExpr="round(datum.value * 100) + ' %'",
        ticks=False,
        domain=False,
        minExtent=_LEFT,
        maxExtent=_LEFT,
    )
    return (
        alt.Y(field, type="quantitative").scale(domain=[0, top], nice=False).axis(axis).title(None)
    )
