"""What is on show by playbook, by tag and by status, beside the chart: a click on a bar filters."""

from __future__ import annotations

from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.charts.kit.theme import STATUS_COLORS

from ..asked.filters import Absence
from ..asked.state import TABS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    import polars as pl

    from ..asked.choices import Counts
    from ..asked.selection import Selection
    from .stays import Stays

__all__ = ["Breakdown"]

_TITLES = {"playbook": "Playbooks", "tag": "Tags", "status": "Time in status"}
_HERE = Path(__file__).parent
_MOST = 5  # bars; rarer values stand in the filter of the same name
_WORKING = "Reading the history of every conversation, once …"
_TICKS = {"1 s": 1, "1 min": 60, "1 h": 3_600, "1 d": 86_400, "1 w": 604_800, "1 y": 31_536_000}
_ROOM = 94.0  # per cent of the width that lengths take; an arrow stands behind them


class Breakdown(anywidget.AnyWidget):
    """Bars for the values of one filter, or the time in each status; texts only.

    Bars count what would be left if that value were chosen, all other filters as they are.
    """

    _esm = _HERE / "breakdown.js"
    _css = _HERE / "breakdown.css"

    tab = traitlets.Enum(TABS, TABS[0]).tag(sync=True)
    titles = traitlets.Dict(_TITLES).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    ticks = traitlets.List(traitlets.Dict()).tag(sync=True)
    about = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        stays: Stays,
        names: Mapping[str, Callable[[Any], str]],
        on_choose: Callable[[str, Any], None],
    ) -> None:
        """`names` tells how values are called; `on_choose` hears of the filter and the value."""
        self._stays = stays
        self._names = names
        self._on_choose = on_choose
        self._values: list[Any] = []
        self._selection: Selection | None = None
        self._counts: Mapping[str, Counts] = {}
        super().__init__()
        self.on_msg(self._choose)

    def show(self, selection: Selection, counts: Mapping[str, Counts]) -> None:
        """Show what is selected; `counts` has what each value of each filter would leave."""
        self._selection, self._counts = selection, counts
        self._draw()

    @traitlets.observe("tab")
    def _draw(self, _change: object = None) -> None:
        if self._selection is None:
            return
        if self.tab == "status":
            self._draw_times(self._selection)
        else:
            self._draw_counts(self._selection)

    def _draw_counts(self, selection: Selection) -> None:
        counts = {value: n for value, n in self._counts[self.tab].items() if n}
        chosen = getattr(selection.filters, self.tab)
        on = chosen if isinstance(chosen, tuple) else (chosen,)
        known = [value for value in counts if not isinstance(value, Absence)]
        first = known[:_MOST] + [value for value in known[_MOST:] if value in on]
        self._values = first + [value for value in counts if isinstance(value, Absence)]
        most = max(counts.values(), default=1)
        rest = len(known) - len(first)
        with self.hold_sync():
            self.about = f"Conversations by {self.tab}. Click one to filter by it."
            self.note = f"and {rest:,} more in the filter above" if rest else ""
            self.ticks = []
            self.rows = [
                {
                    "name": self._names[self.tab](value),
                    "said": f"{counts[value]:,}",
                    "length": 100 * counts[value] / most,
                    "is_on": value in on,
                    "is_apart": isinstance(value, Absence),
                }
                for value in self._values
            ]
            if not self.rows:
                self.note = "Nothing to count: no conversation fits the other filters."

    def _draw_times(self, selection: Selection) -> None:
        self._values, self.rows, self.ticks = [], [], []
        self.about, self.note = "Time in each status: the median, and the middle 80 %.", _WORKING
        found, step = self._stays.of(selection)
        thinned = f"One stay in {step:,} was looked at." if step > 1 else ""
        with self.hold_sync():
            self.rows, self.ticks = _times(found)
            self.note = thinned if self.rows else "No conversation fits all filters."

    def _choose(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        number = message.get("choose")
        if isinstance(number, int) and 0 <= number < len(self._values):
            self._on_choose(self.tab, self._values[number])


def _times(found: pl.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return where dot and line of each status stand, and the ticks below, in per cent."""
    rows = found.to_dicts()
    known = [row[name] for row in rows for name in ("p10", "p50", "p90") if row[name] is not None]
    ends = [_log(length.total_seconds()) for length in known] or [0.0]
    low, width = min(ends), max(max(ends) - min(ends), 1e-9)

    def place(length: timedelta | None) -> float | None:
        return None if length is None else _ROOM * (_log(length.total_seconds()) - low) / width

    told = [
        {
            "name": row["status"].replace("_", " "),
            "said": "not reached" if row["p50"] is None else human_duration(row["p50"]),
            "about": _about(row),
            "color": STATUS_COLORS[row["status"]],
            "from": place(row["p10"]),
            "at": place(row["p50"]),
            "to": place(row["p90"]),
        }
        for row in rows
    ]
    places = {text: _ROOM * (_log(seconds) - low) / width for text, seconds in _TICKS.items()}
    return told, [{"text": t, "at": at} for t, at in places.items() if 0 <= at <= _ROOM]


def _about(row: dict[str, Any]) -> str:
    low, high = (
        "not reached" if row[name] is None else human_duration(row[name]) for name in ("p10", "p90")
    )
    return f"{row['n']:,} conversations, {row['n_censored']:,} still in it; {low} to {high}"


def _log(seconds: float) -> float:
    return log10(max(1.0, seconds))
