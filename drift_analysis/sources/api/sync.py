"""Keep an archive in step with Drift: fetch what has changed, whatever interrupts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError
from drift_analysis.sources.archive.store import writing
from drift_analysis.sources.archive.syncing import alone
from drift_analysis.sources.progress import reported

from .resources import milliseconds
from .rounds import Round
from .synced import Synced

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from drift_analysis.sources.progress import Progress

    from .client import DriftClient

__all__ = ["sync"]


def sync(
    client: DriftClient,
    archive: str | os.PathLike[str],
    since: datetime | None = None,
    *,
    connections: int = 4,
    progress: Progress = None,
) -> Synced:
    """Bring an archive up to what Drift tells now, asking only for what has changed.

    The list of conversations is read, newest change first, as far back as the last sync came,
    and a little further; then each conversation that has changed is fetched in detail, with its
    messages, several at once within the client's rate. Users and playbooks are fetched with
    changes, once a day at most. When nothing has changed, one request tells so.

    Every sync also witnesses: it adds to the archive that conversations it did not have to fetch
    were still in their status. So the time between two syncs bounds when a status changed.

    Each reply is kept on disk when it comes, in the archive's folder ``_sync``. After Ctrl-C, a
    kill, or a loss of power the same call goes on from there. What was under way is asked for
    again: at most one page of the list, or one request for each connection of all else. The
    archive is replaced in one step at the end; until then it is what it was.

    Parameters
    ----------
    client
        Where to fetch from.
    archive
        A folder: an archive, an empty one, or one to be made.
    since
        Leave out conversations that last changed before this moment. Without it, as in the
        syncs before; in the first, none is left out. An earlier moment than before fetches what
        is then missing.
    connections
        How many requests may be under way at once.
    progress
        True shows a bar with rate and time left. Something to call is called with the number of
        conversations that are done, and how many there are.

    Returns
    -------
    :
        A `Synced`: how much was listed, fetched and asked for.

    Raises
    ------
    InputError
        If the moment has no time zone, there is no connection, or the folder holds something
        that is no archive, or an archive of another address.
    SourceError
        If it cannot be written to, or another sync or writer is at work.
    ApiError
        If Drift refuses from the start, such as for a wrong token.
    Incomplete
        If a part could not be had: `.missing` names it and `.partial` is the `Synced`. What was
        got is in the archive, and the next sync asks for the rest again.
    KeyboardInterrupt
        If it is stopped by Ctrl-C; what was fetched is kept.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drift_analysis import DriftClient
    >>> from drift_analysis.demo import Demo, World, serving
    >>> from drift_analysis.sample import generate
    >>> from drift_analysis.sources.api.sync import sync
    >>> demo = Demo(World.of(generate(3, oddities=False)))
    >>> with TemporaryDirectory() as folder, serving(demo) as url:
    ...     with DriftClient("demo", base_url=url, requests_per_second=1000) as client:
    ...         first, second = sync(client, folder), sync(client, folder)
    >>> first.conversations, second.conversations, second.requests
    (3, 0, 1)
    """
    if connections < 1:
        raise InputError.of("A sync needs a connection.", f"Got {connections}.", "connections=4.")
    root, oldest = Path(archive), milliseconds(since, "since")
    with writing(root):
        pass  # it is one, or can be
    with alone(root), reported(progress, "Syncing", unit=" conversations") as report:
        try:
            done = Round(client, root, oldest, connections).run(report)
            if not done.resumed:
                return done
            # What was interrupted is whole, as of then; now for what happened since.
            after = Round(client, root, oldest, connections).run(report)
        except KeyboardInterrupt:
            message = (
                f"The sync of {str(root)!r} was stopped.\n"
                "What was fetched is kept beside the archive.\n"
                "Try: the same sync again; it goes on from there."
            )
            raise KeyboardInterrupt(message) from None
    return Synced(
        root,
        max(done.listed, after.listed),
        done.conversations + after.conversations,
        done.messages + after.messages,
        done.requests + after.requests,
        resumed=True,
    )
