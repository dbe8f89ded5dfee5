"""What a quality panel says in its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.kit.format import human_share
from drift_analysis.charts.kit.masking import masked
from drift_analysis.charts.kit.words import spoken
from drift_analysis.schemas.audit import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOST_ROWS", "listed", "places", "plain"]

MOST_ROWS = 200
"""More rows are not sent to the browser."""

Sheeted = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""The columns and the rows of a sheet."""

_PLACE = {"line": "line {}", "index": "record {}", "byte_offset": "byte {}"}


def plain(frame: pl.DataFrame, *, reveal: bool) -> pl.DataFrame:
    """Hide addresses in names of files and in what was noticed; ``said`` is what a code says."""
    if "code" in frame.columns:
        frame = frame.with_columns(said="code")
    names = [name for name in ("source", "detail", "said") if name in frame.columns]
    return frame if reveal else frame.with_columns(masked(pl.col(names), phones=False))


def listed(view: str, frame: pl.DataFrame) -> Sheeted:
    """Return the columns and rows of a view; the key of a row is what it is about."""
    columns, make = _VIEWS[view]
    counted = _COUNTED.get(view, _as_it_is)(frame)
    rows = [make(row) for row in counted.head(MOST_ROWS).iter_rows(named=True)]
    sheet = [{"title": title, "kind": kind} for title, kind in columns.items()]
    return sheet, [{"key": key, "cells": cells} for key, *cells in rows]


def places(frame: pl.DataFrame) -> Sheeted:
    """Return where each record stands that was not read; never what it holds."""
    rows = []
    for row in frame.head(MOST_ROWS).iter_rows(named=True):
        found = [
            told.format(f"{row[name]:,}") for name, told in _PLACE.items() if row[name] is not None
        ]
        rows.append(
            {"key": "", "cells": [row["source"], ", ".join(found) or "all of it", row["detail"]]}
        )
    return [{"title": title, "kind": "text"} for title in ("Source", "Place", "Why")], rows


def _metric(row: dict[str, Any]) -> list[str]:
    said = f"{row['n']:,} of {row['of']:,}"
    return [row["metric"], spoken(row["metric"]), said, _percent(row), row["needs"], row["caveat"]]


def _finding(row: dict[str, Any]) -> list[str]:
    said = f"{row['n']:,}" + ("" if row["of"] is None else f" of {row['of']:,}")
    limits = ", ".join(spoken(metric) for metric in row["affects"]) or "none"
    limits = "all metrics" if len(row["affects"]) == len(METRICS) else limits
    return [
        row["code"],
        spoken(row["said"]),
        row["severity"],
        said,
        _percent(row),
        row["detail"],
        limits,
    ]


def _reject(row: dict[str, Any]) -> list[str]:
    kinds = ", ".join(row["kinds"]) or "not recognised"
    return [row["reason"], spoken(row["reason"]), f"{row['n']:,}", f"{row['sources']:,}", kinds]


def _issue(row: dict[str, Any]) -> list[str]:
    return [
        row["code"],
        spoken(row["said"]),
        row["severity"],
        f"{row['n']:,}",
        row["table"],
        row["detail"],
    ]


def _percent(row: dict[str, Any]) -> str:
    return "" if row["share"] is None else human_share(row["share"])


def _by_reason(rejects: pl.DataFrame) -> pl.DataFrame:
    kinds = pl.col("record_type").drop_nulls().unique().sort()
    found = rejects.group_by("reason").agg(
        n=pl.len(), sources=pl.col("source").n_unique(), kinds=kinds
    )
    return found.sort("n", "reason", descending=[True, False])


def _by_code(issues: pl.DataFrame) -> pl.DataFrame:
    found = issues.group_by("severity", "code", "said", "table").agg(
        n=pl.col("n").sum(), detail=pl.col("detail").min()
    )
    return found.sort("severity", "n", "code", "table", descending=[True, True, False, False])


def _as_it_is(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


_COUNTED: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "rejects": _by_reason,
    "issues": _by_code,
}
_TEXT, _NUMBER, _SHORT = "text", "number", "short"
_VIEWS: dict[str, tuple[dict[str, str], Callable[[dict[str, Any]], list[str]]]] = {
    "metrics": (
        {
            "Metric": _TEXT,
            "Conversations": _NUMBER,
            "Share": _NUMBER,
            "Needs": _TEXT,
            "Mind": _TEXT,
        },
        _metric,
    ),
    "findings": (
        {
            "Finding": _TEXT,
            "Severity": _SHORT,
            "About": _NUMBER,
            "Share": _NUMBER,
            "What follows": _TEXT,
            "Limits": _TEXT,
        },
        _finding,
    ),
    "rejects": (
        {"Reason": _TEXT, "Records": _NUMBER, "Sources": _NUMBER, "Kinds": _TEXT},
        _reject,
    ),
    "issues": (
        {
            "Noticed": _TEXT,
            "Severity": _SHORT,
            "Records": _NUMBER,
            "Table": _TEXT,
            "What it is": _TEXT,
        },
        _issue,
    ),
}
