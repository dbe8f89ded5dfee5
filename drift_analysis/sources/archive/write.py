"""Add a data set to an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .build import build
from .layout import BUCKETS
from .store import writing
from .told import Given, stored

if TYPE_CHECKING:
    import os

    import polars as pl

    from drift_analysis.schemas import Dataset

__all__ = ["write_archive"]


def write_archive(
    dataset: Dataset[pl.DataFrame] | Dataset[pl.LazyFrame], path: str | os.PathLike[str]
) -> None:
    """Add a data set to an archive, which is made if there is none.

    An archive is a folder of plain Parquet files (zstd) that anything can read, and
    ``archive.json``, which says what counts: for each table its files and the version of its
    schema, and the `as_of` of all. Rows with a ``conversation_id`` lie in the partition
    ``conversation_id % buckets``, so that a conversation has the same partition in every table;
    the other tables have one file each. The column ``_fetched_at`` besides a table's own says
    when a row was told.

    What is added is merged as `load` merges what it reads: each thing once, its newest state
    completed by what only others know, older states of conversations as evidence in
    `StatusEvents`. The order in which data sets are written does not matter, and writing one
    again changes nothing, to the byte.

    Two things cannot be had from tables that loading all exports at once could know. A record
    of unknown fetch is, as a snapshot, only believed at its own `updatedAt`; so give `load` a
    `fetched_at`. And what was repaired while reading is in ``issues`` as each data set told it.
    Exports that contradict each other are the issue ``contradicting_exports``.

    The new state is written beside the old one and forced to the disk; then ``archive.json`` is
    replaced, and what no longer counts is removed. A kill at any moment leaves the old or the
    new state; what it leaves besides, the next write removes. The work is done share by share:
    of what the archive holds, little is in memory at once. `load_archive` also reads that way.

    Parameters
    ----------
    dataset
        What `load` or `scan_archive` gave.
    path
        A folder: an archive, an empty one, or one to be made.

    Raises
    ------
    InputError
        If the folder holds something that is no archive.
    SourceError
        If it cannot be read or written, has another format or schema, or another writer is at
        work. The archive is then what it was before.
    SchemaError
        If a table of the data set is not what its name promises.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.sources.archive import scan_archive, write_archive
    >>> conversation = {"id": 1, "status": "open", "createdAt": 1567922759384}
    >>> with TemporaryDirectory() as folder:
    ...     write_archive(load([conversation]), folder)
    ...     write_archive(load([conversation]), folder)
    ...     scan_archive(folder).conversations.collect().height
    1
    """
    root = Path(path)
    given = Given(dataset)
    with writing(root) as manifest:
        build(root, [*stored(root, manifest), given], manifest.buckets if manifest else BUCKETS)
