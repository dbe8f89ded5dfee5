"""In which order the rows of a table stand; found out once for each way to sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import LIFE_ORDER, Conversations

from ..asked.names import with_playbook

if TYPE_CHECKING:
    from ..asked.facts import Facts
    from ..asked.selection import Selection

__all__ = ["Order"]

_STARTED = Conversations.created_at.name
_ID = Conversations.conversation_id.name


class Order:
    """The orders in which all conversations can stand; what is equal stands newest first."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[tuple[str, bool], pl.Series] = {}

    def rows(self, selection: Selection, sort: str, *, descending: bool) -> pl.Series:
        """Return the numbers of the rows that are selected, in order."""
        wanted = sort, descending
        if wanted not in self._known:
            self._known[wanted] = self._sorted(sort, descending=descending)
        order = self._known[wanted]
        if selection.height == selection.total:
            return order
        return order.filter(selection.mask.gather(order))

    def _sorted(self, sort: str, *, descending: bool) -> pl.Series:
        started = pl.col(_STARTED)
        keys = {
            "started": started,
            "status": Conversations.status.col.cast(pl.String).cast(pl.Enum(LIFE_ORDER)),
            "playbook": pl.col("playbook"),
            "tags": Conversations.tags.col.list.len(),
            "lasted": pl.col("duration"),
        }
        frame = self._facts.conversations.with_columns(self._facts.table["duration"])
        if sort == "playbook":
            frame = with_playbook(frame, self._facts.playbooks)
            names = frame["playbook"].unique().sort()
            frame = frame.with_columns(pl.col("playbook").cast(pl.Enum(names)))
        rows = frame.lazy().select(keys[sort].alias("key"), started.alias("at"), _ID)
        return (
            rows.with_row_index("row")
            .sort(
                "key",
                "at",
                _ID,
                descending=[descending, *(([descending] * 2) if sort == "started" else [True] * 2)],
                nulls_last=True,
            )
            .select("row")
            .collect()
            .to_series()
        )
