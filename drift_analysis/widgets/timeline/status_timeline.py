"""Conversations over time: their statuses, what these rest on, and what was said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import polars as pl
import traitlets

from drift_analysis.charts import status_timeline
from drift_analysis.charts.kit.format import zone
from drift_analysis.charts.kit.frame import Words, calm
from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations

from ..panel.panel import Panel
from ..panel.panel_sheet import Sheet
from ..panes.transcript import Transcript
from .timeline_code import timeline_code
from .timeline_controls import TimelineControls
from .timeline_detail import detail_shown
from .timeline_lanes import Lanes, lanes_shown
from .timeline_lives import PAGE, Lives
from .timeline_state import Timeline
from .timeline_words import sample_told, subtitle_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from drift_analysis.charts.kit.frame import Picture
    from drift_analysis.schemas import Dataset

__all__ = ["StatusTimeline"]

_ID = Conversations.conversation_id.name


class StatusTimeline(Panel):
    """Look at the lives of conversations: one lane each, with its statuses over time.

    What is not certain is hatched, what goes on has an open arrow. Pointing at a stretch says
    what it rests on; a click on a lane shows all of its intervals, and the transcript, in which
    e-mail addresses, telephone and network numbers are hidden unless `reveal` is on.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` or `drift_analysis.scan_archive` returns.
    ids
        The conversations to choose from; all of them if not given. Of more than 200 a sample is
        drawn, the same one each time.
    state
        What the ``state`` of such a view was, in place of `ids`.
    views
        Views that were saved before: a state for each name.
    tz
        The time zone in which moments are written, as an IANA name.
    reveal
        Whether transcripts hold e-mail addresses, telephone and network numbers.

    Attributes
    ----------
    asked
        The `Timeline` that is on show; set another one, or use ``change``.
    views
        The saved views: a state for each name.
    reveal
        As above.

    Raises
    ------
    SchemaError
        If a table of the data set does not keep its promise.
    InputError
        If there is no such conversation or time zone.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import StatusTimeline
    >>> timeline = StatusTimeline(load("data/sample"))
    >>> timeline.change(sort="waiting")
    >>> timeline.ids.len()
    200
    """

    def __init__(
        self,
        dataset: Dataset[Any],
        ids: Iterable[int] | pl.Series | None = None,
        *,
        state: Mapping[str, Any] | None = None,
        views: Mapping[str, Mapping[str, Any]] | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._dataset, self._tz = dataset, tz
        conversations: pl.DataFrame = Conversations.require(dataset.conversations).lazy().collect()
        self._all = conversations[_ID]
        asked = None if ids is None else tuple(int(one) for one in ids)
        first = Timeline(ids=asked, conversation=asked[0] if asked and len(asked) == 1 else None)
        self._lives = Lives(dataset, first)
        self._ids = pl.Series(_ID, [], pl.Int64)
        self._controls = TimelineControls(self.change)
        self._lanes, self._detail = Lanes(zone=tz), Sheet()
        self._transcript = Transcript(dataset, conversations, tz=tz, reveal=reveal)
        reset = ipywidgets.Button(description="Reset", tooltip="Show what was on show at first")
        reset.on_click(lambda _: self.reset())
        panes = ipywidgets.Box([self._detail, self._transcript])
        panes.add_class("drift-panes")
        super().__init__(
            [*self._controls.fields, reset],
            [self._lanes, panes],
            first=first,
            state=state,
            views=views,
            name="status-timeline",
            reveal=reveal,
        )
        self.add_class("drift-plain")
        traitlets.link((self._transcript, "reveal"), (self, "reveal"))
        self._lanes.observe(self._turn, "page")
        self._lanes.observe(self._open, "selected")

    @property
    def frame(self) -> pl.DataFrame:
        """The lives on show, those of all pages, as a `StatusIntervals` table."""
        return self._lives.intervals

    @property
    def order(self) -> pl.DataFrame:
        """The conversations in order, and by what they are sorted, as `timeline_order` has it."""
        return self._lives.order(self.asked.sort)

    @property
    def ids(self) -> pl.Series:
        """The ids of the conversations on show, those of all pages, in order."""
        return self._ids

    @property
    def messages(self) -> pl.DataFrame:
        """The messages of the one that is read, as a `Messages` table with nothing hidden."""
        return self._transcript.messages

    @property
    def chart(self) -> Picture:
        """The picture of the page that is on show, to hand on."""
        shown = pl.col(_ID).is_in(self._page_ids.implode())
        as_of = self._dataset.as_of
        if as_of is None:
            words = Words("No conversations", "", (), "No picture: there are no conversations.")
            return calm("No conversations to draw.", words, "full")
        return status_timeline(
            self.frame.filter(shown),
            messages=self._lives.messages.filter(shown),
            as_of=as_of,
            tz=self._tz,
            subtitle=self._subtitle,
        )

    @property
    def code(self) -> str:
        """The code that makes ``frame``, ``ids`` and ``chart`` from ``dataset``, without it."""
        is_empty = self._dataset.as_of is None
        return timeline_code(self.asked, tz=self._tz, subtitle=self._subtitle, is_empty=is_empty)

    @property
    def _page_ids(self) -> pl.Series:
        return self._ids.slice((self.asked.page - 1) * PAGE, PAGE)

    @property
    def _pages(self) -> int:
        return max(1, -(-self._ids.len() // PAGE))

    @property
    def _subtitle(self) -> str:
        return subtitle_told(self.asked, self._ids.len(), self._pages, self._n_all)

    @property
    def _n_all(self) -> int:
        return self._all.len() if self.asked.ids is None else len(set(self.asked.ids))

    def _require(self, asked: Timeline) -> Timeline:
        for one in (asked.conversation, *(asked.ids or ())):
            if one is not None and not (self._all == one).any():
                what = f"conversation={one} is not in this data set."
                raise InputError.of(what, "", f"an id of its conversations[{_ID!r}].")
        if asked.sample < 1 or asked.page < 1:
            what = f"sample={asked.sample} and page={asked.page} have to be 1 or more."
            raise InputError.of(what, "", "sample=200, page=1.")
        n = min(asked.sample, self._all.len() if asked.ids is None else len(set(asked.ids)))
        return replace(asked, page=min(asked.page, max(1, -(-n // PAGE))))

    def _step(self, asked: Timeline) -> Timeline:
        return replace(asked, page=1, conversation=None)

    def _redraw(self) -> None:
        asked: Timeline = self.asked
        old = self._lives.asked
        if (asked.ids, asked.sample, asked.seed) != (old.ids, old.sample, old.seed):
            self._lives = Lives(self._dataset, asked)
        self._ids = self.order[_ID]
        self._controls.show(asked)
        self._head.say(*sample_told(self.order, asked, self._n_all, as_of=self._dataset.as_of))
        self._draw_lanes()
        self._transcript.selected = asked.conversation
        life = self.frame.filter(pl.col(_ID) == (asked.conversation or 0))
        if life.is_empty() and asked.conversation is not None:
            alone = Lives(self._dataset, Timeline(ids=(asked.conversation,)))
            life = alone.intervals
        detail_shown(self._detail, life, tz=self._tz)

    def _draw_lanes(self) -> None:
        as_of = self._dataset.as_of
        page = self._page_ids.to_list() if as_of is not None else []
        with self._lanes.hold_sync():
            if as_of is not None:
                shown = lanes_shown(
                    self.frame, self._lives.messages, page, as_of=as_of, tz=self._tz
                )
                self._lanes.lanes, self._lanes.ticks = shown["lanes"], shown["ticks"]
            self._lanes.pages, self._lanes.page = self._pages, self.asked.page
            chosen = self.asked.conversation
            self._lanes.selected = "" if chosen is None else str(chosen)

    def _turn(self, change: dict[str, Any]) -> None:
        self.change(page=change["new"])

    def _open(self, change: dict[str, Any]) -> None:
        self.change(conversation=int(change["new"]) if change["new"] else None)
