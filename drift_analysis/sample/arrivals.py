"""When conversations begin, and what begins them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from .clock import HOUR, OFFICE, WEEK, instant
from .organisation import PLAYBOOKS, Playbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .clock import Dice

__all__ = ["arrivals", "begun_by"]

_WEEKDAYS = (1.15, 1.2, 1.15, 1.05, 0.85, 0.3, 0.28)
_HOURS = (
    *(0.3, 0.2, 0.2, 0.3, 0.5, 0.8, 1.0, 1.8, 3.6, 5.2, 6.0, 6.0),
    *(4.6, 5.0, 5.8, 5.6, 4.8, 3.6, 2.4, 2.0, 1.8, 1.4, 0.9, 0.5),
)
_NO_PLAYBOOK = 9.0
_SWITCHED_OFF_AFTER = 6 * WEEK


def arrivals(dice: Dice, n: int, start: date, weeks: int) -> list[int]:
    """Return `n` moments in order: weekdays and office hours are busier, and so are later weeks."""
    days = [start + timedelta(days=number) for number in range(7 * weeks)]
    weights = [
        _WEEKDAYS[day.weekday()] * (0.85 + 0.3 * number / len(days))
        for number, day in enumerate(days)
    ]
    return sorted(_arrival(dice, dice.weighted(days, weights)) for _ in range(n))


def begun_by(dice: Dice, since_start: int) -> Playbook | None:
    """Return the playbook that begins a conversation so long after the start, or none."""
    playbooks: list[Playbook | None] = [None, *_enabled(since_start)]
    weights = [_NO_PLAYBOOK if playbook is None else playbook.weight for playbook in playbooks]
    return dice.weighted(playbooks, weights)


def _arrival(dice: Dice, day: date) -> int:
    hour = dice.weighted(range(24), _HOURS)
    return instant(datetime.combine(day, time(hour), OFFICE)) + dice.whole(0, HOUR - 1)


def _enabled(since_start: int) -> Iterator[Playbook]:
    for playbook in PLAYBOOKS:
        if playbook.is_listed or since_start < _SWITCHED_OFF_AFTER:
            yield playbook
