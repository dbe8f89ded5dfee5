"""Turn what a user has (paths, folders, open files, bytes, parsed JSON) into named documents."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from drift_analysis.errors import SourceError

from .archives import contents
from .endings import ending_of, is_hidden, is_read
from .manifest import FetchTimes, is_manifest
from .records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

__all__ = ["Source", "documents", "name_of", "total_size"]

Source: TypeAlias = (
    "str | Path | bytes | bytearray | IO[bytes] | IO[str] | Mapping[str, Any] | Sequence[Any]"
)
"""What can be loaded."""


def documents(
    source: Source, fetched_at: datetime | None = None, skipped: Counter[str] | None = None
) -> Iterator[Document]:
    """Yield every document of a source, unpacked, in the order of their names.

    Parameters
    ----------
    source
        A path, a folder, a glob pattern, a list of paths, an open file, bytes, or parsed JSON.
        Of a folder, an archive and the folders in it, the files with an ending of JSON, text,
        gzip, zstandard, zip or tar are read; hidden ones are not.
    fetched_at
        When it was fetched, where no manifest beside a file tells.
    skipped
        Counts, by their endings, the files of folders and archives that are not read.

    Raises
    ------
    SourceError
        If there is no such file, a folder or pattern holds none, or it cannot be opened.
    """
    paths = _paths(source, skipped)
    if paths is not None:
        times = FetchTimes()
        for path in paths:
            yield from contents(_of_file(path, times.of(path) or fetched_at), skipped)
    elif isinstance(source, bytes | bytearray):
        yield from contents(Document("bytes", bytes(source), fetched_at, size=len(source)), skipped)
    elif hasattr(source, "read"):
        yield from contents(_of_open_file(source, fetched_at), skipped)
    else:
        yield Document("records", _as_json(source), fetched_at, located=False)


def name_of(source: Source) -> str:
    """Name a source for a message."""
    if isinstance(source, str | Path):
        return _shown(Path(source))
    if isinstance(source, bytes | bytearray):
        return "bytes"
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "what was given"


def total_size(source: Source) -> int:
    """Return how many bytes a source takes where it lies; 0 where that is not known."""
    if isinstance(source, bytes | bytearray):
        return len(source)
    return sum(path.stat().st_size for path in _paths(source) or [])


def _paths(source: Source, skipped: Counter[str] | None = None) -> list[Path] | None:
    """Return the files that a source names, or null if it names none."""
    passed = Counter[str]() if skipped is None else skipped
    if isinstance(source, str | Path):
        return _expanded(source, passed)
    if isinstance(source, list | tuple) and source:
        given = [item for item in source if isinstance(item, str | Path)]
        if len(given) == len(source):
            return [path for item in given for path in _expanded(item, passed)]
    return None


def _expanded(given: str | Path, skipped: Counter[str]) -> list[Path]:
    path = Path(given).expanduser()
    if path.is_dir():
        return _in_folder(path, skipped)
    if path.exists():
        return [path]
    if any(mark in str(path) for mark in "*?["):
        found = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if files := [name for name in found if name.is_file() and not is_manifest(name)]:
            return files
        raise SourceError.of(
            f"{path}: no file fits this pattern.", "", "the folder itself, to read all in it."
        )
    raise SourceError.of(
        f"{_shown(path)}: there is no such file or folder.",
        f"Looked in {Path.cwd()}.",
        "an absolute path; for JSON in a variable, text.encode() or the parsed value.",
    )


def _in_folder(folder: Path, skipped: Counter[str]) -> list[Path]:
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    shown = [path for path in inside if not is_hidden(path.relative_to(folder))]
    files = [path for path in shown if not is_manifest(path)]
    if read := [path for path in files if is_read(path)]:
        skipped.update(ending_of(path) for path in files if not is_read(path))
        return read
    raise SourceError.of(
        f"{folder}: nothing in this folder can be read.",
        f"It holds {len(inside)} file(s), none of them JSON.",
        "the folder with Drift's replies: .json, .jsonl, .ndjson, .log, .txt, also packed.",
    )


def _of_file(path: Path, when: datetime | None) -> Document:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError.of(
            f"{path}: the file cannot be read.",
            f"The system says: {error.strerror}.",
            "reading it as the user who may, or a copy of it.",
        ) from None
    return Document(str(path), data, when, size=len(data))


def _of_open_file(source: Any, when: datetime | None) -> Document:
    content = source.read()
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    name = getattr(source, "name", None)
    return Document(name if isinstance(name, str) else "file", data, when, size=len(data))


def _as_json(source: Any) -> bytes:
    try:
        return json.dumps(source).encode()
    except (TypeError, ValueError, RecursionError):
        raise SourceError.of(
            f"A {type(source).__name__} is nothing that can be loaded.",
            "Only what JSON can hold is read from memory.",
            "a path, bytes, or what json.load(...) gave.",
        ) from None


def _shown(path: Path) -> str:
    """A path for a message; what does not look like one may be JSON with people in it."""
    text = str(path)
    return "(text)" if len(text) > 300 or any(mark in text for mark in '{"\n') else text
