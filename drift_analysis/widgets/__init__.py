"""Views that a person clicks; what they show can be had back as a frame and as a chart."""

from __future__ import annotations

from .arrivals import arrivals_chart
from .explorer import Explorer
from .facts import spoken
from .filters import Absence, Filters, Pick
from .playbook_chart import playbook_chart
from .playbook_compare import PlaybookCompare
from .playbook_facts import playbook_durations
from .playbook_rates import playbook_comparison, playbook_sides
from .playbook_state import Comparison
from .playbook_tags import playbook_tags
from .quality import QualityPanel
from .status_timeline import StatusTimeline
from .tag_explorer import TagExplorer
from .tag_masking import masked_tags
from .timeline_order import timeline_order, timeline_sample
from .timeline_state import Timeline

__all__ = [
    "Absence",
    "Comparison",
    "Explorer",
    "Filters",
    "Pick",
    "PlaybookCompare",
    "QualityPanel",
    "StatusTimeline",
    "TagExplorer",
    "Timeline",
    "arrivals_chart",
    "masked_tags",
    "playbook_chart",
    "playbook_comparison",
    "playbook_durations",
    "playbook_sides",
    "playbook_tags",
    "spoken",
    "timeline_order",
    "timeline_sample",
]
