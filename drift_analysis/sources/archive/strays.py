"""Find rows that belong together although they name different conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ROAMING", "related", "strays_of"]

ROAMING = {
    "messages": ["message_id", "conversation_id", "edited_message_id"],
    "meetings": ["event_id", "conversation_id"],
}
"""Tables whose key does not tell the conversation: the columns that tell what belongs together."""

_AT_ONCE = 250_000
"""How many rows of these columns are looked at together."""


def strays_of(keys: Mapping[str, pl.LazyFrame]) -> dict[str, pl.DataFrame]:
    """Name the rows that cannot be worked on conversation by conversation.

    Parameters
    ----------
    keys
        The columns of `ROAMING`, of every state of every row.

    Returns
    -------
    :
        By table, the keys of what was told with different conversations; of messages also
        edits and their targets in different conversations, and all that these are tied to by
        an edit. Tables without any are left out.
    """
    ids = [_torn(keys["messages"], "message_id"), _parted(keys["messages"])]
    found = {
        "messages": _tied(keys["messages"], pl.concat(ids).unique()),
        "meetings": _torn(keys["meetings"], "event_id"),
    }
    return {name: frame for name, frame in found.items() if frame.height}


def related(
    keys: Mapping[str, pl.LazyFrame], conversations: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the keys that name conversations, and those that are tied to one of them elsewhere.

    Parameters
    ----------
    keys
        The columns of `ROAMING`, of every state of every row.
    conversations
        Those in question, by ``conversation_id``; a row that names none is like null.

    Returns
    -------
    :
        By table, what `strays_of` has to look at to find the strays among them.
    """
    found = {
        name: rows.join(
            conversations.lazy(), on="conversation_id", how="semi", nulls_equal=True
        ).collect()
        for name, rows in keys.items()
    }
    return {
        "messages": _grown(keys["messages"], found["messages"], *ROAMING["messages"][::2]),
        "meetings": _grown(keys["meetings"], found["meetings"], *ROAMING["meetings"][:1]),
    }


def _grown(rows: pl.LazyFrame, found: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Add all rows that have a key of one that was found, until there are no more."""
    before = -1
    while 0 < found.height != before:
        before = found.height
        ids = pl.concat([found[key].alias(keys[0]) for key in keys]).drop_nulls().unique().implode()
        found = rows.filter(pl.any_horizontal(pl.col(key).is_in(ids) for key in keys)).collect()
    return found


def _torn(keys: pl.LazyFrame, key: str) -> pl.DataFrame:
    c = pl.col("conversation_id")
    differs = (c.min() != c.max()) | (c.is_null().any() & c.is_not_null().any())
    return pl.concat(
        part.group_by(key).agg(_differs=differs).filter("_differs").select(key).collect()
        for part in _parts(keys, key)
    )


def _parted(messages: pl.LazyFrame) -> pl.DataFrame:
    """Edits and targets that name different conversations."""
    edits = messages.filter(pl.col("edited_message_id").is_not_null()).select(
        edit="message_id", target="edited_message_id", _theirs="conversation_id"
    )
    found = [
        some.join(part, left_on="target", right_on="message_id")
        .filter(pl.col("conversation_id") != pl.col("_theirs"))
        .select("edit", "target")
        .collect()
        for some, part in zip(
            _parts(edits, "target", of=messages), _parts(messages, "message_id"), strict=True
        )
    ]
    pairs = pl.concat(found)
    return pl.concat([pairs.select(message_id=name) for name in ("edit", "target")])


def _tied(messages: pl.LazyFrame, ids: pl.DataFrame) -> pl.DataFrame:
    edits = messages.filter(pl.col("edited_message_id").is_not_null())
    before = -1
    while 0 < ids.height != before:
        before = ids.height
        known = ids["message_id"].implode()
        pairs = edits.filter(
            pl.col("message_id").is_in(known) | pl.col("edited_message_id").is_in(known)
        ).collect()
        ids = pl.concat(
            [ids, *(pairs.select(message_id=name) for name in ("message_id", "edited_message_id"))]
        ).unique()
    return ids


def _parts(rows: pl.LazyFrame, key: str, *, of: pl.LazyFrame | None = None) -> list[pl.LazyFrame]:
    """Split by a key, so that each part of a large archive fits into memory."""
    whole = rows if of is None else of
    n = 1 + whole.select(pl.len()).collect().item() // _AT_ONCE
    return [rows.filter(pl.col(key).hash(seed=0) % n == number) for number in range(n)]
