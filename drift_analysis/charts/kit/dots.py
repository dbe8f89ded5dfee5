"""Rows of dots with their intervals: names at the left edge, numbers at the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from .frame import Drawing, Space, names
from .prepare import drawn
from .rows import row_axis, row_names

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["dot_rows", "n_rows", "rings"]


def n_rows(rows: pl.DataFrame) -> int:
    """Say how many rows a picture has; gaps between them count."""
    return int(rows["row"].to_list()[-1]) + 1


def rings(filled: int, count: int) -> str:
    """Draw a ring for each of few, filled where it is so.

    Examples
    --------
    >>> from drift_analysis.charts.kit.dots import rings
    >>> rings(1, 3)
    '●○○'
    """
    return "●" * filled + "○" * (count - filled)


def dot_rows(
    rows: pl.DataFrame,
    x: Callable[[str], alt.X],
    space: Space,
    *,
    reference: float | None = None,
    about: tuple[str, str],
) -> Drawing:
    """Draw a dot and its interval on each row, and a dashed line across them.

    Parameters
    ----------
    rows
        ``row``, ``label``, ``at``, ``lo``, ``hi`` (numbers on the axis), ``value`` (what is
        said at the right edge), ``color``. If there are: ``beyond``, a paler stretch from the
        dot on; ``hollow``, which dots are; ``each``, what stands in place of a dot where there
        are few.
    x
        How a column is placed.
    space
        The room of the picture.
    reference
        Where the dashed line is; nowhere if null.
    about
        What a row is, and what its value is, for the tooltip.
    """
    named = rows.with_columns(
        pl.Series("name", names(rows["label"], space), dtype=pl.String), full_name="label"
    )
    more = ["beyond"] if "beyond" in rows.columns else []
    each = ["each"] if "each" in rows.columns else []
    hollow = ["hollow"] if "hollow" in rows.columns else []
    columns = ("row", "at", "lo", "hi", "value", "color", "name", "full_name")
    data = drawn(named, *columns, *more, *each, *hollow)
    plain = alt.Chart(data).encode(y=row_axis(n_rows(rows)))
    base = plain.encode(color=alt.Color("color:N", scale=None))
    # Rings are no numbers on the axis: they stand on it nowhere.
    is_few = bool(rows["at"].is_null().all())
    place = (lambda field: x(field).axis(None)) if is_few else x
    at_rings = 2 if is_few else space.plot_width + 6
    of_row, of_value = about
    tooltip = [alt.Tooltip("full_name:N", title=of_row), alt.Tooltip("value:N", title=of_value)]
    dashed = alt.Chart(pl.DataFrame({"at": [reference]}, schema={"at": pl.Float64}))
    edge = plain.encode(x=alt.value(space.plot_width + space.right))
    return alt.layer(
        *(
            []
            if reference is None or is_few
            else [dashed.mark_rule(style="reference").encode(x=place("at"))]
        ),
        *(
            base.mark_bar(height=12, opacity=0.28).encode(x=place("at"), x2=f"{name}:Q")
            for name in more
        ),
        base.mark_rule(strokeWidth=1.5).encode(x=place("lo"), x2="hi:Q"),
        *(
            part.mark_point(filled=is_filled, size=110, opacity=1, strokeWidth=2).encode(
                x=place("at"), tooltip=tooltip
            )
            for part, is_filled in _dots(base, data)
        ),
        *(
            base.mark_text(align="left", fontSize=13).encode(
                x=alt.value(at_rings), text=f"{name}:N"
            )
            for name in each
        ),
        edge.mark_text(style="note", align="right").encode(text="value:N"),
        *row_names(data, space, n_rows(rows)),
    ).properties(width=space.plot_width, height=space.plot_height)


def _dots(base: alt.Chart, data: pl.DataFrame) -> list[tuple[alt.Chart, bool]]:
    if "hollow" not in data.columns:
        return [(base, True)]
    parts = [(data.filter("hollow"), False), (data.filter(~pl.col("hollow")), True)]
    return [(base.properties(data=part), is_filled) for part, is_filled in parts if part.height]
