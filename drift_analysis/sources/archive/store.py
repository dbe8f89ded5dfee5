"""Put files into an archive so that a kill at any moment leaves the old or the new state."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from drift_analysis.errors import InputError, SourceError

from .layout import ARCHIVED, MANIFEST, SPILL, STATES, SYNC, read_manifest

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from .layout import Manifest

__all__ = ["put", "put_aside", "put_frame", "switch", "unwritable", "writing"]

_LOCK = ".lock"
_OURS = re.compile(
    rf"(?:{STATES}/)?(?:{'|'.join(ARCHIVED)})/(?:bucket=\d+/)?"
    r"(?:[0-9a-f]{16}\.parquet|\.[0-9a-f]{16}\.parquet\.part)"
    rf"|{re.escape(SPILL)}/(?:{'|'.join(ARCHIVED)})-(?:\d+|keys)-\d+\.parquet"
)
"""The names of files that were made here; nothing else is ever removed."""


@contextmanager
def writing(root: Path) -> Iterator[Manifest | None]:
    """Make the folder, keep other writers out of it while the block runs, and yield what counts.

    Whatever was put there and does not count, by a write that was killed before or by a block
    that ends with an error, is removed.

    Raises
    ------
    InputError
        If the folder holds something that is no archive.
    SourceError
        If it cannot be written to, or is being written to, or its manifest cannot be read.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        known = {*ARCHIVED, STATES, SPILL, SYNC, MANIFEST, _LOCK, f".{MANIFEST}.part"}
        foreign = any(entry.name not in known for entry in root.iterdir())
        if foreign and not (root / MANIFEST).exists():
            raise InputError.of(
                f"The folder {str(root)!r} is neither empty nor an archive.",
                f"There is no {MANIFEST} in it.",
                "a new folder.",
            )
        lock = (root / _LOCK).open("ab")
    except OSError as error:
        raise unwritable(root, error) from None
    with lock:
        if sys.platform != "win32":
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SourceError.of(
                    f"The archive {str(root)!r} is being written to.",
                    "Another process, or another thread, is adding to it or erasing from it.",
                    "again when that is done.",
                ) from None
        manifest = _current(root)
        _tidy(root)
        try:
            yield manifest
        finally:
            _tidy(root)


def put_frame(root: Path, folder: str, frame: pl.DataFrame) -> str:
    """Write a frame, and return the name of its file, which is made of what it holds.

    Raises
    ------
    SourceError
        If it cannot be written.
    """
    packed = io.BytesIO()
    frame.write_parquet(packed, compression="zstd")
    content = packed.getvalue()
    name = f"{folder}/{hashlib.sha256(content).hexdigest()[:16]}.parquet"
    try:
        if not (root / name).exists():
            put(root, name, content)
    except OSError as error:
        raise unwritable(root, error) from None
    return name


def put_aside(root: Path, name: str, frame: pl.DataFrame, *, at_once: int) -> None:
    """Write rows that do not count and are read back soon, so many of them together.

    Raises
    ------
    SourceError
        If they cannot be written.
    """
    packed = io.BytesIO()
    frame.write_parquet(packed, compression="lz4", row_group_size=at_once)
    try:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(packed.getbuffer())
    except OSError as error:
        raise unwritable(root, error) from None


def switch(root: Path, manifest: Manifest) -> None:
    """Make the files that the manifest names the archive, and remove those of before.

    Raises
    ------
    SourceError
        If it cannot be written, or what no longer counts cannot be removed.
    """
    try:
        put(root, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    except OSError as error:
        raise unwritable(root, error) from None
    try:
        _clean(root, manifest)
    except OSError as error:
        raise SourceError.of(
            f"The archive {str(root)!r} was written, but still holds files of before.",
            f"The system says: {error.strerror}.",
            "writing or erasing once more, with the right to remove files.",
        ) from None


def put(root: Path, name: str, content: bytes) -> None:
    """Write beside the place, force it to the disk, then rename: all of it or nothing."""
    place = root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    beside.replace(place)
    if sys.platform != "win32":
        inside = place.parent.relative_to(root)
        for folder in (inside, *inside.parents):
            handle = os.open(root / folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _current(root: Path) -> Manifest | None:
    return read_manifest(root) if (root / MANIFEST).exists() else None


def _tidy(root: Path) -> None:
    """Remove what does not count, as far as that can be done."""
    with suppress(OSError, SourceError):
        _clean(root, _current(root))
    with suppress(OSError):
        (root / SPILL).rmdir()


def _clean(root: Path, manifest: Manifest | None) -> None:
    listed = (*manifest.files.values(), *manifest.states.values()) if manifest else ()
    counts = {name for names in listed for name in names}
    for path in sorted(root.rglob("*.par*")):
        name = path.relative_to(root).as_posix()
        if name not in counts and _OURS.fullmatch(name):
            path.unlink()


def unwritable(root: Path, error: OSError) -> SourceError:
    """Say that an archive cannot be written to, and what the system says of it."""
    return SourceError.of(
        f"Cannot write to the archive {str(root)!r}.",
        f"The system says: {error.strerror}. What was in it before is whole.",
        "again with a disk that has room, in a folder that you may write to.",
    )
