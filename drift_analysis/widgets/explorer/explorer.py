"""Look around in a data set: filters, a chart and a table that belong together, a transcript."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.charts.kit.format import zone
from drift_analysis.schemas import Users

from ..asked.facts import facts_of
from ..asked.filters import Filters
from ..asked.history import History
from ..asked.selection import Selection
from ..asked.state import SORTS, TABS, State
from ..panes.bar import Bar
from ..panes.bubbles import user_names
from ..panes.table import ConversationTable
from ..panes.transcript import Transcript
from .breakdown import Breakdown
from .controls import Controls
from .given import Given
from .linked import LinkedChart
from .stays import Stays
from .wording import advice, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drift_analysis.schemas import Dataset

    from ..asked.filters import Pick

__all__ = ["Explorer"]


class Explorer(Given, ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Filter conversations, pick some in a chart, and read one.

    Filtering happens in Python; the browser is sent one page of the table, and one transcript.
    Texts are shown as they are and never as markup; in transcripts e-mail addresses, telephone
    and network numbers are hidden unless `reveal` is on.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` or `drift_analysis.scan_archive` returns. Of an archive the
        conversations are held in memory; messages are read for a transcript, and for a search.
    filters
        What is shown at first.
    state
        What the ``state`` of an explorer was, in place of `filters`.
    views
        Views that were saved before: a state for each name.
    tz
        The time zone in which days begin and moments are written, as an IANA name.
    reveal
        Whether transcripts and saved rows hold e-mail addresses, telephone and network numbers.

    Attributes
    ----------
    filters
        The `Filters` that are on; set them to change what is shown.
    sort, descending
        The column by which the table is sorted, and whether its greatest values come first.
    page
        The page of the table that is on show, from 1.
    selected
        The id of the conversation whose transcript is on show; None if there is none.
    tab
        What stands beside the chart: ``playbook``, ``tag``, or the time in each ``status``.
    views
        The saved views: a state for each name.
    reveal
        As above.

    Raises
    ------
    SchemaError
        If a table of the data set does not keep its promise.
    InputError
        If there is no such time zone, or a filter asks for what does not occur.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import Explorer, Filters
    >>> explorer = Explorer(load("data/sample"), filters=Filters(status="open"))
    >>> explorer.frame["status"].unique().to_list()
    ['open']
    >>> explorer.state["filters"]
    {'status': 'open'}
    """

    filters = traitlets.Instance(Filters, ())
    sort = traitlets.Enum(SORTS, "started")
    descending = traitlets.Bool(default_value=True)
    page = traitlets.Int(1)
    selected = traitlets.Int(None, allow_none=True)
    tab = traitlets.Enum(TABS, TABS[0])
    views = traitlets.Dict()
    reveal = traitlets.Bool(default_value=False)

    def __init__(
        self,
        dataset: Dataset[Any],
        *,
        filters: Filters | None = None,
        state: Mapping[str, Any] | None = None,
        views: Mapping[str, Mapping[str, Any]] | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._as_of = dataset.as_of
        self._is_moving = False
        self._facts = facts_of(dataset, tz=tz)
        self._selection = Selection(self._facts, Filters())
        users = user_names(Users.require(dataset.users).lazy().collect())
        self._controls = Controls(self._facts, users)
        self._bar = Bar(self._actions())
        self._chart = LinkedChart(self._pick)
        self._breakdown = Breakdown(Stays(dataset, self._facts), self._controls.names, self._choose)
        self._table = ConversationTable(self._facts)
        self._transcript = Transcript(dataset, self._facts.conversations, tz=tz, reveal=reveal)
        self._history = History(State())
        charts = ipywidgets.Box([self._chart, self._breakdown])
        panes = ipywidgets.Box([self._table, self._transcript])
        for pair in (charts, panes):
            pair.add_class("drift-panes")
        super().__init__([self._controls, self._bar, charts, panes])
        self.add_class("drift-explorer")
        self._link()
        self._chart.show(self._selection)
        self._draw_table()
        self._draw_bar()
        self._breakdown.show(self._selection, self._controls.counts)
        self.views = dict(views or {})
        self._show(
            State.of_json(state) if state is not None else State(filters=filters or Filters())
        )
        self._history = History(self._state)
        self._draw_bar()

    @traitlets.validate("filters")
    def _occurring(self, proposal: dict[str, Any]) -> Filters:
        return self._controls.require(proposal["value"])

    @traitlets.validate("page")
    def _existing(self, proposal: dict[str, Any]) -> int:
        return min(max(1, int(proposal["value"])), int(self._table.pages))

    @traitlets.validate("selected")
    def _present(self, proposal: dict[str, Any]) -> int | None:
        return self._transcript.require(proposal["value"])

    @traitlets.validate("views")
    def _states(self, proposal: dict[str, Any]) -> dict[str, Any]:
        views = proposal["value"].items()
        return {str(name): State.of_json(state).as_json() for name, state in views}

    def _show(self, state: State) -> None:
        """Show a state; nothing changes if it asks for what is not there."""
        self._controls.require(state.filters)
        self.selected = state.selected
        self._is_moving = True
        try:
            self.filters = state.filters
            self.sort, self.descending = state.sort, state.descending
            self.tab = state.tab
        finally:
            self._is_moving = False
        self.page = state.page
        self._note()

    def _link(self) -> None:
        """Tie each part of the state to the part of the view that shows it, both ways."""
        as_text = (
            (lambda chosen: "" if chosen is None else str(chosen)),
            (lambda text: int(text) if text else None),
        )
        traitlets.link((self._controls, "filters"), (self, "filters"))
        traitlets.link((self._transcript, "reveal"), (self, "reveal"))
        traitlets.link((self._transcript, "selected"), (self, "selected"))
        traitlets.link((self._transcript, "selected"), (self._table, "selected"), as_text)
        traitlets.link((self._breakdown, "tab"), (self, "tab"))
        for name in ("sort", "descending", "page"):
            traitlets.link((self._table, name), (self, name))
        self.observe(self._redraw, "filters")
        self.observe(self._place, ["filters", "selected"])
        self.observe(self._note, ["filters", "sort", "descending"])
        self.observe(self._draw_bar, "views")

    def _place(self, _change: object) -> None:
        """Tell the transcript whether what it shows is among what is shown."""
        self._transcript.is_outside = self.selected is not None and not self._selection.holds(
            self.selected
        )

    def _pick(self, picked: tuple[Pick, ...]) -> None:
        self.filters = replace(self.filters, picked=picked)

    def _choose(self, name: str, value: Any) -> None:
        """Filter by what was clicked beside the chart, or no longer if it is what is on."""
        asked: dict[str, Any] = {name: None if getattr(self.filters, name) == value else value}
        self.filters = replace(self.filters, **asked)

    def _redraw(self, change: dict[str, Any]) -> None:
        """What was picked in the chart is drawn there by itself; all else needs another chart."""
        old, new = change["old"], change["new"]
        self._selection = Selection(self._facts, self.filters)
        self._draw_table()
        if replace(old, picked=()) != replace(new, picked=()) or not self._chart.shows(new.picked):
            self._chart.show(self._selection)
        self._controls.show(self._selection)
        self._breakdown.show(self._selection, self._controls.counts)

    def _note(self, _change: object = None) -> None:
        if not self._is_moving:
            self._history.note(self._state)
            self._draw_bar()

    def _draw_table(self) -> None:
        shown = self._selection
        self._table.show(shown, summary=summary(shown), advice=advice(shown))

    def _draw_bar(self, _change: object = None) -> None:
        labels = self._controls.labels(self.filters)
        counts = self._selection.without_each() if labels else {}
        with self._bar.hold_sync():
            self._bar.chips = [
                {"name": name, "text": text, "without": counts[name]}
                for name, text in labels.items()
            ]
            self._bar.can_undo = len(self._history) > 0
            self._bar.views = list(self.views)
            self._bar.code = self.code
