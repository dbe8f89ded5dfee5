"""Conversations over time: their statuses, and what these rest on."""

from __future__ import annotations

__all__ = ()
