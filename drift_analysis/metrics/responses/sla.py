"""What share of waits is answered within a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import CumulativeIncidence, FirstResponse, ResponseTurns, SlaAttainment
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.columns import LENGTH

from ..arguments import grouping, require_columns, require_length, with_groups
from ..statistics.life_tables import EVERYTHING, ROUNDING, WORKING, incidences, observations
from ..statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from drift_analysis.schemas.base import Frame

    from ..time.calendar import Calendar

__all__ = ["judged", "rows_of", "sla_attainment", "targets_of"]

_WAIT, _END = "__wait", "__end"
_ENDS = ("answered", "closed")
_TAKEN = (
    *SlaAttainment.column_names(),
    *CumulativeIncidence.column_names(),
    *(*WORKING, _WAIT, _END),
)


def sla_attainment(
    waits: Frame,
    *,
    target: timedelta | Sequence[timedelta],
    by: str | Sequence[str] | None = None,
    calendar: Calendar | None = None,
) -> Frame:
    """Estimate the share of waits that are answered within a target.

    What still ran at `as_of` and was not yet as long as the target has neither met nor missed
    it: it counts for as long as it was watched. A conversation that was closed without an answer
    will never be answered, and counts against the target however long it was open.

    Parameters
    ----------
    waits
        A `FirstResponse` or a `ResponseTurns` table.
    target
        The longest wait that meets the target, or several of them.
    by
        Columns of `waits` to group by, such as ones that you joined; null is a group of its own.
    calendar
        Business hours. Given, waits and targets count the time within them.

    Returns
    -------
    :
        The columns of `by`, then a `SlaAttainment` table: ``target``, ``attained`` with ``lo``
        and ``hi`` (95 %), ``unresolved``, ``n``, ``n_met``, ``n_missed``, ``n_undecided``,
        ``n_excluded``. Sorted by group and target; without rows in there are none out.

        The bounds are those of `cumulative_incidence`; where the share is 0 or 1, which those
        leave open, Wilson's over the waits that are decided.

    Raises
    ------
    SchemaError
        If `waits` is neither table.
    InputError
        If a target is not longer than nothing, or `by` names no column or one that is needed.

    Examples
    --------
    >>> from datetime import timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.responses.sla import sla_attainment
    >>> from drift_analysis.schemas import FirstResponse
    >>> ends = [(2, "answered"), (3, "waiting"), (4, "closed"), (9, "answered")]
    >>> waits = pl.DataFrame(
    ...     [{"wait": timedelta(minutes=m), "outcome": outcome} for m, outcome in ends],
    ...     schema=FirstResponse.schema(),
    ... )
    >>> found = sla_attainment(waits, target=timedelta(minutes=5))
    >>> found.select("target", "attained", "n_met", "n_missed", "n_undecided")
    shape: (1, 5)
    ┌──────────────┬──────────┬───────┬──────────┬─────────────┐
    │ target       ┆ attained ┆ n_met ┆ n_missed ┆ n_undecided │
    │ ---          ┆ ---      ┆ ---   ┆ ---      ┆ ---         │
    │ duration[ms] ┆ f64      ┆ u32   ┆ u32      ┆ u32         │
    ╞══════════════╪══════════╪═══════╪══════════╪═════════════╡
    │ 5m           ┆ 0.25     ┆ 1     ┆ 2        ┆ 1           │
    └──────────────┴──────────┴───────┴──────────┴─────────────┘
    """
    targets = targets_of(target)
    keys: list[str] = grouping(by, taken=_TAKEN)
    rows = rows_of(require_columns(waits, keys).lazy(), keys, calendar)
    if not keys:
        rows = rows.with_columns(pl.lit(0, pl.Int8).alias(EVERYTHING))
    groups = keys or [EVERYTHING]
    near = _within(rows, targets[-1])
    watched = observations(near, duration=_WAIT, event=pl.col(_END), keys=groups)
    curves = incidences(watched, groups)
    found = pl.concat([_attained(curves, rows, groups, each) for each in targets])
    result = with_groups(SlaAttainment, found, keys).sort(*keys, "target", nulls_last=True)
    return as_given(result, waits)


def targets_of(target: timedelta | Sequence[timedelta]) -> list[timedelta]:
    """Return the targets, each once, the shortest first."""
    given: list[Any] = list(target) if isinstance(target, list | tuple) else [target]
    return sorted({require_length(each, "target") for each in given or [None]})


def rows_of(waits: pl.LazyFrame, keys: Sequence[str], calendar: Calendar | None) -> pl.LazyFrame:
    """Return how long each was watched, and how it ended; null is still running."""
    turns = ResponseTurns.end_reason.name in waits.collect_schema()
    table, end = (ResponseTurns, "end_reason") if turns else (FirstResponse, "outcome")
    length = pl.col("wait")
    if calendar is not None:
        length = calendar.business_time("started_at", "ended_at")
    ended = pl.col(end).cast(pl.Enum(_ENDS), strict=False)
    return table.require(waits).select(*keys, length.alias(_WAIT), ended.alias(_END))


def _within(rows: pl.LazyFrame, furthest: timedelta) -> pl.LazyFrame:
    """Stop watching just behind the last target: how it ended later changes no curve before."""
    end = pl.lit(furthest, LENGTH) + pl.duration(milliseconds=1)
    later = pl.col(_WAIT) >= end
    return rows.with_columns(
        pl.when(later).then(end.cast(LENGTH)).otherwise(_WAIT).alias(_WAIT),
        pl.when(~later).then(_END).alias(_END),
    )


def judged(limit: pl.Expr) -> dict[str, pl.Expr]:
    """Tell of a wait whether it is one, and whether it met the target, missed it, or neither."""
    wait, end = pl.col(_WAIT), pl.col(_END)
    met = ((end == "answered") & (wait <= limit)).fill_null(value=False)
    undecided = (end.is_null() & (wait < limit)).fill_null(value=False)
    return {
        "n": wait.is_not_null(),
        "n_met": met,
        "n_missed": wait.is_not_null() & ~met & ~undecided,
        "n_undecided": undecided,
        "n_excluded": wait.is_null(),
    }


def _attained(
    curves: pl.LazyFrame, rows: pl.LazyFrame, groups: Sequence[str], target: timedelta
) -> pl.LazyFrame:
    """Read the curves, which are in no order, at one target, and count what is behind them."""
    limit, wait = pl.lit(target, LENGTH), pl.col(_WAIT)
    answered = (pl.col("outcome") == "answered").fill_null(value=False)
    latest = pl.col("t").filter(answered).arg_max()
    at_target = (
        curves.filter(pl.col("t") <= limit)
        .group_by(groups)
        .agg(
            pl.col("incidence", "lo", "hi").filter(answered).get(latest),
            pl.col("incidence").filter(~answered).max().alias("closed"),
        )
    )
    counts = rows.group_by(groups).agg(
        *(flag.sum().alias(name) for name, flag in judged(limit).items()),
        (wait.max() >= limit).alias("reached"),
    )
    share, decided = pl.col("incidence"), pl.col("n") - pl.col("n_undecided")
    inner = share.is_between(ROUNDING, 1 - ROUNDING)
    left = pl.when("reached").then(0.0).otherwise((1 - share - pl.col("closed")).clip(0, 1))
    bounds = zip(("lo", "hi"), wilson("n_met", decided), strict=True)
    return counts.join(at_target, on=groups, how="left", nulls_equal=True).with_columns(
        limit.alias("target"),
        pl.when(decided > 0).then(share).alias("attained"),
        left.alias("unresolved"),
        *(pl.when(inner).then(name).otherwise(bound).alias(name) for name, bound in bounds),
    )
