"""One round of a sync: list, fetch what has changed, archive it, note how far it came."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from drift_analysis.errors import ApiError, InputError
from drift_analysis.sources.archive.layout import MANIFEST, read_manifest
from drift_analysis.sources.archive.load import archive_documents, archive_witness
from drift_analysis.sources.archive.store import unwritable
from drift_analysis.sources.archive.syncing import JOURNAL, read_synced, write_synced
from drift_analysis.sources.framing.records import Document

from . import resources
from .changes import Changes, Reach
from .haul import Haul
from .journal import Journal
from .paging import records_of
from .synced import Synced
from .workers import in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from drift_analysis.sources.archive.syncing import Synced as State

    from .client import DriftClient
    from .paging import Get, Reply

__all__ = ["Round"]

_PEOPLE = timedelta(days=1)
"""How old users and playbooks may be when something has changed."""


_NO_MORE = b'{"data": [], "pagination": {"more": false}}'


class Round:
    """One round of a sync; the arguments are those of `sync`.

    Raises
    ------
    InputError
        If the archive is one of another address.
    SourceError
        If what the folder holds cannot be read, or it cannot be written to.
    """

    def __init__(
        self, client: DriftClient, root: Path, since: int | None, connections: int
    ) -> None:
        self._client, self._root, self._connections = client, root, connections
        self._before = _state_of(root, client.base_url)
        reach = Reach.of(self._before, since)
        plan: dict[str, Any] = {"id": secrets.token_hex(8), "at": _now(), **reach._asdict()}
        self._journal = _journal(root, plan, self._before.journal)
        plan = self._journal.plan
        self._reach = Reach(plan["oldest"], plan["floor"])
        self._changes = Changes(self._before, self._reach)
        self._haul = Haul(client.base_url)
        self._failed: set[int] = set()
        self._messages = 0
        self._lock = threading.Lock()

    def run(self, report: Callable[[int, int], object] | None) -> Synced:
        """Do all of it.

        Raises
        ------
        ApiError
            If Drift refuses from the start.
        Incomplete
            If a part could not be had.
        SourceError
            If the archive cannot be written.
        """
        journal, changes = self._journal, self._changes
        try:
            get = journal.get(self._client.get)
            self._haul.take("the list of conversations", changes.read(get), _nothing)
            is_whole = not self._haul.missing
            wanted = [*dict.fromkeys([*changes.news, *self._before.pending])]
            fetch = self._fetching(get)
            for done in in_parallel(fetch, wanted, threads=self._connections):
                if report:
                    report(done, len(wanted))
            people_at = self._people(get, any_new=bool(wanted))
            if len(journal):
                self._keep(is_whole=is_whole)
                self._note(people_at, is_whole=is_whole)
        except OSError as error:
            raise unwritable(self._root, error) from None
        finally:
            journal.close()
        journal.remove()
        summary = Synced(
            self._root,
            len(changes.listed),
            len(wanted) - len(self._failed),
            self._messages,
            journal.asked,
            journal.is_resumed,
        )
        self._haul.require_all(summary)
        return summary

    def _fetching(self, get: Get) -> Callable[[int], None]:
        """Return what fetches one conversation; of one that Drift does not have, it says so."""

        def count(reply: Reply) -> None:
            with self._lock:
                self._messages += len(records_of(reply.value) or [])

        def fetch(number: int) -> None:
            parts: list[ApiError | None] = [
                self._haul.take(
                    f"conversation {number}", resources.conversation(get, number), _nothing
                ),
                self._haul.take(
                    f"the messages of conversation {number}",
                    resources.messages(get, number),
                    count,
                ),
            ]
            if any(error and error.status != 404 for error in parts):
                self._failed.add(number)

        return fetch

    def _people(self, get: Get, *, any_new: bool) -> datetime | None:
        """Fetch users and playbooks if they are due, and return when they were fetched."""
        before, now = self._before.people_at, datetime.fromisoformat(self._journal.plan["at"])
        if before is not None and not (any_new and now - before >= _PEOPLE):
            return before
        errors = [
            self._haul.take("the users", resources.users(get), _nothing),
            self._haul.take("the playbooks", resources.playbooks(get), _nothing),
            self._haul.take("the landing pages", resources.landing_pages(get), _nothing),
        ]
        return None if any(errors) else now

    def _keep(self, *, is_whole: bool) -> None:
        """Put everything that came into the archive, and what the list proves of all else."""
        witness = None
        if is_whole and self._before.watermark is not None and (self._root / MANIFEST).exists():
            witness = self._changes.witness(self._before.floor)
            if all(document.source == resources.LIST for document in self._journal.documents()):
                settled = self._changes.all_as_before(read_manifest(self._root).witness)
                if settled is not None:
                    archive_witness(self._root, settled)
                    return
        documents = self._journal.documents()
        if is_whole:
            documents = _with_end(documents)
        archive_documents(documents, self._root, witness)

    def _note(self, people_at: datetime | None, *, is_whole: bool) -> None:
        """Note how far the sync came; without the whole list, no further than before."""
        watermark, seen = self._changes.remembered(self._failed)
        noted = msgspec.structs.replace(
            self._before,
            origin=self._client.base_url,
            watermark=watermark,
            floor=self._reach.floor,
            seen=seen,
            pending=sorted(self._failed),
            is_whole=True,
            people_at=people_at,
            journal=self._journal.plan["id"],
        )
        if not is_whole:
            noted = msgspec.structs.replace(
                noted,
                watermark=self._before.watermark,
                floor=self._before.floor,
                seen=self._changes.half_remembered(self._failed),
                is_whole=False,
            )
        write_synced(self._root, noted)


def _state_of(root: Path, origin: str) -> State:
    before = read_synced(root)
    if before.origin not in ("", origin):
        raise InputError.of(
            f"The archive {str(root)!r} is one of another Drift.",
            f"It was synced with {before.origin!r}, and this client asks {origin!r}.",
            "another folder, or the base_url of before.",
        )
    return before


def _journal(root: Path, plan: dict[str, Any], settled: str) -> Journal:
    """Take up the journal that is there, unless all of it is in the archive already."""
    try:
        journal = Journal(root / JOURNAL, plan)
        if journal.plan["id"] == settled:
            journal.remove()
            journal = Journal(root / JOURNAL, plan)
    except OSError as error:
        raise unwritable(root, error) from None
    return journal


def _with_end(documents: Iterator[Document]) -> Iterator[Document]:
    """Say behind the pages of the list that it was read as far as it was wanted."""
    is_list = False
    for document in documents:
        if is_list and document.source != resources.LIST:
            yield Document(resources.LIST, _NO_MORE)
        is_list = document.source == resources.LIST
        yield document
    if is_list:
        yield Document(resources.LIST, _NO_MORE)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _nothing(_: Reply) -> None:
    """Do nothing with a reply; the journal keeps it."""
