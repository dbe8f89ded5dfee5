"""What the picture of tags says in words."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import (
    FEW,
    Words,
)
from ..kit.text import shortened
from ..kit.words import listing, subtitled
from .tags_absent import unknown_sentence

__all__ = ["share_told", "tags_words"]

_MOST_NAMES = 3
_ALIKE = 0.9


def share_told(row: dict[str, Any], n_known: int) -> str:
    """Say the share of a row and its n; counts alone where they are few."""
    n = exact_count(row["conversations"])
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
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    n_known, n_unknown = int(table["n_known"][0]), int(table["n_unknown"][0])
    finding = _finding(table, n_known)
    measure = "Share of conversations with each tag, and how many · line: 95 % interval"
    if n_known < FEW:
        measure = "Conversations with each tag, one dot each"
    conflicts = table.filter(pl.col("n_colors") > 1).height
    caption = (
        f"n = {plural(n_known, 'conversation')} whose tags are known; one can have several.",
        unknown_sentence(n_unknown),
        _pale(rows) if n_known >= FEW else "",
        f"{plural(conflicts, 'tag')} with several colours: the most frequent is shown."
        if conflicts
        else "",
        "Drift keeps no time for a tag: the dates are those of the conversations.",
        as_of,
    )
    told = ", ".join(f"{row['label']} {share_told(row, n_known)}" for row in rows.to_dicts())
    description = f"Bar chart, one bar per tag; x: share of conversations. {finding}. {told}."
    return Words(finding, subtitled([measure, span]), caption, description)


def _pale(rows: pl.DataFrame) -> str:
    """Say what the pale bars are, if there are any."""
    kinds = rows["kind"].to_list()
    parts = ["no tag"] if "none" in kinds else []
    parts += ["of the other tags the most frequent"] if "others" in kinds else []
    beyond = "; // goes beyond the scale" if rows["beyond"].any() else ""
    return f"Pale: {listing(parts)}{beyond}." if parts else ""


def _finding(table: pl.DataFrame, n_known: int) -> str:
    tags = table.sort("conversations", "tag", descending=[True, False]).to_dicts()
    first, *rest = tags
    if n_known < FEW:
        alike = [tag for tag in tags if tag["conversations"] == first["conversations"]]
        are = "is" if len(alike) == 1 else "are each"
        return f"{_who(alike)} {are} on {first['conversations']} of {n_known} conversations"
    share = human_share(first["share"])
    # Where the intervals overlap, the order of the two is not a finding.
    level = [tag for tag in rest if tag["share_hi"] >= first["share_lo"]]
    alike = [tag for tag in level if _is_alike(tag["share"], first["share"])]
    if alike:
        return f"{_who([first, *alike])} lead, each on about {share} of conversations"
    if level:
        second = human_share(level[0]["share"])
        next_ones = [tag for tag in level if human_share(tag["share"]) == second]
        follow = "follows" if len(next_ones) == 1 else "follow"
        return (
            f"{_who([first])} leads with {share}, {_who(next_ones)} {follow} with {second} "
            "(too close to rank)"
        )
    return f"{_who([first])} is the most frequent tag: on {share} of conversations"


def _is_alike(share: float, first: float) -> bool:
    """Tell whether one number can stand for both: a point apart at most, and a tenth of it."""
    if human_share(share) == human_share(first):
        return True
    return round(100 * first) - round(100 * share) <= 1 and share >= _ALIKE * first


def _who(tags: list[dict[str, Any]]) -> str:
    """Name the first of some tags, and count the others."""
    named = tags if len(tags) <= _MOST_NAMES else tags[: _MOST_NAMES - 1]
    n_others = len(tags) - len(named)
    others = [f"{n_others} others"] if n_others else []
    return listing([*(shortened(tag["tag"], 24) for tag in named), *others])
