"""What is suspicious in the files of an archive, found part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages
from drift_analysis.schemas.suspicions import Elsewhere

from ..checks import CODES, COMPARED, added_up, contradictions, suspicions
from .layout import partition
from .scan import readable, scanned
from .states import MET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["found_in"]

_AT_ONCE = 250_000
"""About how many rows of a few columns are looked at together."""

_CONVERSATIONS = [
    Conversations.conversation_id.name,
    Conversations.created_at.name,
    Conversations.updated_at.name,
]
_MESSAGES = [
    Messages.message_id.name,
    Messages.conversation_id.name,
    Messages.created_at.name,
    Messages.type.name,
    Messages.edited_message_id.name,
]


def found_in(
    root: Path,
    files: Mapping[str, list[str]],
    states: Mapping[str, list[str]],
) -> list[dict[str, Any]]:
    """Return rows of `Issues` for all that follows from the tables of an archive.

    Of the rows only those columns are read on which it rests.

    Parameters
    ----------
    root
        The folder of the archive.
    files, states
        The files of its tables, and of the states behind them.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    with readable(root):
        rows = [*_suspected(root, files), *_contradicting(root, states)]
    order = [MET, *CODES]
    return sorted(added_up(rows), key=lambda row: (order.index(row["code"]), row["table"]))


def _suspected(root: Path, files: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    any_read = bool(files["conversations"])
    beside = Elsewhere(conversations=any_read, message_ids=_targets(root, files["messages"]))
    known = [(files["conversations"], _CONVERSATIONS), (files["messages"], _MESSAGES)]
    for numbers in _together(root, files["messages"] + files["conversations"]):
        plans = [
            scanned(root, name, [file for file in names if partition(file) in numbers]).select(used)
            for name, (names, used) in zip(("conversations", "messages"), known, strict=True)
        ]
        for conversations, messages in _parts(plans, Conversations.conversation_id.name):
            yield from suspicions(conversations, messages, beside)


def _contradicting(root: Path, states: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for name, (alike, columns) in COMPARED.items():
        used = [column.name for column in (*alike, *columns)]
        for (part,) in _parts([scanned(root, name, states[name]).select(used)], used[0]):
            both = {"conversations": Conversations.empty(), "messages": Messages.empty()}
            yield from contradictions(**both | {name: part}, code=MET)


def _targets(root: Path, files: list[str]) -> pl.Series:
    """Return the messages that are there of those which edits change."""
    m = Messages
    messages = scanned(root, "messages", files)
    edits = messages.filter((m.type.col == "edit") & m.edited_message_id.col.is_not_null())
    wanted = edits.select(m.edited_message_id.col).unique().collect().to_series()
    if wanted.is_empty():
        return wanted
    found = messages.select(m.message_id.col).filter(m.message_id.col.is_in(wanted.implode()))
    return found.collect().to_series()


def _together(root: Path, files: list[str]) -> Iterator[list[int]]:
    """Divide the partitions, so that those which are looked at together have not too many rows."""
    together: list[int] = []
    held = 0
    for number in sorted({partition(file) for file in files}):
        here = [root / file for file in files if partition(file) == number]
        rows = sum(
            pl.scan_parquet(path, glob=False).select(pl.len()).collect().item() for path in here
        )
        if together and held + rows > _AT_ONCE:
            yield together
            together, held = [], 0
        together.append(number)
        held += rows
    if together:
        yield together


def _parts(plans: list[pl.LazyFrame], key: str) -> Iterator[list[pl.DataFrame]]:
    """Collect plans by parts, so that whatever shares its key is in one part."""
    rows = sum(plan.select(pl.len()).collect().item() for plan in plans)
    n = 1 + rows // _AT_ONCE
    for number in range(n):
        chosen = pl.col(key).hash(seed=0) % n == number
        yield [(plan if n == 1 else plan.filter(chosen)).collect() for plan in plans]
