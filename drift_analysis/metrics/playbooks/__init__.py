"""What playbooks start, and what is credited to them."""

from __future__ import annotations

__all__ = ()
