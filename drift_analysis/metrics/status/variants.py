"""Which ways conversations take through the statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import StatusIntervals, Variants
from drift_analysis.schemas.base import as_given

from ..arguments import with_groups as in_groups
from ..groups import Groups, with_lives
from ..statistics.life_tables import EVERYTHING
from .lives import ID, visits_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["variants", "ways_of"]

_TAKEN = (
    *("text", "is_certain", "was", "is_new", "is_last", "begins_certain", "ends_certain"),
    *("stays_certain", EVERYTHING),
    *Variants.column_names(),
)


def variants(intervals: Frame, *, by: Groups | None = None) -> Frame:
    """Count the ways that conversations took through the statuses.

    The ways are those of the best estimate. One that is not closed at `as_of` ends in ``…``, and
    is never counted with those that ended so.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it.
    by
        Groups: as for `time_in_status`. A conversation of which any stretch is in a group is in
        it with its whole life.

    Returns
    -------
    :
        The columns of the group, then a `Variants` table: ``variant``, ``statuses``, ``is_open``,
        ``conversations``, ``share``, ``n_certain``, ``rank``. Sorted by group, rank and variant.

    Raises
    ------
    SchemaError
        If `intervals` is not a `StatusIntervals` table.
    InputError
        If a column of `by` is not there, or has a name that is needed.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> import drift_analysis as da
    >>> nine, ten, noon = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 12))
    >>> records = [
    ...     {"conversation_id": 7, "status": "closed", "created_at": nine, "updated_at": ten},
    ...     {"conversation_id": 8, "status": "open", "created_at": nine, "updated_at": ten},
    ... ]
    >>> conversations = pl.DataFrame(records, schema=da.schemas.Conversations.schema())
    >>> found = da.variants(da.status_intervals(conversations, as_of=noon))
    >>> found.select("variant", "conversations", "share")
    shape: (2, 3)
    ┌───────────────┬───────────────┬───────┐
    │ variant       ┆ conversations ┆ share │
    │ ---           ┆ ---           ┆ ---   │
    │ str           ┆ u32           ┆ f64   │
    ╞═══════════════╪═══════════════╪═══════╡
    │ open → closed ┆ 1             ┆ 0.5   │
    │ open → …      ┆ 1             ┆ 0.5   │
    └───────────────┴───────────────┴───────┘
    """
    lazy = StatusIntervals.require(intervals).lazy()
    keys: list[str]
    grouped, keys = with_lives(lazy, by, taken=_TAKEN)
    n = pl.col("conversations")
    groups = [*keys, EVERYTHING]
    counted = (
        ways_of(grouped, keys)
        .with_columns(pl.lit(0).alias(EVERYTHING))
        .group_by(*groups, "variant")
        .agg(
            pl.col("statuses", "is_open").first(),
            conversations=pl.len(),
            n_certain=pl.col("is_certain").sum(),
        )
        .with_columns(
            share=n / n.sum().over(groups), rank=n.rank("min", descending=True).over(groups)
        )
        .sort(*keys, "rank", "variant", nulls_last=True)
    )
    return as_given(in_groups(Variants, counted, keys), intervals)


def ways_of(grouped: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return the way of each conversation."""
    status = pl.col("status").sort_by("visit")
    goes_on = pl.when("is_open").then(pl.lit(" → …")).otherwise(pl.lit(""))
    return (
        visits_of(grouped, keys)
        .group_by(*keys, ID)
        .agg(
            statuses=status,
            text=status.cast(pl.String).str.join(" → "),
            is_open=status.last() != "closed",
            is_certain=pl.col("stays_certain").all(),
        )
        .with_columns(variant=pl.concat_str("text", goes_on))
    )
