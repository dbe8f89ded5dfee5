"""Pictures: a table in, an altair chart out, with the finding above it and the proof below it."""

from __future__ import annotations

from .ageing import ageing
from .calendar import calendar
from .cohorts import cohort_trend
from .color import readable
from .completeness import completeness
from .containment import containment_rates
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
from .load import load_by_hour
from .multi_touch import multi_touch_attribution
from .net_flow import net_flow
from .people import workload
from .playbook_funnel import playbook_funnel
from .playbook_lift import playbook_lift
from .playbook_trend import playbook_trend
from .playbooks import playbook_attribution
from .render import inline_json
from .response_hours import first_response_hours
from .response_ridge import first_response_ridge
from .responses import first_response
from .save import save
from .sla import sla_attainment
from .status import time_in_status
from .status_groups import time_in_status_by
from .survival import survival_curve
from .tag_distinctive import tag_distinctive
from .tag_pairs import tag_cooccurrence
from .tag_ranks import tag_ranks
from .tag_sets import tag_sets
from .tag_survival import tag_survival
from .tag_trend import tag_trend
from .tags import tag_frequency
from .theme import AUTHOR_COLORS, STATUS_COLORS, use_theme
from .timeline import status_timeline
from .touches import journeys
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
    "containment_rates",
    "cumulative_incidence",
    "explained",
    "first_response",
    "first_response_hours",
    "first_response_ridge",
    "flow",
    "human_count",
    "human_date",
    "human_duration",
    "human_moment",
    "human_period",
    "human_share",
    "inline_json",
    "journeys",
    "load_by_hour",
    "mimebundle",
    "multi_touch_attribution",
    "net_flow",
    "playbook_attribution",
    "playbook_funnel",
    "playbook_lift",
    "playbook_trend",
    "readable",
    "save",
    "sla_attainment",
    "status_timeline",
    "survival_curve",
    "tag_cooccurrence",
    "tag_distinctive",
    "tag_frequency",
    "tag_ranks",
    "tag_sets",
    "tag_survival",
    "tag_trend",
    "time_in_status",
    "time_in_status_by",
    "transitions",
    "use_theme",
    "variants",
    "workload",
]
