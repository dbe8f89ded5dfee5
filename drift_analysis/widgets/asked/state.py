"""What a view shows, as values that JSON knows: it can be kept, and shown again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import InputError

from .filters import Absence, Filters, Pick, switched_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SORTS", "TABS", "State"]

SORTS = ("started", "status", "playbook", "tags", "lasted")
"""The columns by which a table can be sorted."""

TABS = ("playbook", "tag", "status")
"""What stands beside the chart: bars by playbook, bars by tag, or the time in each status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What is on show; it never changes once it is made.

    Attributes
    ----------
    filters
        The filters that are on.
    sort, descending
        The column by which the table is sorted, and whether its greatest values come first.
    page
        The page of the table, from 1.
    selected
        The id of the conversation whose transcript is on show; None if there is none.
    tab
        What stands beside the chart: ``playbook``, ``tag`` or ``status``.

    Examples
    --------
    >>> from drift_analysis.widgets import Filters
    >>> from drift_analysis.widgets.asked.state import State
    >>> State(filters=Filters(status="open")).as_json()["filters"]
    {'status': 'open'}
    """

    filters: Filters = field(default_factory=Filters)
    sort: str = "started"
    descending: bool = True
    page: int = 1
    selected: int | None = None
    tab: str = TABS[0]

    def as_json(self) -> dict[str, Any]:
        """Return it as values that JSON knows; a filter that is off is not mentioned."""
        asked = {name: _plain(value) for name, value in switched_on(self.filters).items()}
        if self.filters.match != "any":
            asked["match"] = self.filters.match
        return {
            "filters": asked,
            "sort": self.sort,
            "descending": self.descending,
            "page": self.page,
            "selected": self.selected,
            "tab": self.tab,
        }

    @classmethod
    def of_json(cls, state: Mapping[str, Any]) -> State:
        """Return what was handed out by `as_json`; what is not mentioned is as at first.

        Raises
        ------
        InputError
            If it is no such state.
        """
        try:
            given = dict(state)
            asked = {name: _typed(name, value) for name, value in given.pop("filters", {}).items()}
            made = replace(cls(filters=Filters(**asked)), **given)
            made._require()
        except InputError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError):
            what = "This is no state of an explorer."
            raise InputError.of(what, "", "what explorer.state was, unchanged.") from None
        return made

    def _require(self) -> None:
        if self.sort not in SORTS:
            raise InputError.unknown_choice("sort", self.sort, SORTS)
        if self.tab not in TABS:
            raise InputError.unknown_choice("tab", self.tab, TABS)
        kinds = {"descending": bool, "page": int, "selected": int | None}
        for name, kind in kinds.items():
            if not isinstance(getattr(self, name), kind):
                raise TypeError(name)


def _plain(value: Any) -> Any:
    match value:
        case Absence():
            return {"absence": value.value}
        case timedelta():
            return value / timedelta(milliseconds=1)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
    return value


def _typed(name: str, value: Any) -> Any:
    if name in ("tag", "playbook") and isinstance(value, dict):
        return Absence(value["absence"])
    kinds, make = _TYPES[name]
    if not isinstance(value, kinds):
        raise TypeError(name)
    return make(value)


def _as_it_is(value: Any) -> Any:
    return value


def _tags(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def _picks(value: list[Any]) -> tuple[Pick, ...]:
    return tuple(_pick(*each) for each in value)


def _length(value: float) -> timedelta:
    return timedelta(milliseconds=value)


def _pick(first: str, last: str, status: str | None) -> Pick:
    return Pick(date.fromisoformat(first), date.fromisoformat(last), status)


_TEXT = (str, _as_it_is)
_NUMBER = (int, _as_it_is)
_TYPES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "start": (str, date.fromisoformat),
    "end": (str, date.fromisoformat),
    "status": _TEXT,
    "inbox": _NUMBER,
    "playbook": _NUMBER,
    "tag": (str | list, _tags),
    "match": _TEXT,
    "participant": _NUMBER,
    "author": _TEXT,
    "shortest": (int | float, _length),
    "longest": (int | float, _length),
    "unanswered": (bool, _as_it_is),
    "text": _TEXT,
    "find": _TEXT,
    "picked": (list, _picks),
}
