"""What the picture of one status in several groups says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kit.format import exact_count, human_duration, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import spoken, subtitled

if TYPE_CHECKING:
    import polars as pl

__all__ = ["group_words", "no_groups"]


def no_groups(status: str, when: tuple[str, str]) -> Words:
    """Say that no conversation was in the status."""
    title = f"No conversation was {spoken(status)}"
    description = f"No picture: {title[0].lower()}{title[1:]} {when[0]}."
    return Words(title, when[0], (when[1],), description)


def group_words(
    rows: pl.DataFrame, every: pl.DataFrame, status: str, when: tuple[str, str]
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    told = rows.to_dicts()
    finding = _finding([row for row in told if row["enough"]], spoken(status))
    bounded = any(row["median_min"] is not None for row in told)
    goes_on = any(row["enough"] and row["p90"] is None for row in told)
    hidden = every.height - rows.height
    caption = (
        f"n = {plural(int(every['n'].sum()), 'stay')}, all stays of one conversation added up.",
        "Those still running count as far as they got (Kaplan-Meier)"
        + ("; an open arrow: not reached so far." if goes_on else "."),
        "Drift keeps no history of status: bounds hold whatever the evidence cannot exclude."
        if bounded
        else "Drift keeps no history of status.",
        _overlap(told),
        f"{plural(hidden, 'other group')} not shown." if hidden else "",
        when[1],
    )
    parts = ["dot: median, line: to 90 %"] if any(row["enough"] for row in told) else []
    if bounded:
        parts[0] += ", pale: hard bounds"
    measure = [f"Time {spoken(status)} by group, log scale", *parts]
    medians = ", ".join(f"{row['name'] or 'all'} {_median(row)}" for row in told)
    description = (
        f"Dot plot with intervals, one row per group; x: time {spoken(status)}, logarithmic. "
        f"{finding}. Medians: {medians}."
    )
    return Words(finding, subtitled([*measure, when[0]]), caption, description)


def _finding(rows: list[dict[str, Any]], status: str) -> str:
    """Say from where to where the medians go; the rows come the longest first."""
    if not rows:
        return f"No group has {FEW} conversations that were {status}"
    reached = [row for row in rows if row["median"] is not None]
    if not reached:
        return f"In no group have half left {status} so far"
    slow, fast = rows[0], reached[-1]
    within = f"Half leave {status} within {human_duration(fast['median'])}"
    if slow is fast:
        return within + (f" in {shortened(fast['name'], 30)}" if fast["name"] else "")
    first = f"{within} in {shortened(fast['name'], 30)}"
    if slow["median"] is None:
        return f"{first}, in {shortened(slow['name'], 30)} not so far"
    return f"{first}, within {human_duration(slow['median'])} in {shortened(slow['name'], 30)}"


def _overlap(rows: list[dict[str, Any]]) -> str:
    """Say if the evidence does not even tell the first from the last."""
    known = [row for row in rows if row["median_min"] is not None]
    if len(known) > 1 and known[0]["median_min"] <= known[-1]["median_max"]:
        return "Bounds overlap: the order may be another."
    return ""


def _median(row: dict[str, Any]) -> str:
    if not row["enough"]:
        return f"too few (n {exact_count(row['n'])})"
    half = "not reached" if row["median"] is None else human_duration(row["median"])
    return f"{half} (n {exact_count(row['n'])})"
