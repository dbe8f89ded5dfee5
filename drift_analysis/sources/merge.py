"""Keep what was read more than once as one row: newest first, known before unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from drift_analysis.schemas import Conversations, Messages, Playbooks

if TYPE_CHECKING:
    from drift_analysis.schemas import Table

__all__ = ["merged", "repeats"]

_TEXT = Messages.text.name
"""A column that rests on another one: where rows are merged, it is worked out anew."""

_NEWEST = ("updated_at", "last_active_at")
"""Columns that tell which of several states of the same thing is the newest."""


def merged(table: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """Keep each key once.

    The state with the greatest `updatedAt` counts, then the one fetched last, then the one
    that knows more, then the one whose content sorts last, wherever it was read; columns in
    which it is null are filled from the others. The result does not depend on the order of the
    rows, and a row that comes twice changes nothing.

    Parameters
    ----------
    table
        The table that the rows belong to; its key tells what is the same.
    rows
        Its columns and the working ones of `tables.WORKING`.

    Returns
    -------
    :
        The table, without the working columns, sorted by its key.
    """
    key = table.primary_key()
    columns = table.column_names()
    again = repeats(rows, key)
    once = rows if again is None else rows.filter(~again)
    if "fetched_at" in columns:
        told = pl.when("_webhook").then(_state_at()).otherwise("_fetched_at")
        once = once.with_columns(fetched_at=told)
    if again is None:
        return _in_order(once.select(columns), key)
    several = rows.filter(again)
    if _TEXT in columns:
        several = several.with_columns(pl.lit(None, pl.String).alias(_TEXT))
    best = _one_each(several, key, columns)
    return _in_order(pl.concat([once.select(columns), best.select(columns)]), key)


def repeats(rows: pl.DataFrame, key: list[str]) -> pl.Series | None:
    """Tell which rows share their key with another one; null if none does, which is told fast."""
    found = pl.col(key[0]) if len(key) == 1 else pl.struct(key)
    if rows.select(found.n_unique()).item() == rows.height:
        return None
    return rows.select(found.is_duplicated()).to_series()


def _in_order(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    if len(key) == 1 and rows[key[0]].is_sorted():
        return rows
    return rows.sort(key)


def _one_each(rows: pl.DataFrame, key: list[str], columns: list[str]) -> pl.DataFrame:
    order = [name for name in _NEWEST if name in columns]
    known = pl.sum_horizontal(pl.col(columns).is_not_null().cast(pl.UInt32))
    content = [name for name in columns if name not in ("source", *key)]
    told = pl.struct(content).struct.json_encode()
    last = [name for name in ("source",) if name in columns]
    ordered = rows.with_columns(_known=known, _told=told).sort(
        [*key, *order, "_fetched_at", "_known", "_told", *last]
    )
    best = [_best(name) for name in columns if name not in key]
    return _with_extra(ordered.group_by(key, maintain_order=True).agg(best))


def _state_at() -> pl.Expr:
    """When a webhook saw the state that it tells of: the moment of the change, not of an export."""
    return pl.coalesce(Conversations.updated_at.col, Conversations.created_at.col)


def _best(name: str) -> pl.Expr:
    """How a column of several states becomes one value; the newest state comes last."""
    match name:
        case "fetched_at":
            same_state = Conversations.updated_at.col.eq_missing(
                Conversations.updated_at.col.last()
            )
            fetched = pl.col("_fetched_at").filter(same_state).max()
            only_told = pl.col("_webhook").filter(same_state).all()
            return pl.when(only_told).then(_state_at().last()).otherwise(fetched).alias(name)
        case "is_detail":
            return pl.col(name).any()
        case Playbooks.landing_pages.name:
            pages = pl.col(name).explode().drop_nulls().unique().sort()
            return pl.when(pl.col(name).is_not_null().any()).then(pages.implode()).alias(name)
        case "extra":
            newest_first = pl.col(name).drop_nulls().reverse().unique(maintain_order=True)
            return newest_first.reverse()
        case _:
            return pl.col(name).drop_nulls().last()


def _with_extra(rows: pl.DataFrame) -> pl.DataFrame:
    if "extra" not in rows.columns:
        return rows
    extra = [_joined(texts) for texts in rows["extra"].to_list()]
    return rows.with_columns(pl.Series("extra", extra, dtype=pl.String))


def _joined(texts: list[str]) -> str | None:
    if len(texts) < 2:
        return texts[0] if texts else None
    union: dict[str, Any] = {}
    for text in texts:
        _put(union, msgspec.json.decode(text))
    return msgspec.json.encode(union).decode()


def _put(union: dict[str, Any], newer: dict[str, Any]) -> None:
    for key, value in newer.items():
        old = union.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _put(old, value)
        else:
            union[key] = value
