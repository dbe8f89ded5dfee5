"""How fast a demo Drift lets itself be asked: a bucket of tokens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Limit"]


@dataclass
class Limit:
    """So many requests in a window; what comes beyond is told how long to pause.

    The bucket holds `requests` tokens and is filled evenly, `requests` in `window` seconds.
    While a pause runs that was told, every request is refused and counted in `in_pause`.

    Attributes
    ----------
    requests, window
        How many requests in how many seconds.
    pause
        How long a pause is told, in seconds; null for until there is a token.
    refused, in_pause
        How many requests were refused, and how many of them came during a pause.

    Examples
    --------
    >>> from drift_analysis.demo import Limit
    >>> seconds = iter([0.0, 0.0, 0.0, 1.0])
    >>> limit = Limit(2, window=2.0, clock=lambda: next(seconds))
    >>> limit.wait(), limit.wait(), limit.wait(), limit.wait()
    (0.0, 0.0, 1.0, 0.0)
    """

    requests: int
    window: float = 60.0
    pause: float | None = None
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    refused: int = 0
    in_pause: int = 0
    _tokens: float = field(init=False, repr=False)
    _filled_at: float | None = field(default=None, init=False, repr=False)
    _paused_until: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._tokens = float(self.requests)

    def wait(self) -> float:
        """Take a token; 0 if there was one, otherwise how long to pause."""
        now = self.clock()
        since = now - (now if self._filled_at is None else self._filled_at)
        rate = self.requests / self.window
        self._tokens = min(self.requests, self._tokens + since * rate)
        self._filled_at = now
        is_paused = now < self._paused_until
        if self._tokens >= 1 and not is_paused:
            self._tokens -= 1
            return 0.0
        self.refused += 1
        self.in_pause += is_paused
        needed = self.pause if self.pause is not None else (1 - self._tokens) / rate
        self._paused_until = max(self._paused_until, now + needed)
        return self._paused_until - now
