"""What takes longer that has a tag: the median of each, beside that of all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import TagSurvival
from drift_analysis.schemas.base import require_moment

from ..kit.axes import TimeScale
from ..kit.dots import dot_rows
from ..kit.frame import FEW, Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.prepare import collected
from ..kit.words import as_of_sentence, period
from .tag_colors import colors_of
from .tag_survival_words import CLEAR, median_told, survival_words

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["tag_survival"]


def tag_survival(
    survival: pl.DataFrame | pl.LazyFrame,
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
    """Draw how long half of the conversations with each tag take, beside half of all.

    Dot and line are the median and its 95 % interval, the dashed line is the median of all. A
    filled dot is clearly sooner or later than the rest (log-rank, q below 5 %). Tags come after
    the fact, which the picture says: it describes, and predicts nothing.

    Parameters
    ----------
    survival
        A `TagSurvival` table.
    as_of
        The moment that the table was computed for, with a time zone.
    frequency
        A `TagFrequency` table, for the tags' own colours.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many tags to show: those on most conversations, 10 or in half size 6 if not given.
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
        If `survival` is no `TagSurvival` table, or `frequency` none of tags.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.tag_survival(schemas.TagSurvival.empty(), as_of=noon).description
    'No picture: no conversation has a tag, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(survival, TagSurvival).filter(pl.col("n") > 0)
    rows = _rows(table, limit_of(limit, size, full=10, half=6), frequency)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = survival_words(rows, table, when).but(title, subtitle)
    if rows.is_empty():
        return calm(f"{words.title}.", words, size)
    right = by_size(size, full=150, half=104)
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=right, foot=26)
    middle = rows["median_all"].dt.total_seconds(fractional=True)[0]
    lengths = [*rows["at"], *rows["lo"], *rows["hi"], middle]
    scale = TimeScale(lengths)
    drawn = rows.with_columns(
        pl.col("at", "lo").clip(scale.first, scale.last),
        # Where the upper bound is not reached, the line goes to the end of the axis.
        hi=pl.when(pl.col("lo").is_not_null())
        .then(pl.col("hi").fill_null(scale.last))
        .clip(scale.first, scale.last),
    )
    reference = None if middle is None else max(middle, scale.first)
    x = partial(scale.x, width=space.plot_width)
    about = ("tag", "median, and n")
    return framed(dot_rows(drawn, x, space, reference=reference, about=about), words, space)


def _rows(
    table: pl.DataFrame, limit: int, frequency: pl.DataFrame | pl.LazyFrame | None
) -> pl.DataFrame:
    """Keep the most frequent tags, the slowest first; those with few have no dot."""
    few = pl.col("n") < FEW
    largest = table.sort("n", "tag", descending=[True, False]).head(limit)
    seconds = {"at": "median", "lo": "median_lo", "hi": "median_hi"}
    rows = largest.with_columns(
        **{
            name: pl.when(~few).then(pl.col(column).dt.total_seconds(fractional=True))
            for name, column in seconds.items()
        },
        label="tag",
        hollow=(few | (pl.col("q") >= CLEAR)).fill_null(value=True),
        not_reached=~few & pl.col("median").is_null(),
    )
    rows = rows.sort(few, ~pl.col("not_reached"), -pl.col("at"), maintain_order=True)
    told = [median_told(row) for row in rows.to_dicts()]
    return rows.with_columns(
        colors_of(rows["tag"], frequency),
        row=pl.int_range(pl.len()),
        value=pl.Series(told, dtype=pl.String),
    )
