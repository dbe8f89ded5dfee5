"""What the picture of credits says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import human_share, plural
from ..kit.frame import Words
from ..kit.text import shortened
from ..kit.words import listing, subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MODELS", "TOUCHES", "credits_words"]

MODELS = {"time_decay": "time decay", "markov": "Markov", "shapley": "Shapley"}
"""What models are called, where that differs from their name."""

TOUCHES = {"none": "no playbook", "unknown": "playbook unknown"}
"""What touches are called that are no playbook."""


def credits_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    if rows.is_empty():
        description = f"No picture: there are no conversions to credit, {span}."
        return Words("There are no conversions to credit", span, (as_of,), description)
    n = _conversions(table)
    finding = _finding(rows, n)
    hidden = table["touch"].n_unique() - rows["touch"].n_unique()
    silent = table.filter(pl.col("share").is_null())["model"].unique().sort().to_list()
    bounded = rows["lo"].is_not_null().any()
    caption = (
        f"n = {plural(n, 'conversion')}: the credits of each model add up to them.",
        f"{plural(hidden, 'other touch', 'other touches')} not drawn." if hidden else "",
        "Line: 95 % interval (bootstrap over contacts)." if bounded else "No intervals computed.",
        "Grey: a rule, blue: learnt from the journeys. Credit is divided, no cause is shown.",
        f"Without moments: {listing([MODELS.get(m, m) for m in silent])}." if silent else "",
        as_of,
    )
    told = "; ".join(
        f"{label[0]}: " + ", ".join(f"{row['said']} {row['value']}" for row in part.to_dicts())
        for label, part in rows.group_by("label", maintain_order=True)
    )
    description = (
        f"Dots with intervals, grouped by touch, one line per model; x: share of the conversions. "
        f"{finding}. {told}."
    )
    measure = "Share of the conversions credited to each touch, by model"
    return Words(finding, subtitled([measure, span]), caption, description)


def _conversions(table: pl.DataFrame) -> int:
    sums = table.group_by("model").agg(pl.col("credit").sum())
    return round(float(max(sums["credit"])))


def _finding(rows: pl.DataFrame, n: int) -> str:
    best = rows.sort("model", "share", "place", descending=[False, True, False])
    leaders = best.group_by("model", maintain_order=True).first()
    who = leaders["label"].unique(maintain_order=True).to_list()
    if len(who) > 1:
        first, last = (
            leaders.row(0, named=True),
            leaders.filter(pl.col("label") != who[0]).row(0, named=True),
        )
        return (
            f"The models disagree: {first['said']} credits {shortened(first['label'], 24)} most, "
            f"{last['said']} {shortened(last['label'], 24)}"
        )
    shares = rows.filter(pl.col("label") == who[0])["share"].to_list()
    low, high = human_share(min(shares)), human_share(max(shares))
    span = low if low == high else f"{low.removesuffix(' %')} to {high}"
    models = "The model credits" if leaders.height == 1 else f"All {leaders.height} models credit"
    return f"{models} {shortened(who[0], 30)} most: {span} of {plural(n, 'conversion')}"
