"""Which conversations a timeline draws, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, FirstResponse, StatusIntervals

from .timeline_state import SORTS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["timeline_order", "timeline_sample"]

_ID = Conversations.conversation_id.name


def timeline_sample(
    conversations: pl.DataFrame | pl.LazyFrame,
    *,
    n: int = 200,
    seed: int = 0,
    ids: Sequence[int] | None = None,
) -> pl.Series:
    """Draw conversations by chance; the same seed always draws the same.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    n
        How many to draw at most.
    seed
        Which sample.
    ids
        The conversations to draw from; all of them if not given.

    Returns
    -------
    :
        ``conversation_id``, each once, in order.

    Raises
    ------
    InputError
        If `n` is below 1, or an id of `ids` is not there.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import timeline_sample
    >>> timeline_sample(load("data/sample").conversations, n=3).len()
    3
    """
    if n < 1:
        raise InputError.of(f"n={n!r} is below 1.", "", "n=200.")
    given = Conversations.require(conversations.lazy()).select(_ID).unique().sort(_ID)
    known: pl.Series = given.collect()[_ID]
    if ids is not None:
        asked = pl.Series(_ID, list(ids), pl.Int64).unique().sort()
        if missing := asked.len() - asked.is_in(known.implode()).sum():
            what = f"{missing:,} of the {asked.len():,} ids are not in this data set."
            raise InputError.of(what, "", f"ids of its conversations[{_ID!r}].")
        known = asked
    return known if known.len() <= n else known.sample(n, seed=seed).sort()


def timeline_order(
    intervals: pl.DataFrame, waits: pl.DataFrame, *, sort: str = "latest"
) -> pl.DataFrame:
    """Sort conversations by what makes one want to look at them.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table.
    waits
        A `FirstResponse` table of the same conversations.
    sort
        ``"latest"`` (the last one to start first), ``"waiting"`` (the longest wait for the first
        answer of a human, also one that still runs), ``"open"`` (what is open or pending at the
        end, the longest time first) or ``"uncertain"`` (the longest time in which another status
        cannot be excluded).

    Returns
    -------
    :
        One row per conversation, in order: ``conversation_id``, ``started_at``, ``status`` (the
        last one), ``waited`` (Duration, null if nobody waited), ``open_for`` (Duration since it
        was last opened, null if it is not open or pending), ``uncertain`` (Duration).

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        If `sort` is no choice.

    Examples
    --------
    >>> from drift_analysis.schemas import FirstResponse, StatusIntervals
    >>> from drift_analysis.widgets import timeline_order
    >>> timeline_order(StatusIntervals.empty(), FirstResponse.empty()).columns[:3]
    ['conversation_id', 'started_at', 'status']
    """
    if sort not in SORTS:
        name = "sort"
        raise InputError.unknown_choice(name, sort, SORTS)
    begin, end = pl.col("entered_at"), pl.col("left_at")
    is_open = pl.col("status").is_in(["open", "pending"])
    turned = pl.when(~is_open).then(end).max()
    lives = (
        StatusIntervals.require(intervals)
        .lazy()
        .sort(_ID, "entered_at")
        .group_by(_ID)
        .agg(
            started_at=begin.min(),
            status=pl.col("status").last(),
            open_for=end.max() - pl.max_horizontal(turned, begin.min()),
            uncertain=pl.col("duration").filter(pl.col("possible").list.len() > 1).sum(),
        )
        .with_columns(open_for=pl.when(is_open).then("open_for"))
        .join(FirstResponse.require(waits).lazy().select(_ID, waited="wait"), on=_ID, how="left")
        .select(_ID, "started_at", "status", "waited", "open_for", "uncertain")
    )
    keys = {"latest": "started_at", "waiting": "waited", "open": "open_for"}
    by = [keys.get(sort, sort), "started_at", _ID]
    return lives.sort(by, descending=[True, True, False], nulls_last=True).collect()
