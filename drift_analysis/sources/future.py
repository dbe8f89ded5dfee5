"""Notice moments that lie in the future of what is known: a wrong clock, or a wrong fetch time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from .tables import TABLES, WORKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AHEAD", "from_the_future"]

AHEAD = ("slot_start_at", "slot_end_at")
"""Moments that may lie in the future: nothing witnessed them."""

_CLOCKS = timedelta(minutes=5)
"""How far the clocks of Drift and of who fetched may lie apart."""


_DETAIL = "Moments lie more than 5 minutes after the fetch: it was later, or they are wrong."


def from_the_future(rows: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Return rows of `Issues` for records with a moment after their own fetch.

    Where it is not known when a record was fetched, its moments are after nothing.

    Parameters
    ----------
    rows
        Every record that was read, by table, with the working columns.

    Returns
    -------
    :
        One row per table that has such records, in the columns of `Issues`.
    """
    found = ((name, _later(name, frame)) for name, frame in rows.items())
    return [_row(name, later) for name, later in found if later.height]


def _later(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    moments = [
        column
        for column, dtype in TABLES[name].schema().items()
        if dtype == WORKING["_fetched_at"] and column not in (*AHEAD, "fetched_at")
    ]
    too_late = [pl.col(column) > pl.col("_fetched_at") + _CLOCKS for column in moments]
    return frame.filter(pl.any_horizontal(pl.lit(value=False), *too_late))


def _row(name: str, later: pl.DataFrame) -> dict[str, Any]:
    first = later.row(0, named=True) if later.height == 1 else {}
    return {
        "severity": "warning",
        "code": "after_fetch",
        "table": name,
        "conversation_id": first.get("conversation_id"),
        "message_id": first.get("message_id"),
        "n": later.height,
        "detail": _DETAIL,
    }
