"""What the picture of playbooks says in words."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import (
    FEW,
    Words,
)
from ..kit.text import shortened
from ..kit.words import subtitled

__all__ = ["each_told", "playbooks_words", "rate_of", "rate_of_all", "rate_told"]


def playbooks_words(
    rows: pl.DataFrame,
    table: pl.DataFrame,
    span: str,
    as_of: str,
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    if rows.is_empty():
        description = f"No picture: there are no conversations {span}."
        return Words("No conversations", span, (as_of,), description)
    finding = _finding(rows)
    few = rows["conversations"] < FEW
    measure = "Share in which the contact engaged, 95 % interval · right: share · n"
    if few.all():
        measure = "Conversations in which the contact engaged · right: of how many"
    n = int(rows["conversations"].sum())
    unknown = int(rows.filter(pl.col("kind") == "unknown")["conversations"].sum())
    by_messages = table["human_handled"].is_not_null().any()
    engaged = (
        "the contact wrote a message" if by_messages else "it left bulk sent (no messages loaded)"
    )
    dashed = rate_of_all(rows)
    caption = (
        f"n = {plural(n, 'conversation')}, by the playbook that started each.",
        f"The playbook of {exact_count(unknown)} is unknown: they count in no other row."
        if unknown
        else "",
        f"Engaged: {engaged}. An association, not a cause.",
        f"Dashed: all playbooks together, {human_share(dashed)}." if dashed is not None else "",
        f"Below {FEW} conversations each is a ring, filled if engaged." if few.any() else "",
        as_of,
    )
    told = ", ".join(f"{row['label']} {rate_told(row)}" for row in rows.to_dicts())
    kind = (
        "Rows of rings, one row per playbook, one ring per conversation, filled where the contact "
        "engaged"
        if few.all()
        else "Dot plot with 95 % intervals, one row per playbook; x: share of conversations in "
        "which the contact engaged, 0 to 100 %"
    )
    description = f"{kind}. {finding}. {told}."
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame) -> str:
    known = rows.filter(pl.col("kind").is_in(["playbook", "others"]))
    if known.is_empty():
        return "No conversation is known to have been started by a playbook"
    shown = known.filter((pl.col("kind") == "playbook") & pl.col("rate").is_not_null())
    if shown.is_empty():
        each = ": each one is drawn" if (rows["conversations"] < FEW).all() else ""
        return f"Too few conversations per playbook for a rate{each}"
    together = human_share(rate_of(known))
    ahead = shown.filter(pl.col("lo") > rate_of(known))
    if known.height == 1:
        best = shown.row(0, named=True)
        return f"{shortened(best['label'])} engages {together} of those it reaches"
    if ahead.is_empty():
        return f"No playbook clearly engages more than all together: {together}"
    if ahead.height > 1:
        count = f"{ahead.height} of {plural(shown.height, 'playbook')}"
        return f"{count} engage clearly more than all together ({together})"
    best = ahead.row(0, named=True)
    start = f"{shortened(best['label'])} engages {human_share(best['rate'])} of those it reaches"
    return f"{start}, all playbooks together {together}"


def rate_of(rows: pl.DataFrame) -> float:
    """Return the rate of several rows together."""
    return int(rows["engaged"].sum()) / int(rows["conversations"].sum())


def rate_of_all(rows: pl.DataFrame) -> float | None:
    """Return the rate of all playbooks together; null where it says nothing beside theirs."""
    known = rows.filter(pl.col("kind").is_in(["playbook", "others"]))
    no_axis = (rows["conversations"] < FEW).all()
    if no_axis or known.height < 2 or int(known["conversations"].sum()) < FEW:
        return None
    return rate_of(known)


def each_told(row: dict[str, Any]) -> str:
    """Draw a ring for each of few conversations, filled where the contact engaged."""
    if row["conversations"] >= FEW:
        return ""
    engaged, count = int(row["engaged"]), int(row["conversations"])
    return "●" * engaged + "○" * (count - engaged)


def rate_told(row: dict[str, Any]) -> str:
    """Say the rate of a row and its n; counts alone where they are few."""
    if row["rate"] is None:
        return f"{row['engaged']} of {row['conversations']}"
    return f"{human_share(row['rate'])} · {exact_count(row['conversations'])}"
