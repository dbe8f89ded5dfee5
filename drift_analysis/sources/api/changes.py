"""What of the list a sync has to fetch, and what the list proves about all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from drift_analysis.sources.archive.witness import Witness

from . import resources
from .paging import records_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from drift_analysis.sources.archive.syncing import Synced

    from .paging import Get, Reply

__all__ = ["Changes", "Reach"]

_OVERLAP = 5 * 60_000
"""How far a sync looks back behind the last change it knows, in milliseconds: a change may show
in the list later than its moment says."""

_NEWEST = 100
"""How many of the newest conversations are remembered, so that an unchanged list is known by its
first page."""


class Reach(NamedTuple):
    """How far back a list is read, and what it is then known for; null is the beginning."""

    oldest: int | None
    floor: int | None

    @classmethod
    def of(cls, synced: Synced, since: int | None) -> Reach:
        """Reach back to the last sync, or beyond the first one where more is wanted than before."""
        if synced.watermark is None:
            return cls(since, since)
        recent = synced.watermark - _OVERLAP
        if since is None or synced.floor is None or since >= synced.floor:
            return cls(recent, synced.floor)
        return cls(min(since, recent), since)


class Changes:
    """Read the list, and tell what is new in it.

    New is what changed since the last sync: whatever is not in the same state among those
    remembered, and did not change between the floor and the watermark of the syncs before.
    """

    def __init__(self, synced: Synced, reach: Reach) -> None:
        self.news: dict[int, None] = {}
        self.listed: dict[int, tuple[int | None, str]] = {}
        self.seen_at: datetime | None = None
        self._before, self._reach = synced, reach
        self._in_order = True

    def read(self, get: Get) -> Iterator[Reply]:
        """Read the list as far as it is needed: one page of it, if nothing has changed."""
        is_first = True
        for reply in resources.conversations(get, since=self._reach.oldest):
            found = dict(_state(record) for record in records_of(reply.value) or [])
            found.pop(0, None)
            wanted = {n: state for n, state in found.items() if not self._is_out(state[0])}
            fresh = [number for number, state in wanted.items() if self._is_new(number, state)]
            self.news.update(dict.fromkeys(fresh))
            self.listed.update(found)
            times = [time for time, _ in found.values() if time is not None]
            self._in_order &= times == sorted(times, reverse=True) and len(times) == len(found)
            if reply.page == 1:
                self.seen_at = reply.fetched_at
            yield reply
            if is_first and self._is_unchanged(wanted):
                return
            is_first = False

    def remembered(self, without: Collection[int]) -> tuple[int | None, dict[int, tuple[int, str]]]:
        """Return the watermark, and the states to remember; of some nothing is known."""
        known = self._known()
        latest = [time for time, _ in known.values()] + [self._before.watermark or 0]
        watermark = max(latest) or None
        newest = sorted(known.items(), key=lambda item: item[1][0], reverse=True)
        seen = {
            number: state
            for place, (number, state) in enumerate(newest)
            if (place < _NEWEST or state[0] >= (watermark or 0) - _OVERLAP)
            and number not in without
        }
        return watermark, seen

    def half_remembered(self, without: Collection[int]) -> dict[int, tuple[int, str]]:
        """Return the states to remember of a list that was not read to its end."""
        return {number: state for number, state in self._known().items() if number not in without}

    def witness(self, floor: int | None) -> Witness | None:
        """Return what the list proves of conversations that stand beyond it; null if nothing.

        The list is newest first. So whatever changed before the oldest of its records, and does
        not stand in it, had not changed when its head was read.
        """
        times = [time for time, _ in self.listed.values() if time is not None]
        if not (self._in_order and times and self.seen_at):
            return None
        return Witness(self.seen_at, min(times), floor, besides=list(self.news))

    def all_as_before(self, known: Witness | None) -> Witness | None:
        """Return what is proved if nothing of the list is new, and `known` is proved by it too."""
        before, found = self._before.seen, self.witness(self._before.floor)
        same = [number for number, (time, _) in self.listed.items() if not self._is_out(time)]
        if found is None or any(before.get(number) != self.listed[number] for number in same):
            return None
        if known and not (known.before <= found.before and set(known.same).issubset(same)):
            return None
        return msgspec.structs.replace(found, same=same)

    def _known(self) -> dict[int, tuple[int, str]]:
        dated = {
            number: (time, status)
            for number, (time, status) in self.listed.items()
            if time is not None and not self._is_out(time)
        }
        return {**self._before.seen, **dated}

    def _is_out(self, time: int | None) -> bool:
        """Whether it changed before all that is wanted; the last page can hold such."""
        return time is not None and time < (self._reach.floor or 0)

    def _is_new(self, number: int, state: tuple[int | None, str]) -> bool:
        time, before = state[0], self._before
        if time is None:
            return True
        if number in before.seen:
            return before.seen[number] != state
        if before.watermark is None or number in before.pending:
            return True
        return time >= before.watermark - _OVERLAP or time < (before.floor or 0)

    def _is_unchanged(self, found: dict[int, tuple[int | None, str]]) -> bool:
        """Whether the first page is what it was: then nothing came to the head of the list."""
        before, reach = self._before, self._reach
        is_settled = before.is_whole and before.watermark is not None
        is_enough = is_settled and reach.floor == before.floor
        return is_enough and all(before.seen.get(n) == s for n, s in found.items())


def _state(record: Any) -> tuple[int, tuple[int | None, str]]:
    """Return the id, or 0, when it last changed, and the status as it was sent."""
    number, time = resources.identity(record), resources.changed_at(record)
    return number or 0, (time, str(record.get("status")) if isinstance(record, dict) else "")
