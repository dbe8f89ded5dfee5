"""Laying a sample down as files, as an export that was saved reply by reply."""

from __future__ import annotations

import gzip
import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import InputError

from .clock import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .result import Sample

__all__ = ["write", "write_truth"]

_Reply = tuple[str, str, "datetime", bytes]
"""Where it lies, the path of the request that it answers, when it was fetched, what it holds."""


def write(sample: Sample, folder: str | Path) -> Path:
    """Write a sample into a folder as Drift's replies and a webhook log.

    `manifest.json` says what each reply answers and when it was fetched; the log was not fetched.

    Parameters
    ----------
    sample
        What `generate` returned.
    folder
        Where to. It is made if need be, and must be empty.

    Returns
    -------
    :
        The folder.

    Raises
    ------
    InputError
        If there is something in the folder.

    Examples
    --------
    >>> import tempfile
    >>> from drift_analysis.sample import generate, write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in write(generate(20), folder).iterdir())
    ['contacts.ndjson', 'conversations', 'manifest.json', 'meetings.json', 'messages',
     'playbooks.json', 'playbooks_clp.json', 'users.json', 'webhooks.ndjson.gz']
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InputError.of(
            f"{folder.name}: the folder is not empty.",
            "Old files would mix with the new sample.",
            "another folder, or empty this one first.",
        )
    manifest: dict[str, Any] = {}
    for name, request, fetched_at, content in _replies(sample):
        _put(folder / name, content)
        manifest[name] = {
            "path": request,
            "status": 200,
            "fetched_at": fetched_at.isoformat(timespec="milliseconds"),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    _put(folder / "webhooks.ndjson.gz", _packed(_lines(sample.webhooks)))
    _put(folder / "manifest.json", _pretty({"files": manifest}))
    return folder


def write_truth(sample: Sample, path: str | Path) -> Path:
    """Write the true history of every status as CSV: conversation_id, changed_at (ms), status.

    Parameters
    ----------
    sample
        What `generate` returned.
    path
        The file; keep it out of the folder of the sample, which no export would contain.

    Returns
    -------
    :
        The file.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from drift_analysis.sample import generate, write_truth
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_truth(generate(1), Path(folder) / "truth.csv")
    ...     print(path.read_text().splitlines()[0])
    conversation_id,changed_at,status
    """
    path = Path(path)
    rows = (f"{conversation},{at},{status}\n" for conversation, at, status in sample.status_history)
    _put(path, ("conversation_id,changed_at,status\n" + "".join(rows)).encode())
    return path


def _replies(sample: Sample) -> Iterator[_Reply]:
    now = sample.fetched_at
    for moment, pages in {**sample.older_lists, now: sample.conversation_pages}.items():
        for number, page in enumerate(pages, start=1):
            name = f"conversations/list-{moment:%Y-%m-%dT%H%M}-{number:04}.json"
            yield name, "/conversations/list?limit=50", moment, _compact(page)
    details = _lines(sample.details) + "".join(f"{line}\n" for line in sample.broken).encode()
    yield "conversations/details.ndjson", "/conversations/{id}", now, details
    for month, pages in _by_month(sample).items():
        yield f"messages/{month}.ndjson", "/conversations/{id}/messages", now, _lines(pages)
    yield "users.json", "/users/list", now, _pretty(sample.users)
    yield "playbooks.json", "/playbooks/list", now, _pretty(sample.playbooks)
    yield "playbooks_clp.json", "/playbooks/clp", now, _pretty(sample.landing_pages)
    yield "meetings.json", "/users/meetings/org", now, _pretty(sample.meetings)
    yield "contacts.ndjson", "/contacts/{id}", now, _lines(sample.contacts)


def _by_month(sample: Sample) -> dict[str, list[Any]]:
    begun = {life.id: f"{local(life.created_at):%Y-%m}" for life in sample.lives}
    months: dict[str, list[Any]] = {month: [] for month in sorted(set(begun.values()))}
    for page in sample.message_pages:
        messages = page["data"]["messages"]
        months[begun[messages[0]["conversationId"]]].append(page)
    return months


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _packed(content: bytes) -> bytes:
    """Pack without a name and a time, so that equal contents give equal bytes."""
    packed = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _compact(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _pretty(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(values: Iterable[object]) -> bytes:
    return b"".join(map(_compact, values))
