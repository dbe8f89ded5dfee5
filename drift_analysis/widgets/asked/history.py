"""What was on show before, so that a change can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .state import TABS

if TYPE_CHECKING:
    from .state import State

__all__ = ["History"]

_MOST = 200


class History:
    """The states before the one on show, the latest last.

    Turning pages, opening tabs and choosing rows is no change. Picks in the chart one after
    another are one, since a drag tells of many.
    """

    def __init__(self, state: State) -> None:
        self._now = _view(state)
        self._before: list[State] = []
        self._was_pick = False

    def __len__(self) -> int:
        return len(self._before)

    def note(self, state: State) -> None:
        """Take note of what is on show now."""
        now = _view(state)
        if now == self._now:
            return
        is_pick = _unpicked(now) == _unpicked(self._now)
        if not (is_pick and self._was_pick):
            self._before = [*self._before, self._now][-_MOST:]
        self._now, self._was_pick = now, is_pick

    def back(self) -> State | None:
        """Return what was on show before the last change, and forget that change."""
        if not self._before:
            return None
        self._now, self._was_pick = self._before.pop(), False
        return self._now


def _view(state: State) -> State:
    return replace(state, page=1, selected=None, tab=TABS[0])


def _unpicked(state: State) -> State:
    return replace(state, filters=replace(state.filters, picked=()))
