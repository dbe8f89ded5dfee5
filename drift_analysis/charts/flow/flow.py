"""How much comes in, goes out and waits: period by period, with what the evidence leaves open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.schemas import Flow
from drift_analysis.schemas.base import require_moment

from ..kit.axes import count_y
from ..kit.curves import spread
from ..kit.format import exact_count
from ..kit.frame import Picture, Space, by_size, calm, framed
from ..kit.groups import in_groups, one_group
from ..kit.periods import period_x
from ..kit.prepare import drawn
from ..kit.theme import ACCENT, STATUS_COLORS
from ..kit.words import as_of_sentence
from .flow_words import backlog_words, flow_words, no_flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ..kit.frame import Drawing, Size, Words
    from .flow_words import When

__all__ = ["ARRIVED", "CLOSED", "backlog", "flow", "framed_flow"]

_LEFT, _LINE = 46, 32
_MOST = 1_500
ARRIVED, CLOSED = ACCENT, STATUS_COLORS["closed"]
"""The colours of what came in, and of what closed."""


def flow(
    periods: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how many have arrived and how many have closed so far: a cumulative flow.

    The higher line counts the conversations that have arrived, the lower one those that have
    closed at least once. What lies between them has never been closed. The bands are hard
    bounds: whatever the evidence cannot exclude.

    Parameters
    ----------
    periods
        A `Flow` table without groups; the last 1,500 periods are drawn.
    as_of
        The moment that the table was computed for, with a time zone.
    tz
        The time zone in which the periods were cut.
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
        If `periods` is no `Flow` table, or one of several groups.
    InputError
        If `as_of` has no time zone, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.flow(schemas.Flow.empty(), as_of=noon).description
    'No picture: nothing has arrived until 1 Mar 2026.'
    """
    lines = {"cumulative_arrivals": ("arrived", ARRIVED), "cumulative_closes": ("closed", CLOSED)}
    when = (require_moment(as_of), tz)
    return framed_flow(
        periods, flow_words, partial(_levels, lines=lines), when, (title, subtitle), size
    )


def backlog(
    periods: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how many conversations are open and how many are pending when each period ends.

    A period ends at midnight, the last one at `as_of`. The bands are hard bounds: whatever the
    evidence cannot exclude.

    Parameters
    ----------
    periods, as_of, tz, title, subtitle, size
        As for `flow`.

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError, InputError
        As for `flow`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> charts.backlog(schemas.Flow.empty(), as_of=noon).description
    'No picture: nothing has arrived until 1 Mar 2026.'
    """
    lines = {status: (status, STATUS_COLORS[status]) for status in ("open", "pending")}
    when = (require_moment(as_of), tz)
    return framed_flow(
        periods, backlog_words, partial(_levels, lines=lines), when, (title, subtitle), size
    )


def framed_flow(
    periods: pl.DataFrame | pl.LazyFrame,
    words_of: Callable[[pl.DataFrame, int, When], Words],
    picture: Callable[[pl.DataFrame, Space], Drawing],
    when: tuple[datetime, str],
    own: tuple[str | None, str | None],
    size: str,
) -> Picture:
    """Check a table of flow, and put its words around its picture."""
    as_of, tz = when
    told = as_of_sentence(as_of, tz)
    space = Space.of(size, left=_LEFT, right=by_size(size, full=96, half=66))
    table = one_group(in_groups(periods, Flow), Flow).sort("period")
    if table.is_empty():
        return calm("Nothing has arrived.", no_flow(as_of, tz, told).but(*own), size)
    rows = table.tail(_MOST).with_columns(place=pl.int_range(pl.len()))
    words = words_of(rows, table.height, (as_of, tz, told)).but(*own)
    return framed(picture(rows, space), words, space)


def _levels(rows: pl.DataFrame, space: Space, *, lines: dict[str, tuple[str, str]]) -> Drawing:
    """Draw what is true when each period ends, as lines with bands that are named at the end."""
    bounds = [f"{name}{end}" for name in lines for end in ("_min", "_max")]
    top = rows.select(pl.max_horizontal(pl.col(bounds).max())).item()
    y = partial(count_y, low=0, high=top)
    x = period_x("place", rows["period"].to_list(), space.plot_width)
    data = drawn(rows, "place", *lines, *bounds)
    base = alt.Chart(data).encode(x=x)
    layers: list[alt.Chart] = []
    for name, (_, color) in lines.items():
        band = base.mark_area(color=color, opacity=0.22)
        layers.append(band.encode(y=y(f"{name}_min"), y2=f"{name}_max:Q"))
    for name, (_, color) in lines.items():
        if rows.height == 1:
            mark = base.mark_point(color=color, filled=True, size=90, opacity=1)
        else:
            mark = base.mark_line(color=color, strokeWidth=2)
        layers.append(mark.encode(y=y(name)))
    names = [said for said, _ in lines.values()]
    counts = [int(rows[name].to_list()[-1]) for name in lines]
    ends = _ends(counts, names, y, space)
    return alt.layer(*layers, ends).properties(width=space.plot_width, height=space.plot_height)


def _ends(
    counts: Sequence[int], names: Sequence[str], y: Callable[[str], alt.Y], space: Space
) -> alt.Chart:
    """Write at the right what each line is and where it ends, and keep the texts apart."""
    axis: Any = y("at").to_dict()
    domain: list[float] = axis["scale"]["domain"]
    a_count = (domain[1] - domain[0]) / space.plot_height
    pixels = [(domain[1] - count) / a_count for count in counts]
    placed = spread(pixels, [_LINE] * len(counts), space.plot_height + 10)
    labels = pl.DataFrame(
        {
            "at": [domain[1] - pixel * a_count for pixel in placed],
            "said": [f"{exact_count(n)}\n{name}" for n, name in zip(counts, names, strict=True)],
        }
    )
    text = alt.Chart(labels).mark_text(
        style="note", align="left", baseline="middle", lineBreak="\n", dy=-7
    )
    written: alt.Chart = text.encode(x=alt.value(space.plot_width + 8), y=y("at"), text="said:N")
    return written
