"""Curves, shares, tests and intervals: the statistics under the metrics."""

from __future__ import annotations

__all__ = ()
