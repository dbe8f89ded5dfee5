"""How much work comes in, goes out and waits, and who does it."""

from __future__ import annotations

__all__ = ()
