"""Which tags go together: a matrix of pairs, coloured by how far they are from chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import TagCooccurrence
from drift_analysis.schemas.base import require_moment

from ..kit.color import GREY
from ..kit.frame import Drawing, Picture, Size, Space, calm, framed, limit_of, names
from ..kit.key import Key, key_height, key_marks
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis, row_names
from ..kit.theme import ACCENT, AUTHOR_COLORS
from ..kit.words import as_of_sentence, period
from .tag_pairs_words import CLEAR, lift_told, pairs_words

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["tag_cooccurrence"]

_FEWER = AUTHOR_COLORS["contact"]
_BOUNDS = (0.5, 0.8, 1.25, 2.0)
_KEY = [
    Key("under half as often", _FEWER, 0.75),
    Key("less often", _FEWER, 0.35),
    Key("as by chance", GREY, 0.15),
    Key("more often", ACCENT, 0.3),
    Key("over twice as often", ACCENT, 0.65),
]
_TEXT_ROOM, _PALE, _FLAT = 30, 0.5, 0.55


def tag_cooccurrence(
    pairs: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    min_conversations: int = 5,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw which tags are on the same conversations more or less often than by chance.

    A matrix whose cells say how many times as often as by chance (lift): blue is more, orange is
    less. A small cell may well be chance among so many pairs (q from 5 % on). Tags that go
    together stand beside each other. The number on the diagonal names the column.

    Parameters
    ----------
    pairs
        A `TagCooccurrence` table of one group.
    as_of
        The moment that the table was computed for, with a time zone.
    min_conversations
        Tags on fewer conversations are not drawn.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many tags to show: the most frequent, 12 or in half size 7 if not given.
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
        If `pairs` is no `TagCooccurrence` table.
    InputError
        If a pair has several rows, `as_of` has no time zone, or there is no such size or zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.tag_cooccurrence(schemas.TagCooccurrence.empty(), as_of=noon).description
    'No picture: no two tags are on 5 conversations each, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(pairs, TagCooccurrence)
    _require_one(table)
    tags = _tags(table, min_conversations)
    shown = tags.head(limit_of(limit, size, full=12, half=7))["tag"].to_list()
    both = pl.all_horizontal(pl.col("tag_a", "tag_b").is_in(shown))
    of_shown = table.filter(both)
    order = _order(shown, of_shown)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    hidden = table.select(pl.concat([pl.col("tag_a"), pl.col("tag_b")]).n_unique()).item()
    counts = (min_conversations, int(hidden) - len(order))
    words = pairs_words(of_shown, order, table, counts, when).but(title, subtitle)
    if of_shown.is_empty():
        return calm(f"{words.title}.", words, size)
    space = Space.for_rows(size, order, rows=len(order), right=8, foot=0)
    foot = key_height(_KEY, space.width) + 6
    space = Space(space.width, space.height + foot, space.left, space.right, foot)
    return framed(_picture(of_shown, order, space), words, space)


def _require_one(table: pl.DataFrame) -> None:
    repeated = table.select("tag_a", "tag_b").is_duplicated()
    if repeated.any():
        raise InputError.of(
            "A pair of tags has several rows.",
            f"{int(repeated.sum())} rows.",
            "filter the table to one group.",
        )


def _tags(table: pl.DataFrame, least: int) -> pl.DataFrame:
    """Return the tags by how many conversations have them."""
    sides = [table.select(tag=f"tag_{side}", n=f"n_{side}") for side in ("a", "b")]
    tags = pl.concat(sides).unique("tag").filter(pl.col("n") >= least)
    return tags.sort("n", "tag", descending=[True, False])


def _order(tags: list[str], pairs: pl.DataFrame) -> list[str]:
    """Put similar tags beside each other: begin with the closest pair, and grow at both ends."""
    near = {
        frozenset((row["tag_a"], row["tag_b"])): float(row["phi"] or 0.0)
        for row in pairs.to_dicts()
    }
    if not near:
        return tags
    closest, _ = max(near.items(), key=lambda pair: (pair[1], sorted(pair[0])))
    chain = sorted(closest)
    while rest := [tag for tag in tags if tag not in chain]:
        ends = [
            (near.get(frozenset((end, tag)), 0.0), at, tag)
            for tag in rest
            for at, end in enumerate((chain[0], chain[-1]))
        ]
        _, at, tag = max(ends, key=lambda found: found[0])
        chain = [*chain, tag] if at else [tag, *chain]
    return chain


def _picture(pairs: pl.DataFrame, order: list[str], space: Space) -> Drawing:
    n, place = len(order), {tag: at for at, tag in enumerate(order)}
    wide, high = space.plot_width / n, space.plot_height / n
    cells = [_cell(row, place, (wide, high)) for row in pairs.to_dicts()]
    data = drawn(pl.DataFrame(cells), *cells[0])
    base = alt.Chart(data).encode(y=row_axis(n))
    ends = pl.DataFrame(
        {
            "row": range(n),
            "column": [(at + 0.5) * wide for at in range(n)],
            "number": [str(at + 1) for at in range(n)],
            "name": names(order, space),
        }
    )
    tooltip = [
        alt.Tooltip("pair:N", title="tags"),
        alt.Tooltip("told:N", title="times as often as by chance"),
        alt.Tooltip("both:N", title="conversations with both"),
    ]
    parts = list(data.group_by("clear", "flat", maintain_order=True))
    squares = [
        base.properties(data=part)
        .mark_rect(
            width=(wide - 2) if is_clear else wide * 0.4,
            height=((high - 2) if is_clear else high * 0.4) * (_FLAT if is_flat else 1),
            cornerRadius=2,
        )
        .encode(
            x=_x("column", space),
            color=alt.Color("color:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=tooltip,
        )
        for (is_clear, is_flat), part in parts
    ]
    texts = [
        base.properties(data=part)
        .mark_text(style="name", fontSize=12)
        .encode(x=_x("column", space), text="told:N")
        for (is_clear, _), part in parts
        if is_clear and wide > _TEXT_ROOM
    ]
    return alt.layer(
        *squares,
        *texts,
        alt.Chart(ends)
        .mark_text(style="strong")
        .encode(x=_x("column", space), y=row_axis(n), text="number:N"),
        *row_names(ends.select("row", "name"), space),
        *key_marks(_KEY, space, below=6),
    ).properties(width=space.plot_width, height=space.plot_height)


def _cell(
    row: dict[str, object], place: dict[str, int], size: tuple[float, float]
) -> dict[str, object]:
    """Place a pair below the diagonal, and colour it by its lift."""
    one, other = place[str(row["tag_a"])], place[str(row["tag_b"])]
    lift, q = float(str(row["lift"])), float(str(row["q"]))
    place_in_key = sum(lift >= bound for bound in _BOUNDS)
    shade = _KEY[place_in_key]
    return {
        "row": max(one, other),
        "column": (min(one, other) + 0.5) * size[0],
        "color": shade.color,
        "opacity": shade.opacity if q < CLEAR else shade.opacity * _PALE,
        "clear": q < CLEAR,
        "flat": place_in_key < len(_KEY) // 2,
        "told": lift_told(lift),
        "pair": f"{row['tag_a']} + {row['tag_b']}",
        "both": str(row["n_ab"]),
    }


def _x(field: str, space: Space) -> alt.X:
    scale = alt.Scale(domain=[0, space.plot_width], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(None)
