"""Small line charts on one scale: how shares change, period by period."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .format import human_share, zone
from .prepare import drawn
from .text import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from .frame import Drawing, Space

__all__ = ["PANELS_LEFT", "period_ends", "trend_panels"]

PANELS_LEFT = 42
"""How many pixels the numbers left of the panels take."""

_GAP, _HEAD, _FOOT = 24, 34, 8
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


def period_ends(periods: pl.Series, as_of: datetime, tz: str) -> pl.DataFrame:
    """Tell which periods `as_of` has passed; the last is as long as the one before it."""
    frame = periods.to_frame("period")
    months = pl.col("period").dt.year() * 12 + pl.col("period").dt.month()
    by_months = periods.len() > 1 and bool((periods.dt.day() == 1).all())
    if by_months:
        step = frame.select(months.diff().min()).item()
        end = pl.col("period").dt.offset_by(f"{step}mo")
    else:
        end = pl.col("period") + pl.col("period").diff().min()
    today = as_of.astimezone(zone(tz)).date()
    return frame.with_columns(is_complete=(end <= today).fill_null(value=False))


def trend_panels(rows: pl.DataFrame, space: Space, columns: int) -> Drawing:
    """Draw a panel per number in ``panel``, called ``label``, in its ``color``.

    ``solid`` and ``pale`` are the shares of periods that are over and that are not, ``share_lo``
    and ``share_hi`` the bounds of the former, ``share`` what the tooltip says.
    """
    n_panels = int(rows["panel"].to_list()[-1]) + 1
    columns = min(columns, n_panels)
    lines = -(-n_panels // columns)
    width = (space.plot_width - columns * _GAP) // columns
    height = (space.height - lines * (_HEAD + _FOOT)) // lines
    first = pl.col("period") == pl.col("period").first().over("panel")
    texts = {
        "name": [wrap(tag, width, size=13, lines=1)[0] for tag in rows["label"]],
        "share_text": [human_share(share) for share in rows["share"]],
    }
    shown = rows.with_columns(pl.Series(name, values) for name, values in texts.items())
    shown = shown.with_columns(pl.when(first).then("name").otherwise(pl.lit("")))
    data = drawn(
        shown, "panel", "period", "solid", "pale", "share_lo", "share_hi", "share", "color", *texts
    )
    top = rows.select(pl.max_horizontal(pl.col("share_hi", "solid", "pale").max())).item() or 1.0
    base = alt.Chart().encode(
        x=alt.X("period", type="temporal")
        .axis(format="%-d %b", values=_dates(rows), grid=False, ticks=False, labelOverlap=True)
        .scale(padding=6)
        .title(None),
        color=alt.Color("color:N", scale=None),
    )
    y = partial(_y, top=top)
    tooltip = [
        alt.Tooltip("period:T", title="period from"),
        alt.Tooltip("share_text:N", title="share"),
    ]
    layers = alt.layer(
        base.mark_area(opacity=0.22).encode(y=y("share_lo"), y2="share_hi:Q"),
        base.mark_rule(opacity=0.4).encode(y=y("share_lo"), y2="share_hi:Q"),
        base.mark_line(strokeWidth=2).encode(y=y("solid")),
        base.mark_point(filled=True, size=30, opacity=1).encode(y=y("solid"), tooltip=tooltip),
        base.mark_point(filled=False, size=40).encode(y=y("pale"), tooltip=tooltip),
        alt.Chart()
        .mark_text(style="strong", align="left", baseline="bottom")
        .encode(x=alt.value(0), y=alt.value(-6), text="name:N"),
    ).properties(width=width, height=height)
    facet = alt.Facet("panel", type="ordinal").header(
        title=None, labelExpr="''", labelFontSize=1, labelPadding=0
    )
    return layers.facet(facet, data=data, columns=columns, spacing={"row": _HEAD, "column": _GAP})


def _dates(rows: pl.DataFrame) -> list[alt.DateTime]:
    """Return two periods to name on the axis, away from its ends, where names would collide."""
    periods = rows["period"].unique().sort().to_list()
    places = sorted({len(periods) // 6, len(periods) * 2 // 3})
    named = [periods[place] for place in places]
    return [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in named]


def _y(field: str, top: float) -> alt.Y:
    step = next(step for step in _STEPS if top <= 3 * step)
    top = step * math.ceil(top / step)
    axis = alt.Axis(
        values=[step * n for n in range(round(top / step) + 1)],
        labelExpr="round(datum.value * 100) + ' %'",
        ticks=False,
        domain=False,
        minExtent=PANELS_LEFT,
        maxExtent=PANELS_LEFT,
    )
    return (
        alt.Y(field, type="quantitative").scale(domain=[0, top], nice=False).axis(axis).title(None)
    )
