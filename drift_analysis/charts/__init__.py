"""Pictures: a table in, an altair chart out, with the finding above it and the proof below it."""

from __future__ import annotations

from .color import readable
from .display import mimebundle
from .explanation import explained
from .format import (
    human_count,
    human_date,
    human_duration,
    human_moment,
    human_period,
    human_share,
)
from .playbooks import playbook_attribution
from .render import inline_json
from .responses import first_response
from .save import save
from .status import time_in_status
from .tag_trend import tag_trend
from .tags import tag_frequency
from .theme import AUTHOR_COLORS, STATUS_COLORS
from .timeline import status_timeline

__all__ = [
    "AUTHOR_COLORS",
    "STATUS_COLORS",
    "explained",
    "first_response",
    "human_count",
    "human_date",
    "human_duration",
    "human_moment",
    "human_period",
    "human_share",
    "inline_json",
    "mimebundle",
    "playbook_attribution",
    "readable",
    "save",
    "status_timeline",
    "tag_frequency",
    "tag_trend",
    "time_in_status",
]
