"""What the picture of sets of tags says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import listing, subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["sets_words"]


def sets_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    if rows.is_empty():
        description = f"No picture: no conversation has known tags, {span}."
        return Words("No conversation has known tags", span, (as_of,), description)
    n_known, n_unknown = int(table["n_known"].to_list()[0]), int(table["n_unknown"].to_list()[0])
    finding = _finding(table, n_known)
    hidden = table.height - rows.height
    rest = int(table["conversations"].sum()) - int(rows["conversations"].sum())
    caption = (
        f"n = {plural(n_known, 'conversation')} whose tags are known; each is in one column.",
        unknown_sentence(n_unknown),
        f"{plural(hidden, 'rarer set')} not drawn ({plural(rest, 'conversation')})."
        if hidden
        else "",
        "Thin line: 95 % interval." if n_known >= FEW else "",
        as_of,
    )
    told = ", ".join(f"{_set(row['tags'])} {_count(row, n_known)}" for row in rows.to_dicts())
    description = (
        f"UpSet plot, one column per set of tags: bar for its share of conversations, dots for its "
        f"tags. {finding}. {told}."
    )
    measure = "Share of conversations with exactly these tags, and how many"
    if n_known < FEW:
        measure = "How many conversations have exactly these tags"
    return Words(finding, subtitled([measure, span]), caption, description)


def _set(tags: Sequence[str]) -> str:
    return " + ".join(tags) if tags else "no tag"


def _count(row: dict[str, Any], n_known: int) -> str:
    n = exact_count(row["conversations"])
    return f"{n} of {n_known}" if n_known < FEW else f"{human_share(row['share'])} · {n}"


def _finding(table: pl.DataFrame, n_known: int) -> str:
    several = table.filter(pl.col("n_tags") > 1)
    n = int(several["conversations"].sum())
    if several.is_empty():
        return "No conversation has more than one tag"
    first = several.sort("conversations", "tags", descending=[True, False]).row(0, named=True)
    if first["n_tags"] > 3:
        most = f"{first['n_tags']} tags at once"
    else:
        most = listing([shortened(tag, 30) for tag in first["tags"]])
    if n_known < FEW:
        return f"{n} of {n_known} conversations have several tags, most often {most}"
    return f"{human_share(n / n_known)} of conversations have several tags, most often {most}"
