"""How many conversations there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.charts.kit.format import plural
from drift_analysis.schemas import Conversations

from .contents import period
from .parts import KeyNumber

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["key_number"]


def key_number(m: Measures) -> KeyNumber:
    """How many conversations came in, and how many of them went nowhere."""
    c = Conversations
    n = m.conversations.height
    untouched = m.conversations.filter(c.status.col == "bulk_sent").height
    lists = m.conversations.filter(~c.is_detail.col).height
    first, last = period(m.conversations)
    return KeyNumber(
        value=f"{n:,}",
        label="conversations",
        sentence=f"They began within {plural((last - first).days + 1, 'day')}, {untouched:,} of "
        "them never picked up after a playbook sent them.",
        proof=f"Of {lists:,} only a list record was seen: playbook, tags and users are unknown.",
    )
