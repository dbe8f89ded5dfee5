"""Whether people ask for other things than before: the share of each tag, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import TagFrequency
from drift_analysis.schemas.base import require_moment

from ..kit.color import readable
from ..kit.frame import FEW, Picture, Space, by_size, calm, framed, limit_of
from ..kit.panels import PANELS_LEFT, period_ends, trend_panels
from ..kit.periods import latest_periods, with_earlier
from ..kit.prepare import collected
from ..kit.words import as_of_sentence
from ..kit.words import period as period_words
from .tag_trend_words import require_period, trend_words
from .tags_absent import absent_words, known_of

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Size

__all__ = ["tag_trend"]


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
    table, earlier = latest_periods(table)
    space = Space.of(size, left=PANELS_LEFT)
    rows = _rows(table, limit_of(limit, size, full=6, half=4), as_of, tz)
    if rows.is_empty():
        span = period_words(None, as_of, tz)
        words = absent_words(known_of(table, conversations), span, as_of_sentence(as_of, tz))
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    words = with_earlier(trend_words(rows, table, as_of, tz), earlier)
    if rows["solid"].null_count() == rows["pale"].null_count() == rows.height:
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    picture = trend_panels(rows, space, by_size(size, full=3, half=2))
    return framed(picture, words.but(title, subtitle), space)


def _rows(table: pl.DataFrame, limit: int, as_of: datetime, tz: str) -> pl.DataFrame:
    """Keep the most frequent tags, one row per period, and tell which periods count."""
    used = pl.col("conversations").sum()
    ranked = table.group_by("tag").agg(used).filter(pl.col("conversations") > 0)
    ranked = ranked.sort("conversations", "tag", descending=[True, False]).head(limit)
    panels = ranked.select("tag").with_row_index("panel")
    ends = period_ends(table["period"].unique().sort(), as_of, tz)
    solid, enough = pl.col("is_complete"), pl.col("n_known") >= FEW
    shown = (
        table.join(panels, on="tag")
        .join(ends, on="period")
        .sort("panel", "period")
        .with_columns(
            pl.when(solid & enough).then(pl.col("share_lo", "share_hi")),
            solid=pl.when(solid & enough).then("share"),
            pale=pl.when(~solid & enough).then("share"),
            label="tag",
        )
    )
    colors = [readable(color) for color in shown["color"]]
    return shown.with_columns(pl.Series("color", colors, dtype=pl.String))
