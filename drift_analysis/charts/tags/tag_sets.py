"""Which tags come as a set: a column per set, its tags as dots, its share as a bar above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import TagSets
from drift_analysis.schemas.base import require_moment

from ..kit.color import GREY
from ..kit.format import exact_count, human_share
from ..kit.frame import FEW, Drawing, Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.prepare import collected, drawn
from ..kit.text import text_width, wrap
from ..kit.words import as_of_sentence, period
from .tag_colors import colors_of
from .tag_sets_words import sets_words

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["tag_sets"]

_ROW, _HEAD, _TEXT, _GAP = 22, 130, 34, 14


def tag_sets(
    sets: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    frequency: pl.DataFrame | pl.LazyFrame | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw which tags conversations have together, exactly: a column per set (UpSet).

    The bar is the share of conversations that have these tags and no others, with its 95 %
    interval (Wilson); the dots below it are the tags.

    Parameters
    ----------
    sets
        A `TagSets` table of one group.
    as_of
        The moment that the table was computed for, with a time zone.
    frequency
        A `TagFrequency` table, for the tags' own colours.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many sets to show: the most frequent, 10 or in half size 5 if not given.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, or higher if there are many tags) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `sets` is no `TagSets` table, or `frequency` none of tags.
    InputError
        If a set has several rows, `as_of` has no time zone, or there is no such size or zone.

    References
    ----------
    A. Lex et al., UpSet: Visualization of Intersecting Sets, IEEE TVCG 20 (2014).

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.tag_sets(schemas.TagSets.empty(), as_of=noon).description
    'No picture: no conversation has known tags, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(sets, TagSets).filter(pl.col("conversations") > 0)
    if table["tags"].is_duplicated().any():
        raise InputError.of(
            "A set of tags has several rows.",
            f"{table.height} rows for {table['tags'].n_unique()} sets.",
            "filter the table to one group.",
        )
    ranked = table.sort("conversations", "n_tags", "tags", descending=[True, False, False])
    rows = ranked.head(limit_of(limit, size, full=10, half=5)).with_row_index("column")
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = sets_words(rows, table, when).but(title, subtitle)
    if rows.is_empty():
        return calm(f"{words.title}.", words, size)
    tags = _tags(rows, frequency)
    wanted = [text_width(tag, 12) for tag in tags["tag"]]
    left = min(by_size(size, full=236, half=112), round(max(wanted, default=0)) + 14)
    space = Space.of(size, left=left, foot=0)
    height = max(space.height, _HEAD + _GAP + _ROW * tags.height)
    space = Space(space.width, height, space.left, 0, 0)
    return framed(_picture(rows, tags, space), words, space)


def _tags(rows: pl.DataFrame, frequency: pl.DataFrame | pl.LazyFrame | None) -> pl.DataFrame:
    """Return the tags of the sets drawn, the most frequent first; no tag is one of its own."""
    each = rows.select("conversations", tag="tags").explode("tag").drop_nulls()
    tags = each.group_by("tag").agg(n=pl.col("conversations").sum())
    tags = tags.sort("n", "tag", descending=[True, False])
    return tags.with_columns(colors_of(tags["tag"], frequency)).with_row_index("place")


def _picture(rows: pl.DataFrame, tags: pl.DataFrame, space: Space) -> Drawing:
    wide = space.plot_width / rows.height
    foot = space.height - _ROW * tags.height - _GAP
    room = foot - _TEXT
    n_known = int(rows["n_known"].to_list()[0])
    few = n_known < FEW
    top = max(rows["share_hi" if not few else "share"])
    said = [
        exact_count(row["conversations"])
        if few
        else f"{human_share(row['share'])}\n{exact_count(row['conversations'])}"
        for row in rows.to_dicts()
    ]
    placed = rows.select(
        x=(pl.col("column") + 0.5) * wide,
        top=foot - room * pl.col("share") / top,
        foot=pl.lit(float(foot)),
        lo=pl.when(not few).then(foot - room * pl.col("share_lo") / top),
        hi=pl.when(not few).then(foot - room * pl.col("share_hi") / top),
        said=pl.Series(said, dtype=pl.String),
        tags=pl.when(pl.col("n_tags") > 0)
        .then(pl.col("tags").list.join(" + "))
        .otherwise(pl.lit("no tag")),
    ).with_columns(above=pl.min_horizontal("top", "hi"))
    y = pl.lit(float(foot + _GAP)) + (pl.col("place") + 0.5) * _ROW
    grid = rows.select("column", has="tags").join(tags, how="cross")
    dots = grid.select(
        x=(pl.col("column") + 0.5) * wide,
        y=y,
        color=pl.when(pl.col("has").list.contains(pl.col("tag")))
        .then("color")
        .otherwise(pl.lit(GREY)),
        size=pl.when(pl.col("has").list.contains(pl.col("tag"))).then(120.0).otherwise(14.0),
        tag="tag",
    )
    short = [wrap(tag, space.left - 12, size=12, lines=1)[0] for tag in tags["tag"]]
    labels = tags.select(pl.Series("name", short, dtype=pl.String), y=y)
    return _layers(drawn(placed, *placed.columns), drawn(dots, *dots.columns), labels, wide, space)


def _layers(
    bars: pl.DataFrame, dots: pl.DataFrame, labels: pl.DataFrame, wide: float, space: Space
) -> Drawing:
    above = -18 if "\n" in bars["said"][0] else -4
    base = alt.Chart(bars).encode(x=_x("x", space))
    tooltip = [alt.Tooltip("tags:N"), alt.Tooltip("said:N", title="share, and n")]
    matrix = alt.Chart(dots).encode(x=_x("x", space), y=_y("y", space))
    name = alt.Chart(labels).mark_text(style="name", align="left", baseline="middle", fontSize=12)
    none = base.properties(data=bars.filter(pl.col("tags") == "no tag"))
    picture: Drawing = alt.layer(
        base.mark_bar(width=min(36, wide * 0.7), color=GREY).encode(
            y=_y("top", space), y2="foot:Q", tooltip=tooltip
        ),
        base.mark_rule(style="interval").encode(y=_y("lo", space), y2="hi:Q"),
        base.mark_text(
            style="note", baseline="bottom", dy=above, lineBreak="\n", lineHeight=13
        ).encode(y=_y("above", space), text="said:N"),
        none.mark_text(style="note", baseline="top", dy=3).encode(
            y=_y("foot", space), text="tags:N"
        ),
        matrix.mark_point(filled=True, opacity=1).encode(
            color=alt.Color("color:N", scale=None),
            size=alt.Size("size:Q", scale=None),
            tooltip="tag:N",
        ),
        name.encode(x=alt.value(-space.left), y=_y("y", space), text="name:N"),
    )
    return picture.properties(width=space.plot_width, height=space.plot_height)


def _x(field: str, space: Space) -> alt.X:
    scale = alt.Scale(domain=[0, space.plot_width], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(None)


def _y(field: str, space: Space) -> alt.Y:
    scale = alt.Scale(domain=[space.plot_height, 0], nice=False)
    return alt.Y(field, type="quantitative").scale(scale).axis(None)
