"""Journeys and credits, contact by contact and conversion by conversion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Journey", "Path", "journeys_of", "markov", "shapley"]

Journey = tuple[int, tuple[str, ...], bool, int | None, bool]
"""The contact, the touches, whether and when they converted, and whether that is final."""

Path = tuple[Sequence[str], float, float]
Counts = defaultdict[str, defaultdict[str, float]]
"""Touches, how often they converted, and how often they did not."""


def journeys_of(
    met: Iterable[tuple[int, int, str]], ends: Iterable[tuple[int, int]], lookback: int, until: int
) -> list[Journey]:
    """Walk along the days of each contact: (contact, day, touch) and (contact, day converted)."""
    touches: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for contact, day, touch in met:
        if day <= until:
            touches[contact].append((day, touch))
    moments: defaultdict[int, set[int]] = defaultdict(set)
    for contact, day in ends:
        if day <= until:
            moments[contact].add(day)
    found: list[Journey] = []
    for contact in sorted(touches.keys() | moments.keys()):
        begun = _of_one(sorted(touches[contact], key=lambda t: t[0]), moments[contact], lookback)
        for days, names, end in begun:
            final = end is not None or days[-1] + lookback <= until
            found.append((contact, tuple(names), end is not None, end, final))
    return found


def _of_one(
    touches: list[tuple[int, str]], ends: set[int], lookback: int
) -> list[tuple[list[int], list[str], int | None]]:
    """Cut the touches of one contact into journeys, in order of their beginning."""
    found: list[tuple[list[int], list[str], int | None]] = []
    previous = -(10**9)
    for end in [*sorted(ends), 10**9]:
        mine = [(day, name) for day, name in touches if previous < day <= end]
        old = [(day, name) for day, name in mine if end - day > lookback]
        new = [(day, name) for day, name in mine if end - day <= lookback]
        for day, name in old:
            last = found[-1] if found else None
            if (
                last
                and last[2] is None
                and last[0][-1] > previous
                and day - last[0][-1] <= lookback
            ):
                last[0].append(day)
                last[1].append(name)
            else:
                found.append(([day], [name], None))
        if end < 10**9:
            found.append(([day for day, _ in new], [name for _, name in new], end))
        previous = end
    return sorted(found, key=lambda row: (row[0][0] if row[0] else row[2] or 0, row[2] or 10**9))


def markov(paths: Iterable[Path]) -> dict[str, float]:
    """Divide conversions by removal effects; a removed touch leads nowhere.

    The chance of a conversion is worked out by following the chain until nobody is left on it.
    """
    paths = list(paths)
    counts = chain(paths)
    conversions = sum(won for _, won, _ in paths)
    names = sorted(counts.keys() - {"(start)"})
    whole = chance(counts)
    effects = {name: 1 - chance(counts, name) / whole if whole else 0.0 for name in names}
    total = sum(effects.values()) or 1.0
    return {name: conversions * effect / total for name, effect in effects.items()}


def chain(paths: Iterable[Path]) -> Counts:
    """Count how often one touch, or an end, follows another."""
    counts: Counts = defaultdict(lambda: defaultdict(float))
    for touches, won, lost in paths:
        for here, there in pairwise(["(start)", *touches]):
            counts[here][there] += won + lost
        counts[touches[-1]]["(won)"] += won
        counts[touches[-1]]["(lost)"] += lost
    return counts


def chance(counts: Counts, removed: str | None = None) -> float:
    """Follow the chain to its ends; return how often that is a conversion."""
    here, won = {"(start)": 1.0}, 0.0
    while sum(here.values()) > 1e-15:
        there: defaultdict[str, float] = defaultdict(float)
        for name, share in here.items():
            for after, number in counts[name].items():
                step = share * number / sum(counts[name].values())
                if after == "(won)":
                    won += step
                elif after not in ("(lost)", removed):
                    there[after] += step
        here = dict(there)
    return won


def shapley(paths: Sequence[Path]) -> dict[str, float]:
    """Pay each touch what it adds to every coalition, which wins what its members alone win."""
    names = sorted({name for touches, _, _ in paths for name in touches})

    def worth(members: Iterable[str]) -> float:
        return sum(won for touches, won, _ in paths if set(touches) <= set(members))

    found = {}
    for name in names:
        others = [other for other in names if other != name]
        found[name] = sum(
            (worth([*some, name]) - worth(some)) / (len(names) * comb(len(others), size))
            for size in range(len(names))
            for some in combinations(others, size)
        )
    return found
