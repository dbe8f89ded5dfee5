"""Remove a person from an archive."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError

from ..tables import TABLES
from .build import save
from .layout import ARCHIVED, SYNC, read_manifest
from .person import Person, addressed, in_bytes, person
from .redact import redacted
from .states import tables_of
from .store import writing
from .syncing import alone, forget
from .told import stored_states

if TYPE_CHECKING:
    import os

    from .states import States

__all__ = ["erase"]

_PARTICIPANT = pl.col("extra").str.json_path_match("$.participant")
"""With whom a conversation of the bulk export was held: addresses."""

_COUNTED = {"table": pl.String, "removed": pl.UInt32, "redacted": pl.UInt32}


def erase(
    archive: str | os.PathLike[str], *, contact_id: int | None = None, email: str | None = None
) -> pl.DataFrame:
    """Remove a person from an archive, wherever they are in it.

    The person is every contact with that id or address (upper and lower case are the same), and
    every contact that shares an address or id with one of these, in any state that was seen.
    Removed are

    - their rows of `Contacts`, and their conversations: those held with them (in the bulk export
      told by the address), those in which they wrote, booked a meeting or met a goal;
    - all rows about those conversations in every table, messages of agents and bots included;
    - their meetings and goals, and rejects whose bytes mention an id or address;
    - issues about what was removed; those that follow from the tables are worked out anew;
    - their conversations in what `sync` notes of its progress, and all of a sync that was ended
      midway, which begins again.

    Text that stays, such as a message in another conversation, has the address replaced by
    ``***`` and the id, where it stands as a whole number, by ``0``. Files of before are removed
    from the folder. The exports that were written are not touched: writing one again brings the
    person back.

    Parameters
    ----------
    archive
        The folder that `write_archive` made.
    contact_id, email
        Who; one of them, or both for the same person.

    Returns
    -------
    :
        One row per table: ``table``, its name; ``removed``, how many rows it has lost; and
        ``redacted``, in how many of those that stay a mention was replaced. All are 0 when the
        archive does not know the person.

    Raises
    ------
    InputError
        If neither an id nor an address is given.
    SourceError
        If it is no archive, or cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.sources.archive import erase, write_archive
    >>> records = [
    ...     {"id": 9, "attributes": {"email": "ada@example.com"}},
    ...     {"id": 1, "status": "open", "contactId": 9, "createdAt": 1567922759384},
    ... ]
    >>> with TemporaryDirectory() as folder:
    ...     write_archive(load(records), folder)
    ...     report = erase(folder, email="Ada@example.com")
    >>> report.filter(report["removed"] > 0).rows()
    [('conversations', 1, 0), ('contacts', 1, 0)]
    """
    if contact_id is None and not (email and email.strip()):
        raise InputError.of(
            "Nobody to erase was named.", "", "contact_id=... or email=..., or both."
        )
    root = Path(archive)
    read_manifest(root)
    synced = alone(root) if (root / SYNC).exists() else nullcontext()
    with synced, writing(root):
        manifest = read_manifest(root)
        before = stored_states(root, manifest)
        who = person(before, contact_id, email)
        forget(root, _conversations(before, who).to_list())
        kept = _without_rows(before, who)
        after = _redacted(kept, who)
        save(root, after, manifest.buckets)
    return _report(tables_of(before), tables_of(kept), tables_of(after))


def _without_rows(states: States, who: Person) -> States:
    theirs = _conversations(states, who).implode()
    messages = states.rows["messages"]
    written = messages.filter(pl.col("conversation_id").is_in(theirs))["message_id"].implode()
    gone = {
        "contact_id": pl.col("contact_id").is_in(list(who.ids)),
        "conversation_id": pl.col("conversation_id").is_in(theirs),
        "message_id": pl.col("message_id").is_in(written),
    }

    def is_gone(frame: pl.DataFrame) -> pl.Expr:
        tests = [test for name, test in gone.items() if name in frame.columns]
        return pl.any_horizontal(pl.lit(value=False), *tests).fill_null(value=False)

    def in_no_state(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        key = TABLES[name].primary_key()
        return frame.join(frame.filter(is_gone(frame)), on=key, how="anti")

    mentions = pl.Series([in_bytes(raw, who) for raw in states.rejects["raw"]], dtype=pl.Boolean)
    return replace(
        states,
        rows={name: in_no_state(name, frame) for name, frame in states.rows.items()},
        witnessed=states.witnessed.filter(~is_gone(states.witnessed)),
        rejects=states.rejects.filter(~mentions),
        notes=states.notes.filter(~is_gone(states.notes)),
    )


def _redacted(states: States, who: Person) -> States:
    return replace(
        states,
        rows={name: redacted(frame, who) for name, frame in states.rows.items()},
        rejects=redacted(states.rejects, who),
        notes=redacted(states.notes, who),
    )


def _report(*tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    before, kept, after = tables
    rows = []
    for name in ARCHIVED:
        lost = max(0, before[name].height - kept[name].height)
        same = kept[name].hash_rows().is_in(after[name].hash_rows().implode())
        rows.append((name, lost, (~same).sum()))
    return pl.DataFrame(rows, schema=_COUNTED, orient="row")


def _conversations(states: States, who: Person) -> pl.Series:
    """The conversations that are theirs."""
    ids = list(who.ids)
    wrote = (pl.col("author_type").str.strip_chars().str.to_lowercase() == "contact") & pl.col(
        "author_id"
    ).is_in(ids)
    held = pl.col("contact_id").is_in(ids)
    conversations = states.rows["conversations"]
    found = [
        states.rows["messages"].filter(wrote)["conversation_id"],
        conversations.filter(addressed(_PARTICIPANT, who))["conversation_id"],
    ] + [
        states.rows[name].filter(held)["conversation_id"]
        for name in ("conversations", "meetings", "goals")
    ]
    return pl.concat(found).drop_nulls().unique()
