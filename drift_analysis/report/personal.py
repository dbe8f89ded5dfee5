"""Keep people out of what is handed on: names without addresses, ids as pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.masking import masked
from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drift_analysis.schemas import Dataset

__all__ = ["PSEUDONYMS", "masked_text", "pseudonym", "pseudonymous", "without_addresses"]

PSEUDONYMS = "Ids of conversations, contacts and users are pseudonyms."
"""What a review says of itself that has them."""

_TABLES = ("conversations", "messages", "status_events", "users", "contacts", "meetings", "goals")
_MORE = ("participant_events", "playbooks", "issues")
_KINDS = {
    "conversation": ("conversation_id",),
    "contact": ("contact_id",),
    "user": ("user_id", "agent_id", "booked_by", "created_by", "updated_by"),
}
_LEAST_KEY = 8
_NUMBERS = 10**15


def masked_text(text: str) -> str:
    """Put a word in place of each address and telephone number of a text."""
    return str(pl.select(masked(pl.lit(text))).item())


def without_addresses(dataset: Dataset[pl.DataFrame]) -> Dataset[pl.DataFrame]:
    """Mask addresses and telephone numbers in whatever a review shows by name.

    Names of tags and playbooks are typed by hand and may hold any; so may names of files.
    """
    tag = pl.element().struct.with_fields(name=masked(pl.field("name")))
    return replace(
        dataset,
        conversations=dataset.conversations.with_columns(pl.col("tags").list.eval(tag)),
        playbooks=dataset.playbooks.with_columns(masked(pl.col("name"))),
        rejects=dataset.rejects.with_columns(masked(pl.col("source", "detail"), phones=False)),
        issues=dataset.issues.with_columns(masked(pl.col("code", "detail"), phones=False)),
    )


def pseudonym(key: str | bytes, kind: str, identifier: int) -> int:
    """Return a number in place of an id: always the same one under the same key.

    It is a keyed hash (HMAC-SHA-256), cut to 15 digits: who does not have the key cannot tell
    the id, nor try out all ids.

    Parameters
    ----------
    key
        A secret that whoever makes the review keeps, of 8 characters or more.
    kind
        ``"conversation"``, ``"contact"`` or ``"user"``.
    identifier
        The id.

    Raises
    ------
    InputError
        If the key is too short to be one.

    Examples
    --------
    >>> from drift_analysis.report.personal import pseudonym
    >>> pseudonym("kept in a safe", "conversation", 7)
    522504259063228
    """
    secret = key.encode() if isinstance(key, str) else key
    if len(secret) < _LEAST_KEY:
        raise InputError.of(
            "The key of pseudonyms is too short.",
            f"It has {len(secret)} of at least {_LEAST_KEY} characters.",
            "pseudonyms=secrets.token_hex(16), and keep it: the same key gives the same numbers.",
        )
    found = hmac.digest(secret, f"{kind}:{identifier}".encode(), hashlib.sha256)
    return int.from_bytes(found[:16], "big") % _NUMBERS


def pseudonymous(dataset: Dataset[pl.DataFrame], key: str | bytes) -> Dataset[pl.DataFrame]:
    """Put pseudonyms in place of the ids of conversations, contacts and users, in all tables.

    Raises
    ------
    InputError
        If the key is too short, or gives two ids the same number.
    """
    tables = {name: getattr(dataset, name) for name in (*_TABLES, *_MORE)}
    for kind, columns in _KINDS.items():
        names = _names(tables.values(), kind, columns, key)
        tables = {each: _renamed(frame, kind, columns, names) for each, frame in tables.items()}
    return replace(dataset, **tables)


def _names(
    frames: Iterable[pl.DataFrame], kind: str, columns: tuple[str, ...], key: str | bytes
) -> pl.DataFrame:
    """Return every id of a kind beside its pseudonym."""
    found = [
        ids.drop_nulls().cast(pl.Int64) for frame in frames for ids in _ids(frame, kind, columns)
    ]
    old = pl.concat([pl.Series([], dtype=pl.Int64), *found]).unique().sort()
    new = pl.Series([pseudonym(key, kind, each) for each in old], dtype=pl.Int64)
    if new.n_unique() < len(new):
        raise InputError.of(
            "Two ids have the same pseudonym.",
            f"There are {len(old):,} of {kind}s, which makes that unlikely.",
            "another key.",
        )
    return pl.DataFrame({"old": old, "new": new})


def _ids(frame: pl.DataFrame, kind: str, columns: tuple[str, ...]) -> list[pl.Series]:
    series = [frame[name] for name in columns if name in frame.columns]
    if "author_id" in frame.columns:
        series.append(frame.filter(pl.col("author_type") == kind)["author_id"])
    if kind == "user" and "participants" in frame.columns:
        series.append(frame["participants"].explode())
    return series


def _renamed(
    frame: pl.DataFrame, kind: str, columns: tuple[str, ...], names: pl.DataFrame
) -> pl.DataFrame:
    def new(ids: pl.Expr) -> pl.Expr:
        return ids.replace_strict(names["old"], names["new"], default=None, return_dtype=pl.Int64)

    changed = [new(pl.col(name)).alias(name) for name in columns if name in frame.columns]
    if "author_id" in frame.columns:
        of_kind = pl.col("author_type") == kind
        ids = pl.when(of_kind).then(new(pl.col("author_id"))).otherwise("author_id")
        changed.append(ids.alias("author_id"))
    if kind == "user" and "participants" in frame.columns:
        changed.append(pl.col("participants").list.eval(new(pl.element())))
    return frame.with_columns(changed)
