"""What the picture of tags' ranks says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import human_period, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.periods import unit_of
from ..kit.text import shortened
from ..kit.words import subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

__all__ = ["moved_most", "rank_told", "ranks_words"]


def rank_told(row: dict[str, Any]) -> str:
    """Say the rank and the share of a tag in a period."""
    return f"{row['place_in']} · {human_share(row['share'])}"


def ranks_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str], today: date) -> Words:
    """Write title, subtitle, caption and alternative text."""
    until, as_of = when
    if rows["period"].n_unique() < 2:
        said = f"Fewer than two periods have known tags on {FEW} conversations"
        description = f"No picture: {said[0].lower()}{said[1:]}, {until}."
        return Words(said, until, (as_of,), description)
    periods = table.select("period", "n_known", "n_unknown").unique("period")
    unit = unit_of(periods["period"].sort())
    finding = _finding(rows, unit)
    used = table.filter(pl.col("conversations") > 0)["tag"].n_unique()
    others = used - rows["tag"].n_unique()
    few = periods.filter(pl.col("n_known") < FEW).height
    caption = (
        f"n = {plural(int(periods['n_known'].sum()), 'conversation')} whose tags are known, by the "
        f"{unit} of their creation.",
        unknown_sentence(int(periods["n_unknown"].sum())),
        "Ranks among the tags drawn; a rank can change where shares hardly differ.",
        f"{plural(others, 'other tag')} not drawn." if others else "",
        f"Hollow: a {unit} that is not known to be over." if not all(rows["is_complete"]) else "",
        f"Left out: {plural(few, unit)} with fewer than {FEW} conversations." if few else "",
        as_of,
    )
    first, last = (rows.filter(pl.col("period") == end) for end in _ends(rows))
    told = ", ".join(f"{row['tag']} {rank_told(row)}" for row in last.sort("place_in").to_dicts())
    description = (
        f"Bump chart, one line per tag; x: {unit}s, y: rank, 1 on top. {finding}. "
        f"At the end ({first['tag'].len()} tags): {told}."
    )
    span = human_period(min(rows["period"]), today)
    measure = f"Rank of each tag by its share, per {unit}"
    return Words(finding, subtitled([measure, span]), caption, description)


def _ends(rows: pl.DataFrame) -> tuple[date, date]:
    return min(rows["period"]), max(rows["period"])


def moved_most(rows: pl.DataFrame) -> tuple[str, int, int] | None:
    """Return the tag whose rank changed most, if its share changed by more than chance."""
    over = rows.filter("is_complete")
    ends = over.group_by("tag", maintain_order=True).agg(
        first=pl.col("place_in").first().cast(pl.Int64),
        last=pl.col("place_in").last().cast(pl.Int64),
        apart=(pl.col("share_lo").last() > pl.col("share_hi").first())
        | (pl.col("share_hi").last() < pl.col("share_lo").first()),
    )
    moved = ends.filter("apart", pl.col("first") != pl.col("last"))
    moved = moved.sort((pl.col("last") - pl.col("first")).abs(), "tag", descending=[True, False])
    return None if moved.is_empty() else moved.select("tag", "first", "last").row(0)


def _finding(rows: pl.DataFrame, unit: str) -> str:
    if rows.filter("is_complete")["period"].n_unique() < 2:
        return f"Fewer than two {unit}s are over: no change can be seen"
    found = moved_most(rows)
    if found is None:
        return "No tag has clearly changed its rank"
    tag, first, last = found
    direction = "rose" if last < first else "fell"
    return f"{shortened(tag, 30)} {direction} from rank {first} to rank {last}"
