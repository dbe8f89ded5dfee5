"""An explanation in a few calm lines: as text, and as HTML."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from .result import Explained

__all__ = ["accounting", "as_html", "as_text", "business_hours"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def as_text(explained: Explained[Any]) -> str:
    """Write it as lines of a name and what it is."""
    return "\n".join(f"{name:<11}{what}" for name, what in _lines(explained))


def as_html(explained: Explained[Any]) -> str:
    """Write it as a list of names and what they are, escaped."""
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in _lines(explained))
    return f"<dl>{''.join(rows)}</dl>"


def business_hours(explained: Explained[Any]) -> str | None:
    """Say the business hours in one line; null if all time counts."""
    calendar = explained.calendar
    if calendar is None:
        return None
    slots = {
        day: ", ".join(f"{begin}-{end}" for begin, end in calendar.weekly.get(day, ()))
        for day in range(7)
    }
    weeks = [
        (_DAYS[days[0]], _DAYS[days[-1]], hours)
        for hours, each in groupby(slots, key=slots.__getitem__)
        if hours and (days := list(each))
    ]
    spans = (f"{a if a == b else f'{a} to {b}'} {hours}" for a, b, hours in weeks)
    n = len({*calendar.holidays, *calendar.exceptions})
    differ = f", but for {n} day{'' if n == 1 else 's'}" if n else ""
    return f"{'; '.join(spans) or 'none'} ({calendar.tz}){differ}"


def accounting(explained: Explained[Any], *, without: Collection[str] = ()) -> str:
    """Say how many conversations entered, and how many were left out for which reason.

    Parameters
    ----------
    explained
        What is explained.
    without
        Reasons that are told elsewhere.
    """
    counted, left_out = explained.counted, explained.left_out
    total = counted + int(left_out.get_column("conversations").sum())
    if not total:
        return "There are no conversations."
    if counted == total:
        return f"All of {_conversations(total)} counted."
    reasons = ", ".join(
        f"{n:,} ({why[0].lower()}{why[1:].rstrip('.')})"
        for reason, n, why in left_out.rows()
        if reason not in without
    )
    entered = f"{counted:,} of {_conversations(total)} counted."
    return f"{entered} Left out: {reasons}." if reasons else entered


def _conversations(n: int) -> str:
    return f"{n:,} conversation{'' if n == 1 else 's'}"


def _lines(explained: Explained[Any]) -> Iterator[tuple[str, str]]:
    yield "metric", explained.metric
    yield "definition", explained.definition
    if explained.arguments:
        yield "arguments", ", ".join(f"{n}={_plain(v)}" for n, v in explained.arguments.items())
    for name, source in explained.sources.items():
        yield "from", f"{name}: {source.metric}"
    yield "as of", _moment(explained.as_of)
    yield "calendar", business_hours(explained) or "all time counts"
    try:
        yield "counted", _conversations(explained.counted)
    except InputError:
        yield "counted", "unknown: the frames do not name their conversations"
        return
    for reason, n, why in explained.left_out.rows():
        yield "left out", f"{_conversations(n)} ({reason}): {why}"


def _moment(moment: datetime | None) -> str:
    return "that of the frames given" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _plain(value: object) -> str:
    """Write an argument; an expression by what it asks for, without what it compares with."""
    if isinstance(value, pl.Expr):
        return f"an expression over {', '.join(sorted(set(value.meta.root_names()))) or 'nothing'}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_plain(each) for each in value)}]"
    return repr(value) if isinstance(value, str) else str(value).removesuffix(", 0:00:00")
