"""Views that a person clicks; what they show can be had back as a frame and as a chart."""

from __future__ import annotations

from .arrivals import arrivals_chart
from .explorer import Explorer
from .facts import spoken
from .filters import Absence, Filters, Pick
from .quality import QualityPanel
from .tag_explorer import TagExplorer
from .tag_masking import masked_tags

__all__ = [
    "Absence",
    "Explorer",
    "Filters",
    "Pick",
    "QualityPanel",
    "TagExplorer",
    "arrivals_chart",
    "masked_tags",
    "spoken",
]
