"""What smaller views have in common: a state, undo, saved views, code, files, a picture that stays.

A view is a `Panel` with a state of its own: a frozen dataclass of what is asked for. All that is
on show follows from it, so that undo, saved views and code are the same for every view.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.errors import InputError

from ..panes.bar import Bar
from ..panes.still import display_with_picture
from .panel_given import PanelGiven
from .panel_sheet import Sheet
from .panel_state import as_json, of_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Panel"]

_MOST = 200


class Panel(PanelGiven, ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A view whose state is one value, ``asked``; made to be built upon.

    Whoever builds on it makes its controls and panes, and says

    - ``_redraw``: show ``asked`` in the controls, the panes and ``self._head`` (a `Sheet`);
    - ``frame``, ``chart``, ``ids`` and ``code``: what it gives back;
    - ``_require``, if not every ``asked`` can be shown; ``_chips``, if filters can be turned off;
      ``_step``, if turning pages and choosing rows are nothing to undo.

    Controls call ``change``; panes never change anything but through it.

    Parameters
    ----------
    controls, panes
        What stands above and below the line of buttons.
    first
        What is asked for at first, to which ``reset`` goes back: a frozen dataclass.
    state
        What the ``state`` of such a view was, to be shown at once.
    views
        Views that were saved before: a state for each name.
    name
        What it is called in files and sentences, such as ``playbook-compare``.
    reveal
        Whether e-mail addresses, telephone and network numbers are shown.

    Attributes
    ----------
    asked
        All that is on show follows from it; set another one, or use ``change``.
    views
        The saved views: a state for each name.
    reveal
        As above.
    """

    asked = traitlets.Any()
    views = traitlets.Dict()
    reveal = traitlets.Bool(default_value=False)

    def __init__(
        self,
        controls: Sequence[ipywidgets.Widget],
        panes: Sequence[ipywidgets.Widget],
        *,
        first: Any,
        state: Mapping[str, Any] | None,
        views: Mapping[str, Mapping[str, Any]] | None,
        name: str,
        reveal: bool = False,
    ) -> None:
        self._name, self._first = name, first
        self._before: list[Any] = []
        self._bar, self._head = Bar(self._actions()), Sheet()
        row = ipywidgets.Box(list(controls))
        row.add_class("drift-filters")
        super().__init__([row, self._bar, self._head, *panes])
        self.add_class("drift-panel")
        self.asked = first if state is None else self._asked_of(state)
        self._redraw()
        self._draw_bar()
        self.observe(self._change, "asked")
        self.observe(self._draw_bar, ["views", "reveal"])
        self.views = dict(views or {})
        self.reveal = reveal

    @traitlets.validate("asked")
    def _can_be_shown(self, proposal: dict[str, Any]) -> Any:
        asked = proposal["value"]
        if type(asked) is not type(self._first):
            what = f"asked={type(asked).__name__} cannot be shown."
            raise InputError.of(what, "", f"a {type(self._first).__name__}, or change(...).")
        return self._require(asked)

    @traitlets.validate("views")
    def _states(self, proposal: dict[str, Any]) -> dict[str, Any]:
        views = proposal["value"].items()
        return {str(name): as_json(self._asked_of(state)) for name, state in views}

    def change(self, **changes: Any) -> None:
        """Ask for something else: fields of ``asked``, by name."""
        self.asked = replace(self.asked, **changes)

    @property
    def state(self) -> dict[str, Any]:
        """What is on show, as values that JSON knows; it can be set, also from another session."""
        return as_json(self.asked)

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self.asked = self._asked_of(state)

    def undo(self) -> None:
        """Show what was on show before the last change."""
        if self._before:
            *before, last = self._before
            self.asked = last
            self._before = before
            self._draw_bar()

    def reset(self) -> None:
        """Show what was on show at first; that can be undone."""
        self.asked = self._first

    def _ipython_display_(self) -> None:
        """Show it, and below it a picture that is seen only where nothing runs."""
        display_with_picture(self, self.chart, f"This {self._name} stands still")

    def _require(self, asked: Any) -> Any:
        return asked

    def _step(self, asked: Any) -> Any:
        """Return the part of it whose change is a step that can be undone."""
        return asked

    def _redraw(self) -> None:
        raise NotImplementedError

    def _chips(self) -> list[dict[str, Any]]:
        """Return what is on: ``name`` (a field of ``asked``), ``text``, ``without`` (a count)."""
        return []

    def _asked_of(self, state: Mapping[str, Any]) -> Any:
        return of_json(type(self._first), state, name=self._name)

    def _change(self, change: dict[str, Any]) -> None:
        if self._step(change["old"]) != self._step(change["new"]):
            self._before = [*self._before, change["old"]][-_MOST:]
        self._redraw()
        self._draw_bar()

    def _draw_bar(self, _change: object = None) -> None:
        with self._bar.hold_sync():
            self._bar.chips = self._chips()
            self._bar.can_undo = bool(self._before)
            self._bar.views = list(self.views)
            self._bar.code = self.code
