"""Compute metrics with pandas, in the straightforward way; see metrics.py."""

from __future__ import annotations

from typing import Any

PANDAS: dict[str, Any] = {}
