"""Which conversations are drawn: the controls above a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from drift_analysis.errors import InputError

from .timeline_state import SORTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .timeline_state import Timeline

__all__ = ["TimelineControls"]

_SAMPLES = (20, 50, 100, 200, 400)


class TimelineControls:
    """A control for each question, which tells what was chosen and never decides itself."""

    def __init__(self, change: Callable[..., None]) -> None:
        self._change = change
        self._is_following = False
        self._seed = 0
        self._sort = ipywidgets.Dropdown(
            description="Sort", options=[(said, name) for name, said in SORTS.items()]
        )
        self._sample = ipywidgets.Dropdown(description="At most")
        self._find = ipywidgets.Text(
            description="Conversation id",
            placeholder="id, then Enter",
            continuous_update=False,
        )
        another = ipywidgets.Button(
            description="Another sample", tooltip="Draw other conversations by chance"
        )
        another.on_click(lambda _: self._change(seed=self._seed + 1, page=1))
        self._sort.observe(lambda change: self._take(sort=change["new"], page=1), "value")
        self._sample.observe(lambda change: self._take(sample=change["new"], page=1), "value")
        self._find.observe(lambda change: self._look(change["new"]), "value")
        self.fields: list[Any] = [self._sort, self._sample, self._find, another]

    def show(self, asked: Timeline) -> None:
        """Show what is asked for."""
        self._is_following = True
        try:
            self._seed = asked.seed
            self._sort.value = asked.sort
            sizes = sorted({*_SAMPLES, asked.sample})
            self._sample.options = [(f"{n:,} conversations", n) for n in sizes]
            self._sample.value = asked.sample
            chosen = asked.conversation
            self._find.value = "" if chosen is None else str(chosen)
            self._find.placeholder = "id, then Enter"
        finally:
            self._is_following = False

    def _take(self, **changes: Any) -> None:
        if not self._is_following:
            self._change(**changes)

    def _look(self, text: str) -> None:
        """Open the conversation of an id; of what is none, the field says so."""
        if self._is_following:
            return
        try:
            self._change(conversation=int(text) if text.strip() else None)
        except (InputError, ValueError):
            self._is_following = True
            self._find.value, self._find.placeholder = "", "no such conversation"
            self._is_following = False
