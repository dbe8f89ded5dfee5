"""What a write to an archive touches: all else stays as it is, file by file and row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import polars as pl

from .layout import HOMES, partition
from .scan import readable, scanned
from .shares import placed
from .strays import ROAMING, related, strays_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .layout import Manifest
    from .plan import Told

__all__ = ["Touched", "divided", "touched_by"]

_FEW = 20_000
"""Of how many conversations at most something is told, so that what they touch is looked for."""

_TOGETHER = frozenset({"conversations", "status_events"})
"""Tables that are made of one another."""

_ID = "conversation_id"


class Touched(NamedTuple):
    """What a write touches.

    ``names`` are the tables of which something is told or follows; ``conversations`` those of
    which it is; ``strays`` what is tied to them over conversations (see `strays`); ``lowest``
    the first row, by ``_bucket`` and ``_home``, that can change.
    """

    names: frozenset[str]
    conversations: pl.DataFrame
    strays: dict[str, pl.DataFrame]
    lowest: dict[int, int]


def touched_by(
    root: Path, before: Told, new: Sequence[Told], names: frozenset[str], buckets: int
) -> Touched | None:
    """Find out what is touched; null if that is so much that all is merged again.

    Parameters
    ----------
    root
        The folder of the archive.
    before
        What it holds.
    new
        What is told besides.
    names
        The tables of which that has rows.
    buckets
        How many partitions the archive has.
    """
    told = _of_conversations(
        [each.homes(name) for each in new for name in names if _is_parted(name)]
    )
    if told.height > _FEW:
        return None
    keys = {name: pl.concat([each.keys(name) for each in (before, *new)]) for name in ROAMING}
    with readable(root):
        near = related(keys, told)
    strays = strays_of({name: frame.lazy() for name, frame in near.items()})
    theirs = [
        near[name].join(frame, on=frame.columns, how="semi").lazy()
        for name, frame in strays.items()
    ]
    places = _of_conversations([told.lazy(), *theirs]).select(placed("conversations", buckets))
    lowest = places.group_by("_bucket").agg(pl.col("_home").min())
    together = _TOGETHER if names & _TOGETHER else frozenset()
    return Touched(names | together, told, strays, dict(lowest.iter_rows()))


def divided(root: Path, manifest: Manifest, touched: Touched) -> tuple[Manifest, Manifest]:
    """Divide the files of an archive into those that stay, and those that are touched.

    Rows lie in order. So in each partition all files stay that end before the first row that can
    change.
    """
    files, states = (
        {name: _untouched(root, name, names, touched) for name, names in of.items()}
        for of in (manifest.files, manifest.states)
    )
    works = [
        {name: _without(names, stays[name]) for name, names in of.items()}
        for of, stays in ((manifest.files, files), (manifest.states, states))
    ]
    return (
        msgspec.structs.replace(manifest, files=files, states=states),
        msgspec.structs.replace(manifest, files=works[0], states=works[1]),
    )


def _untouched(root: Path, name: str, files: Sequence[str], touched: Touched) -> list[str]:
    if name == "issues":
        return []
    if name not in touched.names:
        return list(files)
    if not _is_parted(name):
        return []
    stays = []
    for number in sorted({partition(file) for file in files}):
        here = [file for file in files if partition(file) == number]
        low = touched.lowest.get(number)
        stays += here if low is None else here[: _before(root, name, here, low)]
    return stays


def _before(root: Path, name: str, files: Sequence[str], low: int) -> int:
    """Return how many files in front end before a row; the last may always go on."""
    with readable(root):
        for place in range(len(files) - 2, -1, -1):
            home = scanned(root, name, [files[place]]).select(placed(name, 1)).select("_home")
            if home.max().collect().item() < low:
                return place + 1
    return 0


def _without(files: Sequence[str], stays: Sequence[str]) -> list[str]:
    known = set(stays)
    return [file for file in files if file not in known]


def _is_parted(name: str) -> bool:
    return HOMES.get(name) == _ID


def _of_conversations(plans: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    none = pl.LazyFrame(schema={_ID: pl.Int64})
    return (
        pl.concat([none, *(plan.select(pl.col(_ID).cast(pl.Int64)) for plan in plans)])
        .unique()
        .collect()
    )
