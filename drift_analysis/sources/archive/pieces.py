"""What a share of an archive comes to: the rows of its tables, and the states behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from ..tables import TABLES
from .states import SEEN, record_tables

if TYPE_CHECKING:
    from .shares import Choice
    from .states import States

__all__ = ["Pieces", "pieces_of"]


class Pieces(NamedTuple):
    """Rows as they are stored; ``older`` has the states that were merged into one another."""

    rows: dict[str, pl.DataFrame]
    older: dict[str, pl.DataFrame]

    def of(self, choice: Choice) -> Pieces:
        """Return those of a share."""
        return Pieces(
            *(
                {name: choice.of(name, frame.lazy()).collect() for name, frame in frames.items()}
                for frames in self
            )
        )

    def joined(self, other: Pieces) -> Pieces:
        """Return the rows of both, which have none in common."""
        return Pieces(
            *(
                {name: pl.concat([frame, theirs[name]]) for name, frame in ours.items()}
                for ours, theirs in zip(self, other, strict=True)
            )
        )


def pieces_of(states: States) -> Pieces:
    """Make the rows of the tables from the states of the same things."""
    rows, older = {"rejects": states.rejects}, {}
    for name, frame in record_tables(states).items():
        told, key = states.rows[name], TABLES[name].primary_key()
        older[name] = _as_stored(told.filter(pl.struct(key).is_duplicated()))
        seen = told.group_by(key).agg(pl.col(SEEN).max())
        rows[name] = frame.join(seen, on=key, how="left", maintain_order="left")
    return Pieces(rows, older)


def _as_stored(rows: pl.DataFrame) -> pl.DataFrame:
    """Say of a row that a webhook told when that was, as a table does."""
    if "fetched_at" in rows.columns:
        state_at = pl.when("_webhook").then(pl.coalesce("updated_at", "created_at"))
        rows = rows.with_columns(fetched_at=state_at.otherwise(SEEN))
    return rows.drop("_reply", "_webhook")
