"""An explanation in a few calm lines: as text, and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .result import Explained

__all__ = ["as_html", "as_text", "business_hours", "conversations"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def as_text(explained: Explained[Any]) -> str:
    """Write it as lines of a name and what it is."""
    return "\n".join(f"{name:<11}{what}" for name, what in _lines(explained))


def as_html(explained: Explained[Any]) -> str:
    """Write it as a list of names and what they are, escaped."""
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in _lines(explained))
    return f"<dl>{''.join(rows)}</dl>"


def conversations(n: int) -> str:
    """Say how many conversations, with one alone in the singular."""
    return f"{n:,} conversation{'' if n == 1 else 's'}"


def business_hours(explained: Explained[Any]) -> str | None:
    """Say the business hours in one line; null if all time counts."""
    calendar = explained.calendar
    if calendar is None:
        return None
    days = [
        f"{_DAYS[day]} {', '.join(f'{begin}-{end}' for begin, end in slots)}"
        for day, slots in sorted(calendar.weekly.items())
        if slots
    ]
    n = len(calendar.holidays) + len(calendar.exceptions)
    differ = f"; {n} days differ" if n > 1 else "; 1 day differs" if n else ""
    return f"{'; '.join(days) or 'never'} ({calendar.tz}){differ}"


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
        yield "counted", conversations(explained.counted)
    except InputError:
        yield "counted", "unknown: the frames do not name their conversations"
        return
    for reason, n, why in explained.left_out.rows():
        yield "left out", f"{conversations(n)} ({reason}): {why}"


def _moment(moment: datetime | None) -> str:
    return "that of the frames given" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _plain(value: object) -> str:
    """Write an argument; an expression by what it asks for, without what it compares with."""
    if isinstance(value, pl.Expr):
        return f"an expression over {', '.join(sorted(set(value.meta.root_names()))) or 'nothing'}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_plain(each) for each in value)}]"
    return repr(value) if isinstance(value, str) else str(value)
