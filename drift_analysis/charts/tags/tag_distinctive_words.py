"""What the picture of tags that set conversations apart says in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import plural
from ..kit.frame import Words
from ..kit.text import shortened
from ..kit.words import subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STANDS_OUT", "distinctive_words", "odds_told"]

STANDS_OUT = 1.96
"""From this many standard errors on a tag stands out."""


def odds_told(log_odds: float) -> str:
    """Say a log of a ratio of odds as how many times: of the one, or of the other.

    Examples
    --------
    >>> from drift_analysis.charts.tags.tag_distinctive_words import odds_told
    >>> odds_told(0.0), odds_told(1.1), odds_told(-1.1), odds_told(4.0)
    ('1 x', '3 x', '1/3 x', '55 x')
    """
    ratio = math.exp(abs(log_odds))
    times = f"{ratio:.1f}".removesuffix(".0") if ratio < 9.95 else f"{ratio:,.0f}"
    return f"1/{times} x" if log_odds < 0 and times != "1" else f"{times} x"


def distinctive_words(
    rows: pl.DataFrame, table: pl.DataFrame, sides: tuple[str, str], when: Sequence[str]
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    first, second = sides
    if rows.is_empty():
        description = f"No picture: there are no tags to compare, {span}."
        return Words("There are no tags to compare", span, (as_of,), description)
    finding = _finding(rows, sides)
    top = table.row(0, named=True)
    hidden = table.height - rows.height
    prior = f"{top['prior']:.2g}"
    caption = (
        f"n = {plural(top['n_first'], 'conversation')} of {first}, "
        f"{plural(top['n_second'], 'conversation')} of {second}, whose tags are known.",
        unknown_sentence(top["n_unknown"]),
        f"Right: ratio of odds · uses in {first} : in {second}.",
        "Filled: more than 1.96 standard errors apart; among many tags some are by chance.",
        f"Odds are pulled together by {prior} uses on either side.",
        f"{plural(hidden, 'tag')} closer together not drawn." if hidden else "",
        as_of,
    )
    told = ", ".join(f"{row['label']} {row['value']}" for row in rows.to_dicts())
    description = (
        f"Dot plot with 95 % intervals, one row per tag; x: odds in {first} to odds in {second}, "
        f"logarithmic, right of the middle more in {first}. {finding}. {told}."
    )
    measure = f"Odds of a tag: right, more in {first}; left, more in {second} · 95 % interval"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame, sides: tuple[str, str]) -> str:
    out = rows.filter(~pl.col("hollow"))
    parts = []
    for side, found in zip(
        sides, (out.filter(pl.col("at") > 0), out.filter(pl.col("at") < 0)), strict=True
    ):
        if not found.is_empty():
            top = found.sort(pl.col("z").abs(), descending=True).row(0, named=True)
            parts.append(f"{shortened(top['label'], 24)} for {side}")
    if not parts:
        return f"No tag stands out between {sides[0]} and {sides[1]}"
    return f"Most distinctive: {', '.join(parts)}"
