"""Pictures of work as it comes in, waits, and is done, and of those who do it."""

from __future__ import annotations

__all__ = ()
