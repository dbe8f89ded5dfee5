"""When to ask again, how long to wait before, and how fast to ask at all.

A library for this (httpx-retries 0.6) was read and left out. It cuts a `Retry-After` that is
longer than its budget and so asks earlier than it was told to, where giving up is right; it
hands on the answer to the last attempt without judging it; and its waits belong to one request,
so that others go on asking while Drift wants a pause.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pace", "Retry", "seconds_asked"]

_BELOW = 0.95
"""How much of the rate is used: the way to Drift does not take each request equally long, and
so two that are sent at the right distance can arrive closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often one request is repeated, and how long all its waits may be together.

    Attributes
    ----------
    attempts
        How often a request is sent at most, the first time included.
    base
        The first wait, in seconds; it doubles with every attempt, and up to half of it is
        left to chance.
    longest
        The longest wait, in seconds, unless Drift asks for more.
    budget
        How many seconds one request may wait in all. If Drift asks for a longer wait than is
        left, the request is given up rather than sent too early.
    sleep, clock
        What waits, and what tells the seconds; others make tests fast.

    Examples
    --------
    >>> from drift_analysis.sources.api.retry import Retry
    >>> Retry(attempts=3).budget
    300.0
    """

    attempts: int = 6
    base: float = 0.5
    longest: float = 60.0
    budget: float = 300.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def wait_after(self, attempt: int, asked: float | None) -> float:
        """Return the seconds to wait after an attempt, counted from 1.

        Never less than was asked for, and before another attempt never less than half of its
        own growing wait, so that a `Retry-After: 0` cannot make it hammer.
        """
        if attempt >= self.attempts:
            return asked or 0.0
        grown: float = min(self.base * 2 ** (attempt - 1), self.longest)
        return max(grown * random.uniform(0.5, 1), asked or 0.0)


class Pace:
    """Keep requests apart, and hold all of them during a pause; several threads may ask."""

    __slots__ = ("_apart", "_clock", "_lock", "_next", "_paused_until", "_sleep")

    def __init__(self, per_second: float, retry: Retry) -> None:
        self._apart = 1 / (per_second * _BELOW)
        self._lock = threading.Lock()
        self._clock, self._sleep = retry.clock, retry.sleep
        self._next = self._paused_until = self._clock()

    def turn(self) -> None:
        """Wait until a request may be sent."""
        while True:
            with self._lock:
                now = self._clock()
                turn = max(self._next, self._paused_until, now)
                self._next = turn + self._apart
            if turn > now:
                self._sleep(turn - now)
            if self._paused_until <= turn:  # no pause began meanwhile
                return

    def pause(self, seconds: float) -> None:
        """Let nobody have a turn for so many seconds."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def pause_left(self) -> float:
        """Return the seconds that a pause still lasts."""
        return max(0.0, self._paused_until - self._clock())


def seconds_asked(retry_after: str | None) -> float | None:
    """Read a `Retry-After`, in seconds or as a date; null if it is neither.

    Source: RFC 9110, section 10.2.3.

    Examples
    --------
    >>> from drift_analysis.sources.api.retry import seconds_asked
    >>> seconds_asked("7"), seconds_asked("Thu, 01 Jan 1970 00:00:00 GMT"), seconds_asked("soon")
    (7.0, 0.0, None)
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
