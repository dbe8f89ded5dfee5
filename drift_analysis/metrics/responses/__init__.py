"""How long contacts wait for answers, and who answers them."""

from __future__ import annotations

__all__ = ()
