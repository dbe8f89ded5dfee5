"""What the picture of what goes with a playbook says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CLEAR", "lift_told", "lift_words", "points"]

CLEAR = 0.05
"""Below this q a difference is called clear."""

_OUTCOMES = {
    "bulk_sent": "conversations left bulk sent",
    "engaged": "engagement",
    "human_handled": "answers of a human",
    "closed": "closes",
    "emails_captured": "e-mail addresses",
    "meetings": "meetings",
    "goals": "goals met",
}
_AGAINST = {"rest": "the rest", "none": "conversations without a playbook"}
_NOT_CAUSE = "an association, not a cause"


def points(difference: float) -> str:
    """Say a difference of shares in points of 100, with its sign.

    Examples
    --------
    >>> from drift_analysis.charts.playbooks.playbook_lift_words import points
    >>> points(0.123), points(0.001), points(0.0)
    ('+12', '+0.1', '0')
    """
    hundred = 100 * difference
    if abs(hundred) < 0.05:
        return "0"
    told = f"{hundred:+.0f}" if abs(hundred) >= 0.95 else f"{hundred:+.1f}"
    return told.replace("-", "\N{MINUS SIGN}")


def lift_told(row: dict[str, Any], *, full: bool) -> str:
    """Say the difference of a row, its n and, where there is room, whether it may be chance."""
    if row["conversations"] < FEW:
        return f"{row['happened']} of {row['conversations']}"
    told = f"{points(row['difference'])} · {exact_count(row['conversations'])}"
    return f"{told} · {'clear' if row['is_clear'] else 'may be chance'}" if full else told


def lift_words(rows: pl.DataFrame, table: pl.DataFrame, when: Sequence[str]) -> Words:
    """Write title, subtitle, caption and alternative text."""
    span, as_of = when
    if rows.is_empty():
        description = f"No picture: there is nothing to compare {span}."
        return Words("Nothing to compare", span, (as_of,), description)
    first = rows.row(0, named=True)
    outcome = _OUTCOMES[first["outcome"]]
    against = _AGAINST.get(first["against"], f"playbook {first['against']}")
    finding = _finding(rows, outcome, against)
    hidden = int(table["difference"].is_not_null().sum()) - rows.height
    unknown = int(table["n_unknown"].to_list()[0])
    caption = (
        f"n = {plural(int(rows['conversations'].sum()), 'conversation')} of these playbooks.",
        "Right: points of 100 · n.",
        f"{_NOT_CAUSE.capitalize()}: visitors who meet one playbook differ from others.",
        "Filled: clear, also among so many comparisons (q below 5 %); hollow: may be chance.",
        f"Below {FEW} conversations each is a ring, filled if it happened."
        if (rows["conversations"] < FEW).any()
        else "",
        f"{plural(hidden, 'smaller playbook')} not drawn." if hidden else "",
        f"Left out: {exact_count(unknown)} whose playbook is unknown." if unknown else "",
        as_of,
    )
    told = ", ".join(f"{row['label']} {lift_told(row, full=True)}" for row in rows.to_dicts())
    description = (
        f"Dot plot with 95 % intervals around 0, one row per playbook; x: points more or fewer "
        f"{outcome} than {against}. {finding}. {told}."
    )
    measure = f"Share with {outcome} less that of {against}, in points, 95 % interval"
    return Words(finding, subtitled([measure, span]), caption, description)


def _finding(rows: pl.DataFrame, outcome: str, against: str) -> str:
    clear = rows.filter("is_clear")
    more, fewer = clear.filter(pl.col("at") > 0), clear.filter(pl.col("at") < 0)
    if clear.is_empty():
        return f"No playbook clearly goes with more or {_less(outcome)} {outcome} than {against}"
    if clear.height == 1:
        only = clear.row(0, named=True)
        way = "more" if only["at"] > 0 else _less(outcome)
        by = f"{points(only['at'])} points ({_NOT_CAUSE})"
        return f"{shortened(only['label'], 24)} goes with {way} {outcome} than {against}: {by}"
    n = rows.height
    parts = [
        (found.height, way)
        for found, way in ((more, "more"), (fewer, _less(outcome)))
        if not found.is_empty()
    ]
    count, way = parts[0]
    told = f"{count} of {plural(n, 'playbook')} {'goes' if count == 1 else 'go'} with {way}"
    told += "".join(f", {count} with {way}" for count, way in parts[1:])
    return f"{told} {outcome} than {against} ({_NOT_CAUSE})"


def _less(outcome: str) -> str:
    return "fewer" if outcome.endswith("s") or " " in outcome else "less"
