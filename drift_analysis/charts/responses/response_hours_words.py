"""What the picture of waits by the hour of the week says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.week import hour_told
from ..kit.words import subtitled

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["hours_words"]


def hours_words(
    cells: pl.DataFrame,
    shown: pl.DataFrame,
    how: tuple[timedelta | None, str],
    told: tuple[str, str, str],
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    within, tz = how
    span, out, as_of = told
    finding = f"{_finding(shown, within)} ({tz})"
    what = (
        "Median wait for an answer, the stronger the longer"
        if within is None
        else f"Share answered within {human_duration(within)}, the stronger the more"
    )
    few = int((cells["n"] < FEW).sum())
    unreached = int(shown.filter(~pl.col("is_reached")).height)
    caption = (
        f"n = {plural(int(cells['n'].sum()), 'wait')}, by the hour in which each began; still "
        "waiting counts as far as it got.",
        f"Framed: that hour. Of {plural(shown.height, 'hour')} one is always the slowest, also by "
        "chance."
        if shown.height > 1
        else "",
        f"Grey dot: fewer than {FEW} waits ({plural(few, 'hour')})." if few else "",
        f"In {plural(unreached, 'hour')} half are never answered: shown as the longest wait."
        if unreached
        else "",
        out,
        as_of,
    )
    description = (
        f"Heat map; x: hour of the day, 0 to 23, y: weekday, {tz}; darker: "
        f"{'longer median wait' if within is None else 'larger share answered in time'}. "
        f"{finding}."
    )
    return Words(finding, subtitled([what, span]), caption, description)


def _finding(shown: pl.DataFrame, within: timedelta | None) -> str:
    if shown.is_empty():
        return f"No hour of the week has {FEW} waits"
    ordered = shown.sort("at", "weekday", "hour").to_dicts()
    worst = next(row for row in ordered if row["is_told"])
    if within is not None:
        best = ordered[-1]
        start = f"Answered within {human_duration(within)}: {human_share(worst['at'])}"
        start += f" of those who write on {_hour(worst)}"
        rest = f", {human_share(best['at'])} on {_hour(best)}"
        return start if len(ordered) == 1 else f"{start}{rest}"
    best = ordered[0]
    longest = (
        f"half wait over {human_duration(1000 * worst['at'])}"
        if worst["is_reached"]
        else "half get no answer"
    )
    if len(ordered) == 1:
        return f"Only {_hour(worst)} has {FEW} waits or more: {_alone(worst)}"
    start = f"Slowest on {_hour(worst)}: {longest}"
    if not best["is_reached"]:
        return start
    return f"{start}; fastest on {_hour(best)}: {human_duration(1000 * best['at'])}"


def _alone(row: dict[str, Any]) -> str:
    if not row["is_reached"]:
        return "half get no answer"
    return f"half are answered within {human_duration(1000 * row['at'])}"


def _hour(row: dict[str, Any]) -> str:
    return hour_told(row["weekday"], row["hour"])
