"""Pictures of waits that may still run."""

from __future__ import annotations

__all__ = ()
