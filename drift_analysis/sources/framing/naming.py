"""Find the files that a path, a folder or a pattern names; what cannot be one is refused."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis.errors import SourceError

from .endings import ending_of, is_hidden, is_read
from .manifest import is_manifest

if TYPE_CHECKING:
    from collections import Counter

__all__ = ["files_of", "printable", "shown"]

_JSON = re.compile(r"""\s*(?:\{\s*["}]|\[\s*["{\[]|\[\s*\]\s*\Z)""")
_LONGEST = 300


def files_of(given: str | Path, skipped: Counter[str]) -> list[Path]:
    """Return the files that a path, a folder or a pattern names, sorted.

    Subfolders that cannot be opened are among them, and links that lead nowhere.

    Raises
    ------
    SourceError
        If there are none, or it is no name of a file at all, such as JSON text.
    """
    try:
        return _files_of(given, skipped)
    except SourceError:
        raise
    except OSError as error:
        evidence = f"The system says: {error.strerror}."
    except (ValueError, RuntimeError, NotImplementedError):
        evidence = "No file can have this name."
    if _JSON.match(str(given)):
        raise _json_text()
    raise SourceError.of(
        f"{shown(given)}: it cannot be looked for.", evidence, "an absolute path that you may read."
    )


def shown(given: str | Path) -> str:
    """A path for a message; what does not look like one may be JSON with people in it."""
    text = str(given)
    unlike = len(text) > _LONGEST or any(mark in text for mark in '{"\n\0')
    return "(text)" if unlike else printable(text)


def printable(name: str) -> str:
    """Spell what of a name is no text: names of files may be any bytes, tables hold text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _files_of(given: str | Path, skipped: Counter[str]) -> list[Path]:
    if not str(given).strip():
        raise SourceError.of(
            "An empty text names no file.", "", "a path, or '.' for all in the current folder."
        )
    path = Path(given).expanduser()
    if path.is_dir():
        return _in_folder(path, skipped)
    if path.exists():
        return [path]
    if _JSON.match(str(given)):
        raise _json_text()
    if any(mark in str(path) for mark in "*?["):
        found = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if files := [name for name in found if name.is_file() and not is_manifest(name)]:
            return files
        raise SourceError.of(
            f"{shown(path)}: no file fits this pattern.",
            "",
            "the folder itself, to read all in it.",
        )
    if "://" in str(given):
        raise SourceError.of(
            f"{shown(given)}: it is the address of a page, which is not fetched.",
            "",
            "da.DriftClient for Drift's replies, or the file that you saved.",
        )
    raise SourceError.of(
        f"{shown(path)}: there is no such file or folder.",
        f"Looked in {Path.cwd()}.",
        "an absolute path; for JSON in a variable, text.encode() or the parsed value.",
    )


def _json_text() -> SourceError:
    return SourceError.of(
        "This looks like JSON text, and a text is taken for the name of a file.",
        "",
        "da.load(json.loads(text)) or da.load(text.encode()).",
    )


def _in_folder(folder: Path, skipped: Counter[str]) -> list[Path]:
    os.scandir(folder).close()
    found = sorted(folder.rglob("*"))
    shut = {path for path in found if path.is_dir() and _is_shut(path)}
    inside = [path for path in found if path in shut or path.is_file() or _leads_nowhere(path)]
    listed = [path for path in inside if not is_hidden(path.relative_to(folder))]
    files = [path for path in listed if path in shut or not is_manifest(path)]
    if read := [path for path in files if path in shut or is_read(path)]:
        skipped.update(ending_of(path) for path in files if path not in shut and not is_read(path))
        return read
    raise SourceError.of(
        f"{folder}: nothing in this folder can be read.",
        f"It holds {len(inside)} file(s), none of them JSON.",
        "the folder with Drift's replies: .json, .jsonl, .ndjson, .log, .txt, also packed.",
    )


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _is_shut(folder: Path) -> bool:
    try:
        os.scandir(folder).close()
    except OSError:
        return True
    return False
