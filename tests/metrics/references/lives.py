"""Log-rank tests and restricted means, slow and obvious, in fractions."""

from __future__ import annotations

from fractions import Fraction

Life = tuple[int, bool]
"""How long it was watched, and whether it still ran then."""


def at_risk(lives: list[Life], t: int) -> int:
    return sum(life >= t for life, _ in lives)


def ended(lives: list[Life], t: int) -> int:
    return sum(life == t and not running for life, running in lives)


def log_rank(groups: list[list[Life]]) -> tuple[Fraction, int]:
    """Return the statistic and its degrees of freedom."""
    everyone = [life for group in groups for life in group]
    k = range(len(groups))
    scores = [Fraction(0) for _ in k]
    variances = [[Fraction(0) for _ in k] for _ in k]
    for t in sorted({life for life, running in everyone if not running}):
        n, d = at_risk(everyone, t), ended(everyone, t)
        part = [Fraction(at_risk(group, t), n) for group in groups]
        spread = Fraction(d * (n - d), n - 1) if n > 1 else Fraction(0)
        for i in k:
            scores[i] += ended(groups[i], t) - d * part[i]
            for j in k:
                variances[i][j] += spread * part[i] * ((i == j) - part[j])
    chi2, df = Fraction(0), 0
    for s in k:
        pivot = variances[s][s]
        if pivot == 0:
            continue
        chi2, df = chi2 + scores[s] ** 2 / pivot, df + 1
        factors = [variances[i][s] / pivot for i in k]
        row, score = list(variances[s]), scores[s]
        for i in range(s + 1, len(groups)):
            scores[i] -= factors[i] * score
            variances[i] = [v - factors[i] * r for v, r in zip(variances[i], row, strict=True)]
    return chi2, df


def restricted_mean(lives: list[Life], horizon: int) -> tuple[Fraction, Fraction] | None:
    """Return the mean and its variance; nothing where the curve is not known so far."""
    survival, curve = Fraction(1), {0: Fraction(1)}
    for t in sorted({life for life, _ in lives}):
        survival *= 1 - Fraction(ended(lives, t), at_risk(lives, t))
        curve[t] = survival
    if survival > 0 and max(life for life, _ in lives) < horizon:
        return None

    def area(start: int) -> Fraction:
        height = [max(t for t in curve if t <= ms) for ms in range(start, horizon)]
        return sum((curve[t] for t in height), Fraction(0))

    variance = Fraction(0)
    for t in curve:
        n, d = at_risk(lives, t), ended(lives, t)
        if t < horizon and n > d:
            variance += area(t) ** 2 * Fraction(d, n * (n - d))
    return area(0), variance


def share_within(lives: list[Life], horizon: int) -> Fraction | None:
    """Return the share that ended by the horizon; nothing where the curve is not known so far."""
    survival = Fraction(1)
    for t in sorted({life for life, _ in lives if life <= horizon}):
        survival *= 1 - Fraction(ended(lives, t), at_risk(lives, t))
    known = survival == 0 or max((life for life, _ in lives), default=-1) >= horizon
    return 1 - survival if known else None
