"""The metrics: tables in, tables out; pure, lazy, and without a clock of their own."""

from __future__ import annotations

from .definitions.definitions import definitions
from .definitions.reconcile import reconcile
from .definitions.reconcile_report import reconcile_report
from .definitions.reconcile_summary import reconcile_summary
from .explained import Explained, explain
from .flow.ageing import ageing
from .flow.flow import flow
from .flow.load import load_by_hour
from .flow.people import workload
from .playbooks.multi_touch import multi_touch_attribution
from .playbooks.playbook_lift import playbook_lift
from .playbooks.playbook_names import playbook_match_rates, playbook_names
from .playbooks.playbooks import playbook_attribution
from .playbooks.touches import journeys
from .quality.audit import audit
from .quality.behind import finding_ids, lacking_ids
from .quality.coverage import metric_coverage
from .responses.containment import bot_containment
from .responses.containment_rates import containment_rates
from .responses.responses import first_response
from .responses.sla import sla_attainment
from .responses.turns import response_turns
from .statistics.cohorts import cohort_trend
from .statistics.fisher import fisher_exact
from .statistics.incidence import cumulative_incidence
from .statistics.log_rank import log_rank
from .statistics.p_values import benjamini_hochberg
from .statistics.proportions import newcombe, two_proportions_p, wilson
from .statistics.restricted import restricted_mean
from .statistics.survival import survival_curve, survival_quantiles
from .status.closes import time_to_close
from .status.reopens import reopens
from .status.status import status_intervals, time_in_status
from .status.transitions import transitions
from .status.variants import variants
from .tags.tag_distinctive import tag_distinctive
from .tags.tag_merging import merge_tags
from .tags.tag_pairs import tag_cooccurrence
from .tags.tag_sets import tag_sets
from .tags.tag_survival import tag_survival
from .tags.tag_variants import tag_variants
from .tags.tags import tag_frequency
from .time.calendar import Calendar

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
    "playbook_names",
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
