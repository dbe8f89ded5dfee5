"""What the pictures of steps and ways say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import exact_count, human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.words import as_of_sentence, listing, period, spoken, subtitled

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["nothing_moved", "transition_words", "variant_words"]

_HISTORY = "The best estimate, since Drift keeps no history of status"


def nothing_moved(since: datetime | None, as_of: datetime, tz: str) -> Words:
    """Say that there is nothing to draw."""
    span = period(since, as_of, tz)
    reason = f"No picture: there are no conversations {span}."
    return Words("No conversations", span, (as_of_sentence(as_of, tz),), reason)


def transition_words(
    table: pl.DataFrame, when: tuple[datetime | None, datetime, str], told: str, size: str
) -> Words:
    """Write the words of the matrix."""
    began = int(table.filter(pl.col("from_status").is_null())["n"].sum())
    moves = table.filter(pl.col("from_status").is_not_null(), pl.col("to_status").is_not_null())
    n, certain = int(moves["n"].sum()), int(moves["n_certain"].sum())
    loops = int(moves["n_loops"].sum())
    finding = _busiest(moves, n)
    # Half a page has no room for waits.
    told_each = ["count", "median wait before"] if size == "full" else ["count"]
    measure = f"Steps between statuses: {', '.join(told_each)}, colour: share of the row"
    waits = "Waits are those of steps that were seen, of what is still in it so far."
    waits = waits if size == "full" else ""
    caption = (
        f"n = {plural(began, 'conversation')}, {plural(n, 'step')} between statuses.",
        f"{_HISTORY}: {human_share(certain / n)} of the steps are certain." if n else "",
        f"{plural(loops, 'step')} led back to a status." if loops else "",
        waits,
        told,
    )
    steps = ", ".join(
        f"{spoken(row['from_status'])} to {spoken(row['to_status'])} {row['n']}"
        for row in moves.to_dicts()
    )
    description = (
        "Matrix, a row per status that was left and a column per status that was entered; colour: "
        f"share of the row. {finding}. {steps or 'No steps'}."
    )
    return Words(finding, subtitled([measure, period(*when)]), caption, description)


def variant_words(
    rows: pl.DataFrame,
    table: pl.DataFrame,
    when: tuple[datetime | None, datetime, str],
    told: str,
) -> Words:
    """Write the words of the ways."""
    n, certain = int(table["conversations"].sum()), int(table["n_certain"].sum())
    first = table.row(0, named=True)
    way = " → ".join(spoken(status) for status in first["statuses"][:5])
    way += " → …" if first["is_open"] or len(first["statuses"]) > 5 else ""
    share = human_share(first["share"]) if n >= FEW else f"{first['conversations']} of {n}"
    finding = f"{share} of the conversations went {way}"
    if n < FEW:
        finding = f"{share} conversations went {way}"
    shown = int(rows["conversations"].sum())
    caption = (
        f"n = {plural(n, 'conversation')}, {plural(table.height, 'way')}.",
        f"{_HISTORY}: the way is certain for {human_share(certain / n)}.",
        "An arrow at the end: not closed yet." if rows["is_open"].any() else "",
        told,
    )
    ways = listing(
        [f"{row['variant']} {exact_count(row['conversations'])}" for row in rows.to_dicts()]
    )
    measure = [
        "Ways through the statuses, the most frequent first",
        "" if shown == n else f"{human_share(shown / n)} of all are shown",
    ]
    description = f"Rows of statuses in order, one per way. {finding}. {ways}."
    return Words(finding, subtitled([*measure, period(*when)]), caption, description)


def _busiest(moves: pl.DataFrame, n: int) -> str:
    """Name the step that is taken most, and how long it takes."""
    if moves.is_empty():
        return "No conversation has changed its status"
    top = moves.sort("n", descending=True, maintain_order=True).row(0, named=True)
    wait = f", after {human_duration(top['median_wait'])} at the median" if n >= FEW else ""
    step = f"{spoken(top['from_status'])} to {spoken(top['to_status'])}"
    return f"{exact_count(top['n'])} of {plural(n, 'step')} lead from {step}{wait}"
