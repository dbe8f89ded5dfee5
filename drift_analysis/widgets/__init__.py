"""Views that a person clicks; what they show can be had back as a frame and as a chart."""

from __future__ import annotations

from .asked.facts import spoken
from .asked.filters import Absence, Filters, Pick
from .explorer.arrivals import arrivals_chart
from .explorer.explorer import Explorer
from .playbooks.playbook_chart import playbook_chart
from .playbooks.playbook_compare import PlaybookCompare
from .playbooks.playbook_facts import playbook_durations
from .playbooks.playbook_rates import playbook_comparison, playbook_sides
from .playbooks.playbook_state import Comparison
from .playbooks.playbook_tags import playbook_tags
from .quality.quality import QualityPanel
from .tags.tag_explorer import TagExplorer
from .tags.tag_masking import masked_tags
from .timeline.status_timeline import StatusTimeline
from .timeline.timeline_order import timeline_order, timeline_sample
from .timeline.timeline_state import Timeline

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
