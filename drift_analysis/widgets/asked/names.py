"""What playbooks are called, whichever of their two ids a conversation carries."""

from __future__ import annotations

import polars as pl

from drift_analysis import metrics
from drift_analysis.schemas import Conversations

__all__ = ["playbook_names", "with_playbook"]


def playbook_names(playbooks: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return what each id of a playbook is called: ``playbook_id`` and ``playbook``, no null.

    A conversation may carry either of the two ids of a playbook.
    """
    names = (
        metrics.playbook_names(playbooks.lazy()).drop_nulls().rename({"playbook_name": "playbook"})
    )
    return names.collect()


def with_playbook(conversations: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Add what the playbook is called: ``playbook``, never null; ``none`` is not unknown."""
    c = Conversations
    absent = pl.when(c.is_detail.col).then(pl.lit("none")).otherwise(pl.lit("not known"))
    number = pl.format("Playbook {}", c.playbook_id.col)
    return conversations.join(
        names, on=c.playbook_id.name, how="left", maintain_order="left"
    ).with_columns(pl.coalesce("playbook", number, absent))
