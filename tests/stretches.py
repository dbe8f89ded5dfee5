"""Stretches of lives, as `status_intervals` gives them: built by hand, and any that are legal."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import polars as pl
from hypothesis import strategies as st

from builders import NOON, hours
from drift_analysis.schemas import STATUSES, StatusIntervals

AS_OF = 1000
"""The minute after noon at which generated lives are cut."""

Stretch = tuple[str, float, float] | tuple[str, float, float, list[str]]
"""A status, from and until which hour, and what else it may have been."""


def stretches(lives: dict[int, list[Stretch]]) -> pl.DataFrame:
    """Build lives from (status, from hour, until hour, what else it may have been)."""
    rows = []
    for conversation, life in lives.items():
        visit, rank = 0, {status: place for place, status in enumerate(STATUSES)}
        for place, (status, begin, end, *others) in enumerate(life):
            visit += place == 0 or status != life[place - 1][0]
            rows.append(
                {
                    "conversation_id": conversation,
                    "visit": visit,
                    "status": status,
                    "possible": sorted({status, *(others[0] if others else [])}, key=rank.get),  # type: ignore[arg-type]
                    "entered_at": NOON + hours(begin),
                    "left_at": NOON + hours(end),
                    "duration": hours(end - begin),
                    "censored": False,
                    "evidence": "assumed",
                }
            )
        for row in rows:
            if row["conversation_id"] == conversation:
                row["censored"] = row["visit"] == visit
    return StatusIntervals.checked(
        pl.DataFrame(rows, schema=StatusIntervals.schema(), orient="row")
    )


@st.composite
def any_lives(draw: st.DrawFn, statuses: tuple[str, ...] = STATUSES) -> pl.DataFrame:
    """Give lives of up to three conversations that no rule but the table's own binds."""
    return stretches({n: draw(_life(statuses)) for n in range(draw(st.integers(0, 3)))})


@st.composite
def _life(draw: st.DrawFn, statuses: tuple[str, ...]) -> list[Stretch]:
    minutes = sorted(draw(st.lists(st.integers(0, AS_OF), min_size=1, max_size=5)))
    life: list[Stretch] = []
    for begin, end in pairwise([*minutes, AS_OF]):
        no_time = [life[-1][0]] if life and life[-1][1] == life[-1][2] else []
        status = draw(st.sampled_from([each for each in statuses if each not in no_time]))
        others = draw(st.lists(st.sampled_from(statuses), max_size=2))
        life.append((status, begin / 60, end / 60, others))
    return life


def rows_of(intervals: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """Return the stretches of each conversation in order, for slow and obvious computations."""
    lives: dict[int, list[dict[str, Any]]] = {}
    for row in intervals.sort("conversation_id", "visit", "entered_at").to_dicts():
        lives.setdefault(row["conversation_id"], []).append(row)
    return lives


def total(lengths: list[timedelta]) -> timedelta:
    return sum(lengths, timedelta())
