"""A data set as plans: checked by name and dtype, computed when the result is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drift_analysis.schemas import (
    Contacts,
    Conversations,
    Dataset,
    Goals,
    Issues,
    Meetings,
    Messages,
    ParticipantEvents,
    Playbooks,
    Rejects,
    StatusEvents,
    Users,
)

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Table
    from drift_analysis.schemas.base import Frame

__all__ = ["plans_of"]

_TABLES: dict[str, type[Table]] = {
    "conversations": Conversations,
    "messages": Messages,
    "status_events": StatusEvents,
    "playbooks": Playbooks,
    "users": Users,
    "contacts": Contacts,
    "meetings": Meetings,
    "goals": Goals,
    "participant_events": ParticipantEvents,
    "rejects": Rejects,
    "issues": Issues,
}


def plans_of(dataset: Dataset[Frame]) -> Dataset[pl.LazyFrame]:
    """Check every table of a data set by names and dtypes, and return them as plans.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    """
    plans: dict[str, pl.LazyFrame] = {
        name: table.require(getattr(dataset, name)).lazy() for name, table in _TABLES.items()
    }
    return Dataset(**plans, as_of=dataset.as_of)
