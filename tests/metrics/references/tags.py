"""What belongs to tags, slow and obvious."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb, log, log2, sqrt
from typing import TYPE_CHECKING, Any

from metrics.references.lives import at_risk, ended

if TYPE_CHECKING:
    from collections.abc import Sequence

Tags = list[str] | None


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def known(rows: Sequence[Tags]) -> list[set[str]]:
    return [{folded(name) for name in tags} for tags in rows if tags is not None]


def shown(rows: list[Tags]) -> dict[str, str]:
    """Return the most frequent spelling of each tag."""
    spellings = Counter(
        clean for tags in rows if tags for clean in {" ".join(name.split()) for name in tags}
    )
    best = sorted(spellings, key=lambda name: (-spellings[name], name), reverse=True)
    return {name.casefold(): name for name in best}


def fisher(both: int, a: int, b: int, n: int) -> float:
    ways = {k: comb(a, k) * comb(n - a, b - k) for k in range(max(0, a + b - n), min(a, b) + 1)}
    return float(Fraction(sum(w for w in ways.values() if w <= ways[both]), comb(n, b)))


def pairs(rows: list[Tags]) -> dict[tuple[str, str], dict[str, Any]]:
    sets, found = known(rows), {}
    n = len(sets)
    for a, b in combinations(sorted(set().union(*sets)), 2):
        n_a, n_b = sum(a in tags for tags in sets), sum(b in tags for tags in sets)
        both = sum(a in tags and b in tags for tags in sets)
        lift = Fraction(both * n, n_a * n_b)
        pmi = log2(lift) if both else None
        spread = n_a * n_b * (n - n_a) * (n - n_b)
        found[a, b] = {
            "n_a": n_a,
            "n_b": n_b,
            "n_ab": both,
            "support": both / n,
            "confidence_ab": both / n_a,
            "confidence_ba": both / n_b,
            "jaccard": both / (n_a + n_b - both),
            "lift": float(lift),
            "leverage": float(Fraction(both, n) - Fraction(n_a * n_b, n * n)),
            "pmi": pmi,
            "npmi": -1 if pmi is None else None if both == n else pmi / -log2(both / n),
            "phi": (both * n - n_a * n_b) / sqrt(spread) if spread else None,
            "fisher_p": fisher(both, n_a, n_b, n),
        }
    return found


def distinctive(
    first: Sequence[Tags], second: Sequence[Tags], prior: float, variance: str
) -> dict[str, dict[str, float]]:
    """Return the log-odds of each tag, its variance and the prior, one at a time."""
    ours, theirs = (
        Counter(tag for tags in known(side) for tag in tags) for side in (first, second)
    )
    n, m = sum(ours.values()), sum(theirs.values())
    found = {}
    for tag in {*ours, *theirs}:
        a = prior * (ours[tag] + theirs[tag]) / (n + m)
        y, z = ours[tag] + a, theirs[tag] + a
        rest, other_rest = n + prior - y, m + prior - z
        terms = [1 / y, 1 / z] + ([1 / rest, 1 / other_rest] if variance == "full" else [])
        found[tag] = {
            "prior": a,
            "log_odds": log(y / rest) - log(z / other_rest),
            "variance": sum(terms),
        }
    return found


def against_rest(mine: list[tuple[int, bool]], rest: list[tuple[int, bool]]) -> dict[str, Fraction]:
    """Return the ends that were expected of mine, and their variance."""
    everyone = [*mine, *rest]
    expected, variance = Fraction(0), Fraction(0)
    for t in {life for life, running in everyone if not running}:
        n, d, m = at_risk(everyone, t), ended(everyone, t), at_risk(mine, t)
        expected += Fraction(d * m, n)
        if n > 1:
            variance += Fraction(d * (n - d) * m * (n - m), n * n * (n - 1))
    return {"expected": expected, "variance": variance}
