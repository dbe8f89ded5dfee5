"""Load a source into an archive without holding it in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..load import read, read_source
from ..progress import reported
from .build import build
from .layout import BUCKETS
from .scan import scan_archive
from .spill import Spill
from .store import writing
from .told import Stored

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from ..framing.files import Source
    from ..framing.records import Document
    from ..progress import Progress
    from .build import Told

__all__ = ["archive_documents", "load_archive"]


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
        before = [Stored(root, manifest)] if manifest else []
        build(root, [*before, spill], buckets, share_done)
    return scan_archive(root)


def archive_documents(documents: Iterable[Document], root: Path, beside: Sequence[Told]) -> None:
    """Add documents to an archive as `load_archive` adds a source, and what else was told.

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
        before = [Stored(root, manifest)] if manifest else []
        build(root, [*before, *beside, spill], buckets)
