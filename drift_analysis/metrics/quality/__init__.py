"""What is incomplete or implausible in the data, and which metrics that limits."""

from __future__ import annotations

__all__ = ()
