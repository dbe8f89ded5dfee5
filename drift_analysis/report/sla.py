"""How many contacts are answered in good time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_duration, human_share
from drift_analysis.charts.kit.words import capitalized
from drift_analysis.schemas import FirstResponse, SlaAttainment

from .cells import share_span
from .parts import Section

if TYPE_CHECKING:
    import polars as pl

    from .measures import Measures

__all__ = ["section", "tells"]

_FEWEST = 5
_TARGETS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 1440)]


def tells(m: Measures) -> bool:
    """Whether enough contacts waited."""
    return int(m.waits[FirstResponse.outcome.name].count()) >= _FEWEST


def section(m: Measures) -> Section:
    """What share of contacts is answered within times that people set themselves."""
    s, found = SlaAttainment, metrics.sla_attainment(m.waits, target=_TARGETS)
    return Section(
        name="answered-in-time",
        question="How many are answered in good time?",
        sentences=_findings(found),
        chart=charts.sla_attainment(found, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=found.select(
            s.target.col.alias("Within"),
            s.attained.col.alias("Answered"),
            s.lo.col.alias("95 % from"),
            s.hi.col.alias("95 % to"),
            s.n_met.col.alias("In time"),
            s.n_missed.col.alias("Too late or never"),
            s.n_undecided.col.alias("Not decided yet"),
        ),
        definition="The share of contacts who had an answer from a person within the time (Aalen "
        "and Johansen). What still waited, not yet as long, has neither met nor missed it; what "
        "was closed without an answer counts against it.",
    )


def _findings(found: pl.DataFrame) -> tuple[str, ...]:
    known = found.filter(SlaAttainment.attained.col.is_not_null())
    if known.is_empty():
        return ("Nobody is known to have waited for an answer.",)
    return tuple(
        f"{capitalized(human_share(row['attained']))} have an answer from a person within "
        f"{human_duration(row['target'])} (95 % interval {share_span(row['lo'], row['hi'])})."
        for row in known.iter_rows(named=True)
        if row["target"] in (_TARGETS[1], _TARGETS[3])
    )
