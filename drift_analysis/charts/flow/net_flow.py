"""Whether more comes in than goes out: arrivals up, closes down, and the difference."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from drift_analysis.schemas.base import require_moment

from ..kit.axes import count_y
from ..kit.format import exact_count
from ..kit.periods import period_x
from ..kit.prepare import drawn
from .flow import ARRIVED, CLOSED, framed_flow
from .flow_words import net_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..kit.frame import Drawing, Picture, Size, Space

__all__ = ["net_flow"]


def net_flow(
    periods: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    tz: str = "UTC",
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw what comes in upwards and what closes downwards, and the difference as a line.

    What comes in are arrivals and, paler, closed conversations that came back. Where the line is
    above 0, the backlog grows. A period that is not over yet is pale. These are counts of the
    best estimate: agents may have closed and opened conversations unseen.

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
    >>> charts.net_flow(schemas.Flow.empty(), as_of=noon).description
    'No picture: nothing has arrived until 1 Mar 2026.'
    """
    when = (require_moment(as_of), tz)
    return framed_flow(periods, net_words, _net, when, (title, subtitle), size)


def _net(rows: pl.DataFrame, space: Space) -> Drawing:
    rows = rows.with_columns(
        came=pl.col("arrivals").cast(pl.Int64),
        back=pl.col("arrivals").cast(pl.Int64) + pl.col("reopens").cast(pl.Int64),
        went=-pl.col("closes").cast(pl.Int64),
        zero=pl.lit(0),
        net=pl.col("net_flow").cast(pl.Int64),
        opacity=pl.when("is_complete").then(0.85).otherwise(0.35),
    )
    low, high = rows.select(pl.col("went").min(), pl.col("back").max()).row(0)
    y = partial(count_y, low=low, high=high, signed=False)
    x = period_x("place", rows["period"].to_list(), space.plot_width)
    wide = max(1, min(28, round(space.plot_width / rows.height * 0.72)))
    data = drawn(rows, "place", "came", "back", "went", "zero", "net", "opacity")
    base = alt.Chart(data).encode(x=x)
    bars = base.encode(opacity=alt.Opacity("opacity", type="quantitative").scale(None).legend(None))
    zero = alt.Chart(pl.DataFrame({"zero": [0]})).mark_rule(style="interval", opacity=0.5)
    sums = rows.select(pl.col("arrivals", "reopens", "closes").sum()).row(0)
    return alt.layer(
        bars.mark_bar(color=ARRIVED, width=wide).encode(y=y("zero"), y2="came:Q"),
        base.mark_bar(color=ARRIVED, width=wide, opacity=0.35).encode(y=y("came"), y2="back:Q"),
        bars.mark_bar(color=CLOSED, width=wide).encode(y=y("zero"), y2="went:Q"),
        zero.encode(y=y("zero")),
        *_net_line(base, y, rows.height),
        *_sides(sums, (low, high), y, space),
    ).properties(width=space.plot_width, height=space.plot_height)


def _net_line(base: alt.Chart, y: Callable[[str], alt.Y], n: int) -> list[alt.Chart]:
    """Draw the difference in ink, on a ground of its own so that it is seen before the bars."""
    points = base.mark_point(style="net", filled=True, size=34, opacity=1).encode(y=y("net"))
    return [
        base.mark_line(style="halo", strokeWidth=4).encode(y=y("net")),
        base.mark_line(style="net", strokeWidth=1.8).encode(y=y("net")),
        *([points] if n <= 40 else []),
    ]


def _sides(
    sums: tuple[int, int, int], ends: tuple[int, int], y: Callable[[str], alt.Y], space: Space
) -> list[alt.Chart]:
    """Say at the right what goes up, and what down, and how many of each."""
    arrivals, reopens, closes = sums
    low, high = ends
    back = f"\n+ {exact_count(reopens)} back" if reopens else ""
    rows = pl.DataFrame(
        {
            "at": [high / 2, low / 2],
            "said": [f"{exact_count(arrivals)}\narrived{back}", f"{exact_count(closes)}\nclosed"],
        }
    )
    text = alt.Chart(rows).mark_text(
        style="note", align="left", baseline="middle", lineBreak="\n", dy=-7
    )
    return [text.encode(x=alt.value(space.plot_width + 8), y=y("at"), text="said:N")]
