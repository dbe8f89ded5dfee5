"""How long contacts waited for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis import charts
from drift_analysis.charts.kit.format import plural
from drift_analysis.schemas import CumulativeIncidence, FirstResponse
from drift_analysis.schemas.responses import RESPONSE_OUTCOMES

from .cells import reached, span
from .parts import KeyNumber, Section

if TYPE_CHECKING:
    from datetime import timedelta

    from .measures import Measures

__all__ = ["key_number", "section", "time_until"]


def key_number(m: Measures) -> KeyNumber:
    """How long until half of the contacts have an answer from a person."""
    n = m.waits[FirstResponse.outcome.name].count()
    if n == 0:
        return KeyNumber("unknown", "first answer", _nobody(m), "n = 0.")
    median = time_until(m.answers, "incidence")
    bounds = span(time_until(m.answers, "hi"), time_until(m.answers, "lo"))
    return KeyNumber(
        value=reached(median),
        label="median first answer",
        sentence="Half of the contacts who wrote had an answer from a person within this time."
        if median
        else "Fewer than half of the contacts who wrote have had an answer from a person.",
        proof=f"95 % interval {bounds}; n = {n:,}.",
    )


def section(m: Measures) -> Section:
    """How long contacts wait for a person, and how the waits end."""
    f = FirstResponse
    at_risk = m.waits.filter(f.outcome.col.is_not_null())
    counts = dict(at_risk.group_by(f.outcome.col.cast(pl.String)).len().iter_rows())
    n = at_risk.height
    answered, closed, waiting = (counts.get(each, 0) for each in RESPONSE_OUTCOMES)
    return Section(
        name="first-response",
        question="How long do contacts wait for a person?",
        sentences=(
            f"Of {n:,} contacts who wrote, {answered:,} were answered by a person, {closed:,} "
            f"saw the conversation closed without an answer, and {waiting:,} still wait.",
            *_without(m.waits),
        )
        if n
        else (_nobody(m),),
        chart=charts.first_response(m.waits, since=m.since, as_of=m.as_of, tz=m.tz),
        numbers=_numbers(m),
        definition="From a contact's first message to the first visible chat message by a person. "
        "Bots, private notes, edits and greetings sent before the contact wrote are no answers. "
        "A conversation closed without an answer is a competing end, and one still waiting is "
        "censored (Aalen and Johansen), so neither is dropped nor taken for answered.",
    )


def _nobody(m: Measures) -> str:
    if m.messages is None:
        return "No messages were loaded, so who waited, and for how long, is unknown."
    return "Nobody is known to have waited for an answer."


def _without(waits: pl.DataFrame) -> list[str]:
    """Say how many have no wait: that nobody wrote is one thing, that nobody knows another."""
    counts = dict(waits["not_at_risk"].drop_nulls().value_counts().iter_rows())
    silent, unread = (counts.get(why, 0) for why in ("no_contact_message", "no_messages"))
    told = {
        f"In {plural(silent, 'more conversation')} the contact wrote nothing.": silent,
        f"Of {plural(unread, 'conversation')} no messages were loaded: who waited in "
        f"{'it' if unread == 1 else 'them'} is unknown.": unread,
    }
    return [sentence for sentence, n in told.items() if n]


def time_until(answers: pl.DataFrame, curve: str, share: float = 0.5) -> timedelta | None:
    """The first time at which the curve of the answered reaches a share."""
    c = CumulativeIncidence
    all_of_them = pl.when(c.incidence.col == 1).then(1.0)
    level = pl.coalesce(curve, all_of_them)
    reached_at = answers.filter((c.outcome.col == "answered") & (level >= share))
    return reached_at[c.t.name].min()  # type: ignore[return-value]


def _numbers(m: Measures) -> pl.DataFrame:
    """The share answered within times that people know."""
    c = CumulativeIncidence
    answered = m.answers.filter(c.outcome.col == "answered")
    marks = {"1 min": 1, "5 min": 5, "15 min": 15, "1 h": 60, "4 h": 240, "1 d": 1440, "1 w": 10080}
    entries = []
    for name, minutes in marks.items():
        until = answered.filter(c.t.col <= pl.duration(minutes=minutes)).tail(1)
        entries += [(name, *until.select("incidence", "lo", "hi").row(0))] if until.height else []
    schema = {
        "Within": pl.String,
        "Answered": pl.Float64,
        "95 % from": pl.Float64,
        "95 % to": pl.Float64,
    }
    return pl.DataFrame(entries, schema=schema, orient="row")
