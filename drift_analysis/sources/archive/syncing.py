"""What an archive knows of its syncs with Drift: how far they got, in one small file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import datetime  # noqa: TC003 (msgspec reads it when it decodes)
from typing import TYPE_CHECKING

import msgspec

from drift_analysis.errors import SourceError

from .layout import SYNC
from .store import put, unwritable

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["JOURNAL", "Synced", "alone", "forget", "read_synced", "write_synced"]

JOURNAL = f"{SYNC}/journal"
"""The replies of a sync that has not come to its end."""

_STATE = f"{SYNC}/state.json"
_FORMAT = 1


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """How far the syncs of an archive got; moments without a type are milliseconds since 1970.

    ``watermark`` is the latest `updatedAt` that was seen, ``floor`` how far back conversations
    were asked for; ``seen`` has when the newest conversations changed, and their status, as the
    list told it; ``pending`` those that could not be had; ``is_whole`` tells whether the last list
    was read to its end; ``people_at`` is when users and playbooks were fetched; ``journal`` names
    the last journal that is in the archive.
    """

    format: int = _FORMAT
    origin: str = ""
    watermark: int | None = None
    floor: int | None = None
    seen: dict[int, tuple[int, str]] = {}
    pending: list[int] = []
    is_whole: bool = True
    people_at: datetime | None = None
    journal: str = ""


def read_synced(root: Path) -> Synced:
    """Read how far the syncs got; nothing is known where there was none.

    Raises
    ------
    SourceError
        If that cannot be read, or is of another version.
    """
    try:
        synced = msgspec.json.decode((root / _STATE).read_bytes(), type=Synced)
    except FileNotFoundError:
        return Synced()
    except (OSError, msgspec.DecodeError):
        synced = Synced(format=0)
    if synced.format != _FORMAT:
        raise SourceError.of(
            f"The state of the syncs of {str(root)!r} cannot be read.",
            f"Its {_STATE} is damaged, or another drift_analysis wrote it.",
            f"removing the folder {SYNC!r}; the next sync then fetches everything again.",
        )
    return synced


def write_synced(root: Path, synced: Synced) -> None:
    """Replace the state, in one step.

    Raises
    ------
    SourceError
        If it cannot be written.
    """
    try:
        put(root, _STATE, msgspec.json.encode(synced) + b"\n")
    except OSError as error:
        raise unwritable(root, error) from None


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep other syncs out of an archive while the block runs.

    Raises
    ------
    SourceError
        If one is under way, or the folder cannot be written to.
    """
    try:
        (root / SYNC).mkdir(exist_ok=True)
        lock = (root / SYNC / "lock").open("ab")
    except OSError as error:
        raise unwritable(root, error) from None
    with lock:
        if sys.platform != "win32":
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SourceError.of(
                    f"The archive {str(root)!r} is being synced.",
                    "Another process, or another thread, fetches into it.",
                    "again when that is done.",
                ) from None
        yield


def forget(root: Path, conversations: Collection[int]) -> None:
    """Remove conversations from the state, and all of a sync that has not come to its end.

    Of what was fetched and is not in the archive yet, nobody can say whom it is about; the next
    sync fetches it again.

    Raises
    ------
    SourceError
        If that cannot be read or written.
    """
    gone = set(conversations)
    synced = read_synced(root)
    seen = {number: state for number, state in synced.seen.items() if number not in gone}
    pending = [number for number in synced.pending if number not in gone]
    try:
        (root / JOURNAL).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(root, error) from None
    if (seen, pending) != (synced.seen, synced.pending):
        write_synced(root, msgspec.structs.replace(synced, seen=seen, pending=pending))
