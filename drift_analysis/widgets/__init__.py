"""Views that a person clicks; what they show can be had back as a frame and as a chart."""

from __future__ import annotations

from .explorer import Explorer
from .filters import Absence, Filters, Pick

__all__ = ["Absence", "Explorer", "Filters", "Pick"]
