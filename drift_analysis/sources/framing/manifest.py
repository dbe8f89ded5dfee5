"""When saved replies were fetched: the manifest that `fetch` writes beside them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MANIFEST", "FetchTimes", "can_be_held", "is_manifest", "moments_in"]

MANIFEST = "manifest.json"
"""The name of the file."""

_LEVELS = 3
"""How many folders up from a file its manifest may lie."""


class FetchTimes:
    """Look up when a file was fetched, in the manifest of its folder or of one above it.

    A manifest is an object whose ``files`` name, by their path from its folder, what was
    fetched: ``{"files": {"users.json": {"fetched_at": "2026-06-01T10:00:00.000+00:00"}}}``.
    """

    def __init__(self) -> None:
        self._moments = lru_cache(maxsize=None)(_moments)

    def of(self, path: Path) -> datetime | None:
        """Return the moment; null if no manifest tells."""
        for folder in path.absolute().parents[:_LEVELS]:
            name = path.absolute().relative_to(folder).as_posix()
            if (when := self._moments(folder).get(name)) is not None:
                return when
        return None


def can_be_held(when: datetime) -> bool:
    """Tell whether a moment is one that a table can hold: none before 1970 or after 2261."""
    return 1970 <= when.year < 2262


def is_manifest(path: Path) -> bool:
    """Tell whether a file is such a manifest, which is no record: by its name and its keys."""
    return path.name == MANIFEST and _files_in(_bytes(path.parent)) is not None


def moments_in(content: bytes) -> dict[str, datetime] | None:
    """Return the moments that a manifest tells, by path; null if it is no manifest."""
    files = _files_in(content)
    if files is None:
        return None
    found = ((name, _moment(told)) for name, told in files.items())
    return {name: when for name, when in found if when is not None}


def _moments(folder: Path) -> dict[str, datetime]:
    return moments_in(_bytes(folder)) or {}


def _bytes(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError:
        return b""


def _files_in(content: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    files = value.get("files") if isinstance(value, dict) else None
    return files if isinstance(files, dict) else None


def _moment(told: Any) -> datetime | None:
    try:
        when = datetime.fromisoformat(told["fetched_at"])
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (TypeError, KeyError, ValueError, OverflowError):
        return None
    return when if can_be_held(when) else None
