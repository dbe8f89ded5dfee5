"""Which playbooks start conversations that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis import charts
from drift_analysis.charts.kit.format import human_share, plural
from drift_analysis.charts.kit.words import listing
from drift_analysis.metrics import wilson
from drift_analysis.schemas import PlaybookAttribution

from .cells import share_span
from .parts import KeyNumber, Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["key_number", "named", "section"]

_FEWEST = 5
"""Below this many conversations a rate is not worth comparing."""

_SHOWN = 8


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
        sentence="In this share of the conversations that a playbook started, the contact wrote."
        if m.messages is not None
        else "This share of the conversations that a playbook started is more than just sent: "
        "without messages, that is all that tells of engagement.",
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
        question="Which playbook gets an answer?",
        sentences=(
            _finding(m.attribution),
            _others(kinds.get("none", 0), kinds.get("unknown", 0)),
            *_without_meetings(m.attribution),
        ),
        chart=charts.playbook_attribution(m.attribution, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=_numbers(m.attribution),
        beside=_meetings(m.attribution),
        definition="A playbook is credited with the conversations that it started. Engaged: the "
        "contact wrote a visible message; without messages, the conversation left bulk_sent. A "
        "playbook whose conversations only begin with the contact's own message is engaged with in "
        "100 % of them by construction: compare it by what came after, such as meetings. The "
        "interval is Wilson's, at 95 %. E-mails are counted once per conversation, in the way of "
        "Drift's own report. A difference between playbooks is no proof of a cause.",
    )


def _others(without: int, unknown: int) -> str:
    """Say how many are of no playbook, and of how many that is unknown."""
    if unknown and not without:
        which = f"Of {plural(unknown, 'conversation')} it is unknown whether a playbook"
        return f"{which} started {'it' if unknown == 1 else 'them'}; they are in no rate."
    rest = f"; of {unknown:,} it is unknown, and they are in no rate" if unknown else ""
    return f"{plural(without, 'conversation')} began without a playbook{rest}."


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
    top = known.filter(p.engagement_rate.col == p.engagement_rate.col.max())
    each = [
        f"“{_name(row)}” ({share_span(row['engagement_lo'], row['engagement_hi'])}; "
        f"n = {row['conversations']:,})"
        for row in top.iter_rows(named=True)
    ]
    share = human_share(top[p.engagement_rate.name][0])
    tied = f", which {len(each)} have in common" if len(each) > 1 else ""
    return f"The highest share of engaged conversations is {share}{tied}: {listing(each)}."


def _without_meetings(attribution: pl.DataFrame) -> list[str]:
    unknown = attribution[PlaybookAttribution.meetings.name].is_null().all()
    return ["No meetings were loaded, so who led to one is unknown."] if unknown else []


def _meetings(attribution: pl.DataFrame) -> pl.DataFrame | None:
    """What engagement does not tell: how many meetings came of it, the most first."""
    if _without_meetings(attribution):
        return None
    order = ["Meetings", "Conversations", "Playbook"]
    rows = _numbers(attribution).select(reversed(order)).sort(order, descending=[True, True, False])
    shown = rows.filter(pl.col("Meetings") > 0).head(_SHOWN)
    rest = rows.slice(shown.height)
    name = pl.lit("the others" if shown.height else "all together").alias("Playbook")
    others = rest.select(name, pl.col("Conversations", "Meetings").sum()).head(rest.height)
    return pl.concat([shown, others])


def _numbers(attribution: pl.DataFrame) -> pl.DataFrame:
    p = PlaybookAttribution
    return attribution.select(
        named(attribution),
        p.conversations.col.alias("Conversations"),
        p.engaged.col.alias("Engaged"),
        p.engagement_rate.col.alias("Rate"),
        p.engagement_lo.col.alias("95 % from"),
        p.engagement_hi.col.alias("95 % to"),
        p.human_handled.col.alias("By a person"),
        p.emails_captured.col.alias("E-mails"),
        p.meetings.col.alias("Meetings"),
    )


def named(attribution: pl.DataFrame) -> pl.Series:
    """Return what the playbook of each row is called."""
    names = [_name(row) for row in attribution.iter_rows(named=True)]
    return pl.Series("Playbook", names, pl.String)


def _name(row: dict[str, Any]) -> str:
    match row["attribution"]:
        case "none":
            return "no playbook"
        case "unknown":
            return "unknown"
        case _:
            return str(row["playbook_name"] or f"playbook {row['playbook_id']}")
