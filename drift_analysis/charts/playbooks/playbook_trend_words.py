"""What the picture of playbooks over time says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_period, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.periods import unit_of
from ..kit.text import shortened
from ..kit.words import subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

__all__ = ["playbook_trend_words"]


def playbook_trend_words(
    rows: pl.DataFrame, table: pl.DataFrame, of: str, when: Sequence[str], today: date
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    until, as_of = when
    if rows.is_empty():
        description = f"No picture: no playbook started a conversation {until}."
        return Words("No playbook started a conversation", until, (as_of,), description)
    unit = unit_of(rows["period"].unique().sort())
    span = human_period(min(rows["period"]), today)
    finding = _finding(rows, of, unit)
    books = table.filter(pl.col("attribution") == "playbook", pl.col("conversations") > 0)
    others = books["playbook_id"].n_unique() - rows["playbook_id"].n_unique()
    unknown = int(table.filter(pl.col("attribution") == "unknown")["conversations"].sum())
    caption = (
        f"n = {plural(int(rows['conversations'].sum()), 'conversation')} of these playbooks, by "
        f"{unit}.",
        f"{plural(others, 'other playbook')} not shown." if others else "",
        f"Left out: {exact_count(unknown)} whose playbook is unknown." if unknown else "",
        f"Hollow: a {unit} that is not known to be over." if rows["pale"].count() else "",
        f"No point: fewer than {FEW} conversations." if (rows["trials"] < FEW).any() else "",
        as_of,
    )
    what = (
        "Share in which the contact engaged"
        if of == "engagement"
        else "Share of all conversations with a known playbook"
    )
    band = "band: 95 % interval" if rows["solid"].count() else ""
    names = ", ".join(rows["label"].unique(maintain_order=True))
    description = (
        f"Small line charts, one per playbook, on one scale; x: {unit}s, {span}; "
        f"y: {what.lower()}. {finding}. Playbooks: {names}."
    )
    return Words(finding, subtitled([f"{what}, per {unit}", band, span]), caption, description)


def _finding(rows: pl.DataFrame, of: str, unit: str) -> str:
    """Name the playbook that changed most from the first to the last period that counts."""
    solid = rows.filter(pl.col("solid").is_not_null())
    ends = solid.group_by("label", maintain_order=True).agg(
        first=pl.col("solid").first(),
        last=pl.col("solid").last(),
        n=pl.len(),
        # Where the intervals of the two overlap, the change is not a finding.
        apart=(pl.col("share_lo").last() > pl.col("share_hi").first())
        | (pl.col("share_hi").last() < pl.col("share_lo").first()),
    )
    if not (ends["n"] > 1).any():
        return f"No two {unit}s that are over have {FEW} conversations: no trend can be seen"
    changed = ends.filter("apart").sort((pl.col("last") - pl.col("first")).abs(), descending=True)
    what = "Engagement" if of == "engagement" else "The share"
    if changed.is_empty():
        return f"No playbook's {'engagement' if of == 'engagement' else 'share'} clearly changed"
    label, first, last = changed.select("label", "first", "last").row(0)
    direction = "rose" if last > first else "fell"
    return (
        f"{what} of {shortened(label, 30)} {direction} from {human_share(first)} to "
        f"{human_share(last)}"
    )
