"""Turn what a user has (paths, folders, open files, bytes, parsed JSON) into named documents."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from drift_analysis.errors import SourceError

from .archives import contents, is_packed
from .manifest import FetchTimes
from .naming import files_of, printable, shown
from .records import Document, Problem
from .stream import STRETCH

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
        If there is no such file, a folder or pattern holds none, or it cannot be opened. A file
        that cannot be read beside others is a document without bytes and with a problem.
    """
    paths = _paths(source, skipped)
    if paths is not None:
        times = FetchTimes()
        alone = isinstance(source, str | Path) and [Path(source).expanduser()] == paths
        for path in paths:
            document = _of_file(path, times.of(path) or fetched_at, alone=alone)
            yield from contents(document, skipped)
    elif isinstance(source, bytes | bytearray):
        yield from contents(Document("bytes", bytes(source), fetched_at, size=len(source)), skipped)
    elif hasattr(source, "read"):
        yield from contents(_of_open_file(source, fetched_at), skipped)
    else:
        yield Document("records", _as_json(source), fetched_at, located=False)


def name_of(source: Source) -> str:
    """Name a source for a message."""
    if isinstance(source, str | Path):
        return shown(source)
    if isinstance(source, bytes | bytearray):
        return "bytes"
    name = getattr(source, "name", None)
    return printable(name) if isinstance(name, str) else "what was given"


def total_size(source: Source) -> int:
    """Return how many bytes a source takes where it lies; 0 where that is not known."""
    if isinstance(source, bytes | bytearray):
        return len(source)
    return sum(path.stat().st_size for path in _paths(source) or [] if path.is_file())


def _paths(source: Source, skipped: Counter[str] | None = None) -> list[Path] | None:
    """Return the files that a source names, or null if it names none."""
    passed = Counter[str]() if skipped is None else skipped
    if isinstance(source, str | Path):
        return files_of(source, passed)
    if isinstance(source, list | tuple) and source:
        given = [item for item in source if isinstance(item, str | Path)]
        if len(given) == len(source):
            return [path for item in given for path in files_of(item, passed)]
    return None


def _of_file(path: Path, when: datetime | None, *, alone: bool) -> Document:
    """Read a file; one of several that cannot be read does not keep the others from being read."""
    name = printable(str(path))
    if path.is_dir():
        problem = Problem("unreadable", "It is a folder that cannot be opened: no permission.")
        return Document(name, b"", located=False, problem=problem)
    try:
        steps = _steps(path)
        data = next(steps)
        if is_packed(data):
            data += b"".join(steps)
        size = path.stat().st_size
    except OSError as error:
        says = f"The system says: {error.strerror}."
        if not alone:
            problem = Problem("unreadable", f"It is a file that cannot be read. {says}")
            return Document(name, b"", located=False, problem=problem)
        raise SourceError.of(
            f"{name}: the file cannot be read.",
            says,
            "reading it as the user who may, or a copy of it.",
        ) from None
    return Document(name, data, when, size=size, more=_further(steps, size - len(data)))


def _steps(path: Path) -> Iterator[bytes]:
    """Read a file bit by bit, each up to the end of a line that is not too long."""
    with path.open("rb") as file:
        yield _step(file)
        while data := _step(file):
            yield data


def _step(file: IO[bytes]) -> bytes:
    """Look for the end of the line first, where that can be: nothing is copied to be joined."""
    reach = STRETCH // 16
    if not file.seekable():
        data = file.read(STRETCH)
        return data + file.readline(reach) if data else data
    begin = file.tell()
    file.seek(begin + STRETCH)
    size = STRETCH + len(file.readline(reach))
    file.seek(begin)
    return file.read(size)


def _further(steps: Iterator[bytes], size: int) -> Iterator[bytes | Problem] | None:
    return _guarded(steps) if size > 0 else None


def _guarded(steps: Iterator[bytes]) -> Iterator[bytes | Problem]:
    try:
        yield from steps
    except OSError as error:
        sentence = f"It can be read no further. The system says: {error.strerror}."
        yield Problem("unreadable", sentence)


def _of_open_file(source: Any, when: datetime | None) -> Document:
    told = getattr(source, "name", None)
    name = printable(told) if isinstance(told, str) else "file"
    try:
        content = source.read()
    except UnicodeDecodeError as error:
        raise _no_file(name, f"It was opened as text, and is no {error.encoding} text.") from None
    except (OSError, ValueError) as error:
        evidence = getattr(error, "strerror", None) or "It is closed, or not open for reading"
        raise _no_file(name, f"{evidence}.") from None
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if not isinstance(data, bytes | bytearray):
        raise _no_file(name, f"Its read() gave {type(data).__name__}, not bytes or text.")
    return Document(name, bytes(data), when, size=len(data))


def _no_file(name: str, evidence: str) -> SourceError:
    return SourceError.of(
        f"{shown(name)}: the open file cannot be read.", evidence, "its path, or open(path, 'rb')."
    )


def _as_json(source: Any) -> bytes:
    try:
        return json.dumps(source).encode()
    except (TypeError, ValueError, RecursionError):
        raise SourceError.of(
            f"A {type(source).__name__} is nothing that can be loaded.",
            "Only what JSON can hold is read from memory.",
            "a path, bytes, or what json.load(...) gave.",
        ) from None
