"""The explorer: filters, a chart and a table that belong together, a transcript."""

from __future__ import annotations

__all__ = ()
