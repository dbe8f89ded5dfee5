"""The numbers that are followed from period to period, in the order of their importance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import metrics
from drift_analysis.charts.kit.text import shortened
from drift_analysis.metrics import wilson
from drift_analysis.metrics.statistics.survival import survival_quantiles
from drift_analysis.schemas import (
    BotContainment,
    PlaybookAttribution,
    StatusIntervals,
    TagFrequency,
    TimeInStatus,
)
from drift_analysis.schemas.tags import tag_key

from .changes import Reading
from .responses import time_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from .changes import Unit
    from .measures import Measures

__all__ = ["TARGET", "Indicator", "indicators"]

TARGET = timedelta(minutes=5)
"""The wait that counts as prompt."""

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number to follow: its name, its unit, what it says, and how it is read off.

    Attributes
    ----------
    name
        What it is called in tables.
    label
        What it is, in two to four words.
    unit
        What kind of number it is.
    sentence
        What it says, behind a share; or behind "Half of" for a length.
    read
        How it is read off the tables of a period; None where they do not tell.
    """

    name: str
    label: str
    unit: Unit
    sentence: str
    read: Callable[[Measures], Reading | None]


def indicators(m: Measures) -> list[Indicator]:
    """Return what to follow: always the same, and the tag that is most frequent now."""
    tag = _top_tag(m)
    return _ALWAYS if tag is None else [*_ALWAYS, tag]


def _started(m: Measures) -> Reading:
    n = float(m.conversations.height)
    return Reading(n, n, n, (m.until - m.since).total_seconds() / _DAY)


def _answered(m: Measures) -> Reading | None:
    n = m.waits["outcome"].count()
    median, lo, hi = (time_until(m.answers, curve) for curve in ("incidence", "hi", "lo"))
    return Reading(_seconds(median), _seconds(lo), _seconds(hi), n) if n else None


def _prompt(m: Measures) -> Reading | None:
    found = metrics.sla_attainment(m.waits, target=TARGET)
    row = next(found.iter_rows(named=True), None)
    if row is None or not row["n"]:
        return None
    return Reading(row["attained"], row["lo"], row["hi"], row["n"])


def _time_open(m: Measures) -> Reading | None:
    """Half are out of it after this time; the interval holds chance and evidence."""
    t = TimeInStatus
    was_open = m.times.filter((t.status.col == "open") & (t.n_visits.col > 0))
    if was_open.is_empty():
        return None
    median, least, most = (
        survival_quantiles(was_open, duration=each, censored=t.censored.name, q=[0.5]).row(
            0, named=True
        )
        for each in (t.duration.name, t.duration_min.name, t.duration_max.name)
    )
    value, lo, hi = map(_seconds, (median["p50"], least["p50_lo"], most["p50_hi"]))
    return Reading(value, lo, hi, was_open.height, bounded=True)


def _unfinished(m: Measures) -> Reading | None:
    i = StatusIntervals
    last = i.status.col.sort_by(i.entered_at.name, i.visit.name).last()
    ends = m.intervals.group_by(i.conversation_id.name).agg(last)
    running = ends.filter(i.status.col.is_in(["open", "pending"]))
    return _share(running.height, ends.height)


def _engaged(m: Measures) -> Reading | None:
    p = PlaybookAttribution
    started = m.attribution.filter(p.attribution.col == "playbook")
    return _share(*_sums(started, p.engaged.name, p.conversations.name))


def _meetings(m: Measures) -> Reading | None:
    p = PlaybookAttribution
    if m.attribution[p.meetings.name].is_null().all():
        return None
    return _share(*_sums(m.attribution, p.meetings.name, p.conversations.name))


def _contained(m: Measures) -> Reading | None:
    if m.messages is None:
        return None
    found = metrics.bot_containment(m.conversations, messages=m.messages, as_of=m.as_of)
    outcome = BotContainment.outcome.col
    counts = found.select((outcome == "contained").sum().alias("x"), outcome.count().alias("n"))
    return _share(*counts.row(0))


def _top_tag(m: Measures) -> Indicator | None:
    """Follow the tag that is most frequent now."""
    if m.tags.is_empty():
        return None
    t = TagFrequency
    name = m.tags.sort(t.rank.name, t.tag.name)[t.tag.name][0]
    key = str(pl.select(tag_key(pl.lit(name))).item())

    def read(of: Measures) -> Reading | None:
        row = of.tags.filter(tag_key(t.tag.col) == key).head(1)
        known = of.conversations["tags"].count()
        return _share(sum(_sums(row, t.conversations.name)), known)

    shown = shortened(name, 30)
    return Indicator(
        "top_tag",
        f"have {shown}",
        "share",
        f"of the conversations whose tags are known have {shown}",
        read,
    )


def _sums(frame: pl.DataFrame, *names: str) -> tuple[int, ...]:
    return tuple(int(frame[name].sum()) for name in names)


def _share(x: int, n: int) -> Reading | None:
    if not n:
        return None
    lo, hi = pl.select(wilson(pl.lit(x), pl.lit(n))).row(0)
    return Reading(x / n, lo, hi, n)


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


_ALWAYS = [
    Indicator("started", "conversations", "count", "conversations began", _started),
    Indicator(
        "first_answer",
        "median first answer",
        "length",
        "the contacts who wrote had an answer from a person within",
        _answered,
    ),
    Indicator(
        "prompt",
        "answered within 5 min",
        "share",
        "of the contacts who wrote had an answer from a person within 5 min",
        _prompt,
    ),
    Indicator(
        "meetings", "led to a meeting", "share", "of the conversations led to a meeting", _meetings
    ),
    Indicator(
        "time_open",
        "median time open",
        "length",
        "the conversations that were open left it within",
        _time_open,
    ),
    Indicator(
        "unfinished",
        "open or pending",
        "share",
        "of the conversations are still open or pending",
        _unfinished,
    ),
    Indicator(
        "engaged",
        "engaged with playbooks",
        "share",
        "of the conversations that a playbook started were engaged with",
        _engaged,
    ),
    Indicator(
        "contained",
        "handled by bots alone",
        "share",
        "of the closed conversations were handled by bots alone",
        _contained,
    ),
]
