"""The bar under the filters: what is on, undo, saved views, the code, and what can be saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from drift_analysis.errors import DriftAnalysisError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Bar"]

_HERE = Path(__file__).parent


class Bar(anywidget.AnyWidget):
    """Says what is on and asks for what a button means; it decides nothing itself.

    Every text is set as text in the browser, never as markup.
    """

    _esm = _HERE / "bar.js"
    _css = _HERE / "bar.css"

    chips = traitlets.List(traitlets.Dict()).tag(sync=True)
    can_undo = traitlets.Bool(default_value=False).tag(sync=True)
    views = traitlets.List(traitlets.Unicode()).tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)

    def __init__(self, actions: dict[str, Callable[[str], str]]) -> None:
        """`actions` maps what a button asks for to what does it, and says what was done."""
        self._actions = actions
        super().__init__()
        self.on_msg(self._act)

    def _act(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        action = self._actions.get(str(message.get("do")))
        if action is None:
            return
        try:
            self.said = action(str(message.get("what", "")))
        except (DriftAnalysisError, OSError) as problem:
            self.said = str(problem)
