"""Who answers contacts: bots alone, people, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts, metrics
from drift_analysis.charts.kit.format import human_share
from drift_analysis.charts.kit.words import listing, spoken
from drift_analysis.schemas import ContainmentRates, Messages

from .cells import share_span
from .parts import Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["section", "tells"]


def tells(m: Measures) -> bool:
    """Whether messages are known, from which it is told who answered."""
    return m.messages is not None


def section(m: Measures) -> Section:
    """How many of the closed conversations bots handled alone."""
    c, rates = ContainmentRates, _rates(m)
    return Section(
        name="containment",
        question="Who answers: bots, people, nobody?",
        sentences=_findings(rates),
        chart=charts.containment_rates(rates, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=rates.select(
            pl.Series("Outcome", [spoken(each) for each in rates[c.outcome.name]], pl.String),
            c.conversations.col.alias("Conversations"),
            c.share.col.alias("Share"),
            c.lo.col.alias("95 % from"),
            c.hi.col.alias("95 % to"),
        ),
        data=rates,
        definition="Of the closed conversations in which the contact wrote. Contained: bots alone "
        "answered. Handed over: a person answered after a bot; human only: no bot did. Unanswered: "
        "nobody did. That bots were alone does not say that they helped. The interval is "
        "Wilson's, at 95 %.",
    )


def _rates(m: Measures) -> pl.DataFrame:
    messages = Messages.empty() if m.messages is None else m.messages
    found = metrics.bot_containment(m.conversations, messages=messages, as_of=m.as_of)
    return metrics.containment_rates(found)


def _findings(rates: pl.DataFrame) -> tuple[str, str]:
    row = next(rates.filter(pl.col("outcome") == "contained").iter_rows(named=True), None)
    if row is None or row["share"] is None:
        return "No conversation can be judged.", "It takes messages, and a conversation closed."
    return (
        f"Bots alone handled {human_share(row['share'])} of the {row['n_judged']:,} closed "
        f"conversations in which the contact wrote (95 % interval "
        f"{share_span(row['lo'], row['hi'])}).",
        _not_judged(row["n_open"], row["n_not_engaged"], row["n_unknown"]),
    )


def _not_judged(n_open: int, n_silent: int, n_unknown: int) -> str:
    reasons = [
        (n_open, "not closed"),
        (n_silent, "in which the contact wrote nothing"),
        (n_unknown, "of which too little is known"),
    ]
    told = [f"{n:,} {why}" for n, why in reasons if n]
    return f"Not judged: {listing(told)}." if told else "All conversations are judged."
