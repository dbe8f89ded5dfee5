"""Panes that several views show: a bar, a table, a transcript, a picture."""

from __future__ import annotations

__all__ = ()
