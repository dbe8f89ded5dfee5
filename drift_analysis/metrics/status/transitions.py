"""How conversations move from status to status, and how long they wait before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import StatusIntervals, Transitions
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.status import STATUS

from ..arguments import with_groups as in_groups
from ..averages import mean_length, median_length
from ..groups import Groups, with_lives
from ..neighbours import before
from ..statistics.life_tables import WORKING
from ..statistics.survival import survival_quantiles
from .lives import ID, visits_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["steps_of", "transitions"]

_STEP = ["from_status", "to_status"]
_TAKEN = (
    *("wait", "is_certain", "is_loop", "was", "is_last", "begins_certain", "ends_certain"),
    *("is_new", "p50", "p50_lo", "p50_hi", "n_censored", "restricted_mean", "restricted_to"),
    *WORKING,
    *Transitions.column_names(),
)


def transitions(intervals: Frame, *, by: Groups | None = None) -> Frame:
    """Count the steps from one status to the next, with how long was waited before each.

    The steps are those of the best estimate. Conservation holds: as many steps enter a status as
    leave it, counting the beginnings (from null) and what is still running (to null).

    Waits are those of the steps that were seen, so that long ones are missing as long as they
    run. `median_stay` takes these into account; it is the same for all steps from a status.

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
        The columns of the group, then a `Transitions` table: ``from_status`` (null: it began),
        ``to_status`` (null: still in it at `as_of`), ``n``, ``conversations``, ``share`` (of all
        steps from the status), ``n_certain``, ``n_loops``, ``mean_wait``, ``median_wait``,
        ``median_stay``. Sorted by group and step; beginnings stand first, what still runs last.

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
    >>> record = {
    ...     "conversation_id": 7, "status": "closed", "status_raw": "closed", "created_at": nine,
    ...     "updated_at": ten, "is_detail": True, "source": "invented",
    ... }
    >>> conversations = pl.DataFrame([record], schema=da.schemas.Conversations.schema())
    >>> intervals = da.status_intervals(conversations, as_of=noon)
    >>> da.transitions(intervals).select("from_status", "to_status", "n", "mean_wait")
    shape: (3, 4)
    ┌─────────────┬───────────┬─────┬──────────────┐
    │ from_status ┆ to_status ┆ n   ┆ mean_wait    │
    │ ---         ┆ ---       ┆ --- ┆ ---          │
    │ enum        ┆ enum      ┆ u32 ┆ duration[ms] │
    ╞═════════════╪═══════════╪═════╪══════════════╡
    │ null        ┆ open      ┆ 1   ┆ null         │
    │ open        ┆ closed    ┆ 1   ┆ 1h           │
    │ closed      ┆ null      ┆ 1   ┆ 2h           │
    └─────────────┴───────────┴─────┴──────────────┘
    """
    lazy = StatusIntervals.require(intervals).lazy()
    keys: list[str]
    grouped, keys = with_lives(lazy, by, taken=_TAKEN)
    # Each use asks for other columns of the visits, and without the cache for other visits.
    visits = visits_of(grouped, keys).cache()
    steps = steps_of(visits, keys)
    stays = steps.filter(pl.col("from_status").is_not_null()).with_columns(
        is_last=pl.col("to_status").is_null()
    )
    medians = survival_quantiles(
        stays, duration="wait", censored="is_last", by=[*keys, "from_status"], q=[0.5]
    ).select(*keys, "from_status", median_stay="p50")
    wait = pl.col("wait")
    n = pl.col("n")
    counted = (
        steps.group_by(*keys, *_STEP)
        .agg(
            n=pl.len(),
            conversations=pl.col(ID).n_unique(),
            n_certain=pl.col("is_certain").sum(),
            n_loops=pl.col("is_loop").sum(),
            mean_wait=mean_length(wait),
            median_wait=median_length(wait),
        )
        .with_columns(share=n / n.sum().over(*keys, "from_status"))
        .join(medians, on=[*keys, "from_status"], how="left", nulls_equal=True)
        .sort(*keys, *_STEP, nulls_last=[*[True] * len(keys), False, True])
    )
    return as_given(in_groups(Transitions, counted, keys), intervals)


def steps_of(visits: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return every step: into each visit, and out of the last ones."""
    columns = [*keys, ID, *_STEP, "wait", "is_certain", "is_loop"]
    entering = visits.with_columns(
        from_status="was",
        to_status="status",
        wait=before("duration", keys),
        is_certain="begins_certain",
        is_loop=pl.col("visit") > pl.col("visit").min().over(*keys, ID, "status"),
    )
    running = visits.filter("is_last").with_columns(
        from_status="status",
        to_status=pl.lit(None, STATUS),
        wait="duration",
        is_certain="ends_certain",
        is_loop=pl.lit(value=False),
    )
    return pl.concat([entering.select(columns), running.select(columns)])
