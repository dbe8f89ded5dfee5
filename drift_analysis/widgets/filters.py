"""Which conversations are shown: the state of the filters, and the frame that they leave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import STATUSES, Conversations
from drift_analysis.schemas.tags import tag_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from drift_analysis.schemas.base import Frame

__all__ = [
    "Absence",
    "Filters",
    "Pick",
    "conditions",
    "holds",
    "left_out",
    "local_day",
    "narrow",
    "same_tag",
    "without_each",
]


class Absence(Enum):
    """Two ways to have no playbook or tag: there is known to be none, or nothing is known."""

    NONE = "none"
    UNKNOWN = "unknown"


class Pick(NamedTuple):
    """A stretch of days that was picked in the chart, both ends included, maybe of one status."""

    first: date
    last: date
    status: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What is asked for; a filter that is None lets everything pass.

    Attributes
    ----------
    start, end
        The first and the last day on which a conversation may have been created.
    status, inbox
        Its status and the id of its inbox.
    playbook
        The id of the playbook that started it, or an `Absence`.
    tag
        A tag that it has, or an `Absence`. Spellings that differ in case or spaces are one tag,
        and it is kept as what they have in common.
    picked
        What was picked in the chart: a conversation passes that fits one of the picks.

    Raises
    ------
    InputError
        If there is no such status.

    Examples
    --------
    >>> from drift_analysis.widgets import Filters
    >>> Filters(status="open").status
    'open'
    """

    start: date | None = None
    end: date | None = None
    status: str | None = None
    inbox: int | None = None
    playbook: int | Absence | None = None
    tag: str | Absence | None = None
    picked: tuple[Pick, ...] = ()

    def __post_init__(self) -> None:
        for status in (self.status, *(pick.status for pick in self.picked)):
            if status is not None and status not in STATUSES:
                problem = InputError.unknown_choice("status", status, STATUSES)
                raise problem
        if isinstance(self.tag, str):
            object.__setattr__(self, "tag", same_tag(self.tag))


def local_day(tz: str) -> pl.Expr:
    """Return the day, in the time zone, on which a conversation was created."""
    return Conversations.created_at.col.dt.convert_time_zone(tz).dt.date()


def same_tag(name: str) -> str:
    """Return what all spellings of one tag have in common.

    Examples
    --------
    >>> from drift_analysis.widgets.filters import same_tag
    >>> same_tag("  Pricing   Question ")
    'pricing question'
    """
    return str(pl.select(tag_key(pl.lit(name))).item())


def narrow(conversations: Frame, filters: Filters, *, tz: str = "UTC") -> Frame:
    """Keep the conversations that pass every filter; days are cut in the time zone."""
    return conversations.filter(*conditions(filters, tz=tz).values())


def holds(conversations: pl.DataFrame, conversation_id: int) -> bool:
    """Tell whether a conversation is among some."""
    return conversation_id in conversations[Conversations.conversation_id.name]


def conditions(filters: Filters, *, tz: str) -> dict[str, pl.Expr]:
    """Return a condition for every filter that is on, by its name; never null."""
    on = {name: getattr(filters, name) for name in _TESTS}
    return {
        name: _TESTS[name](value, local_day(tz)).fill_null(value=False)
        for name, value in on.items()
        if value not in (None, ())
    }


def without_each(conversations: pl.DataFrame, filters: Filters, *, tz: str) -> dict[str, int]:
    """Count, for each filter that is on, what would be shown if that one alone were off."""
    on = conditions(filters, tz=tz)
    counts = [_passing(on, without=name).sum().alias(name) for name in on]
    return _first_row(conversations.select(counts)) if on else {}


def left_out(conversations: pl.DataFrame, filters: Filters, *, tz: str) -> dict[str, int]:
    """Count what passes all other filters, but of which the playbook or the tags are unknown."""
    on = conditions(filters, tz=tz)
    unknown = {
        "playbook": Conversations.playbook_id.col.is_null() & ~Conversations.is_detail.col,
        "tag": Conversations.tags.col.is_null(),
    }
    counts = [
        (_passing(on, without=name) & is_unknown).sum().alias(name)
        for name, is_unknown in unknown.items()
        if getattr(filters, name) not in (None, Absence.UNKNOWN)
    ]
    return _first_row(conversations.select(counts)) if counts else {}


def _has_playbook(playbook: int | Absence) -> pl.Expr:
    known, is_detail = Conversations.playbook_id.col.is_not_null(), Conversations.is_detail.col
    match playbook:
        case Absence.NONE:
            return ~known & is_detail
        case Absence.UNKNOWN:
            return ~known & ~is_detail
        case _:
            return Conversations.playbook_id.col == playbook


def _has_tag(tag: str | Absence) -> pl.Expr:
    tags = Conversations.tags.col
    match tag:
        case Absence.NONE:
            return tags.list.len() == 0
        case Absence.UNKNOWN:
            return tags.is_null()
        case _:
            names = tags.list.eval(tag_key(pl.element().struct.field("name")))
            return names.list.contains(pl.lit(tag, pl.String))


def _is_picked(picked: tuple[Pick, ...], day: pl.Expr) -> pl.Expr:
    status = Conversations.status.col
    return pl.any_horizontal(
        pl.lit(value=False),
        *(
            day.is_between(pick.first, pick.last)
            & (pl.lit(value=True) if pick.status is None else status == pick.status)
            for pick in picked
        ),
    )


def _passing(on: Mapping[str, pl.Expr], *, without: str) -> pl.Expr:
    rest = [condition for name, condition in on.items() if name != without]
    return pl.all_horizontal(Conversations.conversation_id.col.is_not_null(), *rest)


def _first_row(counts: pl.DataFrame) -> dict[str, int]:
    return {name: int(n) for name, n in counts.row(0, named=True).items()}


_TESTS: dict[str, Callable[[Any, pl.Expr], pl.Expr]] = {
    "start": lambda first, day: day >= first,
    "end": lambda last, day: day <= last,
    "status": lambda status, _: Conversations.status.col == status,
    "inbox": lambda inbox, _: Conversations.inbox_id.col == inbox,
    "playbook": lambda playbook, _: _has_playbook(playbook),
    "tag": lambda tag, _: _has_tag(tag),
    "picked": lambda picked, day: _is_picked(picked, day),
}
