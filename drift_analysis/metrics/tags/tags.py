"""How often each tag is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, TagFrequency
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, require_zone, with_groups
from ..statistics.life_tables import EVERYTHING
from ..statistics.proportions import wilson
from ..time.periods import PERIOD, all_periods, period_of, require_every
from .tag_names import CONVERSATION, SAME, TAGS, looks, tag_uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["denominators_of", "rows_of", "tag_frequency"]

_AT = "__at"


def tag_frequency(
    conversations: Frame,
    *,
    every: str | None = None,
    by: str | Sequence[str] | None = None,
    tz: str = "UTC",
) -> Frame:
    """Count the conversations that have each tag.

    Drift keeps no time for a tag, so a period counts the conversations that were *created* in
    it and have the tag now. List replies hold no tags: such conversations are unknown, not
    untagged, and are in no denominator.

    Spellings that differ only in case or in spaces are one tag, shown in the spelling that most
    conversations have (of several, the first in the alphabet), and so is its colour.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    every
        The length of a period: a number and one of ``d``, ``w`` (from Monday), ``mo``, ``q``,
        ``y``, such as ``"1w"``. Without it there is one count over all.
    by
        Columns of the conversations to group by: its own, or ones that you joined.
    tz
        The time zone in which days begin.

    Returns
    -------
    :
        With `every` a column ``period`` (Date, its first day), then the columns of `by`, then a
        `TagFrequency` table: ``tag``, ``color``, ``conversations``, ``share`` of ``n_known``
        with ``share_lo`` and ``share_hi``, ``n_known``, ``n_untagged``, ``n_unknown``,
        ``first_seen``, ``last_seen``, ``rank``, ``variants``, ``n_colors``. Counts, dates and
        rank are those of the period and group; ``tag``, ``color``, ``variants`` and
        ``n_colors`` are the same in all of them. Every tag is present, with 0 where it was not
        used, in every group and in every period from the first to the last. Sorted by period,
        group, rank and tag.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If `every` or `tz` means nothing, or `by` names no column or one of the result.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tags import tag_frequency
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> tags = [[{"name": "Demo", "color": "0960C5"}], [], None]
    >>> conversations = pl.DataFrame(
    ...     [{"conversation_id": n, "created_at": made, "tags": t} for n, t in enumerate(tags)],
    ...     schema=Conversations.schema(),
    ... )
    >>> tag_frequency(conversations).select("tag", "conversations", "share", "n_unknown")
    shape: (1, 4)
    ┌──────┬───────────────┬───────┬───────────┐
    │ tag  ┆ conversations ┆ share ┆ n_unknown │
    │ ---  ┆ ---           ┆ ---   ┆ ---       │
    │ str  ┆ u32           ┆ f64   ┆ u32       │
    ╞══════╪═══════════════╪═══════╪═══════════╡
    │ Demo ┆ 1             ┆ 0.5   ┆ 1         │
    └──────┴───────────────┴───────┴───────────┘
    """
    require_zone(tz)
    period: list[str] = [] if every is None else [PERIOD]
    groups: list[str] = grouping(
        by, taken=[*period, *TagFrequency.column_names(), SAME, CONVERSATION, _AT, TAGS]
    )
    require_columns(Conversations.require(conversations), groups)
    keys: list[str] = [EVERYTHING, *period, *groups]
    rows = rows_of(conversations.lazy(), every, groups, tz)
    tagged = tag_uses(rows, [*keys, _AT])
    grid = rows.select(EVERYTHING, *groups).unique()
    if every is not None:
        grid = all_periods(rows, [EVERYTHING, *groups], every)
    counts = (
        grid.join(looks(tagged), how="cross")
        .join(_denominators(rows, keys), on=keys, how="left", nulls_equal=True)
        .join(_uses(tagged, keys), on=[*keys, SAME], how="left", nulls_equal=True)
        .with_columns(pl.col("conversations", "n_known", "n_untagged", "n_unknown").fill_null(0))
    )
    lo, hi = wilson("conversations", "n_known")
    share = pl.when(pl.col("n_known") > 0).then(pl.col("conversations") / pl.col("n_known"))
    rank = pl.col("conversations").rank("min", descending=True).over(keys)
    frequency = counts.with_columns(
        share.alias("share"), lo.alias("share_lo"), hi.alias("share_hi"), rank.alias("rank")
    ).sort(*keys, "rank", "tag", nulls_last=True)
    return as_given(with_groups(TagFrequency, frequency, [*period, *groups]), conversations)


def rows_of(
    conversations: pl.LazyFrame, every: str | None, groups: Sequence[str], tz: str
) -> pl.LazyFrame:
    """Return the period, the group, the id and the tags of each conversation."""
    c, one = Conversations, pl.lit(0, pl.Int8).alias(EVERYTHING)
    return conversations.select(
        one,
        *([] if every is None else [period_of(c.created_at.col, require_every(every), tz)]),
        *groups,
        c.conversation_id.col.alias(CONVERSATION),
        c.created_at.col.alias(_AT),
        c.tags.col.alias(TAGS),
    )


def denominators_of() -> dict[str, pl.Expr]:
    """Tell of a conversation whether its tags are known, and whether it has any."""
    n_tags = pl.col(TAGS).list.len()
    return {
        "n_known": n_tags.is_not_null(),
        "n_untagged": (n_tags == 0).fill_null(value=False),
        "n_unknown": n_tags.is_null(),
    }


def _denominators(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    return rows.group_by(keys).agg(
        pl.col(CONVERSATION).filter(flag).n_unique().alias(name)
        for name, flag in denominators_of().items()
    )


def _uses(tagged: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    return tagged.group_by(*keys, SAME).agg(
        pl.col(CONVERSATION).n_unique().alias("conversations"),
        pl.col(_AT).min().alias("first_seen"),
        pl.col(_AT).max().alias("last_seen"),
    )
