"""The metrics: tables in, tables out; pure, lazy, and without a clock of their own."""

from __future__ import annotations

from .ageing import ageing
from .audit import audit
from .calendar import Calendar
from .closes import time_to_close
from .coverage import metric_coverage
from .flow import flow
from .incidence import cumulative_incidence
from .playbook_names import playbook_match_rates
from .playbooks import playbook_attribution
from .proportions import wilson
from .reopens import reopens
from .responses import first_response
from .status import status_intervals, time_in_status
from .survival import survival_curve, survival_quantiles
from .tags import tag_frequency
from .transitions import transitions
from .turns import response_turns
from .variants import variants

__all__ = [
    "Calendar",
    "ageing",
    "audit",
    "cumulative_incidence",
    "first_response",
    "flow",
    "metric_coverage",
    "playbook_attribution",
    "playbook_match_rates",
    "reopens",
    "response_turns",
    "status_intervals",
    "survival_curve",
    "survival_quantiles",
    "tag_frequency",
    "time_in_status",
    "time_to_close",
    "transitions",
    "variants",
    "wilson",
]
