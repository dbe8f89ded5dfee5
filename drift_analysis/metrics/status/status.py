"""How long conversations stay in each status, as far as Drift's JSON can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from drift_analysis.errors import InputError
from drift_analysis.schemas import (
    Conversations,
    Messages,
    StatusEvents,
    StatusIntervals,
    TimeInStatus,
)
from drift_analysis.schemas.base import Frame, as_given, require_moment

from ..groups import Groups, with_groups
from .evidence import facts
from .histories import histories
from .intervals import intervals_of
from .stays import STAYS, TAKEN, grouped, summed

if TYPE_CHECKING:
    from datetime import datetime

    from ..time.calendar import Calendar

__all__ = ["status_intervals", "time_in_status"]


def status_intervals(
    conversations: Frame,
    *,
    messages: Frame | None = None,
    status_events: Frame | None = None,
    as_of: datetime,
    log_start: datetime | None = None,
    log_end: datetime | None = None,
) -> Frame:
    """Reconstruct the history of every conversation's status, with what cannot be excluded.

    Drift keeps no history of status: a record tells only the current one. So every stretch of
    a life carries the best estimate, all statuses that cannot be excluded, and the evidence.
    Estimates and hard bounds are then plain sums, as `time_in_status` makes them.

    What counts as evidence, from the strongest:

    - ``webhook``: within a log that is complete from `log_start` to `log_end`, a conversation
      has exactly the status of its last event. Where the log contradicts itself, a message or
      a record, an event is missing; that stretch falls back to what follows.
    - ``snapshot`` and ``record``: a record that was fetched at F with an `updated_at` U had its
      status during all of ``[U, F)``, because a change would have moved `updated_at`. The
      newest record counts as seen at `as_of` when its `fetched_at` is not known; a message after
      U shows that it was read before that message, and is believed only until then.
    - ``message``: a contact's message finds or makes a conversation neither closed nor
      bulk_sent, and rules out bulk_sent from then on.
    - ``assumed``: a conversation begins open, or bulk_sent if a playbook may have sent it.

    Agents may otherwise change a status at any time, unseen. The estimate is the path through
    the evidence with the fewest changes; a change of which only a record tells is placed at its
    `updated_at` (without one, at the last message).

    Parameters
    ----------
    conversations
        A `Conversations` table. Those created after `as_of` are left out; a record that changed
        after `as_of` tells nothing of its status before.
    messages
        A `Messages` table. Without it, nothing is known of the contacts' messages.
    status_events
        A `StatusEvents` table: webhook events and older snapshots.
    as_of
        The moment at which the world is cut, with a time zone. The data set's own is
        ``dataset.as_of``.
    log_start, log_end
        From when until when the webhook log is complete: by default from its first event to
        `as_of`. Give `log_start` when you know it: a log without an event is evidence too.

    Returns
    -------
    :
        A `StatusIntervals` table: ``conversation_id``, ``visit``, ``status``, ``possible``,
        ``entered_at``, ``left_at``, ``duration``, ``censored``, ``evidence``. The stretches of a
        conversation are in order and tile ``[created_at, as_of)``; a visit of which a log says
        that it took no time, and a state that begins at `as_of`, have a duration of 0.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        If a moment has no time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics import status_intervals
    >>> from drift_analysis.schemas import Conversations
    >>> nine, ten, noon = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 12))
    >>> record = {
    ...     "conversation_id": 7, "status": "closed", "status_raw": "closed", "created_at": nine,
    ...     "updated_at": ten, "is_detail": True, "source": "invented",
    ... }
    >>> conversations = pl.DataFrame([record], schema=Conversations.schema())
    >>> intervals = status_intervals(conversations, as_of=noon)
    >>> intervals.select("status", "possible", "duration", "censored", "evidence")
    shape: (2, 5)
    ┌────────┬───────────────────────────────┬──────────────┬──────────┬──────────┐
    │ status ┆ possible                      ┆ duration     ┆ censored ┆ evidence │
    │ ---    ┆ ---                           ┆ ---          ┆ ---      ┆ ---      │
    │ enum   ┆ list[enum]                    ┆ duration[ms] ┆ bool     ┆ enum     │
    ╞════════╪═══════════════════════════════╪══════════════╪══════════╪══════════╡
    │ open   ┆ ["open", "pending", "closed"] ┆ 1h           ┆ false    ┆ assumed  │
    │ closed ┆ ["closed"]                    ┆ 2h           ┆ true     ┆ record   │
    └────────┴───────────────────────────────┴──────────────┴──────────┴──────────┘
    """
    as_of = require_moment(as_of)
    decided = histories(
        facts(
            Conversations.require(conversations).lazy(),
            None if messages is None else Messages.require(messages).lazy(),
            None if status_events is None else StatusEvents.require(status_events).lazy(),
            as_of=as_of,
            log_start=None if log_start is None else require_moment(log_start, "log_start"),
            log_end=None if log_end is None else min(require_moment(log_end, "log_end"), as_of),
        )
    )
    return as_given(StatusIntervals.conform(intervals_of(decided, as_of)), conversations)


def time_in_status(
    intervals: Frame,
    *,
    by: Groups | None = None,
    stays: Literal["all", "first", "last"] = "all",
    calendar: Calendar | None = None,
) -> Frame:
    """Add up the time in each status, with the least and the most that the evidence allows.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it.
    by
        Without it, one row per conversation and status. With it, one row per group and status:
        the names of columns that you joined to `intervals`; expressions over its columns; or a
        frame with ``conversation_id`` and the columns to group by, such as
        ``conversations.select("conversation_id", "inbox_id")``. In a frame a conversation may be
        in several groups (tags, participants); one that is in none is in the group null.
    stays
        Which visits to a status count: ``all``, the ``first`` or the ``last``. Bounds of the
        first or last visit exist only where the whole life of a conversation is certain.
    calendar
        Count business time only. Sums with a stretch outside its years (2000 to 2099) are null.

    Returns
    -------
    :
        Without `by`, a `TimeInStatus` table: ``conversation_id``, ``status``, ``duration``,
        ``duration_min``, ``duration_max``, ``n_visits``, ``censored``. A status that was
        possible but is not in the estimate has a row with duration 0 and 0 visits; one that is
        excluded has no row.

        With `by`, the columns of the group and a `TimeInStatusGroups` table: ``status``, ``n``,
        ``n_censored``, ``share_censored``, ``total``, ``mean``, ``median`` and ``p90``, the last
        four each with bounds (``total_min``, ``total_max``, ``mean_min``, ``mean_max``,
        ``median_min``, ``median_max``, ``p90_min``, ``p90_max``). Means and quantiles are those
        of the conversations that were in the status by the estimate; quantiles take into account
        that some still are (Kaplan-Meier), and are null where they are not reached. Totals
        bound the time of all conversations of the group.

    Raises
    ------
    SchemaError
        If `intervals` is not a `StatusIntervals` table.
    InputError
        If `stays` is none of the three, or a column of `by` is not there.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics import status_intervals, time_in_status
    >>> from drift_analysis.schemas import Conversations
    >>> nine, ten, noon = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 12))
    >>> record = {
    ...     "conversation_id": 7, "status": "closed", "status_raw": "closed", "created_at": nine,
    ...     "updated_at": ten, "is_detail": True, "source": "invented",
    ... }
    >>> conversations = pl.DataFrame([record], schema=Conversations.schema())
    >>> times = time_in_status(status_intervals(conversations, as_of=noon))
    >>> times.select("status", "duration", "duration_min", "duration_max", "n_visits")
    shape: (3, 5)
    ┌─────────┬──────────────┬──────────────┬──────────────┬──────────┐
    │ status  ┆ duration     ┆ duration_min ┆ duration_max ┆ n_visits │
    │ ---     ┆ ---          ┆ ---          ┆ ---          ┆ ---      │
    │ enum    ┆ duration[ms] ┆ duration[ms] ┆ duration[ms] ┆ u32      │
    ╞═════════╪══════════════╪══════════════╪══════════════╪══════════╡
    │ open    ┆ 1h           ┆ 0ms          ┆ 1h           ┆ 1        │
    │ pending ┆ 0ms          ┆ 0ms          ┆ 1h           ┆ 0        │
    │ closed  ┆ 2h           ┆ 2h           ┆ 3h           ┆ 1        │
    └─────────┴──────────────┴──────────────┴──────────────┴──────────┘
    """
    if stays not in STAYS:
        raise InputError.unknown_choice("stays", stays, STAYS)
    lazy = StatusIntervals.require(intervals).lazy()
    if calendar is not None:
        lazy = lazy.with_columns(duration=calendar.business_time("entered_at", "left_at"))
    if by is None:
        return as_given(TimeInStatus.conform(summed(lazy, stays, [])), intervals)
    lazy, keys = with_groups(lazy, by, taken=TAKEN)
    # Each bound asks for other columns of the sums, and without the cache for other sums.
    return as_given(grouped(summed(lazy, stays, keys).cache(), keys), intervals)
