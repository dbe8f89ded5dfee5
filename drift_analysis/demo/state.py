"""What a demo Drift answers, and what it was asked."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from .faults import Fault
    from .limit import Limit

__all__ = ["TOKEN", "Asked", "Demo"]

TOKEN = "demo"


class Asked(NamedTuple):
    """One request: its path and query, when it came (monotonic), and the answer's status."""

    path: str
    query: dict[str, str]
    at: float
    status: int


@dataclass
class Demo:
    """What it holds, how it pages, what it does wrong, and what it was asked.

    Attributes
    ----------
    world
        The records.
    token
        The token that it takes.
    generation, size
        How the list is paged: 1 or 2; and the most records of a page, Drift's own limits aside.
    faults
        What it does wrong; the first that meets a request counts.
    limit
        How fast it lets itself be asked; null for no limit.
    drip
        The seconds between two bytes of a slow answer.
    meanwhile
        Called before each request with its path and its number, counted for each path.
    asked
        What it was asked, in order.
    """

    world: World = field(default_factory=World)
    token: str = TOKEN
    generation: int = 1
    size: int = 50
    faults: list[Fault] = field(default_factory=list)
    limit: Limit | None = None
    drip: float = 0.02
    meanwhile: Callable[[str, int], object] | None = None
    asked: list[Asked] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, path: str, query: dict[str, str]) -> int:
        """Count a request, and let happen what happens meanwhile; return its number."""
        self.counts[path] += 1
        self.asked.append(Asked(path, query, time.monotonic(), 0))
        if self.meanwhile:
            self.meanwhile(path, self.counts[path])
        return self.counts[path]

    def fault(self, path: str, number: int) -> Fault | None:
        """Return what goes wrong with a request, if anything does."""
        return next((fault for fault in self.faults if fault.meets(path, number)), None)
