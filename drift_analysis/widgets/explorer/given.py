"""What an explorer gives back, and what it does when it is asked to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drift_analysis.charts.output.save import save
from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations

from ..asked.state import State
from ..exports import write_ids, write_rows
from ..panes.still import display_with_picture
from .arrivals import arrivals_chart
from .code import code_of
from .wording import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import polars as pl

    from drift_analysis.charts.kit.frame import Picture

    from ..asked.facts import Facts
    from ..asked.filters import Filters
    from ..asked.history import History
    from ..asked.selection import Selection
    from ..panes.transcript import Transcript
    from .controls import Controls

__all__ = ["Given"]


class Given:
    """The half of an explorer that has nothing to do with how it looks."""

    filters: Filters
    sort: str
    descending: bool
    page: int
    selected: int | None
    views: dict[str, Any]
    reveal: bool
    tab: str
    _as_of: datetime | None
    _controls: Controls
    _facts: Facts
    _history: History
    _selection: Selection
    _transcript: Transcript
    _show: Callable[[State], None]

    @property
    def _state(self) -> State:
        return State(
            filters=self.filters,
            sort=self.sort,
            descending=self.descending,
            page=self.page,
            selected=self.selected,
            tab=self.tab,
        )

    @property
    def frame(self) -> pl.DataFrame:
        """The conversations on show, those of all pages, as a `Conversations` table."""
        return self._selection.frame

    @property
    def ids(self) -> pl.Series:
        """The ids of the conversations on show, those of all pages."""
        return self._facts.table[Conversations.conversation_id.name].filter(self._selection.mask)

    @property
    def messages(self) -> pl.DataFrame:
        """The messages of the selected conversation, as a `Messages` table with nothing hidden."""
        return self._transcript.messages

    @property
    def chart(self) -> Picture:
        """The picture of the conversations on show, to hand on."""
        return arrivals_chart(self.frame, as_of=self._as_of, tz=self._facts.tz, notes=self._notes())

    @property
    def code(self) -> str:
        """The code that makes ``frame`` and ``chart`` from ``dataset``, without an explorer."""
        return code_of(self.filters, tz=self._facts.tz, notes=self._notes())

    @property
    def state(self) -> dict[str, Any]:
        """What is on show, as values that JSON knows; it can be set, also from another session."""
        return self._state.as_json()

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._show(State.of_json(state))

    def undo(self) -> None:
        """Show what was on show before the last change of the filters or the order."""
        before = self._history.back()
        if before is not None:
            self._show(replace(before, selected=self.selected, tab=self.tab))

    def reset(self) -> None:
        """Turn all filters off, and sort as at first; that can be undone."""
        self._show(State(selected=self.selected, tab=self.tab))

    def keep_view(self, name: str) -> None:
        """Save what is on show among the views; one of the same name is replaced."""
        self.views = {**self.views, name: self.state}

    def show_view(self, name: str) -> None:
        """Show a saved view.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name not in self.views:
            raise InputError.unknown_choice("name", name, self.views)
        self.state = self.views[name]

    def save_chart(self, path: str | Path) -> Path:
        """Write the chart to a file, as `drift_analysis.charts.save` does."""
        return save(self.chart, path)

    def save_rows(self, path: str | Path) -> Path:
        """Write the conversations on show to a ``.csv`` or ``.parquet`` file.

        What Drift sent beyond the columns is left empty unless ``reveal`` is on.
        """
        return write_rows(self.frame, path, reveal=self.reveal)

    def save_ids(self, path: str | Path) -> Path:
        """Write the ids of the conversations on show to a text file, one on each line."""
        return write_ids(self.ids, path)

    def _ipython_display_(self) -> None:
        display_with_picture(self, self.chart, summary(self._selection))

    def _notes(self) -> list[str]:
        labels = self._controls.labels(self.filters).values()
        on = f"Shown: {'; '.join(labels)}." if labels else "No filter is on."
        return [f"{summary(self._selection)}.", on]

    def _actions(self) -> dict[str, Callable[[str], str]]:
        """Return what each button of the bar does, and what is said after it."""
        return {
            "undo": self._undo,
            "off": self._turn_off,
            "keep": self._keep,
            "show": self._show_named,
            "save": self._save,
        }

    def _undo(self, _what: str) -> str:
        self.undo()
        return ""

    def _keep(self, name: str) -> str:
        self.keep_view(name)
        return f"The view was saved as {name}."

    def _show_named(self, name: str) -> str:
        self.show_view(name)
        return f"This is the view {name}."

    def _turn_off(self, name: str) -> str:
        if name in self._controls.labels(self.filters):
            asked: dict[str, Any] = {name: None}
            self.filters = replace(self.filters, **asked)
        return ""

    def _save(self, what: str) -> str:
        """Write a file beside the notebook, under a name that is not taken."""
        ways: dict[str, tuple[str, Callable[[Path], Path]]] = {
            "chart": ("png", self.save_chart),
            "csv": ("csv", self.save_rows),
            "parquet": ("parquet", self.save_rows),
            "ids": ("txt", self.save_ids),
        }
        if what not in ways:
            return ""
        suffix, write = ways[what]
        paths = (Path(f"explorer-{n}.{suffix}") for n in range(1, 100_000))
        return f"Saved as {write(next(path for path in paths if not path.exists()))}."
