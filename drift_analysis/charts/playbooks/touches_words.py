"""What the picture of paths to a conversion says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import subtitled
from .multi_touch_words import TOUCHES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["path_told", "paths_words", "touch_told"]

_NAMED = 3


def touch_told(touch: str) -> str:
    """Say what a touch is called."""
    return TOUCHES.get(touch, touch)


def path_told(row: dict[str, Any]) -> str:
    """Say the share of a path that converted, and its n; counts alone where they are few."""
    if row["n"] < FEW:
        return f"{row['converted']} of {row['n']}"
    return f"{human_share(row['converted'] / row['n'])} · {exact_count(row['n'])}"


def paths_words(
    rows: pl.DataFrame, every: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    count = pl.col("n").cast(pl.Int64).sum()
    young = int(table.filter(~pl.col("is_mature")).select(count).item())
    bare = table.filter("is_mature", pl.col("touches").list.len() == 0)
    untouched = int(bare.select(count).item())
    left_out = (
        f"Left out: {plural(young, 'journey')} of which it is not known yet how they end."
        if young
        else "",
        f"{plural(untouched, 'journey')} without a touch." if untouched else "",
    )
    if rows.is_empty():
        said = "No journey has come to a known end"
        description = f"No picture: {said[0].lower()}{said[1:]}, {span}."
        return Words(said, span, (*left_out, as_of), description)
    n, converted = int(every["n"].sum()), int(every["converted"].sum())
    hidden = every.height - rows.height
    rest = n - int(rows["n"].sum())
    finding = _finding(every, n)
    caption = (
        f"n = {plural(n, 'journey')}, {exact_count(converted)} converted"
        f"{f' ({human_share(converted / n)})' if n >= FEW else ''}.",
        f"{plural(hidden, 'rarer path')} not drawn ({plural(rest, 'journey')})." if hidden else "",
        *left_out,
        f"Below {FEW} journeys: counts alone." if (rows["n"] < FEW).any() else "",
        "A path goes with conversions; it need not cause them.",
        as_of,
    )
    told = "; ".join(
        f"{' then '.join(touch_told(t) for t in row['touches'])} {row['value']}"
        for row in rows.to_dicts()
    )
    description = (
        f"Rows of chips, one path per row, with the share that converted and its 95 % interval; "
        f"x: share, 0 to 100 %. {finding}. {told}."
    )
    measure = "Most frequent paths and the share that converted · right: share · n"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(every: pl.DataFrame, n: int) -> str:
    several = every.filter(pl.col("touches").list.len() > 1)
    if several.is_empty():
        return "Every journey has a single touch"
    share = int(several["n"].sum()) / n
    top = several.row(0, named=True)
    named = [shortened(touch_told(touch), 30) for touch in top["touches"][:_NAMED]]
    more = len(top["touches"]) - len(named)
    path = ", then ".join(named) + (f" and {more} more" if more else "")
    who = f"{human_share(share)} of" if n >= FEW else f"{several['n'].sum()} of {n}"
    return f"{who} journeys have several touches, most often {path}"
