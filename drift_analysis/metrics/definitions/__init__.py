"""The same conversations by the definitions of several tools."""

from __future__ import annotations

__all__ = ()
