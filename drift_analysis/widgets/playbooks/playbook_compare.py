"""Two playbooks, or a playbook and the rest, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from drift_analysis.charts.kit.format import zone

from ..panel.panel import Panel
from ..panel.panel_sheet import Sheet
from .playbook_chart import playbook_chart
from .playbook_code import comparison_code
from .playbook_controls import PlaybookControls
from .playbook_curves import Curves
from .playbook_facts import PlaybookFacts
from .playbook_found import Found
from .playbook_ids import SideIds
from .playbook_panes import curves_shown, rates_shown, tags_shown, words_shown
from .playbook_state import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from drift_analysis.charts.kit.frame import Picture
    from drift_analysis.schemas import Dataset

    from .playbook_rates import Against

__all__ = ["PlaybookCompare"]


class PlaybookCompare(SideIds, Panel):
    """Compare what came of a playbook's conversations with another playbook's, or with the rest.

    Rates stand side by side with their intervals and the interval of their difference; then how
    long it took until a human answered and until it was closed, and which tags are on which.
    Conversations of which the playbook is unknown are on neither side, and never count as none.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` or `drift_analysis.scan_archive` returns.
    first
        The id of a playbook; the one that started most conversations if not given.
    second
        What it is compared with: ``"rest"`` (all other playbooks and none), ``"none"`` (those
        without a playbook), or the id of another playbook.
    state
        What the ``state`` of such a view was, in place of the two.
    views
        Views that were saved before: a state for each name.
    tz
        The time zone in which days begin, as an IANA name.
    reveal
        Whether saved rows hold e-mail addresses, telephone and network numbers.

    Attributes
    ----------
    asked
        The `Comparison` that is on show; set another one, or use ``change``.
    views
        The saved views: a state for each name.

    Raises
    ------
    SchemaError
        If a table of the data set does not keep its promise.
    InputError
        If there is no such playbook, inbox or time zone, or a playbook is compared with itself.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import PlaybookCompare
    >>> compare = PlaybookCompare(load("data/sample"), second="none")
    >>> compare.frame["outcome"].to_list()[:3]
    ['engaged', 'human_handled', 'emails_captured']
    >>> compare.state["second"]
    'none'
    """

    def __init__(
        self,
        dataset: Dataset[Any],
        *,
        first: int | None = None,
        second: Against = "rest",
        state: Mapping[str, Any] | None = None,
        views: Mapping[str, Mapping[str, Any]] | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._tz, self._as_of = tz, dataset.as_of
        self._facts = PlaybookFacts(dataset, tz)
        self._controls = PlaybookControls(self._facts, self.change)
        frequent = self._controls.most_frequent
        start = Comparison(first=frequent if first is None else first, second=second)
        self._found = Found(self._facts, start)
        self._rates, self._curves, self._tags = Sheet(), Curves(), Sheet()
        reset = ipywidgets.Button(description="Reset", tooltip="Show what was on show at first")
        reset.on_click(lambda _: self.reset())
        self._controls.require(start)
        super().__init__(
            [*self._controls.fields.values(), reset],
            [self._rates, self._curves, self._tags],
            first=start,
            state=state,
            views=views,
            name="playbook-compare",
            reveal=reveal,
        )
        self._rates.observe(self._choose, "selected")

    @property
    def frame(self) -> pl.DataFrame:
        """What came of both sides, as a `PlaybookComparison` table: one row per outcome."""
        return self._found.frame

    @property
    def curves(self) -> pl.DataFrame:
        """How many are not there yet: ``what``, ``side``, then a `SurvivalCurve` table."""
        return self._found.curves

    @property
    def tags(self) -> pl.DataFrame:
        """Which tags are on which side, as a `PlaybookTags` table."""
        return self._found.tags

    @property
    def chart(self) -> Picture:
        """The picture of the comparison, to hand on."""
        found = self._found
        return playbook_chart(
            found.frame,
            found.curves,
            as_of=self._as_of,
            names=found.names,
            tz=self._tz,
            notes=self._notes(),
        )

    @property
    def code(self) -> str:
        """The code that makes ``frame`` and ``chart`` from ``dataset``, without the view."""
        loaded = [name for name, table in self._facts.tables.items() if table is not None]
        return comparison_code(
            self.asked,
            names=self._found.names,
            loaded=loaded,
            tz=self._tz,
            notes=self._notes(),
        )

    def _require(self, asked: Comparison) -> Comparison:
        return self._controls.require(asked)

    def _step(self, asked: Comparison) -> Comparison:
        return replace(asked, outcome=self._first.outcome)

    def _redraw(self) -> None:
        asked: Comparison = self.asked
        self._controls.show(asked)
        if replace(asked, outcome=self._found.asked.outcome) != self._found.asked:
            self._found = Found(self._facts, asked)
        self._found.asked = asked
        found = self._found
        self._head.show([], [], words_shown(found.frame, found.names, asked.outcome))
        rates_shown(self._rates, found.frame, found.names)
        self._rates.selected = self._chosen
        self._curves.panels = curves_shown(found.curves, found.names)
        tags_shown(self._tags, found.tags, found.names)

    @property
    def _chosen(self) -> str:
        outcome: str = self.asked.outcome
        return outcome if self.frame.height else ""

    def _choose(self, change: dict[str, Any]) -> None:
        """Look at an outcome more closely; at the first one if none is chosen."""
        if change["new"] != self._chosen:
            self.change(outcome=change["new"] or self._first.outcome)
            self._rates.selected = self._chosen

    def _filters(self) -> dict[str, str]:
        asked = self.asked
        said = {
            "start": f"from {asked.start}",
            "end": f"to {asked.end}",
            "inbox": f"inbox: {asked.inbox}",
        }
        return {name: said[name] for name in said if getattr(asked, name) is not None}

    def _chips(self) -> list[dict[str, Any]]:
        chips = []
        for name, text in self._filters().items():
            without = Found(self._facts, replace(self.asked, **{name: None}))
            chips.append({"name": name, "text": text, "without": without.height})
        return chips

    def _notes(self) -> list[str]:
        on = "; ".join(self._filters().values())
        days = f"Days are those of {self._tz}."
        return [f"Conversations {on}. {days}" if on else "No filter is on."]
