"""Which tags conversations have, taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, TagSets
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, with_groups
from ..statistics.life_tables import EVERYTHING
from ..statistics.proportions import wilson
from .tag_names import CONVERSATION, SAME, TAGS, known_tags, most_frequent, tag_rows, tag_uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["SET", "sets_of", "tag_sets"]

SET = "__set"
"""What all spellings of a set of tags have in common."""


def tag_sets(conversations: Frame, *, by: str | Sequence[str] | None = None) -> Frame:
    """Count the conversations that have exactly the same tags.

    Parameters
    ----------
    conversations
        A `Conversations` table. Conversations whose tags are unknown are in no set; those known
        to have none are the empty one.
    by
        Columns of the conversations to group by: its own, or ones that you joined.

    Returns
    -------
    :
        The columns of `by`, then a `TagSets` table: ``tags``, ``n_tags``, ``conversations``,
        ``share`` of ``n_known`` with ``share_lo`` and ``share_hi``, ``n_known``, ``n_unknown``.
        Every conversation whose tags are known is in one set, so the shares of a group add up
        to 1. Sorted by group, most frequent first, then fewest tags, then by tags.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If `by` names no column, or one of the result.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_sets import tag_sets
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> tags = [["price", "demo"], ["Demo", "price"], ["demo"], []]
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": n, "created_at": made, "tags": [{"name": t} for t in names]}
    ...         for n, names in enumerate(tags)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> tag_sets(conversations).select("tags", "conversations", "share")
    shape: (3, 3)
    ┌───────────────────┬───────────────┬───────┐
    │ tags              ┆ conversations ┆ share │
    │ ---               ┆ ---           ┆ ---   │
    │ list[str]         ┆ u32           ┆ f64   │
    ╞═══════════════════╪═══════════════╪═══════╡
    │ ["demo", "price"] ┆ 2             ┆ 0.5   │
    │ []                ┆ 1             ┆ 0.25  │
    │ ["demo"]          ┆ 1             ┆ 0.25  │
    └───────────────────┴───────────────┴───────┘
    """
    taken = [*TagSets.column_names(), SAME, CONVERSATION, TAGS, SET]
    groups: list[str] = grouping(by, taken=taken)
    require_columns(Conversations.require(conversations), groups)
    keys: list[str] = [EVERYTHING, *groups]
    rows = tag_rows(conversations.lazy(), groups)
    counts = (
        sets_of(rows, keys)
        .group_by(*keys, SET)
        .agg(pl.col("tags").first(), pl.len().alias("conversations"))
        .join(known_tags(rows, keys), on=keys, nulls_equal=True)
    )
    lo, hi = wilson("conversations", "n_known")
    shared = counts.with_columns(
        pl.col("tags").list.len().alias("n_tags"),
        (pl.col("conversations") / pl.col("n_known")).alias("share"),
        lo.alias("share_lo"),
        hi.alias("share_hi"),
        pl.col(SET).list.join("\x00"),
    )
    order = [*keys, "conversations", "n_tags", SET]
    ordered = shared.sort(
        order, descending=[name == "conversations" for name in order], nulls_last=True
    )
    return as_given(with_groups(TagSets, ordered, groups), conversations)


def sets_of(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return the set of each conversation whose tags are known: as it is shown, and the same."""
    each = [*keys, CONVERSATION]
    uses = tag_uses(rows, keys)
    sets = (
        uses.select(*each, SAME)
        .unique()
        .join(most_frequent(uses, "tag"), on=SAME)
        .group_by(each)
        .agg(pl.col("tag").sort_by(SAME).alias("tags"), pl.col(SAME).sort().alias(SET))
    )
    nothing = pl.lit([], pl.List(pl.String))
    return (
        rows.drop_nulls(TAGS)
        .select(each)
        .unique()
        .join(sets, on=each, how="left", nulls_equal=True)
        .with_columns(pl.col("tags", SET).fill_null(nothing))
    )
