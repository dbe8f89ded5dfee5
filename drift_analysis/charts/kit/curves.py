"""Step curves of shares over time, with their bands, their names, and the numbers under them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from .axes import TimeScale, share_axis
from .format import exact_count
from .prepare import drawn
from .text import wrap
from .theme import DASHES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from .frame import Drawing, Space

__all__ = ["AT_RISK", "HALF", "Line", "curves", "spread"]

HALF = 0.5
"""Where a curve has its median."""

AT_RISK = 16
"""How high a row of numbers under the axis is, in pixels."""

_STEPS, _LINE, _FOOT = 240, 14, 40
_BAND = (0.22, 0.16, 0.1, 0.1)


@dataclass(frozen=True, slots=True)
class Line:
    """What a curve needs besides its steps: where it ends and what is said there.

    Attributes
    ----------
    end
        The share at which it ends.
    said
        What to write there, in lines.
    color
        Its colour.
    half
        When it crosses one half; null is never.
    told
        What to write at that point; nothing where the end says it.
    """

    end: float
    said: str
    color: str
    half: timedelta | None = None
    told: str = ""


def curves(rows: pl.DataFrame, lines: Sequence[Line], risk: pl.DataFrame, space: Space) -> Drawing:
    """Draw step curves over a logarithmic axis of time.

    Parameters
    ----------
    rows
        ``series`` (numbered from 0), ``t``, ``share``, ``lo`` and ``hi`` (null: no band).
    lines
        What each of them is, by its number.
    risk
        ``row``, ``said`` (its name), ``t`` and ``at_risk``: who is left just before each time.
    space
        The room of the picture; its foot has room for the numbers.
    """
    seconds = rows["t"].dt.total_milliseconds() / 1000
    scale = TimeScale(seconds.filter(seconds > 0))
    x = partial(scale.x, width=space.plot_width)
    n = len(lines)
    color = _color([line.color for line in lines])
    shown = drawn(_thinned(_held(rows)), "series", "t", "share", "lo", "hi")
    base = alt.Chart(shown.with_columns(pl.col("t").clip(scale.first))).encode(
        x=x("t"), color=color
    )
    dashes = alt.Scale(domain=list(range(n)), range=list(DASHES[:n]))
    return alt.layer(
        _half(),
        base.mark_area(interpolate="step-after", opacity=_BAND[n - 1]).encode(
            y=_y("lo"), y2="hi:Q"
        ),
        base.mark_line(interpolate="step-after", strokeWidth=2, clip=True).encode(
            y=_y("share"),
            strokeDash=alt.StrokeDash("series", type="ordinal").scale(dashes).legend(None),
        ),
        *_medians(lines, scale, color, space),
        *_ends(lines, color, space),
        *_at_risk(risk, scale, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def spread(centres: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Move texts apart so that none lies upon another, as little as that takes.

    Examples
    --------
    >>> from drift_analysis.charts.kit.curves import spread
    >>> spread([50.0, 52.0], [20.0, 20.0], 100.0)
    [50.0, 70.0]
    >>> spread([99.0, 98.0], [20.0, 20.0], 100.0)
    [90.0, 70.0]
    """
    order = sorted(range(len(centres)), key=lambda n: centres[n])
    placed = list(centres)
    edge = 0.0
    for n in order:
        placed[n] = max(placed[n], edge + heights[n] / 2)
        edge = placed[n] + heights[n] / 2
    edge = room
    for n in reversed(order):
        placed[n] = min(placed[n], edge - heights[n] / 2)
        edge = placed[n] - heights[n] / 2
    return placed


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the band as it was where the curve comes to 0 or 1, where none is defined."""
    return rows.sort("series", "t").with_columns(pl.col("lo", "hi").forward_fill().over("series"))


def _thinned(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the last of all steps that are too close to be seen apart."""
    shown = pl.col("t").dt.total_seconds(fractional=True).clip(1).log()
    place = (shown / shown.max().clip(1e-9) * _STEPS).floor()
    is_last = (place != place.shift(-1)).fill_null(value=True)
    is_end = (pl.col("t") == pl.col("t").min()) | (pl.col("t") == pl.col("t").max())
    return rows.filter((is_last | is_end).over("series", order_by="t"))


def _half() -> alt.Chart:
    rule: alt.Chart = (
        alt.Chart(pl.DataFrame({"half": [HALF]}))
        .mark_rule(style="reference", opacity=0.7)
        .encode(y=_y("half"))
    )
    return rule


def _color(colors: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(range(len(colors))), range=list(colors))
    return alt.Color("series", type="ordinal").scale(scale).legend(None)


def _medians(
    lines: Sequence[Line], scale: TimeScale, color: alt.Color, space: Space
) -> list[alt.Chart]:
    """Mark where the curves cross one half."""
    rows: list[dict[str, Any]] = [
        {"series": n, "t": max(line.half.total_seconds(), scale.first), "told": line.told}
        for n, line in enumerate(lines)
        if line.half is not None
    ]
    if not rows:
        return []
    base = alt.Chart(pl.DataFrame(rows).with_columns(half=pl.lit(HALF), zero=pl.lit(0.0)))
    base = base.encode(x=scale.x("t", space.plot_width), y=_y("half"))
    place = math.log(rows[0]["t"] / scale.first) / math.log(scale.last / scale.first)
    # A curve that falls leaves room above it on its right, and one that rises on its left;
    # at the other side there is room below it.
    falls = lines[0].end < HALF
    is_right = (falls and place < 2 / 3) or place < 1 / 3
    text = base.mark_text(
        style="strong",
        align="left" if is_right else "right",
        dx=10 if is_right else -10,
        dy=-11 if is_right == falls else 13,
    )
    return [
        *([base.mark_rule(style="reference").encode(y2="zero:Q")] if len(lines) == 1 else []),
        base.mark_point(filled=True, size=90, opacity=1).encode(color=color),
        text.encode(text="told:N"),
    ]


def _ends(lines: Sequence[Line], color: alt.Color, space: Space) -> list[alt.Chart]:
    """Name each curve at its end, and keep the names from lying upon each other."""
    room = space.plot_height
    heights = [(line.said.count("\n") + 1) * _LINE + 4.0 for line in lines]
    centres = spread([(1 - line.end) * room for line in lines], heights, room + 8)
    tops = [centre - height / 2 + 2 for centre, height in zip(centres, heights, strict=True)]
    rows = pl.DataFrame(
        {
            "series": range(len(lines)),
            "at": [1 - top / room for top in tops],
            "said": [line.said for line in lines],
        }
    )
    base = alt.Chart(rows).encode(y=_y("at"))
    text = base.mark_text(
        style="note", align="left", baseline="top", lineBreak="\n", lineHeight=_LINE
    )
    key = base.mark_point(shape="square", filled=True, size=40, opacity=1, yOffset=7)
    left = space.plot_width + 8
    return [
        text.encode(x=alt.value(left + 8), text="said:N"),
        *([key.encode(x=alt.value(left), color=color)] if len(lines) > 1 else []),
    ]


def _at_risk(risk: pl.DataFrame, scale: TimeScale, space: Space) -> list[alt.Chart]:
    """Write under the axis how many are left at each tick, a row for each of those at risk."""
    ticks = scale.ticks(space.plot_width)
    cells, names = [], []
    for row, (_, part) in enumerate(risk.group_by("row", maintain_order=True)):
        # Below the plot, on its own scale: nothing of it is clipped.
        at = -(_FOOT + row * AT_RISK) / space.plot_height
        said = wrap(part["said"].to_list()[0], space.left - 24, size=12, lines=1)[0]
        names.append({"at": at, "said": said})
        cells += [
            {"at": at, "t": tick, "n": exact_count(left)}
            for tick, left in zip(ticks, _left(part, ticks), strict=True)
        ]
    numbers = alt.Chart(pl.DataFrame(cells)).mark_text(style="note")
    said = alt.Chart(pl.DataFrame(names)).mark_text(style="note", align="left")
    return [
        numbers.encode(x=scale.x("t", space.plot_width), y=_y("at"), text="n:N"),
        said.encode(x=alt.value(-space.left), y=_y("at"), text="said:N"),
    ]


def _left(part: pl.DataFrame, ticks: Sequence[float]) -> list[int]:
    """Return how many last at least as long as each tick; all of them at the first."""
    seconds = part["t"].dt.total_seconds(fractional=True).to_list()
    known = list(zip(seconds, part["at_risk"].to_list(), strict=True))
    # What is shorter than the axis is lifted to its beginning.
    begin = [known[0][1]]
    return begin + [next((n for t, n in known if t >= tick), 0) for tick in ticks[1:]]


def _y(field: str) -> alt.Y:
    shares = alt.Y(field, type="quantitative").scale(domain=[0, 1], nice=False)
    return shares.axis(share_axis()).title(None)
