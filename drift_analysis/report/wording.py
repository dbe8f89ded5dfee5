"""What a review says of itself: which conversations, as known when, and what to mind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from drift_analysis.charts.kit.format import human_date, human_moment, human_period, plural
from drift_analysis.schemas import Conversations, StatusEvents

from .contents import period

if TYPE_CHECKING:
    from .audience import Audience
    from .measures import Measures
    from .periods import Period

__all__ = ["about", "compared_with", "minding"]


def about(
    m: Measures | None, within: Period | None, audience: Audience, n_unknown: int, tz: str
) -> tuple[str, ...]:
    """Say which conversations a review is about."""
    whose = audience.spoken()
    only: tuple[str, ...] = (f"Only conversations of {whose}.",) if whose else ()
    if n_unknown:
        only += (
            f"Of {plural(n_unknown, 'more conversation')} it is not known whether "
            f"{'it belongs' if n_unknown == 1 else 'they belong'} here: left out.",
        )
    if m is None:
        when = f" that began {within.spoken(tz)}" if within else ""
        return (f"No conversations{when}.", *only)
    known = human_moment(m.as_of, tz)
    if within is None:
        created = human_period(*period(m.conversations), tz)
        return (f"Conversations created {created}, as known at {known}.", *only)
    return (
        f"Conversations that began {within.spoken(tz)}, whatever came of them later, as known at "
        f"{known}.",
        *only,
    )


def compared_with(
    now: Measures | None, before: Measures | None, other: Period | None, tz: str
) -> tuple[str, ...]:
    """Say what the numbers are compared with, and that both periods had the same time."""
    if now is None or other is None:
        return ()
    spoken = other.spoken(tz)
    if before is None:
        return (f"Nothing to compare with: no conversation began {spoken}.",)
    first, _ = period(now.dataset.conversations)
    short = (
        f" The data begins on {human_date(first, tz)}, within that period: what came before is "
        "missing there."
        if first > other.start + timedelta(days=1)
        else ""
    )
    return (
        f"Compared with those that began {spoken}, as known at {human_moment(before.as_of, tz)}: "
        "as long after their period as this one is looked at, so that both had the same time to "
        f"be answered and closed.{short}",
    )


def minding(m: Measures) -> tuple[str, ...]:
    """Say what to mind with this data, the gravest first."""
    c, n = Conversations, m.conversations.height
    lists = m.conversations.filter(~c.is_detail.col).height
    no_tags = m.conversations[c.tags.name].null_count()
    webhooks = m.dataset.status_events.filter(StatusEvents.source.col == "webhook")
    found = [
        "No messages were loaded: who waited, and for how long, is not known."
        if m.messages is None
        else "",
        "There is no webhook log: when a status changed is an estimate between hard bounds."
        if webhooks.is_empty()
        else "",
        f"Of {lists:,} of {n:,} conversations only a list record was read: their playbook is not "
        "known."
        if lists
        else "",
        f"Of {no_tags:,} of {n:,} conversations the tags are not known." if no_tags else "",
        "Differences between groups or periods are associations, not causes.",
    ]
    return tuple(each for each in found if each)
