"""Report what is suspicious in tables that were read."""

from __future__ import annotations

from typing import Any

import polars as pl

from drift_analysis.schemas.suspicions import SUSPICIONS, suspicious_rows

__all__ = ["suspicions"]


def suspicions(conversations: pl.DataFrame, messages: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows of `Issues` for what contradicts itself or seems to be cut short.

    Parameters
    ----------
    conversations, messages
        `Conversations` and `Messages` frames.

    Returns
    -------
    :
        One row per kind of suspicion that was found, in the columns of `Issues`.
    """
    plans = suspicious_rows(conversations.lazy(), messages.lazy())
    found = zip(plans, pl.collect_all(plans.values()), strict=True)
    return [_row(code, rows) for code, rows in found if rows.height]


def _row(code: str, rows: pl.DataFrame) -> dict[str, Any]:
    table, detail = SUSPICIONS[code]
    first = rows.row(0, named=True) if rows.height == 1 else {}
    return {
        "severity": "warning",
        "code": code,
        "table": table,
        "conversation_id": first.get("conversation_id"),
        "message_id": first.get("message_id"),
        "n": rows.height,
        "detail": detail,
    }
