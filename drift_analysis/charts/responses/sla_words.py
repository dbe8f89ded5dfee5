"""What the picture of answers within a target says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import listing, subtitled
from .responses_words import NOBODY, nothing_waited

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["mean_of", "no_attainment", "share_told", "sla_words", "target_told"]


def target_told(target: timedelta) -> str:
    """Say a target."""
    return human_duration(target)


def no_attainment(table: pl.DataFrame, when: tuple[str, str]) -> Words:
    """Say that there is no wait to judge, and how many rows had none."""
    excluded = int(table.filter(pl.col("target") == pl.col("target").min())["n_excluded"].sum())
    if not excluded:
        return nothing_waited(NOBODY, when)
    out = f"Left out: {plural(excluded, 'conversation')} without a wait."
    return nothing_waited("Nobody is known to have waited for an answer", when, out)


def mean_of(table: pl.DataFrame, *, is_grouped: bool) -> float | None:
    """Return the mean of the groups, weighted by their waits; null where there is one."""
    known = table.filter(pl.col("attained").is_not_null())
    if not is_grouped or known.height < 2 or known["target"].n_unique() > 1:
        return None
    weighted = known.select((pl.col("attained") * pl.col("n")).sum() / pl.col("n").sum())
    return float(weighted.item())


def share_told(row: dict[str, Any]) -> str:
    """Say the share and n; counts alone where they are few."""
    if row["n"] < FEW:
        return f"{row['n_met']} of {row['n']}"
    if row["attained"] is None:
        return f"unknown · {exact_count(row['n'])}"
    return f"{human_share(row['attained'])} · {exact_count(row['n'])}"


def sla_words(
    rows: pl.DataFrame,
    table: pl.DataFrame,
    lines: tuple[float | None, float | None],
    when: tuple[str, str],
    *,
    is_grouped: bool,
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    goal, reference = lines
    span, as_of = when
    one_target = table["target"].n_unique() == 1
    within = f"within {target_told(rows['target'].to_list()[0])}" if one_target else "in time"
    finding = _finding(rows, goal, reference, within)
    per_target = table.filter(pl.col("target") == pl.col("target").min())
    counted = table if one_target else per_target
    undecided, excluded = int(counted["n_undecided"].sum()), int(counted["n_excluded"].sum())
    hidden = table.height - rows.height
    what = "group" if is_grouped and one_target else "target"
    caption = (
        f"n = {plural(int(counted['n'].sum()), 'wait')}; closed without an answer is not in time.",
        f"{exact_count(undecided)} still ran and were not yet as long: they count as far as they "
        "were watched."
        if undecided
        else "",
        "Pale: how much too low it may be, since nobody was watched that long."
        if rows["beyond"].is_not_null().any()
        else "",
        _dashed(goal, reference),
        f"{plural(hidden, 'smaller group')} not drawn." if hidden else "",
        f"Below {FEW} waits each is a ring, filled if in time." if (rows["n"] < FEW).any() else "",
        f"Left out: {plural(excluded, 'conversation')} without a wait." if excluded else "",
        as_of,
    )
    told = ", ".join(f"{row['label']} {row['value']}" for row in rows.to_dicts())
    description = (
        f"Dot plot with 95 % intervals, one row per {what}; x: share answered {within}, "
        f"0 to 100 %. {finding}. {told}."
    )
    measure = f"Share answered {within}, 95 % interval · right: share · n"
    return Words(finding, subtitled([measure, span]), caption, description)


def _dashed(goal: float | None, reference: float | None) -> str:
    if reference is None:
        return ""
    if goal is not None:
        return f"Dashed: the goal, {human_share(goal)}."
    return f"Dashed: the mean of the groups weighted by their waits, {human_share(reference)}."


def _finding(rows: pl.DataFrame, goal: float | None, reference: float | None, within: str) -> str:
    shown = rows.filter(pl.col("at").is_not_null())
    if shown.is_empty():
        return f"Too few waits to tell how many are answered {within}"
    if shown["target"].n_unique() > 1:
        parts = [
            f"{human_share(row['at'])} within {target_told(row['target'])}"
            for row in shown.to_dicts()
        ]
        return f"Answered: {listing(parts if len(parts) <= 3 else [parts[0], parts[-1]])}"
    if goal is not None:
        return _against(shown, goal, within)
    first = shown.row(0, named=True)
    if reference is None:
        return f"{human_share(first['at'])} are answered {within}"
    ahead, behind = shown.filter(pl.col("lo") > reference), shown.filter(pl.col("hi") < reference)
    mean = human_share(reference)
    if not ahead.is_empty() and not behind.is_empty():
        last = behind.row(-1, named=True)
        return (
            f"{shortened(first['label'], 24)} answers {human_share(first['at'])} {within}, "
            f"{shortened(last['label'], 24)} {human_share(last['at'])}"
        )
    if not ahead.is_empty():
        best = f"{shortened(first['label'], 24)} answers {human_share(first['at'])} {within}"
        return f"{best}, the groups together {mean}"
    return f"No group clearly answers more {within} than all: {mean}"


def _against(shown: pl.DataFrame, goal: float, within: str) -> str:
    """Count what the intervals bear: who reaches the goal, and who misses it."""
    aim = f"{human_share(goal)} {within}"
    reach, miss = (shown["lo"] >= goal).sum(), (shown["hi"] < goal).sum()
    n = shown.height
    if n == 1:
        share = human_share(shown["at"].to_list()[0])
        verdict = "reached" if reach else "missed" if miss else "neither clearly reached nor missed"
        return f"{share} are answered in time: the goal of {aim} is {verdict}"
    if n in (reach, miss):
        return f"All {n} groups clearly {'reach' if reach else 'miss'} {aim}"
    first = f"{reach or 'None'} of {n} groups clearly {'reaches' if reach < 2 else 'reach'} {aim}"
    return f"{first}, {miss or 'none'} clearly {'misses' if miss < 2 else 'miss'} it"
