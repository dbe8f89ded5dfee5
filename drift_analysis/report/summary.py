"""Say in plain text what an export holds and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Issues

from .contents import completeness, issues_by_code, period, rejects_by_reason, sizes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drift_analysis.schemas import Dataset

__all__ = ["description", "headline", "is_sound"]

_AT_MOST = 20


def is_sound(dataset: Dataset[pl.DataFrame]) -> bool:
    """Tell whether everything could be read and no issue affects numbers."""
    grave = dataset.issues.filter(Issues.severity.col == "error")
    return dataset.rejects.is_empty() and grave.is_empty()


def headline(dataset: Dataset[pl.DataFrame]) -> str:
    """Say in one line how much was read, and how much could not be."""
    talks, said = _count(dataset.conversations, "conversation"), _count(dataset.messages, "message")
    rejects, issues = _count(dataset.rejects, "reject"), _count(dataset.issues, "issue")
    return f"Read {talks} and {said}; {rejects}, {issues}."


def description(dataset: Dataset[pl.DataFrame]) -> str:
    """Say what an export holds, how complete it is, what was rejected and what is suspicious."""
    parts = [
        _columns(sizes(dataset).rows()),
        _when(dataset),
        _complete(dataset),
        _rejects(dataset),
        _issues(dataset),
    ]
    return "\n\n".join(parts)


def _count(table: pl.DataFrame, noun: str) -> str:
    return f"{table.height:,} {noun}{'' if table.height == 1 else 's'}"


def _when(dataset: Dataset[pl.DataFrame]) -> str:
    entries = [
        ("as of", "nothing" if dataset.as_of is None else f"{dataset.as_of:%Y-%m-%d %H:%M} UTC")
    ]
    if dataset.conversations.height:
        first, last = period(dataset.conversations)
        entries.insert(0, ("created", f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"))
    return _columns(entries)


def _complete(dataset: Dataset[pl.DataFrame]) -> str:
    lines = completeness(dataset).filter(pl.col("of") > 0)
    if lines.is_empty():
        return "No conversations and no messages."
    return _columns(
        # Cut, not rounded: what is not all of them never becomes 100 %.
        (what, f"{n:,} of {of:,} ({int(1000 * share) / 10} %)")
        for what, n, of, share, _otherwise in lines.iter_rows()
    )


def _rejects(dataset: Dataset[pl.DataFrame]) -> str:
    lines = [
        f"{source}: {n:,} x {reason} ({places}): {detail}"
        for source, reason, n, places, detail in rejects_by_reason(dataset.rejects).iter_rows()
    ]
    return _listed("Rejects", dataset.rejects.height, lines)


def _issues(dataset: Dataset[pl.DataFrame]) -> str:
    lines = [
        f"{severity}: {n:,} x {code} in {table}: {detail}"
        for severity, code, table, n, detail in issues_by_code(dataset.issues).iter_rows()
    ]
    return _listed("Issues", dataset.issues.height, lines)


def _listed(name: str, total: int, lines: list[str]) -> str:
    beyond = [f"... and {len(lines) - _AT_MOST:,} more kinds"] if len(lines) > _AT_MOST else []
    shown = [f"  {_printable(line)}" for line in lines[:_AT_MOST] + beyond]
    return "\n".join([f"{name}: {total:,}", *shown])


def _printable(line: str) -> str:
    """Keep what files and records are named from steering the terminal."""
    return "".join(each if each.isprintable() else "?" for each in line)


def _columns(entries: Iterable[tuple[str, object]]) -> str:
    pairs = [
        (name, f"{value:,}" if isinstance(value, int) else str(value)) for name, value in entries
    ]
    width = max(len(name) for name, _ in pairs)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in pairs)
