"""What is odd in an export on purpose, because real exports are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .history import Life

__all__ = ["NOTHING_ODD", "Oddities", "choose_oddities", "put_to_sleep", "rounds_of"]

_SHARE_LIST_ONLY = 40
_FEWEST = 30


@dataclass(frozen=True, slots=True)
class Oddities:
    """Which conversations an export tells less about than Drift would.

    Attributes
    ----------
    list_only
        Their details were not fetched.
    silent
        Nor were their messages.
    cut_short
        Only the first page of their messages was fetched.
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


def choose_oddities(lives: Sequence[Life]) -> Oddities:
    """Choose the conversations that an export tells less about; none in a very small one."""
    n = len(lives)
    if n < _FEWEST:
        return NOTHING_ODD
    list_only = [life.id for life in lives[7::_SHARE_LIST_ONLY] if life.id != lives[n // 8].id]
    return Oddities(
        list_only=frozenset(list_only),
        silent=frozenset(list_only[:2]),
        cut_short=frozenset({lives[n // 8].id}),
        shifted=2,
        broken=(f'{{"data": {{"status": "closed", "id": {lives[7].id}, "conta',),
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
