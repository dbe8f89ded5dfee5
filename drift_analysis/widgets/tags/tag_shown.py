"""How a tag explorer shows what is asked for, and what a click in it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import traitlets

from drift_analysis.charts.kit.format import plural
from drift_analysis.errors import DriftAnalysisError

from ..panel.panel_files import free_path
from .tag_asked import EVERY
from .tag_mapping import decision
from .tag_masking import shown_names
from .tag_rows import known_words, pair_rows, period_rows, spelling_rows, tag_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import ipywidgets

    from ..asked.facts import Facts
    from ..panel.panel_sheet import Sheet
    from ..panes.bar import Bar
    from ..panes.picture import PicturePane
    from ..panes.table import ConversationTable
    from ..panes.transcript import Transcript
    from .tag_asked import TagsAsked
    from .tag_controls import MergeBox, TagControls
    from .tag_tables import TagTables

__all__ = ["TagShown"]

_LIFT = (
    "Lift: how many times as many have both as by chance. Of the first: the share of the "
    "conversations with the first tag that have the second, too."
)
_MISSING = "Choose a spelling first."


class TagShown:
    """The half of a tag explorer that has to do with how it looks."""

    asked: TagsAsked
    selected: int | None
    reveal: bool
    chart: Any
    frame: Any
    change: Callable[..., None]
    merge: Callable[[str, str], None]
    keep_apart: Callable[[str], None]
    take_all: Callable[[], None]
    save_mapping: Callable[[Any], Any]
    observe: Callable[..., None]
    _as_of: Any
    _bar: Bar
    _beside: ipywidgets.Box
    _chosen: Any
    _controls: TagControls
    _conversations: ConversationTable
    _facts: Facts
    _head: Sheet
    _hidden: Facts
    _is_following: bool
    _merging: MergeBox
    _panes: ipywidgets.Box
    _picture: PicturePane
    _sheet: Sheet
    _tables: TagTables
    _transcript: Transcript
    _tz: str
    _behind: list[tuple[str, ...]]

    def _link(self) -> None:
        """Tie what can be chosen to what shows it, both ways."""
        as_text = (
            (lambda chosen: "" if chosen is None else str(chosen)),
            (lambda text: int(text) if text else None),
        )
        traitlets.link((self._transcript, "selected"), (self, "selected"))
        traitlets.link((self._transcript, "selected"), (self._conversations, "selected"), as_text)
        traitlets.link((self._transcript, "reveal"), (self, "reveal"))
        self._sheet.observe(self._choose, "selected")
        self.observe(self._redraw, "reveal")
        self.observe(self._place, "selected")

    def _redraw(self, _change: object = None) -> None:
        asked, frequency = self.asked, self._tables.frequency(self.asked)
        keys, is_merging = self._tables.keys(asked), asked.view == "spellings"
        names = set(keys)
        if is_merging:  # What looks alike is found out once it is looked at.
            proposals = self._tables.proposals
            names |= {*proposals["spelling"], *proposals["into"]}
        shown = shown_names(sorted(names), reveal=self.reveal)
        self._is_following = True
        try:
            self._controls.show(asked, frequency, keys, shown)
            if is_merging:
                self._merging.show(proposals, list(keys), shown)
            self._show_table(shown)
        finally:
            self._is_following = False
        self._merging.layout.display = "" if is_merging else "none"
        self._head.say(*self._words())
        self._show_conversations(shown)
        chosen = tuple(self._chosen) if asked.view == "trend" else ()
        drawn = replace(asked, tag=None, also=None), chosen, self.reveal
        self._picture.show(lambda: self.chart, drawn)

    def _show_table(self, shown: dict[str, str]) -> None:
        asked, frame, keys = self.asked, self.frame, self._tables.keys(self.asked)
        heading, note, here = "Tags", "", ""
        if asked.view == "pairs":
            heading = "Tags that go together"
            columns, rows, behind = pair_rows(frame, shown)
            self._behind = [(keys[one], keys[other]) for one, other in behind]
            note = _LIFT if rows else "No two tags are on one conversation."
        elif asked.view == "spellings":
            heading = "Spellings that look alike"
            say = decision(asked, lambda name: shown.get(name, name))
            columns, rows, self._behind = spelling_rows(frame, shown, say)
            note = "" if rows else "No two spellings look alike."
            here = self._merging.old or ""
        elif asked.view == "trend" and self._chosen and self._as_of is not None:
            name = next(name for name, key in keys.items() if key == asked.tag)
            heading = f"{shown[name]}, by {EVERY[asked.every].lower()}"
            columns, rows = period_rows(frame, name, as_of=self._as_of, tz=self._tz)
            self._behind = []
        else:
            columns, rows, behind = tag_rows(self._tables.frequency(asked), shown)
            self._behind = [(keys[name],) for (name,) in behind]
            note = "" if rows else "No tag is known on any conversation."
        self._sheet.show(columns, rows, heading=heading, note=note)
        # A spelling may read as the key of a tag; that the tag is on chooses no spelling.
        on = {here} - {""} if asked.view == "spellings" else {asked.tag, asked.also} - {None}
        places = (str(at) for at, each in enumerate(self._behind) if set(each) == on)
        self._sheet.selected = next(places, "")

    def _chips(self) -> list[dict[str, Any]]:
        """Return the tags that are chosen, with how many there are without each."""
        asked, keys = self.asked, self._tables.keys(self.asked)
        shown = shown_names(sorted(keys), reveal=self.reveal)
        names = {key: shown[name] for name, key in keys.items()}
        chips = []
        for name, tag, other in (("tag", asked.tag, asked.also), ("also", asked.also, asked.tag)):
            if tag is not None:
                rest = replace(asked, tag=other, also=None)
                n = self._tables.count(rest)
                chips.append({"name": name, "text": f"tag: {names[tag]}", "without": n})
        return chips

    def _words(self) -> list[str]:
        asked = self.asked
        words = [known_words(self._tables.conversations(asked))]
        if asked.merged:
            words.append(f"{plural(len(asked.merged), 'spelling')} counted under another name.")
        if asked.view == "spellings":
            words.append(
                "These are proposals: whether two mean the same is yours to say. Choose one, say "
                "what it counts as, and merge or keep it apart."
            )
        return words

    def _show_conversations(self, shown: dict[str, str]) -> None:
        """Show the conversations of a tag, once one is chosen."""
        self._panes.layout.display = "none" if self.asked.tag is None else ""
        if self.asked.tag is None:
            return
        self._conversations._facts = self._facts if self.reveal else self._hidden
        selection = self._tables.selection(self.asked)
        names = " and ".join(shown[name] for name in self._chosen)
        summary = f"{plural(selection.height, 'conversation')} with {names}"
        advice = "" if selection.height else "No conversation has both."
        self._conversations.show(selection, summary=summary, advice=advice)
        self._place()

    def _place(self, _change: object = None) -> None:
        """Tell the transcript whether what it shows is among what is shown."""
        is_chosen = self.selected is not None and self.asked.tag is not None
        self._transcript.is_outside = is_chosen and not self._tables.selection(self.asked).holds(
            self.selected or 0
        )

    def _choose(self, change: dict[str, Any]) -> None:
        """Show the conversations behind a row, or offer its spelling to be merged."""
        if self._is_following:
            return
        place = str(change["new"])
        at = int(place) if place.isdecimal() else len(self._behind)
        chosen = self._behind[at] if at < len(self._behind) else ()
        if self.asked.view == "spellings":
            self._merging.choose(*chosen or ("",))
            return
        tag, also = (*chosen, None, None)[:2]
        self.change(tag=tag, also=also)

    def _decisions(self) -> dict[str, Callable[[], None]]:
        """Return what the buttons beside a spelling do."""

        def tried(do: Callable[[], str]) -> Callable[[], None]:
            def act() -> None:
                try:
                    said = do()
                except (DriftAnalysisError, OSError) as problem:
                    said = str(problem)
                self._bar.said = said

            return act

        return {
            "Merge": tried(self._merge_chosen),
            "Keep apart": tried(self._keep_chosen),
            "Take all proposals": tried(self._take_proposed),
            "Save mapping": tried(
                lambda: f"Saved as {self.save_mapping(free_path('tag-mapping', 'json'))}."
            ),
        }

    def _take_proposed(self) -> str:
        self.take_all()
        return "Merged. It can be undone."

    def _merge_chosen(self) -> str:
        if self._merging.old is None:
            return _MISSING
        self.merge(self._merging.old, self._merging.new)
        return "Merged. It can be undone."

    def _keep_chosen(self) -> str:
        if self._merging.old is None:
            return _MISSING
        self.keep_apart(self._merging.old)
        return "Kept apart. It can be undone."
