"""Report what is suspicious in tables that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages
from drift_analysis.schemas.suspicions import SUSPICIONS, suspicious_rows

from .merge import repeats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drift_analysis.schemas.suspicions import Elsewhere

__all__ = ["CODES", "COMPARED", "added_up", "contradictions", "suspicions"]

CODES = tuple(SUSPICIONS)
"""What can be suspected: it follows from the tables, and is worked out anew when they change."""

_C, _M = Conversations, Messages
COMPARED = {
    "conversations": (
        (_C.conversation_id, _C.updated_at),
        (_C.status_raw, _C.contact_id, _C.inbox_id, _C.created_at, _C.playbook_id),
    ),
    "messages": (
        (_M.message_id,),
        (_M.conversation_id, _M.type_raw, _M.body, _M.author_id, _M.created_at),
    ),
}
"""The columns in which repeats are alike, and those in which they may not contradict each other."""


def suspicions(
    conversations: pl.DataFrame, messages: pl.DataFrame, elsewhere: Elsewhere | None = None
) -> list[dict[str, Any]]:
    """Return rows of `Issues` for what contradicts itself or seems to be cut short.

    Parameters
    ----------
    conversations, messages
        `Conversations` and `Messages` frames.
    elsewhere
        What else is known, if the frames are not everything.

    Returns
    -------
    :
        One row per kind of suspicion that was found, in the columns of `Issues`.
    """
    plans = suspicious_rows(conversations.lazy(), messages.lazy(), elsewhere)
    found = zip(plans, pl.collect_all(plans.values()), strict=True)
    return [_row(code, *SUSPICIONS[code], rows) for code, rows in found if rows.height]


def contradictions(
    conversations: pl.DataFrame, messages: pl.DataFrame, code: str = "contradicting_repeats"
) -> list[dict[str, Any]]:
    """Return rows of `Issues` for repeats of which one says what another one denies.

    A conversation may change, but not while its `updated_at` stays; a message never does, since
    edits are messages of their own. What only one of them knows contradicts nothing; tags and
    participants are not compared, since Drift does not say whether they move `updated_at`.

    Parameters
    ----------
    conversations, messages
        Every record that was read, before repeats are merged.
    code
        What to call it.

    Returns
    -------
    :
        At most one row per table, in the columns of `Issues`; ``n`` counts conversations and
        messages.
    """
    c = Conversations
    found = [
        _row(
            code,
            "conversations",
            "Repeats with the same `updated_at` differ: which of them is right is not told.",
            _contradicting(
                conversations.filter(c.updated_at.col.is_not_null()),
                *COMPARED["conversations"],
            ).unique(c.conversation_id.name),
        ),
        _row(
            code,
            "messages",
            "Repeats of the same message differ: which of them is right is not told.",
            _contradicting(messages, *COMPARED["messages"]),
        ),
    ]
    return [row for row in found if row["n"]]


def added_up(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of `Issues` that were found part by part, each finding once."""
    whole: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found:
        key = row["code"], row["table"]
        if before := whole.get(key):
            row = {**row, "n": before["n"] + row["n"], "conversation_id": None, "message_id": None}
        whole[key] = row
    return list(whole.values())


def _contradicting(
    rows: pl.DataFrame, alike: tuple[Any, ...], columns: tuple[Any, ...]
) -> pl.DataFrame:
    """Return the keys of repeats that differ, and the conversation they were all told with."""
    key = [column.name for column in alike]
    again = repeats(rows, key)
    told = rows.clear() if again is None else rows.filter(again)
    differ = [column.col.drop_nulls().n_unique() > 1 for column in columns]
    of = Conversations.conversation_id
    one = pl.when(of.col.n_unique() == 1).then(of.col.first()).alias(of.name)
    about = [] if of.name in key else [one]
    return told.group_by(key).agg(*about, _differ=pl.any_horizontal(differ)).filter("_differ")


def _row(code: str, table: str, detail: str, rows: pl.DataFrame) -> dict[str, Any]:
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
