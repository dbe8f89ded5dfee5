"""Moments in milliseconds, office hours, and dice that agree on every version of Python."""

from __future__ import annotations

import random
from bisect import bisect
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "OFFICE",
    "SECOND",
    "WEEK",
    "Dice",
    "instant",
    "is_staffed",
    "local",
    "next_staffed",
    "to_datetime",
]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

OFFICE = ZoneInfo("America/New_York")
"""Where the simulated organisation works."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPENS, _SHUTS = time(8, 30), time(18, 0)
_HOLIDAYS = frozenset({date(2026, 5, 25), date(2026, 7, 3), date(2026, 9, 7)})

T = TypeVar("T")


class Dice:
    """Choices made with `random()` and plain arithmetic alone.

    The other methods of `random.Random` changed between versions of Python, and so did `sum`.
    """

    def __init__(self, seed: int) -> None:
        self._roll = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self._roll() < probability

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._roll() * (high - low + 1))

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of them, each as likely as the next."""
        return choices[int(self._roll() * len(choices))]

    def weighted(self, choices: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of them, as likely as its weight."""
        marks = list(accumulate(weights))
        return choices[bisect(marks, self._roll() * marks[-1], hi=len(marks) - 1)]

    def length(self, *marks: int) -> int:
        """Return a length of time; `marks` are its quantiles, at equal steps from 0 to 1."""
        place = self._roll() * (len(marks) - 1)
        step = int(place)
        return marks[step] + int((place - step) * (marks[step + 1] - marks[step]))


def to_datetime(at: int) -> datetime:
    """Turn milliseconds since 1970 into a moment in UTC."""
    return _EPOCH + timedelta(milliseconds=at)


def instant(moment: datetime) -> int:
    """Turn a moment with a time zone into milliseconds since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def local(at: int) -> datetime:
    """Return the moment on the clock of the office."""
    return to_datetime(at).astimezone(OFFICE)


def is_staffed(at: int) -> bool:
    """Tell whether people are at their desks."""
    now = local(at)
    return _is_workday(now.date()) and _OPENS <= now.time() < _SHUTS


def next_staffed(at: int) -> int:
    """Return the first moment from `at` on at which people are at their desks."""
    if is_staffed(at):
        return at
    now = local(at)
    day = now.date() if now.time() < _OPENS else now.date() + timedelta(days=1)
    while not _is_workday(day):
        day += timedelta(days=1)
    return instant(datetime.combine(day, _OPENS, OFFICE))


def _is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in _HOLIDAYS
