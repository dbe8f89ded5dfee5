"""The metrics: tables in, tables out; pure, lazy, and without a clock of their own."""

from __future__ import annotations

from .ageing import ageing
from .audit import audit
from .behind import finding_ids, lacking_ids
from .calendar import Calendar
from .closes import time_to_close
from .cohorts import cohort_trend
from .containment import bot_containment
from .containment_rates import containment_rates
from .coverage import metric_coverage
from .definitions import definitions
from .explained import Explained, explain
from .fisher import fisher_exact
from .flow import flow
from .incidence import cumulative_incidence
from .load import load_by_hour
from .log_rank import log_rank
from .multi_touch import multi_touch_attribution
from .p_values import benjamini_hochberg
from .people import workload
from .playbook_lift import playbook_lift
from .playbook_names import playbook_match_rates
from .playbooks import playbook_attribution
from .proportions import newcombe, two_proportions_p, wilson
from .reconcile import reconcile
from .reconcile_report import reconcile_report
from .reconcile_summary import reconcile_summary
from .reopens import reopens
from .responses import first_response
from .restricted import restricted_mean
from .sla import sla_attainment
from .status import status_intervals, time_in_status
from .survival import survival_curve, survival_quantiles
from .tag_distinctive import tag_distinctive
from .tag_merging import merge_tags
from .tag_pairs import tag_cooccurrence
from .tag_sets import tag_sets
from .tag_survival import tag_survival
from .tag_variants import tag_variants
from .tags import tag_frequency
from .touches import journeys
from .transitions import transitions
from .turns import response_turns
from .variants import variants

__all__ = [
    "Calendar",
    "Explained",
    "ageing",
    "audit",
    "benjamini_hochberg",
    "bot_containment",
    "cohort_trend",
    "containment_rates",
    "cumulative_incidence",
    "definitions",
    "explain",
    "finding_ids",
    "first_response",
    "fisher_exact",
    "flow",
    "journeys",
    "lacking_ids",
    "load_by_hour",
    "log_rank",
    "merge_tags",
    "metric_coverage",
    "multi_touch_attribution",
    "newcombe",
    "playbook_attribution",
    "playbook_lift",
    "playbook_match_rates",
    "reconcile",
    "reconcile_report",
    "reconcile_summary",
    "reopens",
    "response_turns",
    "restricted_mean",
    "sla_attainment",
    "status_intervals",
    "survival_curve",
    "survival_quantiles",
    "tag_cooccurrence",
    "tag_distinctive",
    "tag_frequency",
    "tag_sets",
    "tag_survival",
    "tag_variants",
    "time_in_status",
    "time_to_close",
    "transitions",
    "two_proportions_p",
    "variants",
    "wilson",
    "workload",
]
