"""Build the new state of an archive, share by share, from all that told something."""

from __future__ import annotations

from datetime import UTC
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Issues

from ..tables import TABLES
from .found import found_in
from .layout import ARCHIVED, FORMAT, HOMES, STATES, Manifest, schema_version
from .pieces import pieces_of
from .piles import Pile
from .plan import planned
from .shares import EVERYTHING, Choice
from .states import as_notes, joined
from .store import put_frame, switch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from .pieces import Pieces
    from .plan import Told
    from .shares import Share
    from .states import States
    from .witness import Witness

__all__ = ["build", "save"]


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
    told, strays, shares, *_ = plan = planned(root, told, buckets)
    work = _Work(root, buckets, plan.stays)
    settled = pieces_of(_states(told, Choice(buckets, None, strays))) if strays else None
    for number, share in enumerate(shares, 1):
        choice = Choice(buckets, share, strays)
        pieces = pieces_of(_states(told, choice))
        if plan.before:
            pieces = pieces.joined(plan.before.rest(choice))
        if settled:
            pieces = pieces.joined(settled.of(Choice(buckets, share, {})))
        work.put(pieces, share)
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
    work = _Work(root, buckets)
    work.put(pieces_of(states), EVERYTHING)
    work.finish(states.notes, states.as_of, None)


def _states(told: Sequence[Told], choice: Choice) -> States:
    return reduce(joined, (each.states(choice) for each in told))


class _Work:
    """The files that were put so far."""

    def __init__(self, root: Path, buckets: int, stays: Manifest | None = None) -> None:
        self._root, self._buckets, self._stays = root, buckets, stays
        self._rows = {name: self._pile(name) for name in HOMES}
        self._older = {name: self._pile(name, of_states=True) for name in TABLES}

    def put(self, pieces: Pieces, share: Share) -> None:
        """Put rows behind those of the shares before."""
        for name in share.tables:
            key = ARCHIVED[name].primary_key() or ARCHIVED[name].column_names()
            self._rows[name].add(pieces.rows[name], key)
            if name in TABLES:
                self._older[name].add(pieces.older[name], key)

    def finish(self, notes: pl.DataFrame, as_of: datetime | None, witness: Witness | None) -> None:
        """Put the issues, which are found in all rows, and switch."""
        files = {name: pile.close() for name, pile in self._rows.items()}
        older = {name: pile.close() for name, pile in self._older.items()}
        found = found_in(self._root, files, older)
        suspected = pl.DataFrame(found, schema=Issues.schema(), orient="row")
        issues = pl.concat([as_notes(notes), suspected])
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

    def _pile(self, name: str, *, of_states: bool = False) -> Pile:
        folder = f"{STATES}/{name}" if of_states else name
        stays = (self._stays.states if of_states else self._stays.files) if self._stays else {}
        return Pile(self._root, folder, name, self._buckets, stays.get(name, ()))
