"""The one live chart of an explorer, which works without a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from altair import JupyterChart

from .arrivals import linked_chart, picks
from .periods import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..asked.filters import Pick
    from ..asked.selection import Selection

__all__ = ["LinkedChart"]

JupyterChart.enable_offline(True)  # noqa: FBT003  # before the class below takes the script over


class LinkedChart(JupyterChart):
    """When conversations started, in the browser; tells when bars or a stretch of time are picked.

    Altair's widget carries 0.9 MB of script, so one is kept, and other charts are put into it.
    """

    _css = (Path(__file__).parent / "explorer.css").read_text("utf-8")

    def __init__(self, on_pick: Callable[[tuple[Pick, ...]], None]) -> None:
        self._on_pick = on_pick
        self._span: Span | None = None
        self._drawn = 0
        self._told: tuple[Pick, ...] = ()
        options = {"actions": False, "renderer": "svg"}
        super().__init__(None, debounce_wait=40, embed_options=options)  # type: ignore[arg-type]
        self.add_class("drift-chart")

    def show(self, selection: Selection) -> None:
        """Draw what is selected, and what is not picked as well; no chart if that is nothing."""
        self._told = selection.filters.picked
        started = selection.rows("picked").select("day", "status").collect()
        unpicked = replace(selection.filters, picked=())
        self._span = Span.of(selection.facts.table, unpicked)
        self._drawn += 1
        if self._span is None or started.is_empty():
            self.chart = None
            return
        picked, tz = selection.filters.picked, selection.facts.tz
        self.chart = linked_chart(started, self._span, picked, tz=tz, drawn=self._drawn)
        self.selections.observe(self._tell, ["bars", "brush"])

    def shows(self, picked: tuple[Pick, ...]) -> bool:
        """Tell whether it is this that is picked in the chart as it is in the browser."""
        return picked == self._told

    def _tell(self, _change: object) -> None:
        told = self.selections.trait_values()
        if self._span is None:
            return
        picked = picks(told["bars"].value, told["brush"].value, self._span, drawn=self._drawn)
        if picked is not None:
            self._told = picked
            self._on_pick(picked)
