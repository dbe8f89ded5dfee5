"""What the pictures of flow say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ..kit.format import exact_count, human_date, human_period, plural, zone
from ..kit.frame import Words
from ..kit.periods import unit_of
from ..kit.words import period, subtitled

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["When", "backlog_words", "flow_words", "net_words", "no_flow"]

When: TypeAlias = "tuple[datetime, str, str]"
"""The moment of a picture, its time zone, and the sentence that says them."""

_BANDS = "Bands: hard bounds, since Drift keeps no history of status."


def no_flow(as_of: datetime, tz: str, told: str) -> Words:
    """Say that there is nothing to draw."""
    span = period(None, as_of, tz)
    return Words("Nothing has arrived", span, (told,), f"No picture: nothing has arrived {span}.")


def flow_words(rows: pl.DataFrame, n_all: int, when: When) -> Words:
    """Write the words of the cumulative flow."""
    last = rows.row(-1, named=True)
    arrived, closed = last["cumulative_arrivals"], last["cumulative_closes"]
    has = "has" if closed == 1 else "have"
    before = arrived - int(rows["arrivals"].sum())
    finding = (
        f"Of {plural(arrived, 'conversation')} that {'ever ' if before else ''}arrived, "
        f"{exact_count(closed)} {has} closed, {exact_count(max(0, arrived - closed))} never"
    )
    unit = unit_of(rows["period"])
    measure = [f"Conversations so far, by {unit}"]
    bounded = _differ(rows, "cumulative_arrivals") or _differ(rows, "cumulative_closes")
    caption = (
        "Closed: at least once.",
        f"Counted from the first on: {exact_count(before)} arrived before what is drawn."
        if before
        else "",
        _BANDS if bounded else "",
        _tail(rows, n_all, unit),
        when[2],
    )
    span = _span(rows, when)
    description = f"Two rising lines with bands; x: {unit}s, {span}; y: conversations. {finding}."
    return Words(finding, subtitled([*measure, span]), caption, description)


def backlog_words(rows: pl.DataFrame, n_all: int, when: When) -> Words:
    """Write the words of the backlog."""
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    n, least, most = last["backlog"], last["backlog_min"], last["backlog_max"]
    now = f"{exact_count(last['open'])} open, {exact_count(last['pending'])} pending"
    apart = last["backlog_min"] > first["backlog_max"] or last["backlog_max"] < first["backlog_min"]
    finding = f"{plural(n, 'conversation')} {'waits' if n == 1 else 'wait'}: {now}"
    if apart and rows.height > 1:
        verb = "grew" if n > first["backlog"] else "shrank"
        since = human_date(first["period"])
        finding = (
            f"The backlog {verb} from {exact_count(first['backlog'])} to {exact_count(n)} since "
            f"{since}: {now}"
        )
    unit = unit_of(rows["period"])
    bounded = _differ(rows, "open") or _differ(rows, "pending")
    caption = (
        f"The evidence allows {exact_count(least)} to {exact_count(most)}." if least < most else "",
        _BANDS if bounded else "",
        _tail(rows, n_all, unit),
        when[2],
    )
    span = _span(rows, when)
    measure = [f"Conversations at the end of each {unit} (local midnight)", span]
    description = (
        f"Two lines with bands, open and pending; x: {unit}s, {span}; y: conversations. {finding}."
    )
    return Words(finding, subtitled(measure), caption, description)


def net_words(rows: pl.DataFrame, n_all: int, when: When) -> Words:
    """Write the words of the net flow."""
    came, back, went, net = rows.select(
        pl.col("arrivals", "reopens", "closes", "net_flow").sum()
    ).row(0)
    unit = unit_of(rows["period"])
    returned = f", {exact_count(back)} came back" if back else ""
    grew = (
        "as much went as came"
        if not net
        else f"{exact_count(abs(net))} {'more' if net > 0 else 'fewer'} wait than before"
    )
    finding = f"{exact_count(came)} arrived{returned}, {exact_count(went)} closed: {grew}"
    caption = (
        "Paler, on top: closed conversations that came back." if back else "",
        "" if rows["is_complete"].all() else f"Pale: the last {unit} is not over.",
        "Counts of the best estimate: what agents closed and opened unseen is not in them.",
        _tail(rows, n_all, unit),
        when[2],
    )
    span = _span(rows, when)
    measure = [f"Conversations per {unit}", "up: in, down: closed, line: difference", span]
    description = f"Bars up and down with a line; x: {unit}s, {span}; y: conversations. {finding}."
    return Words(finding, subtitled(measure), caption, description)


def _differ(rows: pl.DataFrame, name: str) -> bool:
    return bool((rows[f"{name}_min"] < rows[f"{name}_max"]).any())


def _span(rows: pl.DataFrame, when: When) -> str:
    as_of, tz, _ = when
    return human_period(rows["period"].to_list()[0], as_of.astimezone(zone(tz)).date())


def _tail(rows: pl.DataFrame, n_all: int, unit: str) -> str:
    hidden = n_all - rows.height
    return f"{plural(hidden, 'earlier ' + unit)} not shown." if hidden else ""
