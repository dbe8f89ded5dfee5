"""What has been waiting for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_duration, plural
from drift_analysis.charts.kit.words import spoken
from drift_analysis.schemas import Ageing

from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_SHOWN = 50


def tells(m: Measures) -> bool:
    """Whether anything waits."""
    return not metrics.ageing(m.everybody).is_empty()


def section(m: Measures) -> Section:
    """How old what is open or pending is, beside how long finished work took."""
    a, work = Ageing, metrics.ageing(m.everybody)
    oldest = work.head(_SHOWN)
    return Section(
        name="ageing",
        question="What waits for too long?",
        sentences=_findings(work),
        chart=charts.ageing(work, as_of=m.as_of, tz=m.tz),
        numbers=oldest.select(
            a.conversation_id.col.cast(pl.String).alias("Conversation"),
            pl.Series("Status", [spoken(each) for each in oldest[a.status.name]], pl.String),
            a.arrived_at.col.alias("Arrived"),
            a.age.col.alias("Age"),
            a.share_faster.col.alias("Finished ones that took no longer"),
        ),
        data=work,
        definition="All conversations count here, also those that began before the period. The age "
        "of what is open or pending at the end of what is known, since it began or was picked up "
        "after it was sent in bulk; beside it, how long the conversations that are closed by then "
        f"took. The table has the {_SHOWN} oldest.",
    )


def _findings(work: pl.DataFrame) -> tuple[str, ...]:
    if work.is_empty():
        return ("Nothing is open or pending.",)
    limit = work[Ageing.finished_p90.name][0]
    if limit is None:
        wait = f"{plural(work.height, 'conversation')} {'waits' if work.height == 1 else 'wait'}"
        return (f"{wait}; none is finished to compare with.",)
    late = work.filter(Ageing.age.col > limit).height
    return (
        f"Of {plural(work.height, 'conversation')} that wait, {late or 'none'} waited for more "
        f"than {human_duration(limit)}, in which nine in ten of the finished ones were done.",
        "What is slow to close has often not finished: the finished are the quicker ones, and the "
        "line lies early.",
    )
