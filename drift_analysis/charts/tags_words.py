"""What the picture of tags says in words."""

from __future__ import annotations

from typing import Any

import polars as pl

from .format import human_count, human_share, plural
from .frame import (
    FEW,
    Words,
)
from .text import shortened
from .words import listing, subtitled

__all__ = ["share_told", "tags_words"]


def share_told(row: dict[str, Any], n_known: int) -> str:
    """Say the share of a row and its n; counts alone where they are few."""
    n = human_count(row["conversations"])
    if row["kind"] == "others":
        return f"up to {n} each"
    if n_known < FEW:
        return f"{n} of {n_known}"
    return f"{human_share(row['share'])} · {n}"


def tags_words(
    rows: pl.DataFrame,
    table: pl.DataFrame,
    span: str,
    as_of: str,
    own: tuple[str | None, str | None],
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    title, subtitle = own
    if rows.is_empty():
        description = f"No picture: there are no tags {span}."
        return Words(title or "No tags", subtitle or span, (as_of,), description)
    n_known, n_unknown = int(table["n_known"][0]), int(table["n_unknown"][0])
    finding = title or _finding(rows, n_known)
    measure = "Share of conversations with each tag, and how many · line: 95 % interval"
    if n_known < FEW:
        measure = "Conversations with each tag, one dot each"
    conflicts = table.filter(pl.col("n_colors") > 1).height
    caption = (
        f"n = {plural(n_known, 'conversation')} whose tags are known; one can have several.",
        f"Left out: {plural(n_unknown, 'conversation')} whose tags are unknown."
        if n_unknown
        else "",
        f"{plural(conflicts, 'tag')} with several colours: the most frequent is shown."
        if conflicts
        else "",
        "Drift keeps no time for a tag: the dates are those of the conversations.",
        as_of,
    )
    told = ", ".join(f"{row['label']} {share_told(row, n_known)}" for row in rows.to_dicts())
    description = f"Bar chart, one bar per tag; x: share of conversations. {finding}. {told}."
    return Words(finding, subtitle or subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame, n_known: int) -> str:
    tags = rows.filter(pl.col("kind") == "tag").to_dicts()
    first = tags[0]
    if n_known < FEW:
        return (
            f"{shortened(first['label'])} is on {first['conversations']} of {n_known} conversations"
        )
    # Where the intervals overlap, the order of the two is not a finding.
    level = [tag for tag in tags[1:3] if tag["hi"] >= first["lo"]]
    if level:
        who = listing([shortened(tag["label"], 24) for tag in (first, *level)])
        return f"{who} lead, each on about {human_share(first['share'])} of conversations"
    share = human_share(first["share"])
    return f"{shortened(first['label'])} is the most frequent tag: on {share} of conversations"
