"""What the data is good for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_share
from drift_analysis.schemas import MetricCoverage

from .contents import coverage
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section"]


def section(m: Measures) -> Section:
    """For how many conversations each metric can be computed."""
    c, found = MetricCoverage, metrics.metric_coverage(m.dataset)
    told = coverage(m.dataset)
    shares = found.filter(c.share.col.is_not_null()).sort(c.share.name)
    least = told.filter(told["share"] == shares[c.share.name].min()).row(0, named=True)
    return Section(
        name="completeness",
        question="What is the data good for?",
        sentences=(
            f"{(found[c.share.name] == 1).sum():,} of {found.height:,} metrics can be had for "
            "every conversation that was loaded.",
            f"The least is {least['metric']}: for {human_share(least['share'])} of them.",
        ),
        chart=charts.completeness(found, as_of=m.as_of, tz=m.tz),
        numbers=told.select("metric", "n", "of", "share", "needs").rename(
            {"metric": "Metric", "n": "Can be had for", "of": "Of", "share": "Share"}
            | {"needs": "Needs"}
        ),
        data=found,
        definition="All conversations that were loaded count, of any period. A metric can be had "
        "for a conversation if what it needs was in the records.",
    )
