"""Where the time goes: time in status, and the lives of some conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis import charts
from drift_analysis.charts.kit.format import human_share
from drift_analysis.charts.kit.words import capitalized, listing, spoken
from drift_analysis.schemas import LIFE_ORDER, StatusIntervals, TimeInStatusGroups

from .cells import reached, span
from .parts import KeyNumber, Section

if TYPE_CHECKING:
    from .measures import Measures

__all__ = ["key_number", "section", "timeline"]

_SHOWN = 24
_WORK = ("open", "pending")

_DEFINITION = (
    "A stay is one visit to a status; the stays of a conversation add up to its life, from its "
    "creation to the end of the data. The estimate takes the path with the fewest changes that "
    "the webhook log, the messages and the record allow; the least and the most are hard bounds "
    "that no unseen change can break. Medians are Kaplan and Meier's over conversations: what "
    "still runs counts for as long as it was watched."
)


def key_number(m: Measures) -> KeyNumber:
    """How long conversations are open."""
    row = next(m.groups.filter(TimeInStatusGroups.status.col == "open").iter_rows(named=True), None)
    if row is None or row["n"] == 0:
        return KeyNumber("none", "ever open", "No conversation was open at any time.", "n = 0.")
    left = (
        "Fewer than half of the conversations that were open have left it"
        if row["median"] is None
        else "Half of the conversations that were open left it within this time"
    )
    least, most = row["median_min"], row["median_max"]
    allowed = "" if least is None and most is None else f"The evidence allows {span(least, most)}; "
    return KeyNumber(
        value=reached(row["median"]),
        label="median time open",
        sentence=f"{left}; {human_share(row['share_censored'])} are open still.",
        proof=f"{allowed}n = {row['n']:,}.",
    )


def section(m: Measures) -> Section:
    """How long conversations stay in each status."""
    known = m.groups.filter(TimeInStatusGroups.n.col > 0)
    rows = sorted(known.iter_rows(named=True), key=lambda row: LIFE_ORDER.index(row["status"]))
    still = [
        f"{human_share(row['share_censored'])} of the {row['n']:,} that were ever "
        f"{row['status']} still are"
        for row in rows
        if row["status"] in _WORK
    ]
    left = f"Of the conversations, {listing(still)}." if still else "None was open or pending."
    return Section(
        name="time-in-status",
        question="How long do conversations stay in a status?",
        sentences=(
            left,
            "Drift keeps no history of status: the dot is the best estimate of the median, the "
            "pale stretch is everything that the evidence allows.",
        ),
        chart=charts.time_in_status(m.times, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=_numbers(rows),
        data=m.groups,
        definition=_DEFINITION,
    )


def timeline(m: Measures) -> Section:
    """The lives of some conversations, side by side."""
    i = StatusIntervals
    certain = pl.when(i.possible.col.list.len() == 1).then(i.duration.col).sum()
    known, lived = m.intervals.select(certain.alias("known"), i.duration.col.sum()).row(0)
    return Section(
        name="timeline",
        question="What happened in these conversations?",
        sentences=(
            f"{capitalized(human_share(known / lived))} of the time that all conversations lived "
            "is certain; the rest could have been spent in another status."
            if lived and known < lived
            else "All of the time that conversations lived is certain."
            if lived
            else "All conversations began at the end of what is known, so no time has passed.",
            f"Each row is one conversation; at most {_SHOWN} are drawn, and what is not certain "
            "is pale.",
        ),
        chart=charts.status_timeline(
            m.intervals, messages=m.messages, as_of=m.as_of, tz=m.tz, limit=_SHOWN
        ),
        numbers=m.intervals.group_by(i.evidence.col.cast(pl.String).alias("Evidence"))
        .agg(
            pl.len().alias("Stretches"),
            i.duration.col.sum().alias("Time"),
            certain.alias("Of it certain"),
        )
        .sort("Time", "Evidence", descending=[True, False]),
        definition="Evidence is what the estimate of a stretch rests on, from the strongest to "
        "the weakest: a webhook that told of the change, a snapshot (an older record), a message "
        "(a contact's message is never met by a closed conversation), the record itself, or the "
        "assumption that a conversation begins open or sent in bulk.",
    )


def _numbers(rows: list[dict[str, Any]]) -> pl.DataFrame:
    entries = [
        (
            spoken(row["status"]),
            row["n"],
            row["share_censored"],
            reached(row["median"]),
            span(row["median_min"], row["median_max"]),
            reached(row["p90"]),
            row["total"],
        )
        for row in rows
    ]
    headings = ("Status", "Conversations", "Still in it", "Median", "Least to most")
    return pl.DataFrame(entries, schema=[*headings, "9 in 10 within", "All together"], orient="row")
