"""One page of conversations, as a table that can be read, walked through and clicked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import polars as pl
import traitlets

from drift_analysis.charts.kit.color import readable
from drift_analysis.charts.kit.format import human_duration
from drift_analysis.charts.kit.theme import STATUS_COLORS
from drift_analysis.schemas import Conversations
from drift_analysis.schemas.tags import shown_tag, tag_key

from ..asked.filters import Filters
from ..asked.names import with_playbook
from ..asked.selection import Selection
from ..asked.state import SORTS
from .order import Order

if TYPE_CHECKING:
    from ..asked.facts import Facts

__all__ = ["PAGE", "ConversationTable", "table_rows"]

PAGE = 15
"""Rows on a page."""

_HERE = Path(__file__).parent


class ConversationTable(anywidget.AnyWidget):
    """One page of a frame: what is in the synced traits is in the browser, and nothing else is.

    Every text is set as text in the browser, never as markup. Ids are strings, since a number
    above 2^53 is rounded there.
    """

    _esm = _HERE / "table.js"
    _css = _HERE / "table.css"

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    page = traitlets.Int(1).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    summary = traitlets.Unicode("").tag(sync=True)
    advice = traitlets.Unicode("").tag(sync=True)
    zone = traitlets.Unicode("UTC").tag(sync=True)
    colors = traitlets.Dict(STATUS_COLORS).tag(sync=True)
    sort = traitlets.Enum(SORTS, "started").tag(sync=True)
    descending = traitlets.Bool(default_value=True).tag(sync=True)

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._order = Order(facts)
        self._selection = Selection(facts, Filters())
        self._rows = pl.Series(dtype=pl.UInt32)
        self._asked: object = None
        super().__init__(zone=facts.tz)

    def show(self, selection: Selection, *, summary: str, advice: str) -> None:
        """Show the first page of what is selected."""
        self._selection = selection
        with self.hold_sync():
            self.summary, self.advice = summary, advice
            self._turn_back()

    @traitlets.observe("sort", "descending")
    def _turn_back(self, _change: object = None) -> None:
        asked = self._selection, self.sort, self.descending
        if asked == self._asked:  # both traits may change at once, and each of them tells
            return
        self._asked = asked
        self._rows = self._order.rows(self._selection, self.sort, descending=self.descending)
        with self.hold_sync():
            self.pages = max(1, -(-self._selection.height // PAGE))
            self.page = 1
            self._draw()

    @traitlets.validate("page")
    def _existing(self, proposal: dict[str, Any]) -> int:
        return min(max(1, int(proposal["value"])), self.pages)

    @traitlets.observe("page")
    def _draw(self, _change: object = None) -> None:
        shown = self._rows.slice((self.page - 1) * PAGE, PAGE)
        page = self._facts.conversations[shown]
        lasted = self._facts.table["duration"].gather(shown).to_list()
        rows = table_rows(page, self._facts.playbooks, tz=self.zone)
        self.rows = [
            {**row, "lasted": "" if length is None else human_duration(length)}
            for row, length in zip(rows, lasted, strict=True)
        ]


def table_rows(page: pl.DataFrame, playbooks: pl.DataFrame, *, tz: str) -> list[dict[str, Any]]:
    """Return what the browser is told of a page: texts, and the tags.

    Parameters
    ----------
    page
        Rows of a `Conversations` frame.
    playbooks
        What each ``playbook_id`` is called (``playbook``).
    tz
        The time zone in which moments are written.
    """
    c = Conversations
    started = c.created_at.col.dt.convert_time_zone(tz)
    rows = (
        with_playbook(page, playbooks)
        .select(
            id=c.conversation_id.col.cast(pl.String),
            started=started.dt.to_string("%-d %b %Y, %H:%M"),
            status=c.status.col.cast(pl.String),
            playbook="playbook",
            has_playbook=c.playbook_id.col.is_not_null(),
            tags=c.tags.col.list.eval(_once(pl.element())),
        )
        .to_dicts()
    )
    for row in rows:
        for tag in row["tags"] or ():
            tag["color"] = tag["color"] and readable(tag["color"]).removeprefix("#")
    return rows


def _once(tag: pl.Expr) -> pl.Expr:
    """Keep the first of the spellings that are one tag, as it is shown everywhere."""
    name, color = tag.struct.field("name"), tag.struct.field("color")
    is_first = tag_key(name).is_first_distinct()
    return pl.struct(shown_tag(name).alias("name"), color).filter(is_first)
