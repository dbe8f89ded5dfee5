"""What people ask for: how often each tag is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import TagFrequency
from drift_analysis.schemas.base import require_moment

from ..kit.color import GREY, readable
from ..kit.format import plural
from ..kit.frame import FEW, Drawing, Picture, Space, by_size, calm, framed, limit_of, names
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.words import as_of_sentence, earliest, period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..kit.frame import Size

from .tags_absent import absent_words, known_of
from .tags_words import share_told, tags_words

__all__ = ["tag_frequency"]

_PALE, _MOST_ROOM = 0.35, 1.5


def tag_frequency(
    frequency: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    conversations: pl.DataFrame | pl.LazyFrame | None = None,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how often each tag is used: bars in the tags' own colours, share and n beside them.

    A colour that can not be seen on white or on near black is made darker or lighter, and a tag
    without one is grey. The thin line is the 95 % interval (Wilson). The tail is folded into
    one row, as long as the most frequent of it, and conversations known to have no tag stand
    apart below; both are pale.

    Parameters
    ----------
    frequency
        A `TagFrequency` table of one period and group.
    as_of
        The moment that the table was computed for, with a time zone.
    conversations
        The `Conversations` table that was counted. It is needed only where no tag is found: a
        table of tags without a row can not tell whether there are none or they are unknown.
    since
        When the period began, for the subtitle; the first use of a tag if not given.
    tz
        The time zone of the dates in the words.
    limit
        How many tags to show; 10, or in half size 5, if not given.
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
        If `frequency` is no `TagFrequency` table, or `conversations` none of conversations.
    InputError
        If a tag has several rows, `as_of` has no time zone, or there is no such size or zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.tag_frequency(schemas.TagFrequency.empty(), as_of=noon)
    >>> chart.description
    'No picture: no tag is known on any conversation, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    given = collected(frequency, TagFrequency)
    table = given.filter(pl.col("conversations") > 0)
    if table["tag"].is_duplicated().any():
        raise InputError.of(
            "A tag has several rows.",
            f"{table.height} rows for {table['tag'].n_unique()} tags.",
            "charts.tag_trend(...) for periods, or filter the table to one period and group.",
        )
    since = since or earliest(table["first_seen"])
    span = period(since, as_of, tz)
    told = as_of_sentence(as_of, tz)
    rows = _rows(table, limit_of(limit, size, full=10, half=5))
    if rows.is_empty():
        words = absent_words(known_of(given, conversations), span, told)
        return calm(f"{words.title}.", words.but(title, subtitle), size)
    words = tags_words(rows, table, span, told).but(title, subtitle)
    n_rows = rows["row"].to_list()[-1] + 1
    right = by_size(size, full=96, half=84)
    space = Space.for_rows(size, rows["label"].to_list(), rows=n_rows, right=right, foot=0)
    return framed(_picture(rows, space, int(table["n_known"][0])), words, space)


def _rows(table: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Order tags by their use, say how many more there are, and set the untagged apart."""
    ranked = table.sort("conversations", "tag", descending=[True, False])
    shown, tail = ranked.head(limit), ranked.tail(-limit)
    columns = ["label", "conversations", "share", "lo", "hi", "color", "kind"]
    rows = [
        (
            r["tag"],
            r["conversations"],
            r["share"],
            r["share_lo"],
            r["share_hi"],
            readable(r["color"]),
            "tag",
        )
        for r in shown.to_dicts()
    ]
    if not tail.is_empty():
        rows.append(
            (
                plural(tail.height, "other tag"),
                int(tail["conversations"].to_list()[0]),
                float(tail["share"].to_list()[0]),
                None,
                None,
                GREY,
                "others",
            )
        )
    if rows and (untagged := int(table["n_untagged"][0])):
        rows.append(
            ("no tag", untagged, untagged / int(table["n_known"][0]), None, None, GREY, "none")
        )
    schema = dict(
        zip(columns, (pl.String, pl.Int64, *[pl.Float64] * 3, pl.String, pl.String), strict=True)
    )
    gap = (pl.col("kind") == "none").cast(pl.Int64)
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.with_columns(
        row=pl.int_range(pl.len()) + gap, beyond=pl.col("share") > _longest(found)
    )


def _picture(rows: pl.DataFrame, space: Space, n_known: int) -> Drawing:
    n_rows = rows["row"].to_list()[-1] + 1
    few = n_known < FEW
    texts = {
        "name": names(rows["label"], space),
        "full_name": rows["label"].to_list(),
        "value": [share_told(row, n_known) for row in rows.to_dicts()],
        "each": [
            "●" * row["conversations"] if few and row["kind"] != "others" else ""
            for row in rows.to_dicts()
        ],
    }
    shown = rows.with_columns(pl.Series(name, values) for name, values in texts.items())
    if few:
        shown = shown.with_columns(
            pl.lit(None, pl.Float64).alias(name) for name in ("share", "lo", "hi")
        )
    longest = _longest(shown)
    is_tag = pl.col("kind") == "tag"
    marks = {
        "opacity": pl.when(is_tag).then(1.0).otherwise(_PALE),
        "break": pl.when("beyond").then(pl.lit("//")).otherwise(pl.lit("")),
        "share": pl.col("share").clip(upper_bound=longest),
    }
    data = drawn(shown.with_columns(**marks), "row", "lo", "hi", "color", *marks, *texts)
    x = _x_to(longest)
    plain = alt.Chart(data).encode(y=row_axis(n_rows))
    base = plain.encode(color=alt.Color("color:N", scale=None))
    tooltip = [alt.Tooltip("full_name:N", title="tag"), alt.Tooltip("value:N", title="share and n")]
    edge = plain.encode(x=alt.value(space.plot_width + space.right))
    return alt.layer(
        base.mark_bar(height=14).encode(
            x=x("share"),
            opacity=alt.Opacity("opacity", type="quantitative").scale(None),
            tooltip=tooltip,
        ),
        plain.mark_text(style="strong", align="right", dx=-6).encode(x=x("share"), text="break:N"),
        plain.mark_rule(style="interval").encode(x=x("lo"), x2="hi:Q"),
        base.mark_text(align="left", fontSize=14).encode(x=alt.value(2), text="each:N"),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(data, space, n_rows),
    ).properties(width=space.plot_width, height=space.plot_height)


def _longest(rows: pl.DataFrame) -> float:
    """Return where the scale ends: at the tags, or a little beyond them if the rest then fits."""
    of_tags = rows.select(pl.max_horizontal(pl.col("share", "hi").filter(kind="tag").max())).item()
    others = rows["share"].max()
    if of_tags is None or not isinstance(others, float):
        return 1.0
    return max(of_tags, others) if others <= of_tags * _MOST_ROOM else float(of_tags)


def _x_to(longest: float) -> Callable[[str], alt.X]:
    def x(field: str) -> alt.X:
        scale = alt.Scale(domain=[0, longest], nice=False)
        return alt.X(field, type="quantitative").scale(scale).axis(None)

    return x
