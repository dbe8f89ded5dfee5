"""Which playbooks start conversations that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis import charts
from drift_analysis.charts.format import human_share
from drift_analysis.metrics import wilson
from drift_analysis.schemas import PlaybookAttribution

from .cells import share_span
from .parts import KeyNumber, Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["key_number", "section"]

_FEWEST = 5
"""Below this many conversations a rate is not worth comparing."""


def key_number(m: Measures) -> KeyNumber:
    """How many of the conversations that playbooks started were engaged with."""
    p = PlaybookAttribution
    started = m.attribution.filter(p.attribution.col == "playbook")
    engaged, n = int(started[p.engaged.name].sum()), int(started[p.conversations.name].sum())
    if n == 0:
        return KeyNumber(
            "none",
            "engaged",
            "No conversation is known to have been started by a playbook.",
            "n = 0.",
        )
    lo, hi = pl.select(wilson(pl.lit(engaged), pl.lit(n))).row(0)
    return KeyNumber(
        value=human_share(engaged / n),
        label="engaged with playbooks",
        sentence="In this share of the conversations that a playbook started, the contact wrote.",
        proof=f"95 % interval {share_span(lo, hi)}; n = {n:,}, {started.height:,} playbooks.",
    )


def section(m: Measures) -> Section:
    """How many conversations each playbook started, and how many were engaged with."""
    p = PlaybookAttribution
    kinds = dict(
        m.attribution.group_by(p.attribution.col.cast(pl.String))
        .agg(p.conversations.col.sum())
        .iter_rows()
    )
    return Section(
        name="playbooks",
        question="Which playbook earns its place?",
        sentences=(
            _finding(m.attribution),
            f"{kinds.get('none', 0):,} conversations began without a playbook; of "
            f"{kinds.get('unknown', 0):,} it is unknown, and they are in no rate.",
        ),
        chart=charts.playbook_attribution(m.attribution, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=_numbers(m.attribution),
        definition="A playbook is credited with the conversations that it started. Engaged: the "
        "contact wrote a visible message; without messages, the conversation left bulk_sent. The "
        "interval is Wilson's, at 95 %. E-mails are counted once per conversation, in the way of "
        "Drift's own report. A difference between playbooks is no proof of a cause.",
    )


def _finding(attribution: pl.DataFrame) -> str:
    p = PlaybookAttribution
    known = attribution.filter(
        (p.attribution.col == "playbook") & (p.conversations.col >= _FEWEST)
    ).sort(
        p.engagement_rate.name,
        p.conversations.name,
        p.playbook_id.name,
        descending=[True, True, False],
    )
    if known.is_empty():
        return f"No playbook started {_FEWEST} conversations or more, so none can be compared."
    best = known.row(0, named=True)
    return (
        f"“{_name(best)}” has the highest share of engaged conversations: "
        f"{human_share(best['engagement_rate'])} of {best['conversations']:,} "
        f"({share_span(best['engagement_lo'], best['engagement_hi'])})."
    )


def _numbers(attribution: pl.DataFrame) -> pl.DataFrame:
    p = PlaybookAttribution
    names = pl.Series(
        "Playbook", [_name(row) for row in attribution.iter_rows(named=True)], pl.String
    )
    return attribution.select(
        names,
        p.conversations.col.alias("Conversations"),
        p.engaged.col.alias("Engaged"),
        p.engagement_rate.col.alias("Rate"),
        p.engagement_lo.col.alias("95 % from"),
        p.engagement_hi.col.alias("95 % to"),
        p.human_handled.col.alias("By a person"),
        p.emails_captured.col.alias("E-mails"),
        p.meetings.col.alias("Meetings"),
    )


def _name(row: dict[str, Any]) -> str:
    match row["attribution"]:
        case "none":
            return "no playbook"
        case "unknown":
            return "unknown"
        case _:
            return str(row["playbook_name"] or f"playbook {row['playbook_id']}")
