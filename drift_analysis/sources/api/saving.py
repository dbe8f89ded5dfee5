"""A folder of replies with a manifest, in which nothing is ever half there."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from drift_analysis.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .paging import Reply

__all__ = ["Folder"]


class Folder:
    """Save replies byte for byte, and keep account of them in ``manifest.json``.

    The manifest is an object: ``origin``; ``complete``, whether the fetch came to its end with
    nothing missing; ``missing``, sentences; and ``files``, for each file its ``path`` (of the
    request, without the query), ``status``, ``fetched_at``, ``bytes`` and ``sha256``.

    Parameters
    ----------
    path
        A folder that is empty, or not there yet.
    origin
        Where the replies come from.

    Raises
    ------
    InputError
        If the folder holds something.
    SourceError
        If it cannot be written to.
    """

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.size = 0
        self._origin = origin
        self._files: dict[str, dict[str, Any]] = {}
        self._next_manifest = 0
        try:
            path.mkdir(parents=True, exist_ok=True)
            is_used = any(path.iterdir())
        except OSError as error:
            raise self._unwritable(error) from None
        if is_used:
            raise InputError.of(
                f"The folder {str(path)!r} is not empty.",
                "Replies of two fetches would mix in it.",
                "a new folder for each fetch.",
            )
        self.note(complete=False)

    def __len__(self) -> int:
        return len(self._files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            with suppress(SourceError):  # what ended the fetch matters more
                self.note(complete=False)

    def save(self, name: str, reply: Reply) -> None:
        """Save one reply under a name.

        The manifest is written anew whenever it lacks a tenth of the files, so that it costs
        little, and a kill at any moment leaves it nearly whole.

        Raises
        ------
        SourceError
            If it cannot be written.
        """
        self._write(name, reply.body)
        self.size += len(reply.body)
        self._files[name] = {
            "path": reply.path,
            "status": 200,
            "fetched_at": reply.fetched_at.isoformat(timespec="milliseconds"),
            "bytes": len(reply.body),
            "sha256": hashlib.sha256(reply.body).hexdigest(),
        }
        if len(self._files) > self._next_manifest:
            self.note(complete=False)

    def note(self, *, complete: bool, missing: Sequence[str] = ()) -> None:
        """Write the manifest.

        Raises
        ------
        SourceError
            If it cannot be written.
        """
        self._next_manifest = len(self._files) * 11 // 10
        manifest = {
            "origin": self._origin,
            "complete": complete,
            "missing": list(missing),
            "files": self._files,
        }
        self._write("manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())

    def _write(self, name: str, content: bytes) -> None:
        """Write beside the place, force it to the disk, then rename: all of it or nothing."""
        place = self.path / name
        beside = place.with_name(f".{place.name}.part")
        try:
            place.parent.mkdir(exist_ok=True)
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> SourceError:
        return SourceError.of(
            f"Cannot write to the folder {str(self.path)!r}.",
            f"The system says: {error.strerror}. {len(self._files)} replies are in it, all whole.",
            "another folder, on a disk with room that you may write to.",
        )
