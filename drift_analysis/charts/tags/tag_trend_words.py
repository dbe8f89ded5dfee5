"""What the picture of tags over time says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import SchemaError

from ..kit.format import human_period, human_share, plural, zone
from ..kit.frame import FEW, Words
from ..kit.periods import unit_of
from ..kit.text import shortened
from ..kit.words import as_of_sentence, subtitled
from .tags_absent import unknown_sentence

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["require_period", "trend_words"]


def require_period(frequency: pl.DataFrame | pl.LazyFrame) -> None:
    """Check that tags were counted by period, and say how to do it if not."""
    present = frequency.collect_schema().names()
    if "period" not in present:
        raise SchemaError.of(
            "TagFrequency: missing 'period'.",
            f"The frame has {', '.join(map(repr, present))}.",
            'tag_frequency(conversations, every="1w").',
        )


def trend_words(rows: pl.DataFrame, table: pl.DataFrame, as_of: datetime, tz: str) -> Words:
    """Write title, subtitle, caption and alternative text."""
    periods = table.select("period", "n_known", "n_unknown").unique("period")
    unit = unit_of(periods["period"].sort())
    n, unknown = int(periods["n_known"].sum()), int(periods["n_unknown"].sum())
    others = table.filter(pl.col("conversations") > 0)["tag"].n_unique() - rows["tag"].n_unique()
    span = human_period(rows["period"].to_list()[0], as_of.astimezone(zone(tz)).date())
    finding = _finding(rows, unit)
    is_few = pl.col("n_known").is_between(1, FEW - 1)
    caption = (
        f"n = {plural(n, 'conversation')} whose tags are known, by the {unit} of their creation.",
        unknown_sentence(unknown),
        f"{plural(others, 'other tag')} not shown." if others else "",
        f"Hollow: a {unit} that is not known to be over."
        if rows["pale"].is_not_null().any()
        else "",
        f"No point: fewer than {FEW} conversations." if rows.select(is_few.any()).item() else "",
        "Drift keeps no time for a tag.",
        as_of_sentence(as_of, tz),
    )
    measure = f"Share of conversations with each tag, per {unit}"
    band = "band: 95 % interval" if rows["solid"].is_not_null().any() else ""
    tags = ", ".join(rows["tag"].unique(maintain_order=True))
    description = (
        f"Small line charts, one per tag, on one scale; x: {unit}s, {span}; y: share of "
        f"conversations. {finding}. Tags: {tags}."
    )
    return Words(finding, subtitled([measure, band, span]), caption, description)


def _finding(rows: pl.DataFrame, unit: str) -> str:
    """Name the tag that changed most from the first to the last period that counts."""
    solid = rows.filter(pl.col("solid").is_not_null())
    counting = solid["period"].n_unique()
    if rows["period"].n_unique() == 1:
        return f"Only one {unit}: no trend can be seen"
    if not counting:
        return f"No {unit} that is over has {FEW} conversations: no trend can be seen"
    if counting == 1:
        return f"Only one {unit} that is over has {FEW} conversations: no trend can be seen"
    ends = solid.group_by("tag", maintain_order=True).agg(
        first=pl.col("solid").first(),
        last=pl.col("solid").last(),
        # Where the intervals of the two overlap, the change is not a finding.
        apart=(pl.col("share_lo").last() > pl.col("share_hi").first())
        | (pl.col("share_hi").last() < pl.col("share_lo").first()),
    )
    changed = ends.filter("apart").sort((pl.col("last") - pl.col("first")).abs(), descending=True)
    if changed.is_empty():
        return "No tag has clearly become more or less frequent"
    tag, first, last, _ = changed.row(0)
    direction = "rose" if last > first else "fell"
    return f"{shortened(tag)} {direction} from {human_share(first)} to {human_share(last)}"
