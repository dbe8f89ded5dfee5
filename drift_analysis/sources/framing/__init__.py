"""From what a user has to records: each with its bytes, and the place it was found at."""

from __future__ import annotations

__all__ = ()
