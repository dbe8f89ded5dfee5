"""The metrics: tables in, tables out; pure, lazy, and without a clock of their own."""

from __future__ import annotations

from .audit import audit
from .calendar import Calendar
from .containment import bot_containment
from .containment_rates import containment_rates
from .coverage import metric_coverage
from .incidence import cumulative_incidence
from .load import load_by_hour
from .multi_touch import multi_touch_attribution
from .people import workload
from .playbook_names import playbook_match_rates
from .playbooks import playbook_attribution
from .proportions import wilson
from .responses import first_response
from .sla import sla_attainment
from .status import status_intervals, time_in_status
from .survival import survival_curve, survival_quantiles
from .tags import tag_frequency
from .touches import journeys
from .turns import response_turns

__all__ = [
    "Calendar",
    "audit",
    "bot_containment",
    "containment_rates",
    "cumulative_incidence",
    "first_response",
    "journeys",
    "load_by_hour",
    "metric_coverage",
    "multi_touch_attribution",
    "playbook_attribution",
    "playbook_match_rates",
    "response_turns",
    "sla_attainment",
    "status_intervals",
    "survival_curve",
    "survival_quantiles",
    "tag_frequency",
    "time_in_status",
    "wilson",
    "workload",
]
