"""The tables: the one shared language, and the data dictionary.

Whatever passes from one layer to another is a polars frame that keeps the promise of a table
here. ``Conversations.describe()`` and the like return the dictionary of a table as a frame.
"""

from __future__ import annotations

from .audit import Audit, MetricCoverage
from .base import Table
from .closes import Reopens, TimeToClose
from .conversations import Conversations, conversation_link
from .dataset import Dataset
from .definitions import (
    Definitions,
    Reconciliation,
    ReconciliationSummary,
    ReportReconciliation,
)
from .explained import Behind, LeftOut
from .flow import Ageing, Flow
from .journeys import AttributionCredits, Journeys
from .load import LoadByHour, Workload
from .loading import Issues, Rejects
from .meetings import Meetings
from .messages import AUTHOR_KINDS, MESSAGE_TYPES, Messages, visible_at
from .people import Contacts, ParticipantEvents, Users
from .playbooks import (
    Goals,
    PlaybookAttribution,
    PlaybookComparison,
    PlaybookLift,
    PlaybookMatchRates,
    PlaybookNames,
    Playbooks,
    PlaybookTags,
)
from .reports import ReportMetrics
from .responses import (
    BotContainment,
    ContainmentRates,
    FirstResponse,
    ResponseTurns,
    SlaAttainment,
)
from .status import (
    LIFE_ORDER,
    STATUSES,
    StatusEvents,
    StatusIntervals,
    TimeInStatus,
    TimeInStatusGroups,
)
from .survival import CohortTrend, CumulativeIncidence, LogRank, RestrictedMean, SurvivalCurve
from .tags import (
    TagCooccurrence,
    TagDistinctive,
    TagFrequency,
    TagSets,
    TagSurvival,
    TagVariants,
    tag_key,
)
from .transitions import Transitions, Variants

__all__ = [
    "AUTHOR_KINDS",
    "LIFE_ORDER",
    "MESSAGE_TYPES",
    "STATUSES",
    "Ageing",
    "AttributionCredits",
    "Audit",
    "Behind",
    "BotContainment",
    "CohortTrend",
    "Contacts",
    "ContainmentRates",
    "Conversations",
    "CumulativeIncidence",
    "Dataset",
    "Definitions",
    "FirstResponse",
    "Flow",
    "Goals",
    "Issues",
    "Journeys",
    "LeftOut",
    "LoadByHour",
    "LogRank",
    "Meetings",
    "Messages",
    "MetricCoverage",
    "ParticipantEvents",
    "PlaybookAttribution",
    "PlaybookComparison",
    "PlaybookLift",
    "PlaybookMatchRates",
    "PlaybookNames",
    "PlaybookTags",
    "Playbooks",
    "Reconciliation",
    "ReconciliationSummary",
    "Rejects",
    "Reopens",
    "ReportMetrics",
    "ReportReconciliation",
    "ResponseTurns",
    "RestrictedMean",
    "SlaAttainment",
    "StatusEvents",
    "StatusIntervals",
    "SurvivalCurve",
    "Table",
    "TagCooccurrence",
    "TagDistinctive",
    "TagFrequency",
    "TagSets",
    "TagSurvival",
    "TagVariants",
    "TimeInStatus",
    "TimeInStatusGroups",
    "TimeToClose",
    "Transitions",
    "Users",
    "Variants",
    "Workload",
    "conversation_link",
    "tag_key",
    "visible_at",
]
