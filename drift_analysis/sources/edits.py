"""Apply edits to the messages they change: Drift may send an edit as a message of its own."""

from __future__ import annotations

from itertools import accumulate

import polars as pl

from drift_analysis.schemas import Messages

from .text import plain_text, simple_texts

__all__ = ["apply_edits"]

_NOWHERE = pl.Series([None], dtype=pl.Int64)


def apply_edits(messages: pl.DataFrame) -> pl.DataFrame:
    """Fill in what rests on other messages: text, and whether and when it was edited or deleted.

    Parameters
    ----------
    messages
        A `Messages` frame as the records tell it; its ``text``, ``is_deleted``, ``edited_at``
        and ``n_edits`` are worked out here.

    Returns
    -------
    :
        The same `Messages` frame with those columns, and ``is_visible`` false where a message
        was deleted. The body stays as it was sent. Edits are taken in order of time; the
        moment of a deletion is ``edited_at``, whatever came after it.
    """
    m = Messages
    own = messages.with_columns(
        _texts(messages.select(m.text.col, m.body.col)),
        m.is_deleted.col.fill_null(value=False),
        m.n_edits.col.fill_null(0),
    )
    edits = own.filter((m.type.col == "edit") & m.edited_message_id.col.is_not_null())
    if edits.is_empty():
        return own
    changed = own.join(
        _last_words(edits), left_on=m.message_id.name, right_on="_target", how="left"
    ).with_columns(
        pl.coalesce("_text", m.text.name).alias(m.text.name),
        pl.coalesce("_deleted_at", "_edited_at").alias(m.edited_at.name),
        pl.col("_deleted_at").is_not_null().alias(m.is_deleted.name),
        pl.col("_n").fill_null(0).alias(m.n_edits.name),
    )
    visible = m.is_visible.col & ~m.is_deleted.col
    return changed.with_columns(visible).select(messages.columns)


def _texts(told: pl.DataFrame) -> pl.Series:
    """Return the texts, and turn bodies into text that have none yet, chunk by chunk.

    With other chunks than the columns beside it, a column makes polars copy all of them.
    """
    text, body = told
    begins = accumulate(map(len, body.get_chunks()), initial=0)
    parts = [
        told.slice(begin, len(chunk))
        for begin, chunk in zip(begins, body.get_chunks(), strict=False)
    ]
    return pl.concat([_told(*part) for part in parts], rechunk=False) if parts else text


def _told(text: pl.Series, body: pl.Series) -> pl.Series:
    untold = text.is_null() & body.is_not_null()
    if not untold.any():
        return text
    bodies = body.filter(untold)
    place = (untold.cum_sum().cast(pl.Int64) - 1).zip_with(untold, _NOWHERE)
    return text.fill_null(_made(bodies)[place])


def _made(bodies: pl.Series) -> pl.Series:
    """Turn bodies into text; those that have to be parsed, each different one once."""
    texts = simple_texts(bodies)
    parsed = bodies.filter(texts.is_null()).unique()
    if parsed.is_empty():
        return texts
    found = pl.Series([plain_text(body) for body in parsed], dtype=pl.String)
    return texts.fill_null(bodies.replace_strict(parsed, found, default=None))


def _last_words(edits: pl.DataFrame) -> pl.DataFrame:
    m = Messages
    kind = m.edit_type.col.str.strip_chars().str.to_lowercase()
    deletes = kind == "delete"
    return (
        edits.sort(m.created_at.name, m.message_id.name)
        .group_by(m.edited_message_id.col.alias("_target"))
        .agg(
            _text=m.text.col.filter(kind.is_in(["replace", "replace_body"])).last(),
            _edited_at=m.created_at.col.last(),
            _deleted_at=m.created_at.col.filter(deletes).first(),
            _n=pl.len().clip(0, 65_535).cast(pl.UInt16),
        )
    )
