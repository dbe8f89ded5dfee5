"""The five numbers that moved most since the period before, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.format import human_duration, human_share, plural

from .changes import change_of, said, span_of
from .indicators import indicators
from .parts import KeyNumber

if TYPE_CHECKING:
    from .changes import Change, Reading, Unit
    from .indicators import Indicator
    from .measures import Measures

__all__ = ["Move", "key_number", "moves", "moves_table", "surely", "the_most"]

_AT_THE_TOP = 5


@dataclass(frozen=True, slots=True)
class Move:
    """A number of both periods, and what changed.

    Attributes
    ----------
    indicator
        Which number.
    now, before
        Its readings.
    change
        The one less the other; None where either is not known.
    """

    indicator: Indicator
    now: Reading
    before: Reading | None
    change: Change | None


def moves(now: Measures, before: Measures | None) -> list[Move]:
    """Read every number of both periods, the most important first."""
    found = []
    for each in indicators(now):
        reading = each.read(now)
        other = each.read(before) if before else None
        if reading is not None:
            change = change_of(reading, other, each.unit) if other else None
            found.append(Move(each, reading, other, change))
    return found


def the_most(found: list[Move]) -> list[Move]:
    """Choose the five that moved most for what chance does, in the order of importance."""
    compared = [each for each in found if each.change]
    clearest = sorted(compared, key=lambda each: -_clearness(each))[:_AT_THE_TOP]
    return [each for each in compared if each in clearest]


def key_number(move: Move) -> KeyNumber:
    """Say a number, its change, and how sure it is."""
    unit, change = move.indicator.unit, move.change
    assert change is not None
    assert move.before is not None
    sure = "More than chance does." if change.is_sure else "Chance alone could do that."
    if move.now.bounded:
        sure = (
            "More than chance and what is not known of statuses could do."
            if change.is_sure
            else "Chance, or what is not known of statuses, could do that."
        )
    return KeyNumber(
        value=_value(move.now.value, unit),
        label=move.indicator.label,
        sentence=_sentence(move),
        proof=f"Change: 95 % interval {span_of(change, unit)}{_counted(move)}. {sure}",
        change=said(change, unit),
    )


def surely(found: list[Move]) -> str:
    """Say how many numbers moved by more than chance, and how many would by chance alone."""
    compared = [each.change for each in found if each.change]
    sure = sum(change.is_sure for change in compared) or "none"
    lucky = human_share(1 - 0.95 ** len(compared))
    return (
        f"{plural(len(compared), 'number')} {'was' if len(compared) == 1 else 'were'} compared; "
        f"{sure} moved by more than chance alone would have it. Had nothing changed at all, one "
        f"or more would look as if it had in {lucky} of such reviews."
    )


def moves_table(found: list[Move]) -> pl.DataFrame:
    """Return all numbers that were compared.

    Returns
    -------
    :
        ``name``, ``label`` and ``unit`` (String); ``now``, ``before`` with ``now_lo``, ``now_hi``,
        ``before_lo``, ``before_hi``; ``change`` with ``change_lo`` and ``change_hi`` (Float64: of
        shares their difference, of lengths seconds, of counts the proportion by which there are
        more); ``n_now``, ``n_before`` (Float64; of counts, the days); ``is_sure`` (Boolean).
    """
    number = pl.Float64
    schema = {"name": pl.String, "label": pl.String, "unit": pl.String} | dict.fromkeys(
        (
            *("now", "now_lo", "now_hi", "before", "before_lo", "before_hi"),
            *("change", "change_lo", "change_hi", "n_now", "n_before"),
        ),
        number,
    )
    rows = [
        (
            *(each.indicator.name, each.indicator.label, each.indicator.unit),
            *(each.now.value, each.now.lo, each.now.hi),
            *((each.before.value, each.before.lo, each.before.hi) if each.before else [None] * 3),
            *(
                (each.change.difference, each.change.lo, each.change.hi)
                if each.change
                else [None] * 3
            ),
            *(each.now.n, each.before.n if each.before else None),
            each.change.is_sure if each.change else None,
        )
        for each in found
    ]
    return pl.DataFrame(rows, schema=schema | {"is_sure": pl.Boolean}, orient="row")


def _clearness(move: Move) -> float:
    return move.change.clearness if move.change else 0.0


def _value(value: float | None, unit: Unit) -> str:
    if value is None:
        return "not reached"
    if unit == "length":
        return human_duration(timedelta(seconds=value))
    return human_share(value) if unit == "share" else f"{value:,.0f}"


def _sentence(move: Move) -> str:
    unit, says = move.indicator.unit, move.indicator.sentence
    assert move.before is not None
    now, before = _value(move.now.value, unit), _value(move.before.value, unit)
    if unit == "count":
        return f"{now} {says}, after {before} in the period before."
    if unit == "length":
        return f"Half of {says} {now}; in the period before it was {before}."
    return f"{now[0].upper()}{now[1:]} {says}; in the period before it was {before}."


def _counted(move: Move) -> str:
    if move.indicator.unit == "count" or move.before is None:
        return ""
    return f"; n = {move.now.n:,.0f}, before {move.before.n:,.0f}"
