"""What the curves of survival and of outcomes say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..kit.format import exact_count, human_duration, human_share, plural
from ..kit.frame import FEW, Words
from ..kit.text import shortened
from ..kit.words import listing, subtitled

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["incidence_words", "medians", "nothing", "survival_words"]

_HALF = 0.5 + 1e-12


def nothing(when: tuple[str, str]) -> Words:
    """Say that there is nothing to measure."""
    span, moment = when
    return Words(
        "Nothing to measure",
        span,
        (moment,),
        f"No picture: there is nothing to measure {span}.",
    )


def medians(rows: pl.DataFrame) -> pl.DataFrame:
    """Return when half have ended, per series, with bounds; null is not reached."""
    low = pl.coalesce("lo", pl.when(pl.col("survival") == 0).then(0.0))
    return rows.group_by("series", maintain_order=True).agg(
        pl.col("t").filter(pl.col("survival") <= _HALF).min().alias("p50"),
        pl.col("t").filter(low <= _HALF).min().alias("p50_lo"),
        pl.col("t").filter(pl.col("hi") <= _HALF).min().alias("p50_hi"),
    )


def survival_words(
    found: pl.DataFrame, groups: pl.DataFrame, ended: str, when: tuple[str, str]
) -> Words:
    """Write title, subtitle, caption and alternative text of curves of survival."""
    rows = found.to_dicts()
    is_few = all(row["n"] < FEW for row in rows)
    is_one = groups.height == 1
    n, running = sum(row["n"] for row in rows), sum(row["running"] for row in rows)
    finding = _few_finding(n, running, ended) if is_few else _finding(rows, ended)
    measure = (
        f"Each length of time, filled: {ended}, hollow: still on, log scale"
        if is_few
        else f"Share that has not {ended} yet after each time, log scale · band: 95 %"
    )
    hidden = groups.height - found.height
    few = 0 if is_few else int((groups["n"] < FEW).sum())
    caption = (
        f"n = {exact_count(n)}." if is_one else f"n = {exact_count(n)} in {_groups(found.height)}.",
        _running(running, n),
        "" if is_few else "Kaplan-Meier.",
        f"Left out: {_groups(few)} of fewer than {FEW}." if few else "",
        f"{_groups(hidden - few)} with fewer not shown." if hidden > few else "",
        when[1],
    )
    told = ", ".join(f"{row['name'] or 'all'} {_median(row)} (n {row['n']})" for row in rows)
    description = (
        f"{'Dots' if is_few else 'Falling step curves with bands'}; x: time, logarithmic; "
        f"y: {'each length' if is_few else 'share that goes on, 0 to 100 %'}. {finding}. "
        f"Medians: {told}."
    )
    return Words(finding, subtitled([measure, when[0]]), caption, description)


def incidence_words(ways: pl.DataFrame, most: int, n: int, when: tuple[str, str]) -> Words:
    """Write title, subtitle, caption and alternative text of the curves of outcomes."""
    rows = ways.to_dicts()
    ended = sum(row["n"] for row in rows)
    is_few = n < FEW
    finding = _outcome_finding(rows, n)
    measure = (
        "Each length of time, filled: ended, hollow: still on, log scale"
        if is_few
        else "Share that has ended so within a time, log scale · band: 95 %"
    )
    others = len(rows) - most
    caption = (
        f"n = {exact_count(n)}.",
        _running(n - ended, n),
        "" if is_few or len(rows) == 1 else "Ends compete (Aalen-Johansen).",
        f"{plural(others, 'other outcome')} not shown." if others > 0 and not is_few else "",
        when[1],
    )
    told = ", ".join(f"{_spoken(row['outcome'])} {row['said']}" for row in rows[:most])
    description = (
        f"{'Dots' if is_few else 'Rising step curves with bands'}; x: time, logarithmic; "
        f"y: {'each length' if is_few else 'share that ended so, 0 to 100 %'}. {finding}. "
        f"At the end: {told}."
    )
    return Words(finding, subtitled([measure, when[0]]), caption, description)


def _few_finding(n: int, running: int, ended: str) -> str:
    return f"{n - running} of {n} {'has' if n - running == 1 else 'have'} {ended}"


def _finding(rows: Sequence[dict[str, Any]], ended: str) -> str:
    if len(rows) == 1:
        of = f" of {shortened(rows[0]['name'])}" if rows[0]["name"] else ""
        if (half := rows[0]["p50"]) is not None:
            return f"Half{of} have {ended} within {human_duration(half)}"
        gone = human_share(1 - rows[0]["left"])
        return f"Half is not reached{of and ' for' + of[3:]}: {gone} have {ended}"
    reached = sorted((row for row in rows if row["p50"] is not None), key=lambda row: row["p50"])
    if not reached:
        return f"In no group have half {ended} so far"
    fast = reached[0]
    rest = [row for row in rows if row["p50"] is None]
    slow = rest[0] if rest else reached[-1]
    # Where the bounds of the two overlap, the difference is not a finding.
    apart = (
        fast["p50_hi"] is not None
        and slow["p50_lo"] is not None
        and fast["p50_hi"] < slow["p50_lo"]
    )
    if slow["p50_lo"] is None and fast["p50_hi"] is not None:
        apart = True
    if not apart:
        return f"When half have {ended} does not clearly differ between the groups"
    first = f"Half of {shortened(fast['name'], 30)} have {ended} within {_median(fast)}"
    return f"{first}, of {shortened(slow['name'], 30)} {_slow(slow)}"


def _slow(row: dict[str, Any]) -> str:
    return "not so far" if row["p50"] is None else f"only within {_median(row)}"


def _outcome_finding(rows: Sequence[dict[str, Any]], n: int) -> str:
    first = rows[0]
    name = _spoken(first["outcome"])
    if n < FEW:
        told = listing([f"{row['n']} {_spoken(row['outcome'])}" for row in rows if row["n"]])
        return f"Of {n}: {told or 'none has ended'}"
    if not first["n"]:
        return f"None of {exact_count(n)} has ended so far"
    if first["half"] is not None:
        return f"Half are {name} within {human_duration(first['half'])}"
    others = "".join(f", {row['said']} {_spoken(row['outcome'])}" for row in rows[1:2])
    return f"{first['said']} are {name} in the end{others}"


def _spoken(outcome: str) -> str:
    plain = " ".join(outcome.replace("_", " ").split())
    return plain if len(plain) <= 40 else f"{plain[:39].rstrip()}…"


def _median(row: dict[str, Any]) -> str:
    if row["n"] < FEW:
        return "too few"
    return "not reached" if row["p50"] is None else human_duration(row["p50"])


def _running(running: int, n: int) -> str:
    if not running:
        return ""
    if n < FEW:
        return f"{running} still {'goes' if running == 1 else 'go'} on."
    return f"{human_share(running / n)} still go on and count as far as they got."


def _groups(n: int) -> str:
    return plural(n, "group")
