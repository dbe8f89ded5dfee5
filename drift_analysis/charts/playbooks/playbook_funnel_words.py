"""What the picture of how far conversations get says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.words import listing, subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STEPS", "funnel_words"]

STEPS = {
    "conversations": "started",
    "engaged": "engaged",
    "human_handled": "human",
    "meetings": "meeting",
    "closed": "closed",
}
"""The steps of a conversation, and the heads of their columns."""

_VERBS = {
    "engaged": "engage",
    "human_handled": "reach a human",
    "meetings": "lead to a meeting",
    "closed": "are closed",
}


def funnel_words(
    rows: pl.DataFrame, steps: Sequence[str], when: Sequence[str], *, is_wide: bool
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    if rows.is_empty():
        description = f"No picture: there are no conversations {span}."
        return Words("No conversations", span, (as_of,), description)
    finding = _finding(rows, steps)
    unknown = int(rows.filter(pl.col("kind") == "unknown")["conversations"].sum())
    caption = (
        f"n = {plural(int(rows['conversations'].sum()), 'conversation')}, by the playbook that "
        "started each. Every share is of the row's conversations.",
        "Closed counts engaged ones, with or without a human."
        if "closed" in steps
        else "A meeting counts with or without a human.",
        "" if "human_handled" in steps else "No column for humans: messages were not loaded.",
        "Thin line: 95 % interval." if is_wide else "",
        f"The playbook of {exact_count(unknown)} is unknown." if unknown else "",
        f"Below {FEW} conversations: counts alone." if (rows["conversations"] < FEW).any() else "",
        as_of,
    )
    told = ", ".join(
        f"{row['label']} " + " ".join(f"{STEPS[step]} {row[step]}" for step in steps)
        for row in rows.to_dicts()
    )
    description = (
        f"Bars in columns, one row per playbook; columns: {listing([STEPS[s] for s in steps])}. "
        f"{finding}. {told}."
    )
    measure = "Share of conversations that get so far, by playbook"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame, steps: Sequence[str]) -> str:
    """Say it of all playbooks together; of all conversations where no playbook is known."""
    started = rows.filter(pl.col("kind").is_in(["playbook", "others"]))
    of = started if not started.is_empty() else rows
    n = int(of["conversations"].sum())
    whose = "conversations started by playbooks" if not started.is_empty() else "conversations"
    if n < FEW:
        parts = [f"{int(of[step].sum())} {_VERBS[step]}" for step in steps[1:]]
        return f"Of {n} {whose} {listing(parts)}"
    parts = [f"{human_share(int(of[step].sum()) / n)} {_VERBS[step]}" for step in steps[1:]]
    return f"Of {whose} {listing(parts)}"
