"""Which ways lead to a conversion: the most frequent paths as rows of chips."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.metrics.statistics.proportions import wilson
from drift_analysis.schemas import Journeys
from drift_analysis.schemas.base import require_moment

from ..kit.axes import share_axis
from ..kit.color import GREY
from ..kit.frame import FEW, Drawing, Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.prepare import collected, drawn
from ..kit.rows import row_axis
from ..kit.text import text_width, wrap
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .touches_words import path_told, paths_words, touch_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["journeys"]

_FONT, _PAD, _ARROW, _ROW, _FOOT = 12, 7, 16, 30, 26
_PALE, _LEAST = 0.22, 2


@dataclass(frozen=True, slots=True)
class _Chip:
    """A touch of a path, from one pixel to another."""

    start: float
    end: float
    said: str
    color: str


def journeys(
    paths: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the most frequent paths of contacts, and how many of each end in a conversion.

    A row is a path: a chip per touch, in order. Dot and line are the share that converted and
    its 95 % interval (Wilson). Journeys of which it is not known yet how they end are left out.
    A path of fewer than five journeys has no dot.

    Parameters
    ----------
    paths
        A `Journeys` table. It is reduced here to paths: no contact is drawn.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many paths to show: the most frequent, 8 or in half size 5 if not given.
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
        If `paths` is no `Journeys` table.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.journeys(schemas.Journeys.empty(), as_of=noon).description
    'No picture: no journey has come to a known end, until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    table = collected(paths, Journeys)
    every = _paths(table)
    rows = every.head(limit_of(limit, size, full=8, half=5)).with_row_index("row")
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    words = paths_words(rows, every, table, when).but(title, subtitle)
    if rows.is_empty():
        return calm(f"{words.title}.", words, size)
    left, right = by_size(size, full=330, half=152), by_size(size, full=104, half=80)
    space = Space.of(size, left=left, right=right, foot=_FOOT)
    height = max(space.height, rows.height * _ROW + _FOOT)
    space = Space(space.width, height, space.left, space.right, space.foot)
    return framed(_picture(rows, space), words, space)


def _paths(table: pl.DataFrame) -> pl.DataFrame:
    """Count equal paths of journeys that are over, the most frequent first."""
    over = table.filter("is_mature", pl.col("touches").list.len() > 0)
    n = pl.col("n").cast(pl.Int64)
    counts = over.group_by("touches").agg(n=n.sum(), converted=n.filter("converted").sum())
    lo, hi = wilson("converted", "n")
    enough = pl.col("n") >= FEW
    rows = counts.sort("n", "touches", descending=[True, False]).with_columns(
        at=pl.when(enough).then(pl.col("converted") / pl.col("n")),
        lo=pl.when(enough).then(lo),
        hi=pl.when(enough).then(hi),
    )
    return rows.with_columns(
        value=pl.Series([path_told(row) for row in rows.to_dicts()], dtype=pl.String)
    )


def _chips(touches: Sequence[str], room: float) -> list[_Chip]:
    """Place the touches of a path beside each other; names are shortened until all fit."""
    shown = list(touches)
    most = max(1, int((room + _ARROW) // (2 * _PAD + 26 + _ARROW)))
    if len(shown) > most:
        # The first and the last ones tell most: what lies between is counted.
        ends = shown[-1:] if most > _LEAST else []
        shown = [*shown[: most - 1 - len(ends)], f"+ {len(shown) - most + 1}", *ends]
    names = [touch_told(touch) for touch in shown]
    free = room - _ARROW * (len(shown) - 1) - 2 * _PAD * len(shown)
    wanted = sorted(text_width(name, _FONT) for name in names)
    each = free / len(shown)
    for place, width in enumerate(wanted):
        # What the short names leave is for the long ones.
        if width <= each:
            free -= width
            each = max(width, free / max(1, len(wanted) - place - 1))
    chips, x = [], 0.0
    for touch, name in zip(shown, names, strict=True):
        said = wrap(name, max(each, 12), size=_FONT, lines=1)[0]
        end = x + text_width(said, _FONT) + 2 * _PAD
        is_playbook = touch not in ("none", "unknown") and not touch.startswith("+ ")
        chips.append(_Chip(x, end, said, ACCENT if is_playbook else GREY))
        x = end + _ARROW
    return chips


def _picture(rows: pl.DataFrame, space: Space) -> Drawing:
    placed = [
        {
            "row": row["row"],
            "start": chip.start - space.left,
            "middle": (chip.start + chip.end) / 2 - space.left,
            "end": chip.end - space.left,
            "said": chip.said,
            "color": chip.color,
            "arrow": "→" if nth else "",
        }
        for row in rows.to_dicts()
        for nth, chip in enumerate(_chips(row["touches"], space.left - 24))
    ]
    every = drawn(pl.DataFrame(placed), *placed[0])
    chips = alt.Chart(every).encode(y=row_axis(rows.height))
    arrows = chips.properties(data=every.filter(pl.col("arrow") != ""))
    named = rows.with_columns(path=pl.col("touches").list.join(" → "))
    data = drawn(named, "row", "at", "lo", "hi", "value", "path")
    base = alt.Chart(data).encode(y=row_axis(rows.height))
    tooltip = [alt.Tooltip("path:N"), alt.Tooltip("value:N", title="converted, and n")]
    edge = base.encode(x=alt.value(space.plot_width + space.right))
    pixels = partial(_pixels, width=space.plot_width)
    color = alt.Color("color:N", scale=None)
    shares = alt.layer(
        base.mark_rule(strokeWidth=1.5, color=ACCENT).encode(x=_share("lo"), x2="hi:Q"),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=_share("at"), tooltip=tooltip),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
    )
    boxes = alt.layer(
        chips.mark_bar(height=20, cornerRadius=4, opacity=_PALE).encode(
            x=pixels("start"), x2="end:Q", color=color
        ),
        chips.mark_text(style="name", fontSize=_FONT).encode(x=pixels("middle"), text="said:N"),
        arrows.mark_text(style="note", dx=-_ARROW / 2).encode(x=pixels("start"), text="arrow:N"),
    )
    picture: Drawing = alt.layer(shares, boxes).resolve_scale(x="independent")
    return picture.properties(width=space.plot_width, height=space.plot_height)


def _pixels(field: str, width: int) -> alt.X:
    scale = alt.Scale(domain=[0, width], nice=False)
    return alt.X(field, type="quantitative").scale(scale).axis(None)


def _share(field: str) -> alt.X:
    return alt.X(field, type="quantitative").scale(domain=[0, 1]).axis(share_axis()).title(None)
