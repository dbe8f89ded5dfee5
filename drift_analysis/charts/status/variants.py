"""Which ways conversations take: rows of statuses, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas import Variants
from drift_analysis.schemas.base import require_moment

from ..kit.format import exact_count, human_share
from ..kit.frame import Picture, Space, by_size, calm, framed, limit_of
from ..kit.groups import in_groups, one_group
from ..kit.prepare import drawn
from ..kit.rows import row_axis
from ..kit.words import as_of_sentence
from .status import status_color
from .transitions_words import nothing_moved, variant_words

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Drawing, Size

__all__ = ["variants"]

_CHIP, _GAP, _ROW = 60, 16, 30


def variants(
    ways: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the most frequent ways through the statuses as rows of chips, with their share.

    A way that ends in an arrow goes on: it is not closed yet. What is too long for a row says how
    many more statuses follow; the ways that are not shown are one row.

    Parameters
    ----------
    ways
        A `Variants` table without groups.
    as_of
        The moment that the table was computed for, with a time zone.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many ways to draw; 8, or 5 in half size, if not given.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, higher with many ways) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `ways` is no `Variants` table, or one of several groups.
    InputError
        If `as_of` has no time zone, `limit` is below 1, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.variants(schemas.Variants.empty(), as_of=noon).description
    'No picture: there are no conversations until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    told = as_of_sentence(as_of, tz)
    most = limit_of(limit, size, full=8, half=5)
    table = one_group(in_groups(ways, Variants), Variants)
    if table.is_empty():
        return calm("No conversations.", nothing_moved(since, as_of, tz).but(title, subtitle), size)
    table = table.sort("rank", "variant")
    rows = table.head(most).with_row_index("row")
    n_rows = rows.height + (table.height > most)
    least = Space.of(size, right=by_size(size, full=120, half=46), foot=4)
    height = max(least.height, n_rows * _ROW + least.foot)
    space = Space(least.width, height, right=least.right, foot=least.foot)
    words = variant_words(rows, table, (since, as_of, tz), told).but(title, subtitle)
    return framed(_ways(rows, table, n_rows, space), words, space)


def _ways(rows: pl.DataFrame, table: pl.DataFrame, n_rows: int, space: Space) -> Drawing:
    room = max(2, (space.plot_width - 24) // (_CHIP + _GAP))
    chips, ends = [], []
    for way in rows.to_dicts():
        shown = way["statuses"] if len(way["statuses"]) <= room else way["statuses"][: room - 1]
        chips += [
            {"row": way["row"], "x": at * (_CHIP + _GAP), "status": status}
            for at, status in enumerate(shown)
        ]
        more = len(way["statuses"]) - len(shown)
        said = (f"+ {more} more" if more else "") + (" →" if way["is_open"] else "")
        ends.append({"row": way["row"], "x": len(shown) * (_CHIP + _GAP), "said": said})
    data = pl.DataFrame(chips).with_columns(
        x2=pl.col("x") + _CHIP, name=pl.col("status").str.replace_all("_", " ")
    )
    base = alt.Chart(drawn(data, *data.columns)).encode(x=_px("x", space), y=row_axis(n_rows))
    color = status_color("status")
    gap = alt.Chart(data.filter(pl.col("x") > 0)).encode(x=_px("x", space), y=row_axis(n_rows))
    tail = alt.Chart(pl.DataFrame(ends)).encode(x=_px("x", space), y=row_axis(n_rows))
    return alt.layer(
        base.mark_bar(height=20, opacity=0.24).encode(x2="x2:Q", color=color),
        base.mark_tick(thickness=4, height=20, xOffset=2, opacity=1).encode(color=color),
        base.mark_text(style="note", align="left", baseline="middle", dx=8).encode(text="name:N"),
        gap.mark_text(style="note", text="→", dx=-_GAP / 2, baseline="middle"),
        tail.mark_text(style="note", align="left", baseline="middle", dx=3 - _GAP).encode(
            text="said:N"
        ),
        *_shares(rows, table, n_rows, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _shares(rows: pl.DataFrame, table: pl.DataFrame, n_rows: int, space: Space) -> list[alt.Chart]:
    """Write share and count at the right, and the ways that are not shown as one row."""
    hidden = table.height - rows.height
    lines = [(row["row"], row["share"], row["conversations"]) for row in rows.to_dicts()]
    layers = []
    if hidden:
        rest = table.tail(hidden)
        lines.append((n_rows - 1, rest["share"].sum(), int(rest["conversations"].sum())))
        other = pl.DataFrame({"row": [n_rows - 1], "said": [f"{exact_count(hidden)} other ways"]})
        text = alt.Chart(other).mark_text(style="note", align="left", baseline="middle")
        layers.append(text.encode(x=alt.value(0), y=row_axis(n_rows), text="said:N"))
    written = pl.DataFrame(
        {
            "row": [row for row, _, _ in lines],
            "share": [human_share(share) for _, share, _ in lines],
            "n": [f"n {exact_count(n)}" for _, _, n in lines],
        }
    )
    base = alt.Chart(written).encode(y=row_axis(n_rows))
    strong = base.mark_text(style="strong", align="right", baseline="middle")
    count = base.mark_text(style="note", align="right", baseline="middle")
    is_wide = space.right > 100
    at = space.plot_width + (54 if is_wide else space.right)
    layers.append(strong.encode(x=alt.value(at), text="share:N"))
    if is_wide:
        layers.append(count.encode(x=alt.value(space.width), text="n:N"))
    return layers


def _px(field: str, space: Space) -> alt.X:
    pixels = alt.X(field, type="quantitative").scale(domain=[0, space.plot_width], nice=False)
    return pixels.axis(None)
