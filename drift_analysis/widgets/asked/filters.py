"""What is asked for: the state of the filters, which never changes once it is made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import STATUSES, Conversations
from drift_analysis.schemas.messages import AUTHOR_KINDS
from drift_analysis.schemas.tags import tag_key

if TYPE_CHECKING:
    from datetime import date, timedelta

__all__ = ["Absence", "Filters", "Pick", "local_day", "same_tag", "switched_on"]

_MATCHES = ("any", "all")
_LONGEST = 200  # characters that are searched for; more make no pattern of a sound size


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
        A tag that it has, several, or an `Absence`. Spellings that differ in case or spaces are
        one tag, and it is kept as what they have in common.
    match
        Whether it has to have ``any`` or ``all`` of several tags.
    participant
        The id of a user who took part.
    author
        A kind of author who wrote something in it that the contact could see.
    shortest, longest
        The least time between the first and the last message that the contact could see, and a
        time that it stays below.
    unanswered
        True: the contact wrote, and no human did after that. False: one did.
    text
        What one of its messages holds, notes included, in any case.
    find
        What its id begins with, or what a tag or the name of its playbook holds, in any case.
    picked
        What was picked in the chart: a conversation passes that fits one of the picks.

    Raises
    ------
    InputError
        If there is no such status, match or kind of author, or a text is too long.

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
    tag: str | tuple[str, ...] | Absence | None = None
    match: Literal["any", "all"] = "any"
    participant: int | None = None
    author: str | None = None
    shortest: timedelta | None = None
    longest: timedelta | None = None
    unanswered: bool | None = None
    text: str | None = None
    find: str | None = None
    picked: tuple[Pick, ...] = ()

    def __post_init__(self) -> None:
        for status in (self.status, *(pick.status for pick in self.picked)):
            _require("status", status, STATUSES)
        _require("match", self.match, _MATCHES)
        _require("author", self.author, AUTHOR_KINDS)
        for name in ("text", "find"):
            object.__setattr__(self, name, _searchable(name, getattr(self, name)))
        if isinstance(self.tag, str | tuple):
            tags = (self.tag,) if isinstance(self.tag, str) else self.tag
            keys = tuple(dict.fromkeys(map(same_tag, tags)))
            object.__setattr__(self, "tag", keys if len(keys) > 1 else next(iter(keys), None))


def switched_on(filters: Filters) -> dict[str, Any]:
    """Return the filters that are on, by name; how several tags match is no filter."""
    values = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {n: value for n, value in values.items() if n != "match" and value not in (None, ())}


def local_day(tz: str) -> pl.Expr:
    """Return the day, in the time zone, on which a conversation was created."""
    return Conversations.created_at.col.dt.convert_time_zone(tz).dt.date()


def same_tag(name: str) -> str:
    """Return what all spellings of one tag have in common.

    Examples
    --------
    >>> from drift_analysis.widgets.asked.filters import same_tag
    >>> same_tag("  Pricing   Question ")
    'pricing question'
    """
    return str(pl.select(tag_key(pl.lit(name))).item())


def _require(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise InputError.unknown_choice(name, value, choices)


def _searchable(name: str, text: str | None) -> str | None:
    text = (text or "").strip()
    if len(text) > _LONGEST:
        what = f"{name} has {len(text):,} characters."
        raise InputError.of(what, "", f"at most {_LONGEST} of them.")
    return text or None
