"""How old open work is, against how long finished work took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Ageing, StatusIntervals
from drift_analysis.schemas.base import as_given

from ..arguments import with_groups as in_groups
from ..groups import Groups, with_lives
from ..statistics.life_tables import EVERYTHING
from ..status.lives import ID, in_order, is_new, must_be, took_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["ageing", "work_of"]

_OPENED = ("open", "pending")
_SHARES = {"finished_p50": 0.5, "finished_p90": 0.9}
_TAKEN = (
    *("is_last", "is_new", "is_certain", "arrived_at", "as_of", "closed_at", "is_finished"),
    *("took_part", "ended_at", EVERYTHING),
    *Ageing.column_names(),
)


def ageing(intervals: Frame, *, by: Groups | None = None) -> Frame:
    """Compare the age of what is open or pending with how long finished conversations took.

    Work that is older than nine in ten finished conversations took is late, whatever its age in
    days. Both are counted from the arrival: the creation, or for what was sent in bulk the moment
    at which it was picked up.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it; the ages are those at its
        `as_of`.
    by
        Groups: as for `flow`. Work is then compared with the finished work of its group.

    Returns
    -------
    :
        The columns of the group, then an `Ageing` table: ``conversation_id``, ``status``,
        ``is_certain``, ``arrived_at``, ``age``, ``share_faster`` (null: nothing is finished),
        ``n_finished``, and ``finished_p50`` and ``finished_p90``: the shortest time in which half,
        and nine in ten, of the finished took no longer. Sorted by group, the oldest first.

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
    ...     {"conversation_id": 8, "status": "open", "created_at": ten, "updated_at": ten},
    ... ]
    >>> conversations = pl.DataFrame(records, schema=da.schemas.Conversations.schema())
    >>> found = da.ageing(da.status_intervals(conversations, as_of=noon))
    >>> found.select("conversation_id", "age", "share_faster", "n_finished")
    shape: (1, 4)
    ┌─────────────────┬──────────────┬──────────────┬────────────┐
    │ conversation_id ┆ age          ┆ share_faster ┆ n_finished │
    │ ---             ┆ ---          ┆ ---          ┆ ---        │
    │ i64             ┆ duration[ms] ┆ f64          ┆ u32        │
    ╞═════════════════╪══════════════╪══════════════╪════════════╡
    │ 8               ┆ 2h           ┆ 1.0          ┆ 1          │
    └─────────────────┴──────────────┴──────────────┴────────────┘
    """
    keys: list[str]
    grouped, keys = with_lives(StatusIntervals.require(intervals).lazy(), by, taken=_TAKEN)
    group: list[str] = [EVERYTHING, *keys]
    finished = pl.col("is_finished")
    n_finished = finished.sum().over(group)
    faster = finished.cum_sum().over(group) / pl.when(n_finished > 0).then(n_finished)
    rows = (
        work_of(in_order(grouped, keys), keys)
        .sort(*group, "age", "is_finished", descending=[*[False] * len(group), False, True])
        .with_columns(share_faster=faster, n_finished=n_finished)
        .with_columns(
            pl.col("age")
            .filter(finished & (pl.col("share_faster") >= share))
            .min()
            .over(group)
            .alias(name)
            for name, share in _SHARES.items()
        )
        .filter(~finished)
        .sort(*keys, "arrived_at", ID, nulls_last=True)
    )
    return as_given(in_groups(Ageing, rows, keys), intervals)


def work_of(lives: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return what is finished and what is open, with how long it took or is taking."""
    status, entered = pl.col("status"), pl.col("entered_at")
    last = pl.col("is_last")
    return (
        lives.with_columns(
            is_last=pl.col("visit").shift(-1).over(*keys, ID).is_null(),
            is_new=is_new(keys),
            is_certain=must_be(*_OPENED),
        )
        .group_by(*keys, ID)
        .agg(
            status=status.filter(last).first(),
            is_certain=pl.col("is_certain").filter(last).first(),
            arrived_at=entered.filter(status != "bulk_sent").min(),
            took_part=took_part(),
            closed_at=entered.filter(pl.col("is_new") & (status == "closed")).max(),
            as_of=pl.col("left_at").max(),
        )
        .with_columns(pl.lit(0, pl.Int8).alias(EVERYTHING), is_finished=status == "closed")
        .filter(status.is_in(["closed", *_OPENED]), "took_part")
        .with_columns(ended_at=pl.when("is_finished").then("closed_at").otherwise("as_of"))
        .with_columns(age=pl.col("ended_at") - pl.col("arrived_at"))
    )
