"""Every metric's explanation: what it counts, what it leaves out, and who is behind a number."""

from __future__ import annotations

from .explain import explain
from .result import Explained

__all__ = ["Explained", "explain"]
