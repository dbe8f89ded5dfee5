"""Pictures of playbooks and of the ways to a conversion."""

from __future__ import annotations

__all__ = ()
