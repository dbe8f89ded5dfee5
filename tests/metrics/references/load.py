"""Hours observed and work done, counted one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics.references.responses import Said

__all__ = ["Work", "minutes_observed", "work"]

Work = tuple[int, int, int, int, int]
"""What a person did: conversations, messages, notes, active days, conversations of the busiest."""


def minutes_observed(since: datetime, until: datetime, tz: str) -> Counter[tuple[int, int]]:
    """Count the minutes that a clock on the wall shows in each hour of the week."""
    found: Counter[tuple[int, int]] = Counter()
    minute = since.astimezone(UTC)
    while minute < until:
        local = minute.astimezone(ZoneInfo(tz))
        found[local.weekday(), local.hour] += 1
        minute += timedelta(minutes=1)
    return found


def work(said: Iterable[Said], start: datetime, until: int, tz: str) -> Work:
    """Add up what was written, by one person, at minutes after a start."""
    days: defaultdict[object, set[int]] = defaultdict(set)
    shown: set[int] = set()
    messages = notes = 0
    for conversation, minute, author, type_ in said:
        if author != "human" or minute > until:
            continue
        if type_ == "private_note":
            notes += 1
        if type_ == "chat":
            messages += 1
            shown.add(conversation)
            local = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(tz))
            days[local.date()].add(conversation)
    busiest = max((len(each) for each in days.values()), default=0)
    return len(shown), messages, notes, len(days), busiest
