"""The row of filters above an explorer: a control for each, and a way to undo them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.errors import InputError

from .choices import EVERYTHING, inbox_choices, playbook_choices, status_choices, tag_choices
from .filters import Filters

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Controls"]


class Controls(ipywidgets.Box):  # type: ignore[misc]  # ipywidgets has no types
    """Holds the filters: a control changes them, and they change the controls."""

    filters = traitlets.Instance(Filters, ())

    def __init__(self, conversations: pl.DataFrame, playbooks: pl.DataFrame) -> None:
        self._fields = {
            "start": ipywidgets.DatePicker(description="From"),
            "end": ipywidgets.DatePicker(description="To"),
            "status": _dropdown("Status", status_choices(conversations)),
            "inbox": _dropdown("Inbox", inbox_choices(conversations)),
            "playbook": _dropdown("Playbook", playbook_choices(conversations, playbooks)),
            "tag": _dropdown("Tag", tag_choices(conversations)),
        }
        self._reset = ipywidgets.Button(description="Reset", tooltip="Turn all filters off")
        self._reset.on_click(lambda _: setattr(self, "filters", Filters()))
        for name, field in self._fields.items():
            field.observe(lambda change, name=name: self._take(name, change["new"]), "value")
        self.observe(self._follow, "filters")
        super().__init__([*self._fields.values(), self._reset])
        self.add_class("drift-filters")

    def require(self, filters: Filters) -> Filters:
        """Check that the filters ask for what the data set holds, and hand them on.

        Raises
        ------
        InputError
            If a value does not occur in it.
        """
        for name, field in self._fields.items():
            value = getattr(filters, name)
            choices = [choice for _, choice in getattr(field, "options", ())]
            if choices and value is not None and value not in choices:
                what = f"{name}={value!r} does not occur in this data set."
                there = f"There are {len(choices) - 1} to choose from."
                raise InputError.of(what, there, f"{name}=None, or choose it in the explorer.")
        return filters

    def labels(self) -> list[str]:
        """Return what each filter that is on says, without what is picked in the chart."""
        on = (name for name in self._fields if getattr(self.filters, name) is not None)
        return [f"{self._fields[name].description.lower()} {self._label(name)}" for name in on]

    def _label(self, name: str) -> str:
        field = self._fields[name]
        text = field.label if isinstance(field, ipywidgets.Dropdown) else str(field.value)
        return str(text).rpartition(" (")[0] or str(text)

    def _take(self, name: str, value: Any) -> None:
        asked: dict[str, Any] = {name: None if value == EVERYTHING else value}
        self.filters = replace(self.filters, **asked)

    def _follow(self, change: dict[str, Any]) -> None:
        for name, field in self._fields.items():
            value = getattr(change["new"], name)
            is_off = value is None and isinstance(field, ipywidgets.Dropdown)
            field.value = EVERYTHING if is_off else value


def _dropdown(description: str, choices: list[tuple[str, Any]]) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(description=description, options=choices)
