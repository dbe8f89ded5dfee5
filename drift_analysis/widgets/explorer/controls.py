"""The filters above an explorer: a control for each, and a way to turn them all off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.errors import InputError

from ..asked.choices import EVERYTHING, NAMES, counted, named, short
from ..asked.filters import Filters, switched_on
from ..asked.selection import Selection

if TYPE_CHECKING:
    import polars as pl

    from ..asked.choices import Counts
    from ..asked.facts import Facts

__all__ = ["Controls"]

_TITLES = {
    "status": "Status",
    "inbox": "Inbox",
    "playbook": "Playbook",
    "tag": "Tag",
    "participant": "Participant",
    "author": "Written by",
    "duration": "Duration",
    "unanswered": "Answers",
}
_MUST_OCCUR = ("status", "inbox", "playbook", "tag", "participant")
_MOST = 300  # choices of one filter; rarer ones can be set from Python, or found in the table


class Controls(ipywidgets.Box):  # type: ignore[misc]  # ipywidgets has no types
    """Holds the filters: a control changes them, and they change the controls.

    A choice says how many conversations it would leave, all other filters as they are; `counts`
    has that of every filter, and `names` how its values are called.
    """

    filters = traitlets.Instance(Filters, ())

    def __init__(self, facts: Facts, users: pl.DataFrame) -> None:
        everything = Selection(facts, Filters())
        self._offers = {name: counted(everything, name) for name in NAMES}
        self.names = named(facts, users)
        self.counts: dict[str, Counts] = {}
        self._is_following = False
        self._lists = {name: ipywidgets.Dropdown(description=_TITLES[name]) for name in NAMES}
        self._also = ipywidgets.Dropdown(description="And tag")
        self._match = ipywidgets.Dropdown(description="Of several tags", options=["any", "all"])
        self._texts = {
            "text": _search("Text in messages", "any words"),
            "find": _search("Find in table", "id, tag or playbook"),
        }
        self._days = {
            "start": ipywidgets.DatePicker(description="From"),
            "end": ipywidgets.DatePicker(description="To"),
        }
        reset = ipywidgets.Button(description="Reset", tooltip="Turn all filters off")
        reset.on_click(lambda _: setattr(self, "filters", Filters()))
        fields = {**self._days, **self._lists, "match": self._match, **self._texts}
        for name, field in {**fields, "also": self._also}.items():
            field.observe(lambda change, name=name: self._take(name, change["new"]), "value")
        tags = [self._lists["tag"], self._also, self._match]
        lists = [field for name, field in self._lists.items() if name != "tag"]
        super().__init__([*self._days.values(), *lists, *tags, *self._texts.values(), reset])
        self.add_class("drift-filters")
        self.show(everything)

    def require(self, filters: Filters) -> Filters:
        """Check that the filters ask for what the data set holds, and hand them on.

        Raises
        ------
        InputError
            If a value does not occur in it.
        """
        for name in _MUST_OCCUR:
            value, offers = getattr(filters, name), self._offers[name]
            asked = value if isinstance(value, tuple) else (value,)
            if value is not None and any(each not in offers for each in asked):
                what = f"{name}={value!r} does not occur in this data set."
                there = f"There are {len(offers)} to choose from."
                raise InputError.of(what, there, f"{name}=None, or choose it in the explorer.")
        return filters

    def show(self, selection: Selection) -> None:
        """Show the filters that are on, and what each choice would leave."""
        self._is_following = True
        try:
            filters = selection.filters
            for name, field in {**self._days, **self._texts}.items():
                off = "" if name in self._texts else None
                field.value = getattr(filters, name) or off
            for name in NAMES:
                self._show_choices(name, selection)
            has_tag = isinstance(filters.tag, str | tuple)
            self._match.disabled = not isinstance(filters.tag, tuple)
            self._also.disabled = not has_tag
            self._match.value = filters.match
            offered = self._lists["tag"].options if has_tag else ()
            more = [(label, tag) for label, tag in offered if isinstance(tag, str) and tag]
            self._put(self._also, [("Choose one more", EVERYTHING), *more], EVERYTHING)
        finally:
            self._is_following = False

    def labels(self, filters: Filters) -> dict[str, str]:
        """Return what each filter that is on says, without what is picked in the chart."""
        on = {name: value for name, value in switched_on(filters).items() if name != "picked"}
        said = {name: _said(name, value) for name, value in on.items() if name not in self.names}
        for name in on.keys() & self.names.keys() - {"tag"}:
            said[name] = f"{_TITLES[name].lower()}: {short(self.names[name](on[name]))}"
        if "tag" in on:
            said["tag"] = f"tag: {self._tags(filters)}"
        return {name: said[name] for name in on}

    def _tags(self, filters: Filters) -> str:
        tags = filters.tag if isinstance(filters.tag, tuple) else (filters.tag,)
        names = (short(self.names["tag"](tag)) for tag in tags)
        return (" and " if filters.match == "all" else " or ").join(names)

    def _show_choices(self, name: str, selection: Selection) -> None:
        self.counts[name] = counts = counted(selection, name)
        value = _value(selection.filters, name)
        values = list(self._offers[name])[:_MOST]
        values += [each for each in self._offers[name] if each == value and each not in values]
        choices = [(_label(self.names[name](each), counts.get(each, 0)), each) for each in values]
        if value != EVERYTHING and value not in values:
            own = self._tags(selection.filters) if name == "tag" else self.names[name](value)
            choices.append((_label(own, selection.height), value))
        self._put(self._lists[name], [(NAMES[name], EVERYTHING), *choices], value)

    def _put(self, field: ipywidgets.Dropdown, choices: list[tuple[str, Any]], value: Any) -> None:
        with field.hold_sync():
            if list(field.options) != choices:
                field.options = choices
            field.value = value

    def _take(self, name: str, value: Any) -> None:
        if self._is_following:
            return
        chosen = None if value == EVERYTHING else value
        asked: dict[str, Any] = {name: chosen}
        if name == "duration":
            shortest, longest = chosen or (None, None)
            asked = {"shortest": shortest, "longest": longest}
        elif name == "also":
            has = self.filters.tag
            asked = {"tag": (*(has if isinstance(has, tuple) else (has,)), chosen)}
        self.filters = replace(self.filters, **asked)


def _search(description: str, placeholder: str) -> ipywidgets.Text:
    return ipywidgets.Text(
        description=description, placeholder=placeholder, continuous_update=False
    )


def _label(name: str, n: int) -> str:
    return f"{short(name)} ({n:,})"


def _value(filters: Filters, name: str) -> Any:
    """Return the value of a dropdown that says what is on."""
    if name == "duration":
        band = filters.shortest, filters.longest
        return band if any(end is not None for end in band) else EVERYTHING
    value = getattr(filters, name)
    return EVERYTHING if value is None else value


def _said(name: str, value: Any) -> str:
    match name:
        case "shortest":
            return f"at least {human_duration(value)}"
        case "longest":
            return f"below {human_duration(value)}"
        case "text" | "find":
            return f"{name}: {short(value)}"
    return f"{'from' if name == 'start' else 'to'} {value}"
