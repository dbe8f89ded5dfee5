"""What the picture of first responses says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.words import subtitled

if TYPE_CHECKING:
    from datetime import timedelta


__all__ = ["NOBODY", "left_out", "median", "no_waits", "nothing_waited", "responses_words"]

NOBODY = "Nobody waited for an answer"

_HALF = 0.5 - 1e-12
_WHY = {
    "no_messages": "without messages loaded",
    "no_contact_message": "in which no contact wrote",
    "no_start": "whose clock never started",
    "before_creation": "with moments that contradict each other",
}
_KINDS = {"human": "a human answer", "bot": "a bot's answer"}


def median(curves: pl.DataFrame) -> timedelta | None:
    """Return when half are answered; null is not reached."""
    half = curves.filter(pl.col("outcome") == "answered", pl.col("incidence") >= _HALF)
    return None if half.is_empty() else half["t"].sort().to_list()[0]


def responses_words(
    table: pl.DataFrame,
    known: pl.DataFrame,
    curves: pl.DataFrame,
    when: tuple[str, str],
    *,
    business: bool,
) -> Words:
    """Write title, subtitle, caption and alternative text."""
    kinds = known["responder_kind"].drop_nulls().unique().to_list()
    answer = _KINDS.get(kinds[0], "an answer") if len(kinds) == 1 else "an answer"
    clock = "business time" if business else "time"
    last = curves.group_by("outcome", maintain_order=True).agg(pl.col("incidence").last())
    ends: dict[str, float] = dict(last.iter_rows())
    finding = _finding(known, median(curves), ends.get("answered"), answer)
    few = known.height < FEW
    measure = (
        f"Each wait for {answer}, filled: answered, hollow: not, log scale of {clock}"
        if few
        else f"Share that got {answer} within a {clock}, log scale · band: 95 %"
    )
    waiting = int((known["outcome"] == "waiting").sum())
    caption = (
        f"n = {plural(known.height, 'wait')}, from the start of the clock to the first answer.",
        _of_waiting(waiting, known.height),
        _of_closes(known, few=few),
        left_out(table, known),
        when[1],
    )
    told = ", ".join(f"{outcome} {human_share(share)}" for outcome, share in ends.items())
    description = (
        f"{'Dots' if few else 'Step curves with a band'}; x: {clock} since the start, logarithmic; "
        f"y: {'each wait' if few else 'share, 0 to 100 %'}. {finding}. "
        f"At the end: {told or 'nobody'}."
    )
    return Words(finding, subtitled([measure, when[0]]), caption, description)


def _finding(
    known: pl.DataFrame, half: timedelta | None, answered: float | None, answer: str
) -> str:
    n_answered = int((known["outcome"] == "answered").sum())
    if known.height < FEW:
        return f"{n_answered} of {known.height} contacts got {answer}"
    if half is not None:
        return f"Half of the contacts get {answer} within {human_duration(half)}"
    share = human_share(answered or 0.0)
    return f"Half is not reached: {share} of the contacts get {answer}"


def _of_waiting(waiting: int, n: int) -> str:
    if not waiting:
        return ""
    if n < FEW:
        return f"{waiting} still {'waits' if waiting == 1 else 'wait'}."
    return f"{human_share(waiting / n)} still wait and count as far as they got."


def _of_closes(known: pl.DataFrame, *, few: bool) -> str:
    """Say how closes count; without one nobody can tell whether any were known."""
    if (known["outcome"] == "closed").any():
        return "" if few else "Closed without an answer competes (Aalen-Johansen)."
    if (known["outcome"] == "waiting").any():
        return (
            "No wait is known to have ended with a close: where closes were not given, closed "
            "conversations count as waiting."
        )
    return ""


def no_waits(table: pl.DataFrame, when: tuple[str, str], *, business: bool = False) -> Words:
    """Say why there is no wait to draw: what was not loaded is unknown, not absent."""
    unread = int((table["not_at_risk"] == "no_messages").sum())
    why = "Nobody is known to have waited for an answer" if unread else NOBODY
    if unread and unread == table.height:
        why = "No messages were loaded, so waits are unknown"
    if business and table["wait"].count():
        why = "No calendar was given, so business time is unknown"
    return nothing_waited(why, when, left_out(table, table.clear()))


def nothing_waited(why: str, when: tuple[str, str], out: str = "") -> Words:
    """Write title, subtitle, caption and alternative text of a picture without a wait."""
    description = f"No picture: {why[0].lower()}{why[1:]}, {when[0]}."
    return Words(why, when[0], (out, when[1]), description)


def left_out(table: pl.DataFrame, known: pl.DataFrame) -> str:
    """Say how many have no wait, and why."""
    missing = table.height - known.height
    if not missing:
        return ""
    counts = table["not_at_risk"].drop_nulls().value_counts(sort=True).sort("count", "not_at_risk")
    why = ", ".join(f"{exact_count(n)} {_WHY[reason]}" for reason, n in counts.iter_rows())
    return f"Left out: {why or plural(missing, 'conversation')}."
