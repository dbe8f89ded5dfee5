"""Add a data set to an archive."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ..tables import TABLES
from .layout import (
    ARCHIVED,
    BUCKETS,
    FORMAT,
    MANIFEST,
    STATES,
    Manifest,
    bucket,
    read_manifest,
    schema_version,
)
from .scan import stored_states
from .states import SEEN, States, joined, states_of, tables_of
from .store import put_frame, switch, writing

if TYPE_CHECKING:
    import os

    from drift_analysis.schemas import Dataset

__all__ = ["save", "write_archive"]


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

    The new state is written beside the old one and forced to the disk; then ``archive.json`` is
    replaced, and what no longer counts is removed. A kill at any moment leaves the old or the
    new state; what it leaves besides, the next write removes. All tables are held in memory.

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
    states = states_of(dataset)
    with writing(root):
        if (root / MANIFEST).exists():
            manifest = read_manifest(root)
            save(root, joined(stored_states(root, manifest), states), manifest.buckets)
        else:
            save(root, states, BUCKETS)


def save(root: Path, states: States, buckets: int) -> None:
    """Make the states the archive, in one switch.

    Raises
    ------
    SourceError
        If it cannot be written.
    """
    tables = tables_of(states)
    files, older = {}, {}
    for name, frame in tables.items():
        rows = states.rows.get(name, frame)
        if name in TABLES:
            key = TABLES[name].primary_key()
            several = pl.struct(key).is_duplicated()
            older[name] = _put(root, f"{STATES}/{name}", _as_stored(rows.filter(several)))
            seen = rows.group_by(key).agg(pl.col(SEEN).max())
            frame = frame.join(seen, on=key, how="left", maintain_order="left")
        if "conversation_id" in frame.columns:
            files[name] = _put_buckets(root, name, frame, buckets)
        else:
            files[name] = _put(root, name, frame)
    switch(
        root,
        Manifest(
            format=FORMAT,
            as_of=states.as_of and states.as_of.astimezone(UTC),
            buckets=buckets,
            schemas={name: schema_version(table) for name, table in ARCHIVED.items()},
            files=files,
            states=older,
        ),
    )


def _as_stored(rows: pl.DataFrame) -> pl.DataFrame:
    """Say of a row that a webhook told when that was, as a table does."""
    if "fetched_at" in rows.columns:
        state_at = pl.when("_webhook").then(pl.coalesce("updated_at", "created_at"))
        rows = rows.with_columns(fetched_at=state_at.otherwise(SEEN))
    return rows.drop("_reply", "_webhook")


def _put(root: Path, folder: str, frame: pl.DataFrame) -> list[str]:
    return [] if frame.is_empty() else [put_frame(root, folder, frame)]


def _put_buckets(root: Path, name: str, frame: pl.DataFrame, buckets: int) -> list[str]:
    parts = frame.with_columns(_bucket=bucket(buckets)).partition_by(
        "_bucket", as_dict=True, include_key=False
    )
    return [
        put_frame(root, f"{name}/bucket={number:02}", part)
        for (number,), part in sorted(parts.items())
    ]
