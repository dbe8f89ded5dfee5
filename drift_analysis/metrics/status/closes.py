"""How long conversations take until they close, and how long they are worked on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Messages, StatusIntervals, TimeToClose, visible_at
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.columns import LENGTH, MOMENT

from .close_moments import close_moments
from .lives import ID, in_order, took_part

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

    from ..time.calendar import Calendar

__all__ = ["time_to_close"]

Clock = Literal["created", "first_contact"]


def time_to_close(
    intervals: Frame,
    *,
    clock: Clock = "created",
    messages: Frame | None = None,
    idle: timedelta | None = None,
    calendar: Calendar | None = None,
) -> Frame:
    """Measure how long each conversation took until it first and last closed.

    Conversations that have not closed are kept, as censored: leaving them out would make times
    look shorter than they are. One that was sent in bulk and that nobody took part in is not in
    the table: its estimate is ``bulk_sent`` until `as_of`, or until it was closed for good.

    Everything is counted from the clock's start on: a close before it is none. The estimates are
    those of the intervals; the bounds are hard, as those of `time_in_status`. There can have been
    more closes than `n_closes`, if agents closed and opened it unseen.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table, as `status_intervals` returns it.
    clock
        What starts the clock: the conversation is ``created``, or the contact first writes
        (``first_contact``, which needs `messages`). Conversations in which the contact never
        wrote are not in the table of the latter.
    messages
        A `Messages` table.
    idle
        How long nobody may have written before a close for it to count as the end of something
        long over, forgotten by people or closed by Drift. It needs `messages`.
    calendar
        Measure lengths in business time only. `idle` remains plain time.

    Returns
    -------
    :
        A `TimeToClose` table, sorted by conversation: ``conversation_id``, ``started_at``;
        ``first_close_at`` and ``last_close_at``, each with bounds (``first_close_at_min``,
        ``first_close_at_max``, ``last_close_at_min``, ``last_close_at_max``); ``watched``;
        ``time_to_first_close``, ``time_to_last_close`` and ``active_time`` (all that is not
        closed), each with bounds (``_min``, ``_max``); ``first_censored``, ``censored``;
        ``n_closes``, ``n_reopens``; ``auto_closed``, ``effective_close_at``.

        A conversation that is open again has no last close yet: it is null and ``censored``.
        For `survival_quantiles` and the like, fill null times with ``watched``.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        If `clock` or `idle` means nothing, or needs messages and there are none.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics import status_intervals, time_to_close
    >>> from drift_analysis.schemas import Conversations
    >>> nine, ten, noon = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 12))
    >>> records = [
    ...     {"conversation_id": 7, "status": "closed", "created_at": nine, "updated_at": ten},
    ...     {"conversation_id": 8, "status": "open", "created_at": nine, "updated_at": ten},
    ... ]
    >>> conversations = pl.DataFrame(records, schema=Conversations.schema())
    >>> closes = time_to_close(status_intervals(conversations, as_of=noon))
    >>> columns = ("time_to_last_close", "time_to_last_close_min", "watched", "censored")
    >>> closes.select("conversation_id", *columns)
    shape: (2, 5)
    ┌─────────────────┬────────────────────┬────────────────────────┬──────────────┬──────────┐
    │ conversation_id ┆ time_to_last_close ┆ time_to_last_close_min ┆ watched      ┆ censored │
    │ ---             ┆ ---                ┆ ---                    ┆ ---          ┆ ---      │
    │ i64             ┆ duration[ms]       ┆ duration[ms]           ┆ duration[ms] ┆ bool     │
    ╞═════════════════╪════════════════════╪════════════════════════╪══════════════╪══════════╡
    │ 7               ┆ 1h                 ┆ 0ms                    ┆ 3h           ┆ false    │
    │ 8               ┆ null               ┆ null                   ┆ 3h           ┆ true     │
    └─────────────────┴────────────────────┴────────────────────────┴──────────────┴──────────┘
    """
    _require_choices(clock, idle, messages)
    given = StatusIntervals.require(intervals).lazy()
    written = None if messages is None else Messages.require(messages).lazy()
    ends = given.group_by(ID).agg(
        created_at=pl.col("entered_at").min(), as_of=pl.col("left_at").max(), took_part=took_part()
    )
    seen = None if written is None else _visible(written, ends)
    starts = _starts(ends.filter("took_part").drop("took_part"), seen, clock)
    lives = in_order(given).join(starts, on=ID, maintain_order="left")
    measured = (
        close_moments(lives, calendar)
        .with_columns(*_lengths(calendar))
        .pipe(_effective, seen, idle)
    )
    return as_given(TimeToClose.conform(measured.sort(ID)), intervals)


def _require_choices(clock: str, idle: object, messages: object) -> None:
    if clock not in get_args(Clock):
        raise InputError.unknown_choice("clock", clock, get_args(Clock))
    if idle is not None and not (isinstance(idle, timedelta) and idle > timedelta()):
        what = f"idle={idle!r} is not a length of time."
        raise InputError.of(what, "It says how long nobody wrote.", "datetime.timedelta(days=7).")
    needs = {"clock='first_contact'": clock == "first_contact", "idle": idle is not None}
    if messages is None and (needy := [name for name, needed in needs.items() if needed]):
        what = f"{needy[0]} needs the messages."
        raise InputError.of(what, "Intervals do not tell who wrote when.", "messages=...")


def _visible(messages: pl.LazyFrame, ends: pl.LazyFrame) -> pl.LazyFrame:
    """Return who wrote when, as far as it was to be seen at `as_of`."""
    columns = ("created_at", "edited_at", "is_deleted", "type", "author_kind")
    return (
        messages.select(ID, *columns)
        .join(ends.select(ID, "as_of"), on=ID)
        .filter(visible_at(pl.col("as_of")))
        .select(ID, "author_kind", said_at="created_at")
    )


def _starts(ends: pl.LazyFrame, seen: pl.LazyFrame | None, clock: Clock) -> pl.LazyFrame:
    if clock == "created" or seen is None:
        return ends.with_columns(started_at="created_at")
    by_contact = seen.filter(pl.col("author_kind") == "contact")
    first = by_contact.group_by(ID).agg(pl.col("said_at").min())
    start = pl.max_horizontal("said_at", "created_at")
    return ends.join(first, on=ID).with_columns(started_at=start)


def _lengths(calendar: Calendar | None) -> list[pl.Expr]:
    """Return the lengths from the start to each of the moments."""
    moments = {
        "watched": "as_of",
        **{
            f"time_to_{which}_close{bound}": f"{which}_close_at{bound}"
            for which in ("first", "last")
            for bound in ("", "_min", "_max")
        },
    }
    if calendar is None:
        return [(pl.col(at) - pl.col("started_at")).alias(to) for to, at in moments.items()]
    return [calendar.business_time("started_at", at).alias(to) for to, at in moments.items()]


def _effective(
    closes: pl.LazyFrame, seen: pl.LazyFrame | None, idle: timedelta | None
) -> pl.LazyFrame:
    """Add when it was over, if nobody had written for long when it was closed."""
    if seen is None or idle is None:
        nothing = pl.lit(None, pl.Boolean), pl.lit(None, MOMENT)
        return closes.with_columns(auto_closed=nothing[0], effective_close_at=nothing[1])
    before = (
        seen.join(closes.select(ID, "last_close_at"), on=ID)
        .filter(pl.col("said_at") <= pl.col("last_close_at"))
        .group_by(ID)
        .agg(pl.col("said_at").max())
    )
    auto_closed = pl.col("last_close_at") - pl.col("said_at") >= pl.lit(idle, LENGTH)
    at = pl.when("auto_closed").then(pl.max_horizontal("said_at", "started_at"))
    return (
        closes.join(before, on=ID, how="left")
        .with_columns(auto_closed=auto_closed)
        .with_columns(
            effective_close_at=pl.when(pl.col("auto_closed").is_not_null()).then(
                at.otherwise("last_close_at")
            )
        )
    )
