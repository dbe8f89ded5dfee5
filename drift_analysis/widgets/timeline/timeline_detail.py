"""The intervals of one conversation: what each rests on, and what the evidence allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.charts.kit.words import spoken
from drift_analysis.metrics import time_in_status

from ..panes.stretches import stretches

if TYPE_CHECKING:
    import polars as pl

    from ..panel.panel_sheet import Sheet

__all__ = ["detail_shown"]

_COLUMNS: list[dict[str, Any]] = [
    {"title": "Status", "kind": "text"},
    {"title": "From", "kind": "text"},
    {"title": "Lasted", "kind": "text"},
    {"title": "Evidence", "kind": "text"},
    {"title": "Could also be", "kind": "text"},
]


def detail_shown(sheet: Sheet, life: pl.DataFrame, *, tz: str) -> None:
    """Show the intervals of one conversation.

    Parameters
    ----------
    sheet
        Where to.
    life
        The rows of a `StatusIntervals` table that are its own; none if nothing is chosen.
    tz
        The time zone in which moments are written.
    """
    if life.is_empty():
        sheet.say("Choose a lane to see what each of its stretches rests on.")
        return
    rows = [{"key": "", "cells": _cells(told)} for told in stretches(life, tz=tz)]
    sheet.show(
        _COLUMNS,
        rows,
        _bounds(life),
        heading=f"Conversation {life['conversation_id'][0]}",
        note=f"Times in {tz}. Drift keeps no history of status: where another one cannot be "
        "excluded, the estimate is the path with the fewest changes.",
    )


def _cells(told: dict[str, Any]) -> list[str]:
    return [
        spoken(told["status"]),
        told["since"],
        told["lasted"],
        told["evidence"],
        told["possible"] or "nothing else",
    ]


def _bounds(life: pl.DataFrame) -> list[str]:
    """Say the time in each status, with the least and the most that the evidence allows."""
    said = []
    for row in time_in_status(life).to_dicts():
        status, length = spoken(row["status"]), human_duration(row["duration"])
        least, most = (human_duration(row[f"duration_{end}"]) for end in ("min", "max"))
        goes_on = " so far" if row["censored"] else ""
        if least == most:
            said.append(f"{status}: {length}{goes_on}")
        else:
            said.append(f"{status}: {length}{goes_on} (at least {least}, at most {most})")
    return [f"Time in each status: {'; '.join(said)}."]
