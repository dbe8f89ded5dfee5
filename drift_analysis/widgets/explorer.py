"""Look around in a data set: filters, a chart and a table that belong together, a transcript."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.charts.format import zone
from drift_analysis.schemas import Conversations

from .arrivals import arrivals_picture, linked_chart, picks
from .choices import playbook_names
from .controls import Controls
from .filters import Filters, holds, narrow
from .linked import LinkedChart
from .periods import Span
from .table import ConversationTable
from .transcript import Transcript
from .wording import advice, picture_words, summary

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.charts.frame import Picture
    from drift_analysis.schemas import Dataset

__all__ = ["Explorer"]


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Filter conversations, pick some in a chart, and read one.

    Filtering happens in Python; the browser is sent one page of the table, and one transcript.
    Texts are shown as they are and never as markup; in transcripts e-mail addresses, telephone
    and network numbers are hidden unless `reveal` is on.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` returns.
    filters
        What is shown at first.
    tz
        The time zone in which days begin and moments are written, as an IANA name.
    reveal
        Whether transcripts show e-mail addresses, telephone and network numbers.

    Attributes
    ----------
    filters
        The `Filters` that are on; set them to change what is shown.
    page
        The page of the table that is on show, from 1.
    selected
        The id of the conversation whose transcript is on show; None if there is none.
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
    """

    filters = traitlets.Instance(Filters, ())
    page = traitlets.Int(1)
    selected = traitlets.Int(None, allow_none=True)
    reveal = traitlets.Bool(default_value=False)

    def __init__(
        self,
        dataset: Dataset[Any],
        *,
        filters: Filters | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._tz = tz
        self._as_of = dataset.as_of
        self._span: Span | None = None
        self._drawn = 0
        conversations = Conversations.require(dataset.conversations)
        self._conversations: pl.DataFrame = conversations.lazy().collect()
        playbooks = playbook_names(dataset.playbooks)
        self._controls = Controls(self._conversations, playbooks)
        self._chart = LinkedChart(self._pick)
        self._table = ConversationTable(playbooks, tz=tz)
        self._transcript = Transcript(dataset, tz=tz, reveal=reveal)
        panes = ipywidgets.Box([self._table, self._transcript])
        panes.add_class("drift-panes")
        super().__init__([self._controls, self._chart, panes])
        self.add_class("drift-explorer")
        self._link()
        self._draw_chart()
        self._draw_table()
        self.filters = filters or Filters()

    @traitlets.validate("filters")
    def _occurring(self, proposal: dict[str, Any]) -> Filters:
        return self._controls.require(proposal["value"])

    @traitlets.validate("page")
    def _existing(self, proposal: dict[str, Any]) -> int:
        return min(max(1, int(proposal["value"])), int(self._table.pages))

    @property
    def frame(self) -> pl.DataFrame:
        """The conversations on show, those of all pages, as a `Conversations` table."""
        return narrow(self._conversations, self.filters, tz=self._tz)

    @property
    def messages(self) -> pl.DataFrame:
        """The messages of the selected conversation, as a `Messages` table with nothing hidden."""
        return self._transcript.messages

    @property
    def chart(self) -> Picture:
        """The picture of the conversations on show, to hand on."""
        span = Span.of(self.frame, Filters(), tz=self._tz)
        words = picture_words(
            self._conversations,
            self.filters,
            span,
            self._controls.labels(),
            tz=self._tz,
            as_of=self._as_of,
        )
        return arrivals_picture(self.frame, span, words, tz=self._tz)

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
        traitlets.link((self._table, "page"), (self, "page"))
        self.observe(self._redraw, "filters")
        self.observe(self._place, ["filters", "selected"])

    def _place(self, _change: object) -> None:
        """Tell the transcript whether what it shows is among what is shown."""
        self._transcript.is_outside = self.selected is not None and not holds(
            self.frame, self.selected
        )

    def _pick(self, bars: list[dict[str, Any]], brush: dict[str, Any]) -> None:
        if self._span is None:
            return
        picked = picks(bars, brush, self._span, drawn=self._drawn)
        if picked is not None:
            self.filters = replace(self.filters, picked=picked)

    def _redraw(self, change: dict[str, Any]) -> None:
        """A pick is drawn by the chart itself; all else needs another chart."""
        if replace(change["old"], picked=()) != replace(change["new"], picked=()):
            self._draw_chart()
        self._draw_table()

    def _draw_chart(self) -> None:
        unpicked = replace(self.filters, picked=())
        shown = narrow(self._conversations, unpicked, tz=self._tz)
        self._span = Span.of(self._conversations, unpicked, tz=self._tz)
        self._drawn += 1
        if self._span is None or shown.is_empty():
            self._chart.clear()
        else:
            picked = self.filters.picked
            self._chart.show(
                linked_chart(shown, self._span, picked, tz=self._tz, drawn=self._drawn)
            )

    def _draw_table(self) -> None:
        asked = self._conversations, self.filters
        self._table.show(
            self.frame, summary=summary(*asked, tz=self._tz), advice=advice(*asked, tz=self._tz)
        )
