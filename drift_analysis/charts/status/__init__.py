"""Pictures of statuses: how long, in which order, one conversation at a time."""

from __future__ import annotations

__all__ = ()
