"""Everything that was ever told of each thing, from which the tables of an archive are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, Issues, Messages, StatusEvents

from ..checks import CODES, suspicions
from ..edits import apply_edits
from ..merge import merged
from ..status import snapshots
from ..tables import TABLES, WORKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "MET",
    "SEEN",
    "States",
    "as_notes",
    "as_read",
    "joined",
    "record_tables",
    "tables_of",
]

MET = "contradicting_exports"
"""The code of contradictions between exports that met in an archive."""

SEEN = "_fetched_at"
"""The column that archived tables have besides their own: when a row was told, if that is known."""


@dataclass(frozen=True)
class States:
    """Rows as they were before merging; no two of a table say the same.

    ``rows`` has the tables of records, of `StatusEvents` only what webhooks told; ``witnessed``
    the snapshots; ``rejects`` and ``notes`` what reading found.
    """

    rows: dict[str, pl.DataFrame]
    witnessed: pl.DataFrame
    rejects: pl.DataFrame
    notes: pl.DataFrame
    as_of: datetime | None


def as_read(
    rows: dict[str, pl.DataFrame],
    rejects: pl.DataFrame,
    as_of: datetime | None,
) -> States:
    """Turn rows of tables back into what was read: edits not applied, snapshots apart."""
    events = rows["status_events"]
    told = StatusEvents.source.col == "webhook"
    rows = {**rows, "status_events": events.filter(told)}
    return States(
        rows={name: _once(name, _raw(name, rows[name])) for name in TABLES},
        witnessed=events.filter(~told).select(StatusEvents.column_names()).unique(),
        rejects=rejects.unique().sort(pl.all()),
        notes=Issues.empty(),
        as_of=as_of,
    )


def as_notes(issues: pl.DataFrame) -> pl.DataFrame:
    """Return the issues that do not follow from the tables, each once."""
    return issues.filter(~Issues.code.col.is_in([MET, *CODES])).unique().sort(pl.all())


def joined(one: States, other: States) -> States:
    """Return what either knows; which of them comes first does not matter."""
    rows = {name: pl.concat([one.rows[name], other.rows[name]]) for name in TABLES}
    return States(
        rows={name: _once(name, frame) for name, frame in rows.items()},
        witnessed=pl.concat([one.witnessed, other.witnessed]).unique(),
        rejects=pl.concat([one.rejects, other.rejects]).unique().sort(pl.all()),
        notes=pl.concat([one.notes, other.notes]).unique().sort(pl.all()),
        as_of=max((m for m in (one.as_of, other.as_of) if m), default=None),
    )


def record_tables(states: States) -> dict[str, pl.DataFrame]:
    """Make the tables of records, as `load` makes them of what it reads; each is checked once."""
    tables = {name: merged(TABLES[name], states.rows[name]) for name in TABLES}
    tables["messages"] = apply_edits(tables["messages"])
    older = snapshots(_evidence(states))
    tables["status_events"] = pl.concat([tables["status_events"], older]).sort(
        StatusEvents.primary_key()
    )
    return {name: TABLES[name].checked(frame) for name, frame in tables.items()}


def tables_of(states: States) -> dict[str, pl.DataFrame]:
    """Make all tables: those of records, rejects and issues."""
    tables = record_tables(states)
    suspected = pl.DataFrame(
        suspicions(tables["conversations"], tables["messages"]),
        schema=Issues.schema(),
        orient="row",
    )
    return {
        **tables,
        "rejects": states.rejects,
        "issues": pl.concat([states.notes, suspected]),
    }


def _raw(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows the working columns, and empty the columns that rest on other rows."""
    rows = rows.with_columns(_webhook=pl.lit(value=False))
    if name == "conversations":
        c = Conversations
        told = c.fetched_at.col == pl.coalesce(c.updated_at.col, c.created_at.col)
        told = told.fill_null(value=False)
        rows = rows.with_columns(
            pl.when(~told).then(c.fetched_at.col).alias(SEEN),
            _webhook=told,
            fetched_at=pl.lit(None, WORKING[SEEN]),
        )
    if name == "messages":
        m = Messages
        derived = [m.text.name, m.is_deleted.name, m.edited_at.name, m.n_edits.name]
        rows = rows.with_columns(
            *(pl.lit(None, rows.schema[column]).alias(column) for column in derived),
            is_visible=m.type.col == "chat",
        )
    return rows.with_columns(_reply=pl.lit(0, WORKING["_reply"])).select(
        *TABLES[name].column_names(), *WORKING
    )


def _once(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep each state once, as it was told last, wherever it was read from."""
    table = TABLES[name]
    told = [column for column in table.column_names() if column != "source"]
    if name == "status_events":
        told = table.column_names()
    once = (
        rows.with_columns(
            _told=rows.select(told).hash_rows(seed=0),
            _whole=rows.select(table.column_names()).hash_rows(seed=0),
        )
        .sort([*table.primary_key(), SEEN, "_whole"])
        .unique([*table.primary_key(), "_told", "_webhook"], keep="last", maintain_order=True)
    )
    return once.select(rows.columns)


def _evidence(states: States) -> pl.DataFrame:
    """Put states of conversations together with the snapshots that were known before."""
    c, e = Conversations, StatusEvents
    before = states.witnessed.select(
        e.conversation_id.col,
        e.status.col,
        e.status_raw.col,
        e.changed_at.col.alias(c.updated_at.name),
        e.latest_at.col.alias(SEEN),
        _webhook=pl.lit(value=False),
    )
    return pl.concat([states.rows["conversations"], before], how="diagonal")
