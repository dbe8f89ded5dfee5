"""Who does the work: in how many conversations each person wrote, and answered first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import Users, Workload
from drift_analysis.schemas.base import require_moment

from ..kit.color import GREY
from ..kit.dots import n_rows
from ..kit.format import plural
from ..kit.frame import Drawing, Picture, Size, Space, Words, by_size, calm, framed, limit_of, names
from ..kit.key import Key, key_height, key_marks
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import AUTHOR_COLORS
from ..kit.words import as_of_sentence, period
from .people_words import people_words, work_told

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["workload"]

_HUMAN, _PALE = AUTHOR_COLORS["human"], 0.35
_KEY = [
    Key("first to answer", _HUMAN),
    Key("other conversations written in", _HUMAN, _PALE),
]
_COUNTS = ["conversations", "first_responses", "messages", "active_days", "busiest_day"]


def workload(
    work: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    users: pl.DataFrame | pl.LazyFrame | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw in how many conversations each person wrote, and to how many gave the first answer.

    Without `users` people are called by their ids: names are personal data, and are drawn only
    if you give them.

    Parameters
    ----------
    work
        A `Workload` table.
    as_of
        The moment that the table was computed for, with a time zone.
    users
        A `Users` table, for the names.
    since
        When the period began, for the subtitle; the first message if not given.
    tz
        The time zone of the dates in the words.
    limit
        How many people to show: those with the most conversations, 10 or in half size 6 if not
        given. The rest become one row, the mean of theirs.
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
        If `work` is no `Workload` table, or `users` none of users.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.workload(schemas.Workload.empty(), as_of=noon).description
    'No picture: no human wrote until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = _named(collected(work, Workload), users).filter(pl.col("conversations") > 0)
    first = table["first_at"].drop_nulls().sort().head(1).to_list()
    span = period(since or (first[0] if first else None), as_of, tz)
    told = as_of_sentence(as_of, tz)
    if table.is_empty():
        words = Words("No human wrote", span, (told,), f"No picture: no human wrote {span}.")
        return calm("No human wrote.", words.but(title, subtitle), size)
    rows = _rows(table, limit_of(limit, size, full=10, half=6))
    words = people_words(rows, table, (span, told)).but(title, subtitle)
    right = by_size(size, full=104, half=76)
    space = Space.for_rows(size, rows["label"].to_list(), rows=n_rows(rows), right=right, foot=0)
    foot = key_height(_KEY, space.width) + 6
    space = Space(space.width, space.height + foot, space.left, space.right, foot)
    return framed(_picture(rows, space), words, space)


def _named(table: pl.DataFrame, users: pl.DataFrame | pl.LazyFrame | None) -> pl.DataFrame:
    number = pl.format("user {}", "user_id").fill_null("humans without an id")
    if users is None:
        return table.with_columns(label=number)
    known = collected(users, Users).select("user_id", called=pl.coalesce("name", "alias"))
    joined = table.join(known, on="user_id", how="left", maintain_order="left")
    return joined.with_columns(label=pl.coalesce("called", number))


def _rows(table: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Order people by their conversations, and let the others be one row: their mean."""
    ranked = table.sort("conversations", "user_id", descending=[True, False], nulls_last=True)
    counts = [pl.col(name).cast(pl.Float64) for name in _COUNTS]
    rows = ranked.head(limit).select("label", *counts, is_others=pl.lit(value=False))
    tail = ranked.tail(-limit)
    if not tail.is_empty():
        name = f"{plural(tail.height, 'other person', 'other people')}, each"
        mean = tail.select(pl.lit(name).alias("label"), *(count.mean() for count in counts))
        rows = pl.concat([rows, mean.head(1).with_columns(is_others=pl.lit(value=True))])
    return rows.with_columns(
        row=pl.int_range(pl.len()),
        value=pl.Series([work_told(row) for row in rows.to_dicts()], dtype=pl.String),
        color=pl.when("is_others").then(pl.lit(GREY)).otherwise(pl.lit(_HUMAN)),
    )


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    named = rows.with_columns(
        pl.Series("name", names(rows["label"], space), dtype=pl.String), full_name="label"
    )
    data = drawn(named, "row", "name", "full_name", "value", "color", *_COUNTS)
    plain = alt.Chart(data).encode(y=row_axis(rows.height))
    base = plain.encode(color=alt.Color("color:N", scale=None))
    longest = max(rows["conversations"])
    x = partial(_x, longest=longest)
    tooltip = [
        alt.Tooltip("full_name:N", title="who"),
        *(alt.Tooltip(f"{n}:Q", title=n.replace("_", " "), format=",.0f") for n in _COUNTS),
    ]
    edge = plain.encode(x=alt.value(space.plot_width + space.right))
    return alt.layer(
        base.mark_bar(height=14, opacity=_PALE).encode(x=x("conversations"), tooltip=tooltip),
        base.mark_bar(height=14).encode(x=x("first_responses")),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(data, space),
        *key_marks(_KEY, space, below=6),
    ).properties(width=space.plot_width, height=space.plot_height)


def _x(field: str, longest: float) -> alt.X:
    scale = alt.Scale(domain=[0, longest], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(None)
