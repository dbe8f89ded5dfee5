"""Pictures: a table in, an altair chart out, with the finding above it and the proof below it."""

from __future__ import annotations

from .ageing import ageing
from .calendar import calendar
from .cohorts import cohort_trend
from .color import readable
from .completeness import completeness
from .display import mimebundle
from .explanation import explained
from .flow import backlog, flow
from .format import (
    human_count,
    human_date,
    human_duration,
    human_moment,
    human_period,
    human_share,
)
from .incidence import cumulative_incidence
from .net_flow import net_flow
from .playbooks import playbook_attribution
from .render import inline_json
from .responses import first_response
from .save import save
from .status import time_in_status
from .status_groups import time_in_status_by
from .survival import survival_curve
from .tag_trend import tag_trend
from .tags import tag_frequency
from .theme import AUTHOR_COLORS, STATUS_COLORS, use_theme
from .timeline import status_timeline
from .transitions import transitions
from .variants import variants

__all__ = [
    "AUTHOR_COLORS",
    "STATUS_COLORS",
    "ageing",
    "backlog",
    "calendar",
    "cohort_trend",
    "completeness",
    "cumulative_incidence",
    "explained",
    "first_response",
    "flow",
    "human_count",
    "human_date",
    "human_duration",
    "human_moment",
    "human_period",
    "human_share",
    "inline_json",
    "mimebundle",
    "net_flow",
    "playbook_attribution",
    "readable",
    "save",
    "status_timeline",
    "survival_curve",
    "tag_frequency",
    "tag_trend",
    "time_in_status",
    "time_in_status_by",
    "transitions",
    "use_theme",
    "variants",
]
