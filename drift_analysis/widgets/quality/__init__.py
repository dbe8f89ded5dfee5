"""What a data set can say, and what is missing in it."""

from __future__ import annotations

__all__ = ()
