"""A simulated organisation, in Drift's own reply shapes, with the truth known."""

from __future__ import annotations

from .generate import generate, snapshots
from .result import Sample
from .write import write, write_truth

__all__ = ["Sample", "generate", "snapshots", "write", "write_truth"]
