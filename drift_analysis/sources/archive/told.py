"""What an archive is made from: a data set, and what it held before."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Dataset

from ..tables import TABLES, WORKING
from .layout import ARCHIVED, HOMES
from .piles import FILE_BYTES
from .scan import readable, scanned
from .shares import EVERYTHING, NO_SAMPLES, Choice, placed, sampled
from .states import SEEN, as_notes, as_read, joined
from .strays import ROAMING
from .witness import seen_again

if TYPE_CHECKING:
    from pathlib import Path

    from .layout import Manifest
    from .states import States
    from .witness import Witness

__all__ = ["Given", "Stored", "stored", "stored_states"]

_PACKED = 10
"""How many times larger than its file a frame is taken to be."""


class Given:
    """A data set. What `as_of` tells: of two states of the same thing, which was told later.

    Raises
    ------
    SchemaError
        If a table is not what its name promises.
    """

    def __init__(self, dataset: Dataset[pl.DataFrame] | Dataset[pl.LazyFrame]) -> None:
        self.as_of = dataset.as_of
        self._tables: dict[str, pl.LazyFrame] = {
            name: table.require(getattr(dataset, name)).lazy().select(table.column_names())
            for name, table in ARCHIVED.items()
        }

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:
        """Return samples, weighed by the first rows."""
        found = {}
        for name in HOMES:
            rows = self._tables[name]
            first = rows.head(1000).collect()
            places = rows.select(placed(name, buckets)).collect()
            size = first.estimated_size() * places.height / max(1, first.height)
            found[name] = sampled(places, size)
        return found

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING`."""
        return self._tables[name].select(ROAMING[name])

    def states(self, choice: Choice) -> States:
        """Return the rows that are chosen, as states."""
        tables = {name: choice.of(name, self._tables[name]).collect() for name in HOMES}
        seen = pl.lit(self.as_of, WORKING[SEEN]).alias(SEEN)
        rows = {name: tables[name].with_columns(seen) for name in TABLES}
        return as_read(rows, tables["rejects"], self.as_of)

    def notes(self) -> pl.DataFrame:
        """Return the issues of the data set."""
        return self._tables["issues"].collect()


class Stored:
    """What an archive holds."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.as_of = manifest.as_of
        self._root, self._manifest = root, manifest

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:
        """Return samples, weighed by the sizes of the files."""
        with readable(self._root):
            return {name: pl.concat(self._samples(name, buckets)) for name in HOMES}

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING`, of the rows and of the states behind them."""
        files = [*self._manifest.files[name], *self._manifest.states[name]]
        return scanned(self._root, name, files).select(ROAMING[name])

    def states(self, choice: Choice) -> States:
        """Read back the states that are chosen."""
        with readable(self._root):
            rows = {name: self._chosen(choice, name, self._manifest.files) for name in HOMES}
            older = {name: self._chosen(choice, name, self._manifest.states) for name in TABLES}
        for name, table in TABLES.items():
            single = rows[name].join(older[name], on=table.primary_key(), how="anti")
            rows[name] = pl.concat([single, older[name].select(single.columns)])
        return as_read(rows, rows.pop("rejects"), self.as_of)

    def notes(self) -> pl.DataFrame:
        """Return the issues that are kept."""
        with readable(self._root):
            return scanned(self._root, "issues", self._manifest.files["issues"]).collect()

    def _samples(self, name: str, buckets: int) -> list[pl.DataFrame]:
        places = placed(name, buckets)
        files = [*self._manifest.files[name], *self._manifest.states.get(name, [])]
        found = [NO_SAMPLES]
        for file in files:
            size = min(2 * FILE_BYTES, _PACKED * (self._root / file).stat().st_size)
            found.append(sampled(scanned(self._root, name, [file]).select(places).collect(), size))
        return found

    def _chosen(self, choice: Choice, name: str, files: dict[str, list[str]]) -> pl.DataFrame:
        return choice.of(name, scanned(self._root, name, choice.files(files[name]))).collect()


def stored(
    root: Path, manifest: Manifest | None, witness: Witness | None = None
) -> list[Stored | Given]:
    """Return what an archive holds, and as rows what was proved of it besides.

    What `witness` proves anew needs no rows.
    """
    if manifest is None:
        return []
    before, known = Stored(root, manifest), manifest.witness
    if known is None:
        return [before]
    tables = {name: table.empty().lazy() for name, table in ARCHIVED.items()}
    rows = scanned(root, "conversations", manifest.files["conversations"])
    again = seen_again(rows, known, witness)
    return [before, Given(Dataset(**tables | {"conversations": again}, as_of=known.at))]


def stored_states(root: Path, manifest: Manifest) -> States:
    """Read back all states that an archive was made of.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    told, choice = stored(root, manifest), Choice(manifest.buckets, EVERYTHING, {})
    states = reduce(joined, (each.states(choice) for each in told))
    return replace(states, notes=as_notes(told[0].notes()))
