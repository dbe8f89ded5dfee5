"""Read an archive: as plans over its files, or as what it was made of."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import SourceError
from drift_analysis.schemas import Dataset

from ..tables import TABLES, WORKING
from .layout import ARCHIVED, read_manifest
from .states import SEEN
from .witness import as_seen

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["readable", "scan_archive", "scanned"]


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
        partition by partition, sorted by conversation and key within each; metrics sort what
        they return.
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
        name: scanned(root, name, manifest.files[name]).select(table.column_names())
        for name, table in ARCHIVED.items()
    }
    tables["conversations"] = as_seen(tables["conversations"], manifest.witness)
    return Dataset(**tables, as_of=manifest.as_of)


@contextmanager
def readable(root: Path) -> Iterator[None]:
    """Turn what polars says of a damaged file into an error.

    Raises
    ------
    SourceError
        If a file of the archive cannot be read.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, OSError):
        raise SourceError.of(
            f"The archive {str(root)!r} cannot be read.",
            "One of its Parquet files is damaged.",
            "copying the archive again, or writing it anew from the exports.",
        ) from None


def scanned(root: Path, name: str, files: list[str]) -> pl.LazyFrame:
    """Return a plan over files of a table, with the column that says when a row was told."""
    table = ARCHIVED[name]
    if not files:
        seen = {SEEN: WORKING[SEEN]} if name in TABLES else {}
        return pl.LazyFrame(schema={**table.schema(), **seen})
    paths = [root / file for file in files]
    return pl.scan_parquet(paths, hive_partitioning=False, glob=False)
