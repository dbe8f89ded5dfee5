"""The code that gives what is on show without the explorer: a filter in polars, and a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..asked.facts import pattern
from ..asked.filters import Absence, switched_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, timedelta

    from ..asked.filters import Filters, Pick

__all__ = ["code_of"]

_SPOKEN = ("author", "shortest", "longest", "unanswered")
_ID = 'pl.col("conversation_id")'
_TAG = 'pl.element().struct.field("name")'


def code_of(filters: Filters, *, tz: str, notes: Sequence[str]) -> str:
    """Write the code that gives ``frame`` and ``chart`` from a ``dataset``.

    Parameters
    ----------
    filters
        What is on.
    tz
        The time zone in which days begin.
    notes
        What the chart says below itself.

    Examples
    --------
    >>> from drift_analysis.widgets import Filters
    >>> from drift_analysis.widgets.explorer.code import code_of
    >>> print(code_of(Filters(status="open"), tz="UTC", notes=()))
    import polars as pl
    <BLANKLINE>
    import drift_analysis as da
    <BLANKLINE>
    frame = (
        dataset.conversations.lazy()
        .filter(
            pl.col("status") == 'open',
        )
        .collect()
    )
    chart = da.widgets.arrivals_chart(frame, tz='UTC', as_of=dataset.as_of, notes=[])
    <BLANKLINE>
    """
    on = switched_on(filters)
    before = "".join(f"{line}\n" for line in _before(on, tz))
    kept = "".join(f"        {line},\n" for line in _conditions(on, filters.match))
    chosen = f"    .filter(\n{kept}    )\n" if kept else ""
    chart = f"tz={tz!r}, as_of=dataset.as_of, notes={list(notes)!r}"
    return (
        f"{_imports(on)}\n{before}"
        f"frame = (\n    dataset.conversations.lazy()\n{chosen}    .collect()\n)\n"
        f"chart = da.widgets.arrivals_chart(frame, {chart})\n"
    )


def _imports(on: dict[str, Any]) -> str:
    days = ["date"] if on.keys() & {"start", "end", "picked"} else []
    names = days + (["timedelta"] if on.keys() & {"shortest", "longest"} else [])
    first = f"from datetime import {', '.join(names)}\n\n" if names else ""
    needed = "import polars as pl\n\n" if on else ""
    return f"{first}{needed}import drift_analysis as da\n"


def _before(on: dict[str, Any], tz: str) -> Iterator[str]:
    """Write what stands before the filter: names for what it asks about."""
    if on.keys() & {"start", "end", "picked"}:
        yield f'day = pl.col("created_at").dt.convert_time_zone({tz!r}).dt.date()'
    if _names_tags(on):
        yield f'tags = pl.col("tags").list.eval(da.schemas.tag_key({_TAG}))'
    if on.keys() & {*_SPOKEN}:
        yield "heard = da.widgets.spoken(dataset.messages.lazy()).filter("
        yield from (f"    {_HEARD[name](on[name])}," for name in _SPOKEN if name in on)
        yield ').select("conversation_id").collect().to_series()'
    if "text" in on:
        yield "said = ("
        yield "    dataset.messages.lazy()"
        yield f'    .filter(pl.col("text").str.contains({pattern(on["text"])!r}))'
        yield '    .select("conversation_id").collect().to_series()'
        yield ")"
    if "find" in on:
        yield "named = ("
        yield "    da.playbook_names(dataset.playbooks.lazy())"
        yield f'    .filter(pl.col("playbook_name").str.contains({pattern(on["find"])!r}))'
        yield '    .select("playbook_id").collect().to_series()'
        yield ")"


def _conditions(on: dict[str, Any], match: str) -> Iterator[str]:
    """Write what the filter asks, a line each."""
    for name, value in on.items():
        if name == "tag":
            yield _tag(value, match)
        elif name in _ASKED:
            yield _ASKED[name](value)
    if on.keys() & {*_SPOKEN}:
        yield f"{_ID}.is_in(heard.implode())"
    if "text" in on:
        yield f"{_ID}.is_in(said.unique().implode())"


def _names_tags(on: dict[str, Any]) -> bool:
    return isinstance(on.get("tag"), str | tuple)


def _playbook(playbook: int | Absence) -> str:
    if not isinstance(playbook, Absence):
        return f'pl.col("playbook_id") == {playbook}'
    known = "" if playbook is Absence.NONE else "~"
    return f'pl.col("playbook_id").is_null() & {known}pl.col("is_detail")'


def _tag(tag: str | tuple[str, ...] | Absence, match: str) -> str:
    if tag is Absence.NONE:
        return 'pl.col("tags").list.len() == 0'
    if tag is Absence.UNKNOWN:
        return 'pl.col("tags").is_null()'
    keys = (tag,) if isinstance(tag, str) else tuple(tag)
    join = " & " if match == "all" else " | "
    return join.join(f"tags.list.contains({key!r})" for key in keys)


def _find(text: str) -> str:
    begins = f"{_ID}.cast(pl.String).str.starts_with({text!r}) | " if text.isdecimal() else ""
    held = f"{_TAG}.str.contains({pattern(text)!r})"
    return (
        f'{begins}pl.col("playbook_id").is_in(named.implode())'
        f' | pl.col("tags").list.eval({held}).list.any()'
    )


def _picked(picked: tuple[Pick, ...]) -> str:
    return " | ".join(
        f"(day.is_between({_day(pick.first)}, {_day(pick.last)})"
        + (f' & (pl.col("status") == {pick.status!r}))' if pick.status else ")")
        for pick in picked
    )


def _day(day: date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"


def _length(length: timedelta) -> str:
    return f"timedelta(days={length.days}, seconds={length.seconds}, microseconds=" + (
        f"{length.microseconds})"
    )


_HEARD: dict[str, Callable[[Any], str]] = {
    "author": lambda kind: f'pl.col("{kind}")',
    "shortest": lambda least: f'pl.col("duration") >= {_length(least)}',
    "longest": lambda most: f'pl.col("duration") < {_length(most)}',
    "unanswered": lambda waits: 'pl.col("unanswered")' if waits else '~pl.col("unanswered")',
}
_ASKED: dict[str, Callable[[Any], str]] = {
    "start": lambda first: f"day >= {_day(first)}",
    "end": lambda last: f"day <= {_day(last)}",
    "status": lambda status: f'pl.col("status") == {status!r}',
    "inbox": lambda inbox: f'pl.col("inbox_id") == {inbox}',
    "playbook": _playbook,
    "participant": lambda user: f'pl.col("participants").list.contains({user})',
    "find": _find,
    "picked": _picked,
}
