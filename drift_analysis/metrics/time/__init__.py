"""Business hours, and days, weeks and months as a time zone has them."""

from __future__ import annotations

__all__ = ()
