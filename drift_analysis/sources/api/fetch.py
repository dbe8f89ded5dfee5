"""Save Drift's replies as they come, so that everything else works from disk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from . import resources
from .haul import Haul
from .paging import records_of
from .saving import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .client import DriftClient
    from .paging import Reply

__all__ = ["Fetched", "fetch"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch saved.

    Attributes
    ----------
    folder
        Where it lies; `load(folder)` reads it.
    conversations, details, messages, users, playbooks
        How many there are: conversations in the list, those in detail, and so on.
    files, bytes
        How many replies were saved, and how large they are together.
    """

    folder: Path
    conversations: int
    details: int
    messages: int
    users: int
    playbooks: int
    files: int
    bytes: int


def fetch(
    client: DriftClient,
    out: str | Path,
    *,
    details: bool = True,
    messages: bool = True,
    progress: Callable[[int, int], object] | None = None,
) -> Fetched:
    """Fetch everything that the token may read, and save each reply byte for byte.

    Beside the replies lies ``manifest.json``: for each file the path of its request, without
    the query, the status, when it came, its size and its SHA-256; and what is missing. Every
    file is written beside its place and then renamed, so that none is ever half there.

    Parameters
    ----------
    client
        Where to fetch from.
    out
        A folder that is empty, or not there yet.
    details
        Whether to ask for each conversation in detail: tags, participants and playbook.
    messages
        Whether to ask for the messages of each conversation.
    progress
        Called with the number of conversations that are done, and how many there are.

    Returns
    -------
    :
        How much was saved. `load(out)` returns the same tables as the `fetch_*` functions of
        the client, each conversation with the time at which it was fetched.

    Raises
    ------
    InputError
        If the folder holds something.
    SourceError
        If it cannot be written to; what was saved before stays whole.
    ApiError
        If Drift refuses from the start, such as for a wrong token.
    Incomplete
        If a part could not be had: it is named, what was got is saved, and `.partial` is the
        same summary.

    Examples
    --------
    >>> import tempfile
    >>> import httpx
    >>> from drift_analysis.sources.api.client import DriftClient
    >>> from drift_analysis.sources.api.fetch import fetch
    >>> reply = {"data": []}
    >>> drift = httpx.MockTransport(lambda request: httpx.Response(200, json=reply))
    >>> with tempfile.TemporaryDirectory() as out:
    ...     with DriftClient("an-invented-token", transport=drift) as client:
    ...         saved = fetch(client, out)
    >>> saved.files, saved.conversations
    (4, 0)
    """
    haul, get, listed = Haul(client.base_url), client.get, dict[int, None]()
    with Folder(Path(out), client.base_url) as folder:
        saved = _Saved(folder)
        haul.take("the users", resources.users(get), saved.under("users.json", "users"))
        listing = _noting(resources.conversations(get), listed)
        haul.take(
            "the list of conversations", listing, saved.under("conversations/list-{:04}.json")
        )
        found = resources.playbooks(get)
        haul.take("the playbooks", found, saved.under("playbooks.json", "playbooks"))
        found = resources.landing_pages(get)
        haul.take("the landing pages", found, saved.under("playbooks_clp.json"))
        for done, number in enumerate(listed, 1):
            if details:
                found = resources.conversation(get, number)
                keep = saved.under(f"conversations/{number}.json", "details")
                haul.take(f"conversation {number}", found, keep)
            if messages:
                found = resources.messages(get, number)
                keep = saved.under(f"messages/{number}-{{:04}}.json", "messages")
                haul.take(f"the messages of conversation {number}", found, keep)
            if progress:
                progress(done, len(listed))
        folder.note(complete=not haul.missing, missing=haul.missing)
    summary = Fetched(
        folder.path, len(listed), **saved.records, files=len(folder), bytes=folder.size
    )
    haul.require_all(summary)
    return summary


class _Saved:
    """Save replies under their names, and count the records in them."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.records = dict.fromkeys(("details", "messages", "users", "playbooks"), 0)

    def under(self, name: str, kind: str | None = None) -> Callable[[Reply], None]:
        """Return what saves the pages of one resource, numbered where there are several."""
        numbers = count(1)

        def save(reply: Reply) -> None:
            self._folder.save(_numbered(name, next(numbers)), reply)
            if kind:
                records = records_of(reply.value)
                self.records[kind] += 1 if records is None else len(records)

        return save


def _numbered(name: str, number: int) -> str:
    """Put the number of a page into a name; the first page needs none where one is usual."""
    if number == 1 or "{" in name:
        return name.format(number)
    return name.replace(".", f"-{number:04}.")


def _noting(replies: Iterable[Reply], listed: dict[int, None]) -> Iterator[Reply]:
    """Hand replies on, and note which conversations are in them."""
    for reply in replies:
        listed.update(dict.fromkeys(resources.ids(reply)))
        yield reply
