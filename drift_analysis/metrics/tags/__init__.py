"""What people ask for: tags alone, together, and against time."""

from __future__ import annotations

__all__ = ()
