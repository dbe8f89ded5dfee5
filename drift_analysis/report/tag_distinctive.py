"""Which tags set this time apart from the time before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_period
from drift_analysis.schemas import Conversations, TagDistinctive

from .parts import Section

if TYPE_CHECKING:
    from datetime import datetime

    from .measures import Measures

__all__ = ["section", "tells"]

_STANDS_OUT, _FEWEST, _SHOWN = 2, 10, 25


def tells(m: Measures) -> bool:
    """Whether there are tags on either side to compare."""
    found = _compared(m)
    return found.height > 1 and found.select(pl.min_horizontal("n_first", "n_second")).row(0)[0] > (
        _FEWEST
    )


def section(m: Measures) -> Section:
    """Which tags belong more to the later half than to the earlier one."""
    t, found = TagDistinctive, _compared(m)
    return Section(
        name="tag-distinctive",
        question="What are people asking for now that they did not before?",
        sentences=_findings(found, m),
        chart=charts.tag_distinctive(
            found, sides=("later", "earlier"), since=m.since, as_of=m.as_of, tz=m.tz
        ),
        numbers=found.head(_SHOWN).select(
            t.tag.col.alias("Tag"),
            t.first.col.alias("Later"),
            t.second.col.alias("Earlier"),
            (t.z.col.abs() >= _STANDS_OUT).alias("Stands out"),
        ),
        data=found,
        definition="Conversations that began in the later half of the period, against those of the "
        "earlier half. The odds of a tag on either side are pulled towards those of both together "
        "(Monroe, Colaresi and Quinn); a difference of two standard errors stands out. Drift keeps "
        "no time for a tag: halves are those of the conversations.",
    )


def _compared(m: Measures) -> pl.DataFrame:
    later = Conversations.created_at.col >= pl.lit(_middle(m), pl.Datetime("ms", "UTC"))
    return metrics.tag_distinctive(m.conversations, first=later)


def _middle(m: Measures) -> datetime:
    return m.since + (m.until - m.since) / 2


def _findings(found: pl.DataFrame, m: Measures) -> tuple[str, ...]:
    t = TagDistinctive
    if found.is_empty():
        return ("No conversation is known to have a tag.",)
    halves = (
        f"Later: {human_period(_middle(m), m.until, m.tz)}, with "
        f"{found[t.n_first.name][0]:,} conversations of known tags; earlier: "
        f"{found[t.n_second.name][0]:,}."
    )
    more = found.filter(t.z.col >= _STANDS_OUT)
    less = found.filter(t.z.col <= -_STANDS_OUT).sort(t.z.name)
    if more.is_empty() and less.is_empty():
        return ("No tag stands out in either half of the period.", halves)
    said = [
        f"{what} in the later half: “{rows[t.tag.name][0]}”"
        for what, rows in (("More", more), ("Less", less))
        if not rows.is_empty()
    ]
    return (f"{'; '.join(said).replace('; Less', '; less')}.", halves)
