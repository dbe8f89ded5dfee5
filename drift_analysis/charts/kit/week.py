"""The week as a map: a cell per weekday and hour of the local clock, darker for more."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .color import GREY
from .frame import Drawing, Space
from .key import Key, key_height, key_marks
from .prepare import drawn
from .theme import ACCENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DAYS", "classes", "hour_told", "week_map", "week_space"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""The days of a week, in the order of a calendar."""

_INKS = {1: [0.55], 2: [0.25, 0.9], 3: [0.2, 0.52, 1.0]}
_INKS |= {4: [0.2, 0.42, 0.68, 1.0], 5: [0.2, 0.36, 0.55, 0.77, 1.0]}
_MOST_CLASSES, _FOOT = 5, 26


def hour_told(weekday: int, hour: int) -> str:
    """Say an hour of the week.

    Examples
    --------
    >>> from drift_analysis.charts.kit.week import hour_told
    >>> hour_told(1, 9)
    'Tue 9 to 10 h'
    """
    return f"{DAYS[weekday]} {hour} to {hour + 1} h"


def classes(
    values: Sequence[float], edges: Sequence[float], told: Callable[[float], str]
) -> tuple[list[float], list[str]]:
    """Choose at most four of some round edges that part the values, and name what is between.

    Examples
    --------
    >>> from drift_analysis.charts.kit.week import classes
    >>> classes([3, 40], [1, 5, 10, 50], str)
    ([5, 10], ['under 5', '5 to 10', 'from 10'])
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    inside = [edge for edge in edges if low < edge <= high]
    if len(inside) >= _MOST_CLASSES:
        places = (n * len(inside) // _MOST_CLASSES for n in range(1, _MOST_CLASSES))
        inside = [inside[place] for place in places]
    if not inside:
        return [], [_alone(low, high, edges, told)]
    names = [f"under {told(inside[0])}"]
    names += [f"{told(a)} to {told(b)}" for a, b in pairwise(inside)]
    return inside, [*names, f"from {told(inside[-1])}"]


def _alone(low: float, high: float, edges: Sequence[float], told: Callable[[float], str]) -> str:
    """Name the one class that holds everything."""
    below = [edge for edge in edges if edge <= low]
    above = [edge for edge in edges if edge > high]
    if below and above:
        return f"{told(below[-1])} to {told(above[0])}"
    return f"from {told(below[-1])}" if below else f"under {told(above[0])}" if above else "all"


def week_space(size: str, labels: Sequence[str]) -> Space:
    """Make room for the days at the left edge, and for the hours and the key below."""
    space = Space.of(size, left=36, right=2)
    foot = _FOOT + key_height(_key(labels), space.width)
    return replace(space, foot=foot)


def week_map(
    cells: pl.DataFrame, breaks: tuple[list[float], list[str]], space: Space, about: str
) -> Drawing:
    """Draw the cells of a week.

    Parameters
    ----------
    cells
        ``weekday`` (0 is Monday), ``hour``, ``at`` (null: too few to say, a grey dot; no row:
        nothing, an empty cell), ``value`` (what the tooltip says), ``is_told`` (whether the title
        speaks of it, which gives it a frame).
    breaks
        What `classes` gave.
    space
        The room of the picture.
    about
        What the value is, for the tooltip.
    """
    edges, labels = breaks
    cut = pl.lit(0, pl.Int64)
    for edge in edges:
        cut = cut + (pl.col("at") >= edge).cast(pl.Int64)
    names = pl.Series("class", labels)
    shown = cells.with_columns(
        pl.when(pl.col("at").is_not_null())
        .then(cut)
        .replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
        .alias("class"),
        day=pl.col("weekday").replace_strict(dict(enumerate(DAYS)), return_dtype=pl.String),
        when=pl.Series(
            [hour_told(*at) for at in cells.select("weekday", "hour").iter_rows()], dtype=pl.String
        ),
    )
    data = drawn(shown, "day", "hour", "class", "value", "when", "is_told")
    base = alt.Chart().encode(x=_hours(space), y=_days())
    tooltip = [alt.Tooltip("when:N", title="hour"), alt.Tooltip("value:N", title=about)]
    # Of type ordinal, since a scale of opacity would take the first two for its ends.
    ink = alt.Opacity("class", type="ordinal").scale(
        type="ordinal", domain=labels, range=_INKS[len(labels)]
    )
    side = min(space.plot_width / 24, space.plot_height / 7)
    known = base.properties(data=data.filter(pl.col("class").is_not_null()))
    few = base.properties(data=data.filter(pl.col("class").is_null()))
    told = base.properties(data=data.filter("is_told"))
    return alt.layer(
        known.mark_rect(color=ACCENT, cornerRadius=1).encode(
            opacity=ink.legend(None), tooltip=tooltip
        ),
        few.mark_point(
            color=GREY, filled=True, opacity=0.55, size=(side / 4) ** 2 * math.pi
        ).encode(tooltip=tooltip),
        told.mark_rect(style="interval", filled=False, strokeWidth=2.5, cornerRadius=2),
        *key_marks(_key(labels), space, below=_FOOT),
    ).properties(width=space.plot_width, height=space.plot_height)


def _key(labels: Sequence[str]) -> list[Key]:
    inks = _INKS[len(labels)]
    return [Key(said, ACCENT, ink) for said, ink in zip(labels, inks, strict=True)]


def _hours(space: Space) -> alt.X:
    axis = alt.Axis(
        values=[0, 3, 6, 9, 12, 15, 18, 21],
        labelExpr="datum.value + ' h'",
        labelAngle=0,
        labelOverlap="greedy",
        labelAlign="left",
        labelOffset=-space.plot_width / 48,
        ticks=False,
        domain=False,
    )
    hours = alt.X("hour", type="ordinal").scale(domain=list(range(24)), paddingInner=0.06)
    return hours.axis(axis).title(None)


def _days() -> alt.Y:
    axis = alt.Axis(ticks=False, domain=False, minExtent=34, maxExtent=34)
    days = alt.Y("day", type="ordinal").scale(domain=list(DAYS), paddingInner=0.06)
    return days.axis(axis).title(None)
