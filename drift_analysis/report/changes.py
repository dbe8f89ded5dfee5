"""By how much a number moved since the period before, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

from drift_analysis.charts.kit.format import human_duration, human_share

__all__ = ["Change", "Reading", "Unit", "change_of", "said", "span_of"]

Unit = Literal["count", "share", "length"]
"""What a number is: how many, a share of 0 to 1, or a length of time in seconds."""

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Reading:
    """A number of one period, and how sure it is.

    Attributes
    ----------
    value
        A count, a share, or seconds; None where it was not reached.
    lo, hi
        Its 95 % interval; None where it has no such end.
    n
        How many it was counted from; for a count, the days.
    bounded
        Whether the interval also holds what the evidence leaves open, which is no chance.
    """

    value: float | None
    lo: float | None
    hi: float | None
    n: float
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A number less that of the period before; of counts, how much of it more there is.

    Attributes
    ----------
    difference
        In shares of 1, or seconds.
    lo, hi
        Its 95 % interval; infinite where it has no such end.
    """

    difference: float
    lo: float
    hi: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out that nothing changed."""
        return self.lo > 0 or self.hi < 0

    @property
    def clearness(self) -> float:
        """How many times as far it moved as chance alone would have it, at 95 %."""
        if self.difference == 0:
            return 0.0
        towards = self.difference - self.lo if self.difference > 0 else self.hi - self.difference
        return abs(self.difference) / towards if towards else inf


def change_of(now: Reading, before: Reading, unit: Unit) -> Change | None:
    """Compare a number with that of the period before; None where either is not known.

    Counts are taken for those of independent arrivals (Poisson's): how the sum of both periods
    falls to them is then a share, with Wilson's interval. For shares and lengths the distances
    to the ends of both intervals are squared and added, which for Wilson's intervals is method
    10 of Newcombe. Where an interval holds what the evidence leaves open, distances are added
    as they are: the evidence may lead both periods astray at once.

    References
    ----------
    G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
    approach", Statistics in Medicine 27 (2008), 1693-1702.

    Examples
    --------
    >>> from drift_analysis.report.changes import Reading, change_of
    >>> now, before = Reading(0.8, 0.6918, 0.8776, 70), Reading(0.6, 0.4904, 0.7001, 80)
    >>> found = change_of(now, before, "share")
    >>> round(found.difference, 3), round(found.lo, 3), round(found.hi, 3)
    (0.2, 0.053, 0.334)
    """
    if now.value is None or before.value is None:
        return None
    if unit == "count":
        return _of_counts(now, before)
    difference = now.value - before.value
    down = _together(_below(now), _above(before), plainly=now.bounded or before.bounded)
    up = _together(_above(now), _below(before), plainly=now.bounded or before.bounded)
    return Change(difference, difference - down, difference + up)


def said(change: Change, unit: Unit) -> str:
    """Say a change in words.

    Examples
    --------
    >>> from drift_analysis.report.changes import Change, said
    >>> said(Change(0.053, 0.01, 0.1), "share"), said(Change(-2100, -9, 1), "length")
    ('5 points more', '35 min less')
    """
    return _spoken(change.difference, unit)


def span_of(change: Change, unit: Unit) -> str:
    """Say the interval of a change.

    Examples
    --------
    >>> from drift_analysis.report.changes import Change, span_of
    >>> span_of(Change(0.1, -0.004, 0.21), "count")
    'under 1 % less to 21 % more'
    """
    lo, hi = (_spoken(end, unit) for end in (change.lo, change.hi))
    if change.lo == -inf:
        return f"at most {hi}" if change.hi < inf else "without ends"
    return f"at least {lo}" if change.hi == inf else f"{lo} to {hi}"


def _of_counts(now: Reading, before: Reading) -> Change | None:
    assert now.value is not None
    assert before.value is not None
    if before.value == 0 or not now.n or not before.n:
        return None
    both, longer = now.value + before.value, before.n / now.n
    share, z2 = now.value / both, _Z**2
    half = _Z * sqrt(share * (1 - share) / both + z2 / (4 * both**2))
    lo, hi = ((share + z2 / (2 * both) + end) / (1 + z2 / both) for end in (-half, half))
    return Change(
        *(each / (1 - each) * longer - 1 if each < 1 else inf for each in (share, max(lo, 0), hi))
    )


def _below(reading: Reading) -> float:
    assert reading.value is not None
    return inf if reading.lo is None else reading.value - reading.lo


def _above(reading: Reading) -> float:
    assert reading.value is not None
    return inf if reading.hi is None else reading.hi - reading.value


def _together(one: float, other: float, *, plainly: bool) -> float:
    return one + other if plainly else sqrt(one**2 + other**2)


def _spoken(value: float, unit: Unit) -> str:
    if value in (inf, -inf):
        return ""
    more = "the same" if not value else "more" if value > 0 else "less"
    return f"{_amount(abs(value), unit)} {more}" if value else more


def _amount(value: float, unit: Unit) -> str:
    if unit == "length":
        return human_duration(round(value * 1000))
    if unit == "share":
        points = f"{value * 100:.0f}" if value >= 0.01 else "under 1"
        return f"{points} {'point' if points.endswith('1') and len(points) != 2 else 'points'}"
    return f"{round(value * 100):,} %" if value > 0.99 else human_share(value)
