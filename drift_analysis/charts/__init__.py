"""Pictures: a table in, an altair chart out, with the finding above it and the proof below it."""

from __future__ import annotations

from .completeness import completeness
from .flow.ageing import ageing
from .flow.calendar import calendar
from .flow.flow import backlog, flow
from .flow.load import load_by_hour
from .flow.net_flow import net_flow
from .flow.people import workload
from .kit.color import readable
from .kit.format import (
    human_count,
    human_date,
    human_duration,
    human_moment,
    human_period,
    human_share,
)
from .kit.theme import AUTHOR_COLORS, STATUS_COLORS, use_theme
from .output.display import mimebundle
from .output.explanation import explained
from .output.plot import change_plot
from .output.render import inline_json
from .output.save import save
from .playbooks.multi_touch import multi_touch_attribution
from .playbooks.playbook_funnel import playbook_funnel
from .playbooks.playbook_lift import playbook_lift
from .playbooks.playbook_trend import playbook_trend
from .playbooks.playbooks import playbook_attribution
from .playbooks.touches import journeys
from .responses.containment import containment_rates
from .responses.response_hours import first_response_hours
from .responses.response_ridge import first_response_ridge
from .responses.responses import first_response
from .responses.sla import sla_attainment
from .statistics.cohorts import cohort_trend
from .statistics.incidence import cumulative_incidence
from .statistics.survival import survival_curve
from .status.status import time_in_status
from .status.status_groups import time_in_status_by
from .status.timeline import status_timeline
from .status.transitions import transitions
from .status.variants import variants
from .tags.tag_distinctive import tag_distinctive
from .tags.tag_pairs import tag_cooccurrence
from .tags.tag_ranks import tag_ranks
from .tags.tag_sets import tag_sets
from .tags.tag_survival import tag_survival
from .tags.tag_trend import tag_trend
from .tags.tags import tag_frequency

__all__ = [
    "AUTHOR_COLORS",
    "STATUS_COLORS",
    "ageing",
    "backlog",
    "calendar",
    "change_plot",
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
