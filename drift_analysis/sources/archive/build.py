"""Build the new state of an archive, share by share, from all that told something."""

from __future__ import annotations

from datetime import UTC
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from drift_analysis.schemas import Issues
from drift_analysis.schemas.suspicions import Elsewhere

from ..checks import CODES, added_up, contradictions, suspicions
from ..tables import TABLES
from .layout import ARCHIVED, FORMAT, HOMES, STATES, Manifest, schema_version
from .pieces import Pieces, pieces_of
from .piles import Pile
from .scan import readable
from .shares import EVERYTHING, Choice, shares_of
from .states import MET, as_notes, joined
from .store import put_frame, switch
from .strays import ROAMING, strays_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from .shares import Share
    from .states import States
    from .witness import Witness

__all__ = ["Told", "build", "save"]


class Told(Protocol):
    """Something that tells states: a data set, an archive, what is being loaded."""

    as_of: datetime | None

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:
        """Return what `sampled` gives of its rows, by table."""

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING` of every state."""

    def states(self, choice: Choice) -> States:
        """Return the states that are chosen."""

    def notes(self) -> pl.DataFrame:
        """Return the issues that it told; asked for after all states."""


def build(
    root: Path,
    told: Sequence[Told],
    buckets: int,
    progress: Callable[[int, int], object] | None = None,
    witness: Witness | None = None,
) -> None:
    """Make what was told the archive, in one switch; what comes first does not matter.

    `witness` is what is proved of it besides.

    Raises
    ------
    SourceError
        If it cannot be written, or what was told cannot be read.
    """
    weighed = [each.weights(buckets) for each in told]
    weights = {name: pl.concat([each[name] for each in weighed]) for name in HOMES}
    shares = shares_of(weights, buckets)
    strays = {} if shares == [EVERYTHING] else _strays(root, told)
    work = _Work(root, buckets, any_read=not weights["conversations"].is_empty())
    settled = work.merged(_states(told, Choice(buckets, None, strays))) if strays else None
    for number, share in enumerate(shares, 1):
        pieces = work.merged(_states(told, Choice(buckets, share, strays)))
        if settled:
            pieces = pieces.joined(settled.of(Choice(buckets, share, {})))
        work.put(pieces, share, settled)
        if progress:
            progress(number, len(shares))
    seen = [each.as_of for each in told] + [witness and witness.at]
    as_of = max((moment for moment in seen if moment), default=None)
    work.finish(pl.concat([each.notes() for each in told]), as_of, witness)


def save(root: Path, states: States, buckets: int) -> None:
    """Make states that are in memory the archive, in one switch.

    Raises
    ------
    SourceError
        If it cannot be written.
    """
    work = _Work(root, buckets, any_read=False)
    work.put(work.merged(states), EVERYTHING, None)
    work.finish(states.notes, states.as_of, None)


def _states(told: Sequence[Told], choice: Choice) -> States:
    return reduce(joined, (each.states(choice) for each in told))


def _strays(root: Path, told: Sequence[Told]) -> dict[str, pl.DataFrame]:
    with readable(root):
        return strays_of({name: pl.concat([each.keys(name) for each in told]) for name in ROAMING})


class _Work:
    """The files that were put so far, and what was found on the way."""

    def __init__(self, root: Path, buckets: int, *, any_read: bool) -> None:
        self._root, self._buckets, self._any_read = root, buckets, any_read
        self._found: list[dict[str, Any]] = []
        self._rows = {name: self._pile(name, name) for name in HOMES}
        self._older = {name: self._pile(f"{STATES}/{name}", name) for name in TABLES}

    def merged(self, states: States) -> Pieces:
        """Merge what was told of the same things, and notice what contradicts itself."""
        self._found += contradictions(states.rows["conversations"], states.rows["messages"], MET)
        return pieces_of(states)

    def put(self, pieces: Pieces, share: Share, settled: Pieces | None) -> None:
        """Put rows behind those of the shares before, and notice what is suspicious."""
        ids = settled.rows["messages"]["message_id"] if settled else pl.Series(dtype=pl.Int64)
        beside = Elsewhere(conversations=self._any_read, message_ids=ids)
        self._found += suspicions(pieces.rows["conversations"], pieces.rows["messages"], beside)
        for name in share.tables:
            key = ARCHIVED[name].primary_key() or ARCHIVED[name].column_names()
            self._rows[name].add(pieces.rows[name], key)
            if name in TABLES:
                self._older[name].add(pieces.older[name], key)

    def finish(self, notes: pl.DataFrame, as_of: datetime | None, witness: Witness | None) -> None:
        """Put the issues, and switch."""
        order = [MET, *CODES]
        found = sorted(
            added_up(self._found), key=lambda row: (order.index(row["code"]), row["table"])
        )
        suspected = pl.DataFrame(found, schema=Issues.schema(), orient="row")
        issues = pl.concat([as_notes(notes), suspected])
        files = {name: pile.close() for name, pile in self._rows.items()}
        older = {name: pile.close() for name, pile in self._older.items()}
        switch(
            self._root,
            Manifest(
                format=FORMAT,
                as_of=as_of and as_of.astimezone(UTC),
                buckets=self._buckets,
                schemas={name: schema_version(table) for name, table in ARCHIVED.items()},
                files=files | {"issues": self._issues(issues)},
                states=older,
                witness=witness,
            ),
        )

    def _issues(self, issues: pl.DataFrame) -> list[str]:
        return [] if issues.is_empty() else [put_frame(self._root, "issues", issues)]

    def _pile(self, folder: str, table: str) -> Pile:
        return Pile(self._root, folder, table, self._buckets)
