"""What is compared with what: the controls above a comparison of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations

from ..asked.choices import EVERYTHING, short
from .playbook_rates import SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from .playbook_facts import PlaybookFacts
    from .playbook_state import Comparison

__all__ = ["PlaybookControls"]

_OTHERS = {"rest": "The rest", "none": "No playbook"}


class PlaybookControls:
    """A control for each question, which tells what was chosen and never decides itself."""

    def __init__(self, facts: PlaybookFacts, change: Callable[..., None]) -> None:
        self._change = change
        self._is_following = False
        self._counts = _counted(facts.conversations, Conversations.playbook_id.name)
        self._inboxes = _counted(facts.conversations, Conversations.inbox_id.name)
        self._names = facts.names
        playbooks = [(self._label(one), one) for one in self._counts]
        others = [(said, name) for name, said in _OTHERS.items()]
        inboxes = [(f"Inbox {one} ({n:,})", one) for one, n in self._inboxes.items()]
        every: list[tuple[str, Any]] = [("All inboxes", EVERYTHING), *inboxes]
        self.fields: dict[str, Any] = {
            "first": ipywidgets.Dropdown(description="Playbook", options=playbooks),
            "second": ipywidgets.Dropdown(
                description="Compared with", options=[*others, *playbooks]
            ),
            "start": ipywidgets.DatePicker(description="From"),
            "end": ipywidgets.DatePicker(description="To"),
            "inbox": ipywidgets.Dropdown(description="Inbox", options=every),
        }
        for name, field in self.fields.items():
            field.observe(lambda change, name=name: self._take(name, change), "value")

    @property
    def most_frequent(self) -> int | None:
        """The playbook that started most conversations; None if there is none."""
        return next(iter(self._counts), None)

    def require(self, asked: Comparison) -> Comparison:
        """Check that what is compared occurs, and hand it on.

        Raises
        ------
        InputError
            If it does not.
        """
        playbooks = self._counts.keys()
        _require("first", asked.first, playbooks | ({None} if not playbooks else set()))
        _require("second", asked.second, (playbooks | _OTHERS.keys()) - {asked.first})
        _require("inbox", asked.inbox, self._inboxes.keys() | {None})
        if asked.outcome not in SHOWN:
            name = "outcome"
            raise InputError.unknown_choice(name, asked.outcome, SHOWN)
        return asked

    def show(self, asked: Comparison) -> None:
        """Show what is compared."""
        for name in self.fields:
            value = getattr(asked, name)
            self._put(name, EVERYTHING if name == "inbox" and value is None else value)

    def _take(self, name: str, change: dict[str, Any]) -> None:
        if self._is_following:
            return
        changes = {name: None if change["new"] == EVERYTHING else change["new"]}
        if {name, *changes.values()} >= {"first", self.fields["second"].value}:
            changes["second"] = change["old"]
        elif {name, *changes.values()} >= {"second", self.fields["first"].value}:
            others = [one for one in (change["old"], *self._counts) if one in self._counts]
            left = [one for one in others if one != change["new"]]
            if not left:  # there is one playbook only, and it cannot be compared with itself
                self._put("second", change["old"])
                return
            changes["first"] = left[0]
        self._change(**changes)

    def _put(self, name: str, value: Any) -> None:
        self._is_following = True
        try:
            self.fields[name].value = value
        finally:
            self._is_following = False

    def _label(self, playbook: int) -> str:
        name = self._names.get(playbook) or f"Playbook {playbook}"
        return f"{short(name)} ({self._counts[playbook]:,})"


def _counted(conversations: pl.DataFrame, column: str) -> dict[int, int]:
    counts = conversations.lazy().select(column).drop_nulls().group_by(column).len("n")
    return dict(counts.sort("n", column, descending=[True, False]).collect().iter_rows())


def _require(name: str, value: Any, choices: set[Any]) -> None:
    if value not in choices:
        what = f"{name}={value!r} cannot be compared here."
        there = f"There are {len(choices)} to choose from."
        raise InputError.of(what, there, f"one that occurs, or choose {name} in the view.")
