"""Which tags look alike, slow and obvious: every two are compared."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from metrics.references.tags import folded

Tags = list[str] | None
Row = tuple[str, str, str | None, int, int]


def key_of(name: str) -> str:
    return folded(name)


def clean(name: str) -> str:
    return " ".join(name.split())


def words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s_-]+", key_of(name)) if word]


def singular(word: str) -> str:
    if re.search(r"\w\wies$", word):
        word = word[:-3] + "y"
    elif re.search(r"(x|z|ch|sh|ss)es$", word):
        word = word[:-2]
    return word[:-1] if re.search(r"\w[^\Ws]s$", word) else word


def fold(name: str) -> str:
    return "".join(map(singular, words(name)))


def is_one_letter(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 5 or re.findall(r"\d", one) != re.findall(r"\d", other):
        return False
    less = {one[:i] + one[i + 1 :] for i in range(len(one))}
    if other in less or one in {other[:i] + other[i + 1 :] for i in range(len(other))}:
        return True
    differ = [i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or not differ:
        return False
    is_swapped = any(
        differ == [i, j] and one[i] == other[j] and one[j] == other[i]
        for i, j in pairwise(range(len(one)))
    )
    return len(differ) == 1 or is_swapped


def variants(rows: list[Tags]) -> list[Row]:
    """Return into, spelling, reason, and the conversations of the spelling and of the group."""
    having: dict[str, set[int]] = defaultdict(set)
    for number, tags in enumerate(rows):
        for name in tags or []:
            if fold(name):
                having[name].add(number)

    def count(of: list[str]) -> int:
        return len(set().union(*(having[name] for name in of)))

    folds: dict[str, list[str]] = defaultdict(list)
    for name in having:
        folds[fold(name)].append(name)
    order = sorted(folds, key=lambda each: (-count(folds[each]), each))
    better = {
        each: [other for other in order[:place] if is_one_letter(each, other)]
        for place, each in enumerate(order)
    }
    groups: dict[str, list[str]] = defaultdict(list)
    for each in order:
        kept = [other for other in better[each] if not better[other]]
        groups[kept[0] if kept else each] += folds[each]
    found = [row for head, group in groups.items() for row in _rows(head, group, having)]
    return sorted(found, key=lambda row: (-row[4], row[0], row[2] is not None, -row[3], row[1]))


def _rows(head: str, group: list[str], having: dict[str, set[int]]) -> list[Row]:
    if len(group) < 2:
        return []
    shown: dict[str, set[int]] = defaultdict(set)
    for name in group:
        if fold(name) == head:
            shown[clean(name)] |= having[name]
    into = min(shown, key=lambda name: (-len(shown[name]), name))
    whole = len(set().union(*(having[name] for name in group)))
    return [(into, name, reason(name, into), len(having[name]), whole) for name in group]


def reason(name: str, into: str) -> str | None:
    if name == into:
        return None
    if clean(name) == into:
        return "spaces"
    if key_of(name) == key_of(into):
        return "case"
    if "".join(words(name)) == "".join(words(into)):
        return "hyphens"
    return "plural" if fold(name) == fold(into) else "letter"
