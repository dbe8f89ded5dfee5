"""Rows beside a picture: where each lies, and its name at the left edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

if TYPE_CHECKING:
    from .frame import Space

__all__ = ["row_axis", "row_names"]

_LINE = 14


def row_axis(rows: int) -> alt.Y:
    """Place marks on rows that are numbered from 0, from the top."""
    return alt.Y("row", type="ordinal").scale(domain=list(range(rows))).axis(None)


def row_names(rows: pl.DataFrame, space: Space, n_rows: int | None = None) -> list[alt.Chart]:
    """Write the names of rows, and notes under them if there are any, at the left edge.

    Parameters
    ----------
    rows
        ``row``, ``name``, and, if there are notes, ``note``.
    space
        The room of the picture.
    n_rows
        How many rows the picture has, if more than these.
    """
    base = alt.Chart(rows).encode(y=row_axis(n_rows or rows.height), x=alt.value(-space.left))
    if "note" not in rows.columns:
        is_long = pl.col("name").str.contains("\n", literal=True)
        return [
            alt.Chart(part)
            .mark_text(style="name", align="left", baseline="middle", lineBreak="\n", dy=dy)
            .encode(y=base.encoding.y, x=base.encoding.x, text="name:N")
            for part, dy in ((rows.filter(~is_long), 0), (rows.filter(is_long), -_LINE / 2))
            if not part.is_empty()
        ]
    name = base.mark_text(style="strong", align="left", baseline="bottom", lineBreak="\n")
    note = base.mark_text(style="note", align="left", baseline="top", dy=3, lineBreak="\n")
    return [name.encode(text="name:N"), note.encode(text="note:N")]
