"""What is odd in an export on purpose, because real exports are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .history import Life

__all__ = ["NOTHING_ODD", "Oddities", "choose_oddities", "put_to_sleep", "rounds_of"]

_EVERY = 40
_FEWEST = 30


@dataclass(frozen=True, slots=True)
class Oddities:
    """Which conversations an export tells less about than Drift would.

    Attributes
    ----------
    list_only
        Those whose details were not fetched.
    silent
        Those whose messages were not fetched either.
    cut_short
        Those of whose messages only the first page was fetched.
    shifted
        How many records of the list come again on the next page.
    broken
        Lines among the details that are no record.
    """

    list_only: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    cut_short: frozenset[int] = frozenset()
    shifted: int = 0
    broken: tuple[str, ...] = ()


NOTHING_ODD = Oddities()
"""An export that is as complete as Drift's API allows."""


def rounds_of(number: int, n: int) -> int | None:
    """Return how often contact and person go back and forth in the few very long conversations."""
    if n < _FEWEST:
        return None
    return {n // 8: 34, n // 2: 58, 2 * n // 3: 36}.get(number)


def choose_oddities(lives: Sequence[Life], log_start: int, moment: int) -> Oddities:
    """Choose the conversations that an export tells less about; none in a very small one.

    Messages are missing only where the webhook log does not have them either.
    """
    n = len(lives)
    if n < _FEWEST:
        return NOTHING_ODD
    list_only = [life for life in lives[7::_EVERY] if rounds_of(lives.index(life), n) is None]
    over = [life.id for life in list_only if life.updated_at(moment) < log_start]
    return Oddities(
        list_only=frozenset(life.id for life in list_only),
        silent=frozenset(over[:2]),
        cut_short=frozenset({lives[n // 8].id}),
        shifted=2,
        broken=(f'{{"data": {{"status": "closed", "id": {list_only[0].id}, "conta',),
    )


def put_to_sleep(lives: Sequence[Life], moment: int) -> None:
    """Give one waiting conversation a status that Drift does not document."""
    if len(lives) < _FEWEST:
        return
    for life in lives:
        nap = life.updated_at(moment) + HOUR
        if life.status_at(moment) == "pending" and nap < moment:
            life.statuses.append((nap, "snoozed"))
            return
