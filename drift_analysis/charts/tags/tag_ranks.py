"""How the order of tags changes: a line per tag from rank to rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import TagFrequency
from drift_analysis.schemas.base import require_moment

from ..kit.color import readable
from ..kit.format import zone
from ..kit.frame import (
    FEW,
    Drawing,
    Picture,
    Size,
    Space,
    calm,
    framed,
    limit_of,
    names,
    names_width,
)
from ..kit.panels import period_ends
from ..kit.periods import latest_periods, with_earlier
from ..kit.prepare import collected, drawn
from ..kit.text import text_width
from ..kit.words import as_of_sentence
from ..kit.words import period as period_words
from .tag_ranks_words import moved_most, rank_told, ranks_words
from .tag_trend_words import require_period

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["tag_ranks"]

_LEFT, _FEET, _DOT, _PALE = 26, 26, 26, 0.45
_NAMES = {"full": 200, "half": 110}
_BESIDE = 14
_MOST = 100


def tag_ranks(
    frequency: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the rank of each tag by period, in the tags' own colours: a bump chart.

    Ranks are those among the tags drawn; equal ones stand in the order of all periods together.
    A period that `as_of` has not passed yet is hollow; one with fewer than five conversations is
    left out.

    Parameters
    ----------
    frequency
        What `tag_frequency(conversations, every=...)` returned: a `TagFrequency` table with a
        column ``period`` (Date), the first day of each period.
    as_of
        The moment that the table was computed for, with a time zone.
    tz
        The time zone in which the periods were cut.
    limit
        How many tags to show: the most frequent, 8 or in half size 5 if not given.
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
        If `frequency` is no `TagFrequency` table, or has no ``period``.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> nothing = schemas.TagFrequency.empty().with_columns(period=pl.lit(None, pl.Date))
    >>> charts.tag_ranks(nothing, as_of=noon).description
    'No picture: fewer than two periods have known tags on 5 conversations, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    require_period(frequency)
    table = collected(frequency, TagFrequency, "period").filter(pl.col("period").is_not_null())
    table, earlier = latest_periods(table, _MOST)
    rows = _rows(table, limit_of(limit, size, full=8, half=5), as_of, tz)
    told = as_of_sentence(as_of, tz)
    today = as_of.astimezone(zone(tz)).date()
    words = ranks_words(rows, table, (period_words(None, as_of, tz), told), today)
    words = with_earlier(words.but(title, subtitle), earlier)
    if rows["period"].n_unique() < 2:
        return calm(f"{words.title}.", words, size)
    widest = max(text_width(tag, 13) for tag in rows["tag"])
    right = max(
        names_width(rows["tag"].unique(), most=_NAMES[size]),
        min(_NAMES[size], round(widest) + _BESIDE),
    )
    space = Space.of(size, left=_LEFT, right=right, foot=_FEET)
    return framed(_picture(rows, space), words, space)


def _rows(table: pl.DataFrame, limit: int, as_of: datetime, tz: str) -> pl.DataFrame:
    """Rank the most frequent tags within each period that has enough conversations."""
    used = pl.col("conversations").sum()
    ranked = table.group_by("tag").agg(used).filter(pl.col("conversations") > 0)
    ranked = ranked.sort("conversations", "tag", descending=[True, False]).head(limit)
    panels = ranked.select("tag").with_row_index("place")
    ends = period_ends(table["period"].unique().sort(), as_of, tz)
    shown = table.join(panels, on="tag").join(ends, on="period").filter(pl.col("n_known") >= FEW)
    shown = shown.sort("period", "place")
    return shown.with_columns(
        place_in=(-pl.col("conversations").cast(pl.Int64)).rank("ordinal").over("period"),
        color=pl.Series([readable(color) for color in shown["color"]], dtype=pl.String),
    ).sort("place", "period")


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    n = int(rows["place"].n_unique())
    texts = {"full_name": rows["tag"], "told": pl.Series([rank_told(r) for r in rows.to_dicts()])}
    # A tag keeps its latest colour, so that its line has one.
    shown = rows.with_columns(pl.col("color").last().over("place")).with_columns(**texts)
    found = moved_most(rows)
    told = pl.lit(value=False) if found is None else pl.col("tag") == found[0]
    shown = shown.with_columns(opacity=pl.when(told).then(1.0).otherwise(_PALE))
    data = drawn(shown, "place", "period", "place_in", "color", "is_complete", "opacity", *texts)
    periods = rows["period"].unique().sort()
    dates = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in periods]
    x = (
        alt.X("period", type="temporal")
        .axis(
            format="%-d %b",
            values=dates,
            grid=False,
            ticks=False,
            domain=False,
            labelOverlap="greedy",
            labelSeparation=8,
        )
        .scale(padding=12)
        .title(None)
    )
    y = (
        alt.Y("place_in", type="quantitative")
        .scale(domain=[n + 0.5, 0.5])
        .axis(values=list(range(1, n + 1)), grid=False, ticks=False, domain=False, format="d")
        .title(None)
    )
    base = alt.Chart(data).encode(x=x, y=y, color=alt.Color("color:N", scale=None))
    tooltip = [
        alt.Tooltip("full_name:N", title="tag"),
        alt.Tooltip("period:T", title="period from"),
        alt.Tooltip("told:N", title="rank, and share"),
    ]
    over, rest = pl.col("is_complete"), ~pl.col("is_complete")
    last = (
        rows.group_by("place", maintain_order=True)
        .last()
        .filter(pl.col("period") == periods.to_list()[-1])
    )
    label = last.select(
        "place_in",
        name=pl.Series(names(last["tag"], Space(0, 0, left=space.right)), dtype=pl.String),
    )
    name = alt.Chart(label).mark_text(
        style="name", align="left", baseline="middle", lineBreak="\n", lineHeight=13, dx=6
    )
    return alt.layer(
        base.mark_line(strokeWidth=2.5, interpolate="monotone").encode(
            detail="place:N", opacity=alt.Opacity("opacity:Q", scale=None)
        ),
        base.properties(data=data.filter(over))
        .mark_point(filled=True, size=_DOT * 5, opacity=1)
        .encode(tooltip=tooltip),
        base.properties(data=data.filter(rest))
        .mark_point(filled=False, size=_DOT * 5, strokeWidth=2)
        .encode(tooltip=tooltip),
        name.encode(x=alt.value(space.plot_width), y=y, text="name:N"),
    ).properties(width=space.plot_width, height=space.plot_height)
