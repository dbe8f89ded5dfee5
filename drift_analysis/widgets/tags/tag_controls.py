"""The controls of a tag explorer: what is on show, and what becomes of a spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from ..asked.choices import short
from .tag_asked import EVERY, LIMITS, VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from .tag_asked import TagsAsked

__all__ = ["MergeBox", "TagControls"]

_NONE = ""
_MOST = 300
Say = dict[str, str]
"""What each name is shown as."""


class TagControls:
    """One control for each thing that can be asked for."""

    def __init__(self, change: Callable[..., None], reset: Callable[[], None]) -> None:
        self._change, self._is_following = change, False
        named = {"view": ("Show", VIEWS), "every": ("Period", EVERY)}
        self.fields = {
            name: ipywidgets.Dropdown(
                description=title, options=[(said, value) for value, said in of.items()]
            )
            for name, (title, of) in named.items()
        }
        limits = [(f"{n} tags", n) for n in LIMITS]
        self.fields["limit"] = ipywidgets.Dropdown(description="Draw", options=limits, value=10)
        self.fields["tag"] = ipywidgets.Dropdown(description="Tag")
        self.fields["also"] = ipywidgets.Dropdown(description="Together with")
        for name, field in self.fields.items():
            field.observe(lambda change, name=name: self._take(name, change["new"]), "value")
        button = ipywidgets.Button(description="Reset", tooltip="Show what was on show at first")
        button.on_click(lambda _: reset())
        self.all = [*self.fields.values(), button]

    def show(self, asked: TagsAsked, frequency: pl.DataFrame, keys: Say, shown: Say) -> None:
        """Show what is asked for, and offer the tags that there are, the most frequent first."""
        used = frequency.filter(frequency["conversations"] > 0)
        counts = zip(used["tag"], used["conversations"], strict=True)
        offers = [(f"{short(shown[tag])} ({n:,})", f"={keys[tag]}") for tag, n in counts]
        self._is_following = True
        try:
            for name in ("view", "every", "limit"):
                self.fields[name].value = getattr(asked, name)
            self.fields["every"].disabled = asked.view != "trend"
            self._put("tag", [("All tags", _NONE), *_some(offers, asked.tag)], asked.tag)
            others = [offer for offer in offers if offer[1] != f"={asked.tag}"]
            self._put("also", [("Any other", _NONE), *_some(others, asked.also)], asked.also)
            self.fields["also"].disabled = asked.tag is None
        finally:
            self._is_following = False

    def _put(self, name: str, options: list[tuple[str, str]], tag: str | None) -> None:
        field = self.fields[name]
        with field.hold_sync():
            if list(field.options) != options:
                field.options = options
            field.value = _NONE if tag is None else f"={tag}"

    def _take(self, name: str, value: Any) -> None:
        if self._is_following:
            return
        if name in ("tag", "also"):
            value = None if value in (_NONE, None) else value[1:]
        self._change(**{name: value}, **({"also": None} if name == "tag" else {}))


class MergeBox(ipywidgets.Box):  # type: ignore[misc]  # ipywidgets has no types
    """Says what becomes of one spelling, and asks for it; it decides nothing itself."""

    def __init__(self, actions: dict[str, Callable[[], None]]) -> None:
        self._shown: Say = {}
        self._likes: Say = {}
        self.spelling = ipywidgets.Dropdown(description="Spelling")
        self.becomes = ipywidgets.Combobox(description="Counts as", placeholder="a tag")
        buttons = [ipywidgets.Button(description=name) for name in actions]
        for button in buttons:
            button.on_click(lambda one: actions[one.description]())
        self.spelling.observe(self._suggest, "value")
        super().__init__([self.spelling, self.becomes, *buttons])
        self.add_class("drift-filters")

    @property
    def old(self) -> str | None:
        """The spelling that is chosen."""
        value = self.spelling.value
        return value[1:] if value else None

    @property
    def new(self) -> str:
        """What it is to count as; a name that is hidden is meant by what is shown for it."""
        hidden = {shown: name for name, shown in self._shown.items()}
        return hidden.get(self.becomes.value, str(self.becomes.value))

    def show(self, proposals: pl.DataFrame, tags: list[str], shown: Say) -> None:
        """Offer the spellings that are proposed, and then all tags."""
        self._shown = shown
        chosen = proposals.filter(proposals["reason"].is_not_null())
        self._likes = dict(zip(chosen["spelling"], chosen["into"], strict=True))
        names = list(dict.fromkeys([*self._likes, *tags]))[:_MOST]
        options = [(short(shown[name]) or "(blank)", f"={name}") for name in names]
        kept = self.spelling.value
        if list(self.spelling.options) != [("Choose one", _NONE), *options]:
            self.spelling.options = [("Choose one", _NONE), *options]
            self.spelling.value = kept if kept in [value for _, value in options] else _NONE
        self.becomes.options = [shown[name] for name in tags[:_MOST]]

    def choose(self, spelling: str) -> None:
        """Choose a spelling."""
        self.spelling.value = f"={spelling}"

    def _suggest(self, _change: object) -> None:
        into = self._likes.get(self.old or "", "")
        self.becomes.value = self._shown.get(into, into)


def _some(offers: list[tuple[str, str]], tag: str | None) -> list[tuple[str, str]]:
    """Keep as many choices as a list can hold, and the one that is on."""
    return offers[:_MOST] + [each for each in offers[_MOST:] if each[1] == f"={tag}"]
