"""The live API of Drift: read politely, completely, and without ever showing the token."""

from __future__ import annotations

__all__ = ()
