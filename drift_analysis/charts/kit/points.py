"""A few lengths of time, each one drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .axes import TimeScale
from .prepare import drawn
from .rows import row_axis, row_names

if TYPE_CHECKING:
    from .frame import Drawing, Space

__all__ = ["few_points"]


def few_points(rows: pl.DataFrame, space: Space) -> Drawing:
    """Draw a few lengths of time themselves: filled where it ended, hollow where it runs.

    `rows` has ``row``, ``name``, ``t``, ``ended`` and ``said``.
    """
    scale = TimeScale((rows["t"].dt.total_milliseconds() / 1000).to_list())
    x = partial(scale.x, width=space.plot_width)
    ended = pl.col("ended")
    told = rows.with_columns(filled=pl.when(ended).then("t"), hollow=pl.when(~ended).then("t"))
    lifted = pl.selectors.float().clip(scale.first)
    data = drawn(told, "row", "name", "t", "filled", "hollow", "said").with_columns(lifted)
    base = alt.Chart(data).encode(y=row_axis(data.height))
    return alt.layer(
        base.mark_point(size=110, filled=True, opacity=1).encode(x=x("filled")),
        base.mark_point(size=110, filled=False, strokeWidth=2).encode(x=x("hollow")),
        base.mark_text(style="note", align="left", dx=10).encode(x=x("t"), text="said:N"),
        *row_names(data, space),
    ).properties(width=space.plot_width, height=space.plot_height)
