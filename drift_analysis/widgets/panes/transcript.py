"""The pane that shows one conversation, message by message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from drift_analysis.charts.kit.theme import AUTHOR_COLORS, STATUS_COLORS
from drift_analysis.errors import InputError
from drift_analysis.metrics import status_intervals
from drift_analysis.schemas import Conversations, Messages, StatusEvents, Users

from ..asked.names import playbook_names
from .bubbles import bubbles, facts, user_names
from .stretches import log_start, stretches

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Dataset


__all__ = ["MOST_MESSAGES", "Transcript"]

MOST_MESSAGES = 500
"""More messages of one conversation are not sent to the browser; the last ones are."""

_HERE = Path(__file__).parent
_INVITATION = "Choose a conversation to read it here."


class Transcript(anywidget.AnyWidget):
    """One conversation: what is in the synced traits is in the browser, and nothing else is.

    Bodies are hostile: every text is set as text in the browser, never as markup.
    """

    _esm = _HERE / "transcript.js"
    _css = _HERE / "transcript.css"

    selected = traitlets.Int(None, allow_none=True)
    is_outside = traitlets.Bool(default_value=False)
    reveal = traitlets.Bool(default_value=False).tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)
    history = traitlets.List(traitlets.Dict()).tag(sync=True)
    bubbles = traitlets.List(traitlets.Dict()).tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    zone = traitlets.Unicode("UTC").tag(sync=True)
    colors = traitlets.Dict(AUTHOR_COLORS).tag(sync=True)
    status_colors = traitlets.Dict(STATUS_COLORS).tag(sync=True)

    def __init__(
        self, dataset: Dataset[Any], conversations: pl.DataFrame, *, tz: str, reveal: bool
    ) -> None:
        self._conversations = conversations
        self._messages: pl.LazyFrame = Messages.require(dataset.messages).lazy()
        self._playbooks = playbook_names(dataset.playbooks)
        self._events: pl.LazyFrame = StatusEvents.require(dataset.status_events).lazy()
        self._as_of = dataset.as_of
        self._log_start = log_start(self._events)
        self._users = user_names(Users.require(dataset.users).lazy().collect())
        super().__init__(zone=tz, reveal=reveal, note=_INVITATION)

    @property
    def messages(self) -> pl.DataFrame:
        """The messages of the selected conversation, as a `Messages` table with nothing hidden."""
        m = Messages
        chosen = self._messages.filter(m.conversation_id.col == (self.selected or 0))
        return chosen.sort(m.created_at.name, m.message_id.name).collect()

    def require(self, chosen: int | None) -> int | None:
        """Check that there is such a conversation, and hand its id on.

        Raises
        ------
        InputError
            If there is none.
        """
        if chosen is not None and self._conversation(chosen).is_empty():
            what = f"selected={chosen} is not in this data set."
            name = Conversations.conversation_id.name
            raise InputError.of(what, "", f"an id of explorer.frame[{name!r}], or None.")
        return chosen

    @traitlets.validate("selected")
    def _existing(self, proposal: dict[str, Any]) -> int | None:
        return self.require(proposal["value"])

    @traitlets.observe("selected", "reveal", "is_outside")
    def _draw(self, _change: object = None) -> None:
        if self.selected is None:
            self.facts, self.history, self.bubbles, self.note = {}, [], [], _INVITATION
            return
        found = self.messages
        chosen = self._conversation(self.selected)
        with self.hold_sync():
            self.facts = facts(chosen, self._playbooks, tz=self.zone)
            self.history = self._stretches(chosen, found)
            self.bubbles = bubbles(
                found.tail(MOST_MESSAGES), self._users, tz=self.zone, reveal=self.reveal
            )
            self.note = _note(found.height, is_outside=self.is_outside)

    def _stretches(self, chosen: pl.DataFrame, found: pl.DataFrame) -> list[dict[str, str]]:
        """Return the stretches of its life, each with what it rests on."""
        if self._as_of is None:
            return []
        events = self._events.filter(StatusEvents.conversation_id.col == self.selected).collect()
        intervals = status_intervals(
            chosen,
            messages=found,
            status_events=events,
            as_of=self._as_of,
            log_start=self._log_start,
        )
        return stretches(intervals, tz=self.zone)

    def _conversation(self, conversation_id: int) -> pl.DataFrame:
        wanted = Conversations.conversation_id.col == conversation_id
        return self._conversations.filter(wanted)


def _note(n: int, *, is_outside: bool) -> str:
    notes = ["This conversation does not fit the filters."] if is_outside else []
    if n == 0:
        notes.append("No messages of this conversation were loaded.")
    if n > MOST_MESSAGES:
        notes.append(f"Only the last {MOST_MESSAGES:,} of {n:,} messages are shown.")
    return " ".join(notes)
