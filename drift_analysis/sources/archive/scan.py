"""Read an archive: as plans over its files, or as what it was made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import SourceError
from drift_analysis.schemas import Dataset

from ..tables import TABLES, WORKING
from .layout import ARCHIVED, Manifest, read_manifest
from .states import SEEN, States, as_read

if TYPE_CHECKING:
    import os

__all__ = ["scan_archive", "stored_states"]


def scan_archive(path: str | os.PathLike[str]) -> Dataset[pl.LazyFrame]:
    """Return the tables of an archive as plans, which read what is asked of them.

    Parameters
    ----------
    path
        The folder that `write_archive` made.

    Returns
    -------
    :
        A `Dataset` of LazyFrames with the same columns and rows as `load` gives. Rows come
        partition by partition, sorted by their key within each; metrics sort what they return.
        A plan reads the files of the moment at which it was made: after a write, scan anew.

    Raises
    ------
    SourceError
        If it is no archive, is not whole, or has another format or schema.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.sources.archive import scan_archive, write_archive
    >>> with TemporaryDirectory() as folder:
    ...     write_archive(load([{"id": 1, "status": "open", "createdAt": 1567922759384}]), folder)
    ...     scan_archive(folder).conversations.select("status").collect().item()
    'open'
    """
    root = Path(path)
    manifest = read_manifest(root)
    tables = {
        name: _scan(root, name, manifest.files[name]).select(table.column_names())
        for name, table in ARCHIVED.items()
    }
    return Dataset(**tables, as_of=manifest.as_of)


def stored_states(root: Path, manifest: Manifest) -> States:
    """Read back the states that an archive was made of.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    try:
        frames = {name: _scan(root, name, manifest.files[name]).collect() for name in ARCHIVED}
        older = {name: _scan(root, name, manifest.states[name]).collect() for name in TABLES}
    except (pl.exceptions.PolarsError, OSError):
        raise SourceError.of(
            f"The archive {str(root)!r} cannot be read.",
            "One of its Parquet files is damaged.",
            "copying the archive again, or writing it anew from the exports.",
        ) from None
    rows = {}
    for name, table in TABLES.items():
        single = frames[name].join(older[name], on=table.primary_key(), how="anti")
        rows[name] = pl.concat([single, older[name].select(single.columns)])
    return as_read(rows, frames["rejects"], frames["issues"], manifest.as_of)


def _scan(root: Path, name: str, files: list[str]) -> pl.LazyFrame:
    table = ARCHIVED[name]
    if not files:
        seen = {SEEN: WORKING[SEEN]} if name in TABLES else {}
        return pl.LazyFrame(schema={**table.schema(), **seen})
    paths = [root / file for file in files]
    return pl.scan_parquet(paths, hive_partitioning=False, glob=False)
