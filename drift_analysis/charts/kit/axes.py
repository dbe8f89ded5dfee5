"""A logarithmic axis of time, from a second to years, with ticks that people know."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt

from .format import human_count

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TICKS", "TimeScale", "count_y", "difference_axis", "share_axis"]

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0

TICKS = {
    1.0: "1 s",
    10.0: "10 s",
    _MINUTE: "1 min",
    10 * _MINUTE: "10 min",
    _HOUR: "1 h",
    6 * _HOUR: "6 h",
    _DAY: "1 d",
    7 * _DAY: "1 w",
    30 * _DAY: "30 d",
    365 * _DAY: "1 y",
    3_650 * _DAY: "10 y",
}
"""Where an axis of time has its ticks, in seconds, and what they are called."""

_ROOM = 46
_POINTS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)

# Made from the ticks above alone: no value of the data ever stands in an expression.
_LABEL = "".join(f"datum.value == {at:.0f} ? '{name}' : " for at, name in TICKS.items()) + "''"


class TimeScale:
    """The part of the axis that some lengths of time need, in seconds."""

    def __init__(self, seconds: Iterable[float | None]) -> None:
        known = [value for value in seconds if value is not None]
        low, high = max(1.0, min(known, default=1.0)), max(1.0, max(known, default=1.0))
        ticks = list(TICKS)
        self.first = max(tick for tick in ticks if tick <= low)
        above = (tick for tick in ticks if high <= tick <= 3 * high and tick > self.first)
        self.last = min(above, default=max(high * 1.1, self.first * 2))

    def x(self, field: str, width: int) -> alt.X:
        """Encode a field in seconds; what is shorter than the axis must be lifted to `first`."""
        return (
            alt.X(field, type="quantitative")
            .scale(type="log", domain=[self.first, self.last], nice=False)
            .axis(values=self.ticks(width), labelExpr=_LABEL, ticks=False, domain=False)
            .title(None)
        )

    def ticks(self, width: int) -> list[float]:
        """Return the ticks within it that have room for their names."""
        span = math.log(self.last / self.first) or 1.0
        kept: list[float] = []
        for tick in TICKS:
            if not self.first <= tick <= self.last:
                continue
            if not kept or math.log(tick / kept[-1]) / span * width >= _ROOM:
                kept.append(tick)
        return kept


def share_axis(*, grid: bool = True) -> alt.Axis:
    """Return an axis of shares in quarters, written as people write them: 25 %."""
    return alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        labelExpr="datum.value * 100 + ' %'",
        labelOverlap="parity",
        labelSeparation=8,
        ticks=False,
        domain=False,
        grid=grid,
    )


def count_y(field: str, low: float, high: float, *, signed: bool = True) -> alt.Y:
    """Encode a count, with 0 on the axis and a few round numbers: 0, 200, 400.

    Parameters
    ----------
    field
        The column of counts; those that go down are below 0.
    low, high
        The least and the most of them.
    signed
        Whether a number below 0 means one; else it is a count drawn downwards.
    """
    reach = max(high, 0) - min(low, 0) or 1
    step = _round_step(reach / 5)
    first, last = math.floor(min(low, 0) / step), math.ceil(max(high, 1) / step)
    values = [n * step for n in range(first, last + 1)]
    texts = {
        value: ("\u2212" if value < 0 and signed else "") + human_count(abs(value))
        for value in values
    }
    named = "".join(f"datum.value == {at} ? '{text}' : " for at, text in texts.items()) + "''"
    axis = alt.Axis(values=values, labelExpr=named, ticks=False, domain=False)
    counts = alt.Y(field, type="quantitative").scale(domain=[values[0], values[-1]], nice=False)
    return counts.axis(axis).title(None)


def _round_step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, ... that is not below."""
    size = 10 ** max(0, math.floor(math.log10(least))) if least > 1 else 1
    return next(step * size for step in (1, 2, 5, 10) if step * size >= least)


def difference_axis(low: float, high: float, width: int) -> alt.Axis:
    """Return an axis of differences between shares, in points of 100 with their sign."""
    step = next((step for step in _POINTS if (high - low) / step * _ROOM <= width), _POINTS[-1])
    first, last = math.ceil(low / step), math.floor(high / step)
    return alt.Axis(
        values=[round(step * n, 6) for n in range(first, last + 1)],
        labelExpr="(datum.value > 0 ? '+' : '') + round(datum.value * 1000) / 10",
        ticks=False,
        domain=False,
    )
