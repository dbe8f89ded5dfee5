"""Which tags set two kinds of conversations apart: dots to either side of no difference."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import TagDistinctive
from drift_analysis.schemas.base import require_moment

from ..kit.dots import dot_rows
from ..kit.format import exact_count
from ..kit.frame import Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.prepare import collected
from ..kit.text import text_width
from ..kit.words import as_of_sentence, period
from .tag_colors import colors_of
from .tag_distinctive_words import STANDS_OUT, distinctive_words, odds_told

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["tag_distinctive"]

_RATIOS = [2.0**power for power in range(-20, 21)]
_ROOM, _BETWEEN, _LEAST = 44, 12, math.log(2.2)
# Made from the ratios above alone: no value of the data ever stands in an expression.
_LABEL = "exp(abs(datum.value)) < 1.5 ? 'equal' : format(exp(abs(datum.value)), ',.0f') + ' x'"


def tag_distinctive(
    distinctive: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    sides: tuple[str, str] = ("the first", "the second"),
    frequency: pl.DataFrame | pl.LazyFrame | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how much more each tag belongs to some conversations than to others.

    The dot is the ratio of the odds, pulled towards no difference where uses are few, on a
    logarithmic axis; the line is its 95 % interval. Filled dots are more than 1.96 standard
    errors away from no difference.

    Parameters
    ----------
    distinctive
        A `TagDistinctive` table.
    as_of
        The moment that the table was computed for, with a time zone.
    sides
        What the first and the second conversations are, for the words: "March", "February".
    frequency
        A `TagFrequency` table, for the tags' own colours.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many tags to show: those that are farthest apart in standard errors, 10 or in half
        size 6 if not given.
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
        If `distinctive` is no `TagDistinctive` table, or `frequency` none of tags.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.tag_distinctive(schemas.TagDistinctive.empty(), as_of=noon).description
    'No picture: there are no tags to compare, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(distinctive, TagDistinctive)
    rows = _rows(table, limit_of(limit, size, full=10, half=6), frequency)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = distinctive_words(rows, table, sides, when).but(title, subtitle)
    if rows.is_empty():
        return calm(f"{words.title}.", words, size)
    right = by_size(size, full=116, half=76)
    space = Space.for_rows(size, rows["label"].to_list(), rows=rows.height, right=right, foot=26)
    ends = (min([-_LEAST, *rows["lo"]]), max([_LEAST, *rows["hi"]]))
    x = partial(_x, ends=ends, width=space.plot_width)
    about = ("tag", "how much more, and how many of either")
    return framed(dot_rows(rows, x, space, reference=0.0, about=about), words, space)


def _rows(
    table: pl.DataFrame, limit: int, frequency: pl.DataFrame | pl.LazyFrame | None
) -> pl.DataFrame:
    """Keep the tags that stand out most, from most of the first to most of the second."""
    known = table.filter(pl.col("log_odds").is_not_null())
    apart = known.sort(pl.col("z").abs(), "tag", descending=[True, False]).head(limit)
    reach = STANDS_OUT * pl.col("variance").sqrt()
    rows = apart.sort("log_odds", "tag", descending=[True, False]).with_columns(
        label="tag",
        at="log_odds",
        lo=pl.col("log_odds") - reach,
        hi=pl.col("log_odds") + reach,
        hollow=pl.col("z").abs() < STANDS_OUT,
        row=pl.int_range(pl.len()),
    )
    told = [
        f"{odds_told(row['at'])} · {exact_count(row['first'])} : {exact_count(row['second'])}"
        for row in rows.to_dicts()
    ]
    return rows.with_columns(
        colors_of(rows["tag"], frequency), value=pl.Series(told, dtype=pl.String)
    )


def _x(field: str, ends: tuple[float, float], width: int) -> alt.X:
    """Place logs of ratios, with ticks at powers of two that have room for their names."""
    low, high = ends
    inside = [math.log(ratio) for ratio in _RATIOS if low <= math.log(ratio) <= high]
    widest = text_width(f"{math.exp(max(map(abs, inside))):,.0f} x", 12) + _BETWEEN
    apart = max(1, math.ceil(max(_ROOM, widest) / (math.log(2) / (high - low) * width)))
    values = [value for value in inside if round(value / math.log(2)) % apart == 0]
    axis = alt.Axis(values=values, labelExpr=_LABEL, ticks=False, domain=False)
    scale = alt.Scale(domain=[low, high], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(axis).title(None)
