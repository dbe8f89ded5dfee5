"""What an archive is made from: a data set, and what it held before."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.schemas import Dataset

from ..tables import TABLES, WORKING
from .layout import ARCHIVED, HOMES
from .pieces import Pieces
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

_LARGEST = 32 * 2**20
"""How large the frame of a file is taken to be at most."""


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

    def homes(self, name: str) -> pl.LazyFrame:
        """Return the conversations that the rows of a table name."""
        return self._tables[name].select("conversation_id")

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
    """What an archive holds; with `conversations`, those alone are taken for states."""

    def __init__(
        self, root: Path, manifest: Manifest, conversations: pl.DataFrame | None = None
    ) -> None:
        self.as_of, self.manifest = manifest.as_of, manifest
        self._root, self._conversations = root, conversations

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:
        """Return samples, weighed by the sizes of the files."""
        with readable(self._root):
            return {name: pl.concat(self._samples(name, buckets)) for name in HOMES}

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING`, of the rows and of the states behind them."""
        files = [*self.manifest.files[name], *self.manifest.states[name]]
        return scanned(self._root, name, files).select(ROAMING[name])

    def homes(self, name: str) -> pl.LazyFrame:
        """Return the conversations that the rows of a table name."""
        return scanned(self._root, name, self.manifest.files[name]).select("conversation_id")

    def states(self, choice: Choice) -> States:
        """Read back the states that are chosen."""
        rows, older = self._chosen(choice, "semi")
        for name, table in TABLES.items():
            single = rows[name].join(older[name], on=table.primary_key(), how="anti")
            rows[name] = pl.concat([single, older[name].select(single.columns)])
        return as_read(rows, rows.pop("rejects"), self.as_of)

    def rest(self, choice: Choice) -> Pieces:
        """Read back the rows of a share that are not taken for states, as they are stored."""
        return self._chosen(choice, "anti")

    def notes(self) -> pl.DataFrame:
        """Return the issues that are kept."""
        with readable(self._root):
            return scanned(self._root, "issues", self.manifest.files["issues"]).collect()

    def _samples(self, name: str, buckets: int) -> list[pl.DataFrame]:
        places = placed(name, buckets)
        files = [*self.manifest.files[name], *self.manifest.states.get(name, [])]
        found = [NO_SAMPLES]
        for file in files:
            size = min(_LARGEST, _PACKED * (self._root / file).stat().st_size)
            found.append(sampled(scanned(self._root, name, [file]).select(places).collect(), size))
        return found

    def _chosen(self, choice: Choice, how: Literal["semi", "anti"]) -> Pieces:
        with readable(self._root):
            return Pieces(
                {name: self._of(choice, name, self.manifest.files, how) for name in HOMES},
                {name: self._of(choice, name, self.manifest.states, how) for name in TABLES},
            )

    def _of(
        self,
        choice: Choice,
        name: str,
        files: dict[str, list[str]],
        how: Literal["semi", "anti"],
    ) -> pl.DataFrame:
        rows = choice.of(name, scanned(self._root, name, choice.files(files[name])))
        wanted = self._conversations
        if wanted is None or choice.share is None or HOMES[name] != "conversation_id":
            return rows.collect() if how == "semi" else rows.clear().collect()
        return rows.join(wanted.lazy(), on=HOMES[name], how=how, nulls_equal=True).collect()


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
