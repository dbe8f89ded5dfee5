"""Say in plain text what an export holds and what is wrong with it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics import audit
from drift_analysis.schemas import Audit, Issues

from .contents import coverage, findings, period, rejects_by_reason, sizes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drift_analysis.schemas import Dataset

__all__ = ["description", "headline", "holdings", "is_clean", "is_sound"]

_AT_MOST = 20


def is_sound(dataset: Dataset[pl.DataFrame]) -> bool:
    """Tell whether everything could be read and no finding is an error."""
    grave = audit(dataset).filter(Audit.severity.col == "error")
    return dataset.rejects.is_empty() and grave.is_empty()


def headline(dataset: Dataset[pl.DataFrame]) -> str:
    """Say in one line how much was read, and how much could not be."""
    talks, said = _count(dataset.conversations, "conversation"), _count(dataset.messages, "message")
    rejects, issues = _count(dataset.rejects, "reject"), _count(dataset.issues, "issue")
    return f"Read {talks} and {said}; {rejects}, {issues}."


def description(dataset: Dataset[pl.DataFrame]) -> str:
    """Say what an export holds, what can be computed, what was rejected and what was found."""
    parts = [
        _columns(sizes(dataset).rows()),
        _when(dataset),
        _possible(dataset),
        _rejects(dataset.rejects),
        _found(dataset),
    ]
    return "\n\n".join(parts)


def holdings(archive: Dataset[pl.LazyFrame]) -> str:
    """Say how much an archive holds, what was rejected, and its issues."""
    names = [f.name for f in fields(archive) if f.name not in ("rejects", "issues", "as_of")]
    counts = pl.collect_all([getattr(archive, name).select(pl.len()) for name in names])
    tables = [(name, count.item()) for name, count in zip(names, counts, strict=True)]
    rejects = archive.rejects.with_columns(raw=pl.lit(b"")).collect()
    issues = [
        f"{severity}: {code} in {table}, {n:,}: {detail}"
        for severity, code, table, n, detail in archive.issues.select(
            "severity", "code", "table", "n", "detail"
        )
        .collect()
        .iter_rows()
    ]
    parts = [_columns(tables), _rejects(rejects), _listed("Issues", len(issues), issues)]
    return "\n\n".join(parts)


def is_clean(archive: Dataset[pl.LazyFrame]) -> bool:
    """Tell whether an archive holds no rejects, and no issues but those for the record."""
    grave = archive.issues.filter(Issues.severity.col != "info")
    counts = pl.collect_all([archive.rejects.select(pl.len()), grave.select(pl.len())])
    return not any(count.item() for count in counts)


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


def _possible(dataset: Dataset[pl.DataFrame]) -> str:
    lines = coverage(dataset).filter(pl.col("of") > 0).select("metric", "n", "of", "share")
    if lines.is_empty():
        return "No conversations, so no metrics."
    return _columns((metric, _part(n, of, share)) for metric, n, of, share in lines.iter_rows())


def _part(n: int, of: int | None, share: float) -> str:
    if of is None:
        return f"{n:,}"
    # Cut, not rounded: what is not all of them never becomes 100 %.
    return f"{n:,} of {of:,} ({int(1000 * share) / 10} %)"


def _rejects(rejects: pl.DataFrame) -> str:
    lines = [
        f"{source}: {n:,} x {reason} ({places}): {detail}"
        for source, reason, n, places, detail in rejects_by_reason(rejects).iter_rows()
    ]
    return _listed("Rejects", rejects.height, lines)


def _found(dataset: Dataset[pl.DataFrame]) -> str:
    lines = [
        f"{severity}: {code} in {table}, {_part(n, of, share)}: {detail}"
        + (f" Such as {such_as}." if such_as else "")
        for severity, code, table, n, of, share, detail, such_as in findings(dataset).iter_rows()
    ]
    return _listed("Findings", len(lines), lines)


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
