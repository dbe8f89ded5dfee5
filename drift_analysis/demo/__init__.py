"""A Drift on this machine: real HTTP on invented data, with limits, and faults on demand."""

from __future__ import annotations

from .faults import KINDS, Fault
from .limit import Limit
from .made import made
from .server import serving
from .state import Asked, Demo
from .world import World

__all__ = ["KINDS", "Asked", "Demo", "Fault", "Limit", "World", "made", "serving"]
