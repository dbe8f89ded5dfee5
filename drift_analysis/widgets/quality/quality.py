"""What a data set can say, what is missing or implausible in it, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import polars as pl

from drift_analysis.charts.completeness import completeness
from drift_analysis.charts.kit.format import plural, zone
from drift_analysis.charts.kit.frame import Words, calm
from drift_analysis.charts.kit.words import spoken
from drift_analysis.errors import InputError
from drift_analysis.schemas.audit import METRICS

from ..panel.panel import Panel
from ..panel.panel_sheet import Sheet
from ..panes.picture import PicturePane
from ..tags.tag_masking import shown_names
from .quality_advice import advice_of
from .quality_asked import LEAST, VIEWS, QualityAsked
from .quality_rows import MOST_ROWS, listed, places, plain
from .quality_tables import QualityTables, code_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drift_analysis.charts.kit.frame import Picture
    from drift_analysis.schemas import Dataset

__all__ = ["QualityPanel"]

_NOTHING = {
    "metrics": "There is no such metric.",
    "findings": "The audit found nothing of this kind.",
    "rejects": "Everything was read.",
    "issues": "Nothing was noticed while reading.",
}
_KEYS = {"metrics": "metric", "rejects": "reason"}
_NO_DATA = "This data set holds no conversations."


class QualityPanel(Panel):
    """See what each metric can say on a data set, and open what is behind every gap.

    It tells what was not read and where, what was noticed while reading, what the audit found, and
    for how many conversations each metric can be computed. A click on a row shows the
    conversations or the places behind it, and what to do. It never shows what a record holds.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` or `drift_analysis.scan_archive` returns.
    state
        What the ``state`` of a quality panel was, to be shown at once.
    views
        Views that were saved before: a state for each name.
    tz
        The time zone of the moments in the picture, as an IANA name.
    reveal
        Whether addresses in names of files are shown.

    Attributes
    ----------
    asked
        All that is on show follows from it; ``change(view="findings")`` and the like set it.
    views, reveal
        As above.

    Raises
    ------
    SchemaError
        If a table of the data set does not keep its promise.
    InputError
        If there is no such time zone, or the state is none.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import QualityPanel
    >>> panel = QualityPanel(load("data/sample"))
    >>> panel.change(view="findings", row="list_only")
    >>> panel.ids.len()
    4
    """

    def __init__(
        self,
        dataset: Dataset[Any],
        *,
        state: Mapping[str, Any] | None = None,
        views: Mapping[str, Mapping[str, Any]] | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._tz, self._as_of, self._is_following = tz, dataset.as_of, False
        self._tables = QualityTables(dataset)
        metrics = [("All metrics", ""), *((spoken(each), each) for each in METRICS)]
        self._fields = {
            "view": ipywidgets.Dropdown(description="Show", options=_options(VIEWS)),
            "severity": ipywidgets.Dropdown(description="Severity", options=_options(LEAST)),
            "metric": ipywidgets.Dropdown(description="Metric", options=metrics),
        }
        for name, field in self._fields.items():
            field.observe(lambda change, name=name: self._take(name, change["new"]), "value")
        button = ipywidgets.Button(description="Reset", tooltip="Show what was on show at first")
        button.on_click(lambda _: self.reset())
        self._sheet, self._behind, self._picture = Sheet(), Sheet(), PicturePane()
        super().__init__(
            [*self._fields.values(), button],
            [self._sheet, self._behind, self._picture],
            first=QualityAsked(),
            state=state,
            views=views,
            name="quality-panel",
            reveal=reveal,
        )
        self._sheet.observe(self._choose, "selected")
        self.observe(self._redraw, "reveal")

    @property
    def frame(self) -> pl.DataFrame:
        """The table on show; of what was not read or noticed, the records of the chosen row."""
        return self._tables.frame(self.asked)

    @property
    def chart(self) -> Picture:
        """The picture of how many conversations each metric can be computed for."""
        if self._as_of is None:
            words = Words("No conversations", "", (), f"No picture: {_NO_DATA}")
            return calm(_NO_DATA, words, "full")
        return completeness(self._tables.coverage, as_of=self._as_of, tz=self._tz)

    @property
    def ids(self) -> pl.Series:
        """The conversations behind the chosen row: of a metric, those that lack what it needs."""
        return self._tables.ids(self.asked)

    @property
    def code(self) -> str:
        """The code that makes ``frame``, ``chart`` and ``ids`` from ``dataset``."""
        return code_of(self.asked, tz=self._tz, is_dated=self._as_of is not None)

    def _require(self, asked: QualityAsked) -> QualityAsked:
        choices = {"view": VIEWS, "severity": LEAST, "metric": (None, *METRICS)}
        for name, offered in choices.items():
            if getattr(asked, name) not in offered:
                raise InputError.unknown_choice(name, getattr(asked, name), map(str, offered))
        there = self._tables.listed(asked)[_KEYS.get(asked.view, "code")].cast(pl.String)
        if asked.row is None or asked.row in there:
            return asked
        if self.asked is not None and asked.row == self.asked.row:
            return replace(asked, row=None)  # another choice has left it out
        what = f"There is no such row among {len(set(there))} rows."
        raise InputError.of(what, "", f"row=None, or a value of frame[{there.name!r}].")

    def _redraw(self, _change: object = None) -> None:
        asked = self.asked
        shown = plain(self._tables.listed(asked), reveal=self.reveal)
        columns, rows = listed(asked.view, shown)
        note = "Choose a row to see what is behind it." if rows else _NOTHING[asked.view]
        self._is_following = True
        try:
            for name, field in self._fields.items():
                field.value = getattr(asked, name) or ""
            self._fields["severity"].disabled = asked.view not in ("findings", "issues")
            self._fields["metric"].disabled = asked.view not in ("findings", "metrics")
            self._sheet.show(columns, rows, heading=VIEWS[asked.view], note=note)
            self._sheet.selected = asked.row or ""
        finally:
            self._is_following = False
        self._head.say(self._summary())
        self._show_behind()
        self._picture.show(lambda: self.chart, "completeness")

    def _show_behind(self) -> None:
        """Show the conversations or places behind the chosen row, and what to do."""
        asked = self.asked
        self._behind.layout.display = "none" if asked.row is None else ""
        if asked.row is None:
            return
        said = shown_names([asked.row], reveal=self.reveal)[asked.row]
        heading, todo = f"Behind: {spoken(said)}", advice_of(asked.view, asked.row)
        frame = self._tables.unread(asked.row) if asked.view in ("findings", "rejects") else None
        if frame is not None:
            columns, rows = places(plain(frame, reveal=self.reveal))
            told, n = f"{plural(frame.height, 'record')} not read.", frame.height
        else:
            ids = self.ids
            columns = [{"title": "Conversation", "kind": "text"}]
            rows = [{"key": "", "cells": [str(each)]} for each in ids.head(MOST_ROWS)]
            lacks = "without what it needs" if asked.view == "metrics" else "behind it"
            told, n = f"{plural(ids.len(), 'conversation')} {lacks}.", ids.len()
        note = f"The first {MOST_ROWS:,} of {n:,}; all are in .frame and .ids." * (n > MOST_ROWS)
        self._behind.show(columns, rows, [told, todo], heading=heading, note=note)

    def _summary(self) -> str:
        coverage, whole = self._tables.coverage, self._tables.whole
        possible = int(coverage["possible"].sum())
        grave = whole("findings").filter(pl.col("severity") == "error").height
        return (
            f"{possible} of {coverage.height} metrics can be computed. "
            f"{plural(whole('findings').height, 'finding')}, {plural(grave, 'error')} among them. "
            f"{plural(whole('rejects').height, 'record')} not read."
        )

    def _choose(self, change: dict[str, Any]) -> None:
        if not self._is_following:
            self.change(row=change["new"] or None)

    def _take(self, name: str, value: str) -> None:
        if not self._is_following:
            self.change(**{name: value or None}, **({"row": None} if name == "view" else {}))


def _options(named: dict[str, str]) -> list[tuple[str, str]]:
    return [(said, value) for value, said in named.items()]
