"""A heading, sentences and a small table, of which a row can be chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Sheet"]

_HERE = Path(__file__).parent


class Sheet(anywidget.AnyWidget):
    """What Python says in words and in a table; it decides nothing itself.

    Every text is set as text in the browser, never as markup. Numbers come as text, since the
    browser would round ids; what is drawn comes as places on an axis.

    Attributes
    ----------
    heading
        What stands above; nothing if empty.
    sentences
        What is said below the heading, a paragraph each.
    columns
        For each column ``title`` and ``kind``: ``text``, ``number`` (aligned to the right) or
        ``interval``, which has ``low`` and ``high``, the ends of its axis, and may have ``zero``,
        where a line is drawn.
    rows
        For each row ``cells``, and ``key`` if it can be chosen: the first cell is a button then.
        A cell is a text; of an interval a ``text`` with ``at``, ``lo`` and ``hi`` on the axis,
        null where there is none, and ``hollow`` if it does not stand out.
    note
        What stands below the table, or in place of it when it has no rows.
    selected
        The ``key`` of the row that is chosen; empty if none is.
    """

    _esm = _HERE / "panel_sheet.js"
    _css = _HERE / "panel.css"

    heading = traitlets.Unicode("").tag(sync=True)
    sentences = traitlets.List(traitlets.Unicode()).tag(sync=True)
    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)

    def say(self, *sentences: str, heading: str = "", note: str = "") -> None:
        """Show words only."""
        self.show([], [], sentences, heading=heading, note=note)

    def show(
        self,
        columns: Sequence[dict[str, Any]],
        rows: Sequence[dict[str, Any]],
        sentences: Sequence[str] = (),
        *,
        heading: str = "",
        note: str = "",
    ) -> None:
        """Show a table with its words, at one stroke."""
        with self.hold_sync():
            self.heading, self.sentences, self.note = heading, list(sentences), note
            self.columns, self.rows = list(columns), list(rows)
