"""What is asked for, and what passes: filters, facts, conditions, choices."""

from __future__ import annotations

__all__ = ()
