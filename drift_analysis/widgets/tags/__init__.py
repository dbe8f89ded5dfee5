"""Tags: how often, since when, which together, and which are one."""

from __future__ import annotations

__all__ = ()
