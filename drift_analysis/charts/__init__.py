"""Pictures: a table in, an altair chart out, with the finding above it and the proof below it."""

from __future__ import annotations

from .color import readable
from .containment import containment_rates
from .display import mimebundle
from .format import (
    human_count,
    human_date,
    human_duration,
    human_moment,
    human_period,
    human_share,
)
from .load import load_by_hour
from .multi_touch import multi_touch_attribution
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
from .tag_distinctive import tag_distinctive
from .tag_pairs import tag_cooccurrence
from .tag_ranks import tag_ranks
from .tag_sets import tag_sets
from .tag_survival import tag_survival
from .tag_trend import tag_trend
from .tags import tag_frequency
from .theme import AUTHOR_COLORS, STATUS_COLORS
from .timeline import status_timeline
from .touches import journeys

__all__ = [
    "AUTHOR_COLORS",
    "STATUS_COLORS",
    "containment_rates",
    "first_response",
    "first_response_hours",
    "first_response_ridge",
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
    "playbook_attribution",
    "playbook_funnel",
    "playbook_lift",
    "playbook_trend",
    "readable",
    "save",
    "sla_attainment",
    "status_timeline",
    "tag_cooccurrence",
    "tag_distinctive",
    "tag_frequency",
    "tag_ranks",
    "tag_sets",
    "tag_survival",
    "tag_trend",
    "time_in_status",
    "workload",
]
