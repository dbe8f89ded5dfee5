"""Answers and targets, read message by message and wait by wait."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Said", "attained", "contact_turns", "first_answer"]

Said = tuple[int, int, str, str]
"""A message: its conversation, its minute, who wrote it, and its type."""

Turn = tuple[int, int, int, int, int, int | None, int | None, str]
"""A turn: its number, start, end, number of messages, three waits, and why it ended."""


def visible(said: Iterable[Said], conversation: int, until: int) -> list[tuple[int, str]]:
    """Return minute and author of what the contact saw, in order of time, then of the list."""
    seen = [
        (minute, place, author)
        for place, (c, minute, author, type_) in enumerate(said)
        if c == conversation and type_ == "chat" and minute <= until
    ]
    return [(minute, author) for minute, _, author in sorted(seen)]


def first_answer(
    said: Iterable[Said], end: tuple[bool, int], conversation: int, kind: str, until: int
) -> tuple[str | None, int | None]:
    """Walk through one conversation and tell how the wait for the first answer ended."""
    start = None
    for minute, author in visible(said, conversation, until):
        if author == "contact":
            start = minute if start is None else start
        elif start is not None and kind in (author, "any"):
            return "answered", minute - start
    if start is None:
        return None, None
    closed, minute = end
    if closed and start <= minute <= until:
        return "closed", minute - start
    return "waiting", until - start


def contact_turns(
    said: Iterable[Said], end: tuple[bool, int], conversation: int, until: int
) -> list[Turn]:
    """Cut one conversation into turns."""
    runs = [
        (is_contact, list(run))
        for is_contact, run in groupby(
            visible(said, conversation, until), key=lambda row: row[1] == "contact"
        )
    ]
    found: list[Turn] = []
    for place, (is_contact, run) in enumerate(runs):
        if not is_contact:
            continue
        start = run[0][0]
        answers = runs[place + 1][1] if place + 1 < len(runs) else []
        closed, at_close = end
        if answers:
            stop, reason = answers[0][0], "answered"
        elif closed and start <= at_close <= until:
            stop, reason = at_close, "closed"
        else:
            stop, reason = until, "as_of"
        bot, human = (
            next((minute - start for minute, author in answers if author == kind), None)
            for kind in ("bot", "human")
        )
        turn = len(found) + 1
        found.append((turn, start, stop, len(run), stop - start, bot, human, reason))
    return found


def attained(waits: Iterable[tuple[int, str]], target: int) -> float:
    """Return the share answered within a target: Aalen and Johansen, one time after the other."""
    left = sorted(waits)
    incidence, still_waiting = 0.0, 1.0
    for time in sorted({wait for wait, _ in left if wait <= target}):
        at_risk = sum(wait >= time for wait, _ in left)
        ended = Counter(outcome for wait, outcome in left if wait == time)
        incidence += still_waiting * ended["answered"] / at_risk
        still_waiting *= 1 - (ended["answered"] + ended["closed"]) / at_risk
    return incidence
