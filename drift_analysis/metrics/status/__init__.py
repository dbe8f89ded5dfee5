"""How conversations live: their statuses, closes, reopens and ways, with what proves them."""

from __future__ import annotations

__all__ = ()
