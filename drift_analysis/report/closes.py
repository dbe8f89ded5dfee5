"""How long conversations take until they close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_duration, human_share
from drift_analysis.charts.kit.words import capitalized
from drift_analysis.metrics.statistics.survival import survival_quantiles
from drift_analysis.schemas import SurvivalCurve, TimeToClose

from .cells import reached
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]

_SHARES = {"One in four": 0.25, "Half": 0.5, "Three in four": 0.75, "Nine in ten": 0.9}
_LASTING = {
    "duration": TimeToClose.time_to_first_close.name,
    "censored": TimeToClose.first_censored.name,
}


def tells(m: Measures) -> bool:
    """Whether anybody took part in a conversation."""
    return not m.closes.is_empty()


def section(m: Measures) -> Section:
    """After which time which share of conversations has closed for the first time."""
    closes = _watched(m.closes)
    curve = metrics.survival_curve(closes, **_LASTING)
    within = survival_quantiles(closes, **_LASTING, q=[*_SHARES.values()])
    row = next(within.iter_rows(named=True), {})
    places = {name: f"p{round(share * 100)}" for name, share in _SHARES.items()}
    entries = [
        (name, *(reached(row.get(f"{at}{end}")) for end in ("", "_lo", "_hi")))
        for name, at in places.items()
    ]
    headings = ("Closed", "Within", "95 % from", "95 % to")
    return Section(
        name="time-to-close",
        question="How long until conversations close?",
        sentences=_findings(closes, row.get("p50")),
        chart=charts.survival_curve(curve, ended="closed", since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=pl.DataFrame(entries, schema=dict.fromkeys(headings, pl.String), orient="row"),
        data=curve.select(*(each for each in curve.columns if each in SurvivalCurve.columns())),
        definition="From the creation to the first close, by the best estimate; conversations that "
        "were sent in bulk and that nobody took part in are left out. What has not closed is "
        "censored and counts for as long as it was watched (Kaplan and Meier). Closed does not "
        "mean resolved.",
    )


def _watched(closes: pl.DataFrame) -> pl.DataFrame:
    lasting = TimeToClose.time_to_first_close.name
    return closes.with_columns(pl.col(lasting).fill_null(TimeToClose.watched.col))


def _findings(closes: pl.DataFrame, median: object) -> tuple[str, str]:
    t = TimeToClose
    n = closes.height
    if not n:
        return "Nobody took part in a conversation.", "What was only sent cannot close."
    still = closes.filter(t.first_censored.col).height
    again = closes.filter(t.n_reopens.col > 0).height
    half = (
        f"Half have closed within {human_duration(median)}"  # type: ignore[arg-type]
        if median is not None
        else "Fewer than half have closed"
    )
    return (
        f"{half}; {human_share(still / n)} of the {n:,} that somebody took part in have not.",
        f"{capitalized(human_share(again / n)) if again else 'None'} {'are' if again else 'is'} "
        "known to have been opened again after a close.",
    )
