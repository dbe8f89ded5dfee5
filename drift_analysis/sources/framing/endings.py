"""Which files of a folder or an archive are read, told by how their names end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

__all__ = ["ending_of", "is_hidden", "is_read"]

_READ = frozenset(
    {".json", ".jsonl", ".ndjson", ".log", ".txt", ".csv", ".html", ""}
    | {".gz", ".gzip", ".zst", ".zip", ".tar", ".tgz"}
)
_PLAIN = re.compile(r"\.[A-Za-z0-9]{1,8}")


def is_read(path: PurePath) -> bool:
    """Tell whether a file may hold records: it ends as JSON, text or packed files do."""
    return path.suffix.lower() in _READ


def is_hidden(path: PurePath) -> bool:
    """Tell whether a file, or a folder it lies in, is hidden or a system's own."""
    parts = (part for part in path.parts if part not in (".", ".."))
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def ending_of(path: PurePath) -> str:
    """Return how a name ends, if that looks like an ending."""
    ending = path.suffix.lower()
    return ending if _PLAIN.fullmatch(ending) else "another ending"
