"""Load what was saved: from any source to the tables, in one pass."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import InputError, SourceError
from drift_analysis.schemas.base import require_moment

from .archive.layout import is_archive
from .assemble import assemble
from .framing.files import documents, total_size
from .progress import reported
from .reading import Reading
from .refusals import refuse_record, refuse_source
from .rounds import rounds
from .taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .framing.files import Source
    from .framing.records import Document
    from .progress import Progress

__all__ = ["load", "read", "read_source", "tables_of"]

_STEP = 1000


def load(
    source: Source,
    *,
    fetched_at: datetime | None = None,
    strict: bool = False,
    progress: Progress = None,
) -> Dataset[pl.DataFrame]:
    """Load everything that a source holds.

    Any framing will do, and so will several in one folder: one record, a list, the envelopes
    that Drift answers with, pages one per file, per line or one after another, webhooks as
    they were posted, what Airbyte and Singer taps wrote, the CSV of Drift's bulk export; pretty
    printed or not, in UTF-8 or UTF-16, packed with gzip, zstandard, zip or tar or not. What a
    record is, is told by its keys. Records that were read several times are kept once: the
    state with the greatest `updatedAt`, completed by what only the others know.

    Parameters
    ----------
    source
        A path, a folder, a glob pattern, a list of those, an open file, bytes, or parsed JSON.
        Of folders and archives, hidden files are left aside, and files whose ending is none of
        JSON, text or packed files are skipped, which is an issue. A member of an archive has
        the name `archive.zip!member`.
    fetched_at
        When the source was fetched, with a time zone. A manifest that `fetch` wrote knows
        better, and so does a connector that tells when it read a record. Unless it
        is known, it stays null.
    strict
        Whether the first reject becomes an error.
    progress
        True shows a bar, in a terminal or in a notebook. Something to call is called with the
        bytes done and the bytes in total, now and then and at the end; an exception that it
        raises ends the load.

    Returns
    -------
    :
        A `Dataset` of tables, each as `drift_analysis.schemas` describes it. What became no
        row is in ``rejects``, located and explained; what was repaired or looks wrong is in
        ``issues``; ``as_of`` is the latest moment that anything witnessed: the latest fetch, or
        the latest moment in what was fetched at an unknown time.

        Secrets are not kept: the verification token of webhooks and access tokens read
        ``"***"`` in the ``raw`` bytes of rejects, which are otherwise whole.

    Raises
    ------
    SourceError
        If there is no such file, a folder holds nothing that can be read, a file cannot be
        opened or unpacked, or nothing of Drift's was found at all; with `strict`, if anything
        was rejected.
    InputError
        If `fetched_at` has no time zone, or lies before 1971 or after 2260.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1567922759384}, {"id": 2}]}')
    Dataset(conversations=1, messages=0, status_events=0, playbooks=0, users=0, contacts=0,
    meetings=0, goals=0, participant_events=0, rejects=1, issues=0,
    as_of=2019-09-08T06:05:59+00:00)
    """
    with reported(progress, "Reading") as report:
        return assemble(read_source(source, fetched_at=fetched_at, strict=strict, progress=report))


def read_source(
    source: Source,
    *,
    fetched_at: datetime | None = None,
    strict: bool = False,
    progress: Callable[[int, int], object] | None = None,
    watch: Callable[[Reading], object] | None = None,
) -> Reading:
    """Read everything that a source holds, as `load` describes it.

    `watch` is called now and then, and may take from the reading what was read so far.

    Raises
    ------
    SourceError
        If there is nothing that can be read, or nothing of Drift's; with `strict`, if anything
        was rejected.
    InputError
        If `fetched_at` has no time zone, or lies before 1971 or after 2260.
    """
    if isinstance(source, str | Path) and is_archive(Path(source)):
        raise SourceError.of(f"{source}: it is an archive.", "", "da.scan_archive(path).")
    when = None if fetched_at is None else _fetch_time(fetched_at)
    total = total_size(source) if progress else 0
    report = None if progress is None else (lambda done: progress(done, total))
    reading = Reading()
    found = documents(source, when, reading.skipped)
    read(found, reading, strict=strict, progress=report, watch=watch)
    if progress:
        progress(total, total)
    refuse_source(reading)
    return reading


def _fetch_time(given: Any) -> datetime:
    if not isinstance(given, datetime) or given.tzinfo is None or 1970 < given.year < 2261:
        return require_moment(given, "fetched_at")
    raise InputError.of(
        f"fetched_at is in the year {given.year}.",
        "Tables hold moments from 1971 to 2260.",
        "the moment at which Drift answered, or None if it is not known.",
    )


def tables_of(documents: Iterable[Document]) -> Dataset[pl.DataFrame]:
    """Turn documents that are at hand, such as replies just fetched, into the tables.

    It is what `load` does with the files of a folder, and raises nothing for what they hold.

    Examples
    --------
    >>> from drift_analysis.sources.framing.records import Document
    >>> tables_of([Document("/users/list", b'{"data": [{"id": 7, "bot": true}]}')]).users.height
    1
    """
    return assemble(read(documents))


def read(
    documents: Iterable[Document],
    reading: Reading | None = None,
    *,
    strict: bool = False,
    progress: Callable[[int], object] | None = None,
    watch: Callable[[Reading], object] | None = None,
) -> Reading:
    """Read documents, into a new `Reading` or the one that is given.

    Returns
    -------
    :
        A `Reading`, in which ``records`` = the sum of ``accepted`` + the number of ``rejects`` +
        the sum of ``control``.

    Raises
    ------
    SourceError
        If `strict`, for the first record that is rejected.
    """
    reading = Reading() if reading is None else reading
    taking = Taking(reading)
    for given in rounds(documents):
        for document, framed in taking.careful(given):
            problem = reading.take(document, framed)
            if problem and strict:
                raise refuse_record(document, framed, problem)
            if progress and framed.number % _STEP == 0:
                progress(taking.done(framed.byte_offset))
        if progress:
            progress(taking.done())
        if watch:
            watch(reading)
    return reading
