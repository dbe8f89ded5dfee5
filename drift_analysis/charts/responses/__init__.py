"""Pictures of answers: how fast, how often in time, and by whom."""

from __future__ import annotations

__all__ = ()
