"""Pictures of tags."""

from __future__ import annotations

__all__ = ()
