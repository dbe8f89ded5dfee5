"""Collect what fits no table, each piece with its place and its bytes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Rejects

from .masking import masked

if TYPE_CHECKING:
    from .framing.records import Document, Framed, Problem

__all__ = ["Rejected"]


class Rejected:
    """The rejects so far; ``reasons`` and ``first`` also know of those that were drained."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self.first: dict[str, Any] | None = None
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def __len__(self) -> int:
        return self.reasons.total()

    def add(self, document: Document, framed: Framed, problem: Problem) -> None:
        """Add one piece of a document, and why it is none of its rows."""
        row = {
            "source": document.source,
            "line": framed.line if document.located else None,
            "index": framed.number,
            "byte_offset": framed.byte_offset if document.located else None,
            "record_type": problem.record_type,
            "reason": problem.reason,
            "detail": problem.detail,
            "raw": masked(framed.raw),
        }
        self.first = self.first or row
        self.reasons[problem.reason] += 1
        self._rows.append(row)
        self._bytes += len(framed.raw)

    def frame(self) -> pl.DataFrame:
        """Return them as a table, in the order in which they came."""
        return pl.DataFrame(self._rows, schema=Rejects.schema(), orient="row")

    def drain(self) -> pl.DataFrame:
        """Return them as a table, and forget them."""
        frame = self.frame()
        self._rows, self._bytes = [], 0
        return frame

    def size(self) -> int:
        """Return how many bytes they hold."""
        return self._bytes
