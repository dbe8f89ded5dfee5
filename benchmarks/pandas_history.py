"""The history of statuses in pandas: a loop over conversations, and over the facts of each."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from metrics_ours import LOG_START
from pandas_facts import BITS, BULK, EVENT, MESSAGE, MS, REACTION, SEEN, START, facts_of
from pandas_tables import KEY
from world import AS_OF

__all__ = ["HISTORY"]

_OPENED, _KNOWN, _ANY = 3, 15, 31
_BEGIN, _END = (pd.Timestamp(at).value // MS.value for at in (LOG_START, AS_OF))
_SETS = [[status for status, bit in BITS.items() if bits & bit] for bits in range(_ANY + 1)]
Files = dict[str, list[str]]
Bits = list[int | None]


class _Fact(NamedTuple):
    at: int
    order: int
    kind: str | None
    witnessed: int | None
    single: int | None
    allowed: int | None
    covers: int


def _intervals(files: Files) -> pd.DataFrame:
    facts, may_be_bulk = facts_of(files)
    rows: list[tuple[Any, ...]] = []
    for who, own in facts.groupby(KEY):
        columns = (own[name] for name in _Fact._fields)
        life = [_Fact(*values) for values in zip(*columns, strict=True)]
        rows += [(who, *stretch) for stretch in _stretches(life, bulk=may_be_bulk[who])]
    names = [KEY, "visit", "status", "possible", "entered_at", "left_at", "censored", "evidence"]
    found = pd.DataFrame(rows, columns=names)
    for name in ("entered_at", "left_at"):
        found[name] = pd.to_datetime(found[name], unit="ms", utc=True)
    return found.assign(duration=found.left_at - found.entered_at)


def _stretches(life: list[_Fact], *, bulk: bool) -> list[tuple[Any, ...]]:
    """Return the stretches of one life."""
    witnessed, base = _witnessed(life, bulk=bulk)
    agreed, logged = _agreed(life, witnessed, bulk=bulk)
    state, single = _estimated(life, witnessed, agreed, logged)
    kept: list[tuple[int, int, int, str | None]] = []
    kind = seen_kind = None
    for n, fact in enumerate(life):
        kind = fact.kind or kind
        seen_kind = fact.kind if fact.order == SEEN else seen_kind
        following = life[n + 1].at if n + 1 < len(life) else None
        stays = (_END if following is None else following) > fact.at
        is_end = following is None and (single[n] is not None or life[0].at == _END)
        if not (stays or is_end or (logged[n] and fact.order == EVENT)):
            continue
        possible = agreed[n] if logged[n] else witnessed[n] or base[n] | state[n]
        evidence = "webhook" if logged[n] else seen_kind if witnessed[n] else kind
        if not kept or kept[-1][1:] != (state[n], possible, evidence):
            kept.append((fact.at, state[n], possible, evidence))
    visits = [1]
    for before, after in pairwise(kept):
        visits.append(visits[-1] + (before[1] != after[1]))
    ends = [*(at for at, *_ in kept[1:]), _END]
    return [
        (visit, _SETS[status][0], _SETS[possible], at, left, visit == visits[-1], evidence)
        for visit, left, (at, status, possible, evidence) in zip(visits, ends, kept, strict=True)
    ]


def _witnessed(life: list[_Fact], *, bulk: bool) -> tuple[Bits, list[int]]:
    """Return what was seen throughout, and what the contact's messages leave possible."""
    covering = dict.fromkeys(BITS.values(), 0)
    seen, base = [], []
    for fact in life:
        if fact.witnessed:
            covering[fact.witnessed] += fact.covers
        bulk = bulk and fact.order != MESSAGE
        now = [bit for bit, n in covering.items() if n > 0]
        seen.append(now[0] if len(now) == 1 and fact.order != EVENT else None)
        base.append(_KNOWN if bulk else _KNOWN - BULK)
    return seen, base


def _agreed(life: list[_Fact], witnessed: Bits, *, bulk: bool) -> tuple[list[int], list[bool]]:
    """Return the statuses on which all agree between two events, and whether the log counts."""
    within = [_BEGIN <= fact.at < _END for fact in life]
    limits, runs, follows, engaged = [], [], None, []
    for n in reversed(range(len(life))):
        fact, own = life[n], witnessed[n] or _ANY
        opens = follows and follows.single & _OPENED and follows.at - fact.at <= REACTION
        speaks = fact.order == MESSAGE and not opens
        told = fact.single if fact.order == EVENT else witnessed[n]
        told = told or (fact.allowed if speaks or fact.order == START else None) or _ANY
        unlike = _ANY - follows.single if follows and follows.at < _END else _ANY
        limits.append(told & own & unlike)
        engaged.append(speaks)
        follows = fact if fact.order == EVENT else follows
    limits, engaged = limits[::-1], engaged[::-1]
    for n, fact in enumerate(life):
        if n == 0 or fact.order == EVENT or within[n] != within[n - 1]:
            runs.append([])
        runs[-1].append(n)
    agreed: list[int] = []
    for run in runs:
        common = _ANY
        for n in run:
            common &= limits[n]
            bulk = bulk and not engaged[n]
        if common.bit_count() != 1:
            common &= _KNOWN if bulk else _KNOWN - BULK
        agreed += [common] * len(run)
    return agreed, [inside and bits > 0 for inside, bits in zip(within, agreed, strict=True)]


def _estimated(life: list[_Fact], witnessed: Bits, agreed: list[int], logged: list[bool]) -> Any:
    """Return the path with the fewest changes, and where it is certain."""
    sure = [bits.bit_count() == 1 for bits in agreed]
    single: Bits = []
    allowed: Bits = []
    for n, fact in enumerate(life):
        told = witnessed[n] or fact.single
        single.append((agreed[n] if sure[n] else None) if logged[n] else told)
        allowed.append((None if sure[n] else agreed[n]) if logged[n] else fact.allowed)
    settled = list(single)
    if allowed[0] is not None:
        limits = (one or some for one, some in zip(single[1:], allowed[1:], strict=True))
        coming = allowed[0] & next((each for each in limits if each), 0)
        settled[0] = single[0] or _lowest(coming or allowed[0])
    for messages_only in (True, False):
        before = list(settled)
        for n, fact in enumerate(life):
            if before[n] is not None or (messages_only and (logged[n] or fact.order != MESSAGE)):
                continue
            last = next((each for each in before[n::-1] if each is not None), 0)
            coming = next((each for each in single[n:] if each is not None), 0)
            some = allowed[n] or 0
            settled[n] = last if some & last else coming if some & coming else _lowest(some)
    for n in range(1, len(life)):
        settled[n] = settled[n] or settled[n - 1]
    return settled, single


def _lowest(bits: int) -> int | None:
    return bits & -bits or None


HISTORY = {"status_intervals": _intervals}
"""By the name of a metric, what computes it."""
