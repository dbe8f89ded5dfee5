"""What the smaller views have in common."""

from __future__ import annotations

__all__ = ()
