"""Load a source into an archive without holding it in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..load import read, read_source
from ..progress import reported
from .build import build
from .layout import BUCKETS
from .scan import scan_archive
from .spill import Spill
from .store import switch, writing
from .told import stored

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from ..framing.files import Source
    from ..framing.records import Document
    from ..progress import Progress
    from .witness import Witness

__all__ = ["archive_documents", "archive_witness", "load_archive"]


def load_archive(
    source: Source,
    path: str | os.PathLike[str],
    *,
    fetched_at: datetime | None = None,
    strict: bool = False,
    progress: Progress = None,
) -> Dataset[pl.LazyFrame]:
    """Load everything that a source holds into an archive, whatever its size.

    It gives what ``write_archive(load(source), path)`` gives, in memory that does not grow with
    the source: rows are put aside in the archive's folder while it is read, then merged share by
    share with what the archive holds. What belongs together is merged together: all states of a
    conversation and its messages, and of a message its edits. So the largest conversation has
    to fit into memory. The disk needs room for what was put aside besides the old and the new
    state.

    Until the end the archive is what it was. Ctrl-C, an exception of `progress` or any error
    leaves it so, and what was put aside is removed; after a kill, the next write removes it.

    Parameters
    ----------
    source
        As for `load`.
    path
        A folder: an archive, to which is added; an empty one; or one to be made.
    fetched_at, strict
        As for `load`.
    progress
        True shows a bar. Something to call is called with what is done and the total, as for
        `load`: the first half of it is reading, the second half merging and writing.

    Returns
    -------
    :
        What `scan_archive` gives of the archive: a `Dataset` of plans.

    Raises
    ------
    InputError
        If the folder holds something that is no archive, or `fetched_at` has no time zone or
        lies before 1971 or after 2260.
    SourceError
        If `load` would raise one of the source, or `write_archive` one of the archive.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drift_analysis.sources.archive import load_archive
    >>> export = [{"id": 1, "status": "open", "createdAt": 1567922759384}]
    >>> with TemporaryDirectory() as folder:
    ...     archive = load_archive(export, folder)
    ...     archive.conversations.select("status").collect().item()
    'open'
    """
    root = Path(path)
    with reported(progress, "Archiving") as report, writing(root) as manifest:
        buckets = manifest.buckets if manifest else BUCKETS
        spill = Spill(root, buckets)
        total = 1

        def reading_done(done: int, size: int) -> None:
            nonlocal total
            total = max(1, size)
            if report:
                report(done, 2 * total)

        def share_done(done: int, shares: int) -> None:
            if report:
                report(total + total * done // shares, 2 * total)

        reading = read_source(
            source,
            fetched_at=fetched_at,
            strict=strict,
            progress=report and reading_done,
            watch=spill.watch,
        )
        spill.end(reading)
        build(root, [*stored(root, manifest), spill], buckets, share_done)
    return scan_archive(root)


def archive_documents(
    documents: Iterable[Document], root: Path, witness: Witness | None = None
) -> None:
    """Add documents to an archive as `load_archive` adds a source, and what is proved besides.

    Raises
    ------
    InputError
        If the folder holds something that is no archive.
    SourceError
        If it cannot be read or written, or another writer is at work.
    """
    with writing(root) as manifest:
        buckets = manifest.buckets if manifest else BUCKETS
        spill = Spill(root, buckets)
        spill.end(read(documents, watch=spill.watch))
        build(root, [*stored(root, manifest, witness), spill], buckets, witness=witness)


def archive_witness(root: Path, witness: Witness) -> None:
    """Note what is proved of the conversations of an archive; no table of it is read or written.

    It has to prove all that the one before proved.

    Raises
    ------
    SourceError
        If it cannot be read or written, or another writer is at work.
    """
    with writing(root) as manifest:
        if manifest is not None:
            as_of = max(filter(None, (manifest.as_of, witness.at)))
            switch(root, msgspec.structs.replace(manifest, as_of=as_of, witness=witness))
