"""What the picture of cohorts says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_duration, human_period, human_share, plural, zone
from ..kit.frame import FEW, Words
from ..kit.periods import unit_of
from ..kit.text import shortened
from ..kit.words import as_of_sentence, period, subtitled

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["cohort_words", "no_cohorts"]


def no_cohorts(rows: pl.DataFrame, as_of: datetime, tz: str) -> Words:
    """Say why there is no point to draw."""
    span = period(None, as_of, tz)
    title = "Nothing to follow" if rows.is_empty() else f"No period has {FEW} whose time is over"
    reason = "there is nothing to follow" if rows.is_empty() else title[0].lower() + title[1:]
    return Words(title, span, (as_of_sentence(as_of, tz),), f"No picture: {reason} {span}.")


def cohort_words(
    rows: pl.DataFrame, n_groups: int, ended: str, when: tuple[datetime, str, str]
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    as_of, tz, told = when
    unit = unit_of(rows["period"].unique().sort())
    horizon = human_duration(rows["horizon"].to_list()[0])
    shown = rows["panel"].n_unique()
    span = human_period(min(rows["period"].to_list()), as_of.astimezone(zone(tz)).date())
    finding = _finding(rows, unit, f"that has {ended} within {horizon}")
    n, left_out = int(rows["n"].sum()), int(rows["n_left_out"].sum())
    young = rows.filter(~pl.col("is_mature"))["period"].n_unique()
    few = int(rows.select((pl.col("n").is_between(1, FEW - 1)).sum()).item())
    unknown = rows.filter(pl.col("n") >= FEW, pl.col("share").is_null())["period"].n_unique()
    caption = (
        f"n = {exact_count(n)}, by the {unit} in which they began.",
        f"Left out: {exact_count(left_out)} whose time or end is not known." if left_out else "",
        f"Immature: {plural(young, unit)} of which {horizon} has not passed for all."
        if young
        else "",
        f"No point: fewer than {FEW} in the {unit}." if few else "",
        f"No point: {plural(unknown, unit)} of which none was watched for {horizon}."
        if unknown
        else "",
        f"{plural(n_groups - shown, 'other group')} not shown." if n_groups > shown else "",
        told,
    )
    measure = [f"Share that has {ended} within {horizon}, per {unit}", "line: 95 % interval"]
    groups = ""
    if shown > 1:
        names = ", ".join(name for name in rows["name"].unique(maintain_order=True))
        groups = f" Groups: {names}."
    description = (
        f"{'Small line charts' if shown > 1 else 'Line chart'} with intervals; x: {unit}s, {span}; "
        f"y: share, 0 to 100 %. {finding}.{groups}"
    )
    return Words(finding, subtitled([*measure, span]), caption, description)


def _finding(rows: pl.DataFrame, unit: str, what: str) -> str:
    """Name the group that changed most from its first to its last mature period."""
    solid = rows.filter(pl.col("solid").is_not_null())
    if solid["period"].n_unique() < 2:
        return f"Fewer than two mature {unit}s: no trend can be seen"
    ends = solid.group_by("panel", "name", maintain_order=True).agg(
        first=pl.col("solid").first(),
        last=pl.col("solid").last(),
        # Where the intervals of the two overlap, the change is not a finding.
        apart=(pl.coalesce("lo", "solid").last() > pl.coalesce("hi", "solid").first())
        | (pl.coalesce("hi", "solid").last() < pl.coalesce("lo", "solid").first()),
    )
    changed = ends.filter("apart").sort((pl.col("last") - pl.col("first")).abs(), descending=True)
    if changed.is_empty():
        if ends.height > 1:
            return f"In no group has the share {what} clearly changed"
        return f"The share {what} has not clearly changed: {human_share(ends['last'].item())} last"
    _, name, first, last, _ = changed.row(0)
    direction = "rose" if last > first else "fell"
    of = f" of {shortened(name, 30)}" if name else ""
    return f"The share{of} {what} {direction} from {human_share(first)} to {human_share(last)}"
