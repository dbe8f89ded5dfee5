"""What the matrix of tags that go together says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, plural
from ..kit.frame import Words
from ..kit.text import shortened
from ..kit.words import subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLEAR", "lift_told", "pairs_words"]

CLEAR = 0.05
"""Below this q a pair is called clear."""


def lift_told(lift: float) -> str:
    """Say how many times as often, in two digits.

    Examples
    --------
    >>> from drift_analysis.charts.tags.tag_pairs_words import lift_told
    >>> lift_told(0.0), lift_told(0.123), lift_told(2.44), lift_told(31.7)
    ('0', '0.12', '2.4', '32')
    """
    if not lift:
        return "0"
    return (
        f"{lift:.2f}"
        if lift < 0.995
        else f"{lift:.1f}"
        if lift < 9.95
        else exact_count(round(lift))
    )


def pairs_words(
    shown: pl.DataFrame,
    order: Sequence[str],
    table: pl.DataFrame,
    counts: tuple[int, int],
    when: Sequence[str],
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    least, hidden = counts
    if shown.is_empty():
        said = f"No two tags are on {plural(least, 'conversation')} each"
        description = f"No picture: {said[0].lower()}{said[1:]}, {span}."
        return Words(said, span, (as_of,), description)
    finding = _finding(shown)
    known, unknown = (int(max(table[name])) for name in ("n_known", "n_unknown"))
    caption = (
        f"n = {plural(known, 'conversation')} whose tags are known.",
        unknown_sentence(unknown),
        f"Tags on at least {plural(least, 'conversation')}.",
        f"{plural(hidden, 'other tag')} not drawn." if hidden else "",
        "Column: the number on the diagonal. Flat: less often than by chance.",
        "Small and pale: may be chance among so many pairs (q from 5 %).",
        as_of,
    )
    clear = shown.filter(pl.col("q") < CLEAR).sort("lift", descending=True)
    told = ", ".join(
        f"{row['tag_a']} and {row['tag_b']} {lift_told(row['lift'])}"
        for row in clear.head(5).to_dicts()
    )
    description = (
        f"Matrix of {len(order)} tags, similar ones beside each other; colour: how many times as "
        f"often as by chance both are on a conversation. {finding}. Clear: {told or 'none'}."
    )
    measure = "How many times as often as by chance two tags are on one conversation (lift)"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(shown: pl.DataFrame) -> str:
    clear = shown.filter(pl.col("q") < CLEAR)
    more = clear.filter(pl.col("lift") > 1).sort(
        "phi", "tag_a", "tag_b", descending=[True, False, False]
    )
    less = clear.filter(pl.col("lift") < 1).sort("phi", "tag_a", "tag_b")
    if more.is_empty() and less.is_empty():
        return "No two tags clearly go together, or avoid each other, more than by chance"
    row = (less if more.is_empty() else more).row(0, named=True)
    pair = f"{shortened(row['tag_a'], 24)} and {shortened(row['tag_b'], 24)}"
    if more.is_empty():
        return f"{pair} avoid each other: {lift_told(row['lift'])} times as often as by chance"
    return f"{pair} go together: {lift_told(row['lift'])} times as often as by chance"
