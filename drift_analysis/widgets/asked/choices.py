"""What each filter offers, and how many conversations each choice would leave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.schemas import LIFE_ORDER, Conversations
from drift_analysis.schemas.messages import AUTHOR_KINDS

from .filters import Absence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .facts import Facts
    from .selection import Selection

__all__ = [
    "BANDS",
    "EVERYTHING",
    "NAMES",
    "NEEDS",
    "Counts",
    "counted",
    "named",
    "short",
]

EVERYTHING = ""
"""The value that lets everything pass; ipywidgets takes None for no choice at all."""

BANDS = (
    (None, timedelta(minutes=1)),
    (timedelta(minutes=1), timedelta(minutes=10)),
    (timedelta(minutes=10), timedelta(hours=1)),
    (timedelta(hours=1), timedelta(days=1)),
    (timedelta(days=1), timedelta(days=7)),
    (timedelta(days=7), None),
)
"""The durations that are offered: the least, and what they stay below."""

NAMES = {
    "status": "All statuses",
    "inbox": "All inboxes",
    "playbook": "All playbooks",
    "tag": "All tags",
    "participant": "Everybody",
    "author": "Any author",
    "duration": "Any duration",
    "unanswered": "All answers",
}
"""What each filter says while it is off."""

NEEDS = {name: (name,) for name in NAMES} | {"duration": ("shortest", "longest")}
"""The filters that each of them sets."""

Counts = dict[Any, int]
"""How many conversations each value would leave."""

_LONGEST = 48


def counted(selection: Selection, name: str) -> Counts:
    """Count what each choice of one filter would leave, all other filters as they are."""
    rows = selection.rows(*NEEDS[name])
    if name == "tag":
        keys = selection.facts.tags["key"]
        held = selection.facts.tagged.counts(selection.without(name))
        return {keys[number]: n for number, n in held.items()} | _tagless(rows)
    if name == "participant":
        return selection.facts.took_part.counts(selection.without(name))
    return _COUNTS[name](rows)


def named(facts: Facts, users: pl.DataFrame) -> dict[str, Callable[[Any], str]]:
    """Return how the values of each filter are called."""
    playbooks = dict(facts.playbooks.iter_rows())
    people = dict(users.iter_rows())
    tags = dict(facts.tags.select("key", "name").iter_rows())
    absent = {Absence.NONE: "No playbook", Absence.UNKNOWN: "Not known"}
    untagged = {Absence.NONE: "Untagged", Absence.UNKNOWN: "Not known"}
    return {
        "status": lambda status: str(status).replace("_", " "),
        "inbox": lambda inbox: f"Inbox {inbox}",
        "playbook": lambda value: absent.get(value) or playbooks.get(value) or f"Playbook {value}",
        "tag": lambda tag: untagged.get(tag) or str(tags.get(tag, tag)),
        "participant": lambda user: people.get(user) or f"User {user}",
        "author": lambda kind: "A user of unknown kind" if kind == "unknown" else f"A {kind}",
        "duration": _band,
        "unanswered": lambda waits: "Unanswered" if waits else "Answered by a human",
    }


def short(text: str) -> str:
    """Cut a text to what fits on one line of a control."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _frequent(value: str) -> Callable[[pl.LazyFrame], Counts]:
    def count(rows: pl.LazyFrame) -> Counts:
        found = rows.select(value=value).drop_nulls().group_by("value").len("n")
        return dict(found.sort("n", "value", descending=[True, False]).collect().iter_rows())

    return count


def _statuses(rows: pl.LazyFrame) -> Counts:
    counts = _frequent("status")(rows)
    return {status: counts[status] for status in LIFE_ORDER if status in counts}


def _playbooks(rows: pl.LazyFrame) -> Counts:
    c = Conversations
    counts = _frequent(c.playbook_id.name)(rows)
    missing = rows.filter(c.playbook_id.col.is_null()).select(c.is_detail.col)
    none, unknown = (
        missing.select(none=c.is_detail.col.sum(), unknown=(~c.is_detail.col).sum())
        .collect()
        .row(0)
    )
    return counts | dict(_absent(none, unknown))


def _tagless(rows: pl.LazyFrame) -> Counts:
    tags = pl.col("tags")
    none, unknown = (
        rows.select(none=(tags.list.len() == 0).sum(), unknown=tags.is_null().sum())
        .collect()
        .row(0)
    )
    return dict(_absent(none, unknown))


def _authors(rows: pl.LazyFrame) -> Counts:
    counts = rows.select(pl.col(kind).sum() for kind in AUTHOR_KINDS).collect()
    return {kind: n for kind, n in counts.row(0, named=True).items() if n}


def _bands(rows: pl.LazyFrame) -> Counts:
    lasted = pl.col("duration")
    within = [
        pl.all_horizontal(
            lasted.is_not_null(),
            *([lasted >= least] if least else []),
            *([lasted < below] if below else []),
        )
        .sum()
        .alias(str(number))
        for number, (least, below) in enumerate(BANDS)
    ]
    return dict(zip(BANDS, rows.select(within).collect().row(0), strict=True))


def _answers(rows: pl.LazyFrame) -> Counts:
    waits = pl.col("unanswered")
    unanswered, answered = rows.select(a=waits.sum(), b=(~waits).sum()).collect().row(0)
    return {True: unanswered, False: answered}


def _absent(none: int, unknown: int) -> Iterator[tuple[Absence, int]]:
    if none:
        yield Absence.NONE, none
    if unknown:
        yield Absence.UNKNOWN, unknown


def _band(band: tuple[timedelta | None, timedelta | None]) -> str:
    least, below = band
    if least is None:
        return f"Below {_long(below)}"
    return f"{_long(least)} or more" if below is None else f"{_long(least)} to {_long(below)}"


def _long(length: timedelta | None) -> str:
    return human_duration(length or timedelta(0))


_COUNTS: dict[str, Callable[[pl.LazyFrame], Counts]] = {
    "status": _statuses,
    "inbox": _frequent("inbox_id"),
    "playbook": _playbooks,
    "author": _authors,
    "duration": _bands,
    "unanswered": _answers,
}
