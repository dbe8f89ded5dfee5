"""Which conversations have which tags, and how each tag is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations
from drift_analysis.schemas.tags import shown_tag, tag_key

from ..statistics.life_tables import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CONVERSATION",
    "SAME",
    "TAGS",
    "known_tags",
    "looks",
    "most_frequent",
    "tag_rows",
    "tag_uses",
]

CONVERSATION, TAGS = "__id", "__tags"
"""The id of a conversation and its tags, on the way."""

SAME = "__same"
"""What all spellings of a tag have in common."""

_NAME = pl.col(TAGS).struct.field("name")


def tag_rows(conversations: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return the keys, the id and the tags of each conversation, all in one group."""
    c, one = Conversations, pl.lit(0, pl.Int8).alias(EVERYTHING)
    return conversations.select(
        one, *keys, c.conversation_id.col.alias(CONVERSATION), c.tags.col.alias(TAGS)
    )


def known_tags(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Count the conversations whose tags are known, and those whose tags are not."""
    known = pl.col(TAGS).is_not_null()
    return rows.group_by(keys).agg(
        pl.col(CONVERSATION).filter(known).n_unique().alias("n_known"),
        pl.col(CONVERSATION).filter(~known).n_unique().alias("n_unknown"),
    )


def tag_uses(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return each use of a tag: as it was sent, as it is shown, its colour, and what is the same.

    One conversation may use a tag several times.
    """
    sent = pl.col("__raw")
    uses = (
        rows.explode(TAGS)
        .filter(_NAME.is_not_null())
        .select(
            *keys,
            CONVERSATION,
            _NAME.alias("__raw"),
            pl.col(TAGS).struct.field("color").str.to_uppercase().alias("color"),
        )
    )
    # Names are few and uses are many: each name is spelled once.
    spelled = uses.select(sent).unique()
    return uses.join(
        spelled.with_columns(shown_tag(sent).alias("tag"), tag_key(sent).alias(SAME)), on="__raw"
    )


def looks(uses: pl.LazyFrame) -> pl.LazyFrame:
    """Return how each tag is shown: the same in every period and group."""
    merged = uses.group_by(SAME).agg(
        pl.col("__raw").unique().sort().alias("variants"),
        pl.col("color").drop_nulls().n_unique().alias("n_colors"),
    )
    return merged.join(most_frequent(uses, "tag"), on=SAME, how="left").join(
        most_frequent(uses, "color"), on=SAME, how="left"
    )


def most_frequent(uses: pl.LazyFrame, look: str) -> pl.LazyFrame:
    """Return the spelling or colour that most conversations have, else the first in order."""
    return (
        uses.drop_nulls(look)
        .group_by(SAME, look)
        .agg(pl.col(CONVERSATION).n_unique().alias("n"))
        .sort(SAME, "n", look, descending=[False, True, False])
        .unique(SAME, keep="first", maintain_order=True)
        .select(SAME, look)
    )
