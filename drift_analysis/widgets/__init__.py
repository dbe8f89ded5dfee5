"""Views that a person clicks; what they show can be had back as a frame and as a chart."""

from __future__ import annotations

from .arrivals import arrivals_chart
from .explorer import Explorer
from .facts import spoken
from .filters import Absence, Filters, Pick

__all__ = ["Absence", "Explorer", "Filters", "Pick", "arrivals_chart", "spoken"]
