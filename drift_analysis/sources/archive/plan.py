"""How a write to an archive goes about it: what it works on, and in which shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import polars as pl

from .layout import HOMES
from .scan import readable
from .shares import EVERYTHING, shares_of
from .strays import ROAMING, strays_of
from .told import Stored
from .touched import divided, touched_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from .layout import Manifest
    from .shares import Choice, Share
    from .states import States

__all__ = ["Plan", "Told", "planned"]

_LITTLE = 32 * 2**20
"""About how many bytes of rows are told at most, so that what they touch is looked for."""


class Told(Protocol):
    """Something that tells states: a data set, an archive, what is being loaded."""

    as_of: datetime | None

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:
        """Return what `sampled` gives of its rows, by table."""

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING` of every state."""

    def homes(self, name: str) -> pl.LazyFrame:
        """Return the conversations that the rows of a table name."""

    def states(self, choice: Choice) -> States:
        """Return the states that are chosen."""

    def notes(self) -> pl.DataFrame:
        """Return the issues that it told; asked for after all states."""


class Plan(NamedTuple):
    """What is worked on.

    ``told`` are all that told something, ``strays`` the rows that are merged before the
    ``shares``. Where little is told of what an archive holds, `before` is the part of the archive
    that is touched, of which most rows only have to be put again, and ``stays`` has the files that
    stay as they are.
    """

    told: Sequence[Told]
    strays: Mapping[str, pl.DataFrame]
    shares: list[Share]
    before: Stored | None = None
    stays: Manifest | None = None


def planned(root: Path, told: Sequence[Told], buckets: int) -> Plan:
    """Plan a write.

    Raises
    ------
    SourceError
        If what was told cannot be read.
    """
    weighed = [each.weights(buckets) for each in told]
    shares = _cut(weighed, buckets)
    if shares == [EVERYTHING]:
        return Plan(told, {}, shares)
    before, *new = told
    if isinstance(before, Stored) and _size(weighed[1:]) <= _LITTLE:
        names = [n for n in HOMES if any(not each[n].is_empty() for each in weighed[1:])]
        touched = touched_by(root, before, new, frozenset(names), buckets)
        if touched:
            stays, works = divided(root, before.manifest, touched)
            part = Stored(root, works, touched.conversations)
            shares = _cut([part.weights(buckets), *weighed[1:]], buckets)
            return Plan([part, *new], touched.strays, shares, part, stays)
    with readable(root):
        keys = {name: pl.concat([each.keys(name) for each in told]) for name in ROAMING}
        return Plan(told, strays_of(keys), shares)


def _size(weighed: list[dict[str, pl.DataFrame]]) -> float:
    return sum(float(frame["_bytes"].sum()) for each in weighed for frame in each.values())


def _cut(weighed: list[dict[str, pl.DataFrame]], buckets: int) -> list[Share]:
    weights = {name: pl.concat([each[name] for each in weighed]) for name in HOMES}
    return shares_of(weights, buckets)
