"""When contacts write: by weekday and hour, per hour that was observed."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import LoadByHour, Messages, visible_at
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH, MOMENT

from ..arguments import require_zone
from ..responses.responses import first_response
from ..statistics.life_tables import ROUNDING, incidences, observations, outcomes_in

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

__all__ = ["arrivals_of", "load_by_hour"]

_CELL = [LoadByHour.weekday.name, LoadByHour.hour.name]
_KEY = Messages.conversation_id.name
_HOUR = 3_600_000
_STEP = "15m"
"""Every zone is a whole number of quarters of an hour away from UTC, and changes on one."""


def load_by_hour(
    messages: Frame,
    *,
    tz: str,
    as_of: datetime,
    since: datetime | None = None,
    conversations: Frame | None = None,
) -> Frame:
    """Count how many contacts write in each hour of the week, per such hour observed.

    A period of ten days has two Mondays and one Thursday: counts alone would make Mondays look
    busy. So each count stands beside how much of the period lies in that hour of the week, with
    the days on which clocks change as long as they were.

    Parameters
    ----------
    messages
        A `Messages` table.
    tz
        The time zone of the clock, an IANA name.
    as_of
        The moment, with a time zone, at which the period ends; nothing later is seen.
    since
        The moment at which it begins. Not given, it begins with the first message. Give it if
        you know that all messages since then were loaded.
    conversations
        A `Conversations` table, as for `first_response`, for ``median_first_response``.

    Returns
    -------
    :
        A `LoadByHour` table, always 168 rows: ``weekday``, ``hour``, ``observed``,
        ``messages``, ``conversations``, ``messages_per_hour``, ``conversations_per_hour``,
        ``median_first_response``. Sorted by weekday and hour.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    InputError
        If there is no such time zone, or a moment has none.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.flow.load import load_by_hour
    >>> from drift_analysis.schemas import Messages
    >>> messages = pl.DataFrame(
    ...     [
    ...         {
    ...             "message_id": day,
    ...             "conversation_id": day,
    ...             "author_kind": "contact",
    ...             "type": "chat",
    ...             "created_at": datetime(2026, 1, day, 9, 30, tzinfo=UTC),
    ...         }
    ...         for day in (5, 6, 12)
    ...     ],
    ...     schema=Messages.schema(),
    ... )
    >>> since, as_of = (datetime(2026, 1, day, tzinfo=UTC) for day in (5, 15))
    >>> load = load_by_hour(messages, tz="Europe/Berlin", since=since, as_of=as_of)
    >>> busy = load.filter(pl.col("messages") > 0)
    >>> busy.select("weekday", "hour", "observed", "messages_per_hour")
    shape: (2, 4)
    ┌─────────┬──────┬──────────────┬───────────────────┐
    │ weekday ┆ hour ┆ observed     ┆ messages_per_hour │
    │ ---     ┆ ---  ┆ ---          ┆ ---               │
    │ u8      ┆ u8   ┆ duration[ms] ┆ f64               │
    ╞═════════╪══════╪══════════════╪═══════════════════╡
    │ 0       ┆ 10   ┆ 2h           ┆ 1.0               │
    │ 1       ┆ 10   ┆ 2h           ┆ 0.5               │
    └─────────┴──────┴──────────────┴───────────────────┘
    """
    require_zone(tz)
    moment = require_moment(as_of)
    begin = None if since is None else require_moment(since, "since")
    seen = Messages.require(messages).lazy().filter(Messages.created_at.col <= moment)
    waits = first_response(seen, as_of=moment, conversations=_lazy(conversations))
    # Counts and medians ask for other columns, and without the cache for other waits.
    started = waits.select(_KEY, "started_at", "wait", "outcome").cache()
    counted = arrivals_of(seen, started, tz, moment, begin)
    result = (
        _cells()
        .join(_observed(_since(seen, begin), tz, moment), on=_CELL, how="left")
        .with_columns(pl.col("observed").fill_null(pl.duration()))
        .join(_medians(_after(started, begin, "started_at"), tz), on=_CELL, how="left")
    )
    observed = pl.col("observed").dt.total_milliseconds()
    for name, moments in counted.items():
        counts = moments.group_by(_CELL).agg(pl.len().alias(name))
        per_hour = pl.col(name).cast(pl.Float64) * _HOUR / observed
        rate = pl.when(observed > 0).then(per_hour).alias(f"{name}_per_hour")
        result = result.join(counts, on=_CELL, how="left")
        result = result.with_columns(pl.col(name).fill_null(0)).with_columns(rate)
    return as_given(LoadByHour.conform(result.sort(_CELL)), messages)


def arrivals_of(
    seen: pl.LazyFrame, started: pl.LazyFrame, tz: str, moment: datetime, begin: datetime | None
) -> dict[str, pl.LazyFrame]:
    """Return the weekday and the hour of each message of a contact, and of each first one."""
    m = Messages
    written = seen.filter(visible_at(moment) & (m.author_kind.col == "contact"))
    first = started.drop_nulls("started_at")
    moments = {
        "messages": written.select(_KEY, m.created_at.col.alias("at")),
        "conversations": first.select(_KEY, pl.col("started_at").alias("at")),
    }
    return {
        name: _after(rows, begin, "at").select(_KEY, *_local("at", tz))
        for name, rows in moments.items()
    }


def _lazy(frame: Frame | None) -> pl.LazyFrame | None:
    return None if frame is None else frame.lazy()


def _cells() -> pl.LazyFrame:
    rows = list(product(range(7), range(24)))
    return pl.LazyFrame(rows, schema=dict.fromkeys(_CELL, pl.UInt8), orient="row")


def _local(at: str, tz: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the weekday and the hour that the local clock shows."""
    local = pl.col(at).dt.convert_time_zone(tz).dt
    weekday = (local.weekday() - 1).cast(pl.UInt8).alias("weekday")
    return weekday, local.hour().cast(pl.UInt8).alias("hour")


def _since(seen: pl.LazyFrame, begin: datetime | None) -> pl.LazyFrame:
    first = Messages.created_at.col.min() if begin is None else pl.lit(begin, MOMENT)
    return seen.select(first.alias("since"))


def _after(rows: pl.LazyFrame, begin: datetime | None, at: str) -> pl.LazyFrame:
    return rows if begin is None else rows.filter(pl.col(at) >= begin)


def _observed(period: pl.LazyFrame, tz: str, moment: datetime) -> pl.LazyFrame:
    """Return how much of the period lies in each hour of the week."""
    end, first = pl.lit(moment, MOMENT), pl.col("since").dt.truncate(_STEP)
    steps = pl.datetime_ranges(first, end, interval=_STEP, closed="left").alias("at")
    length = pl.min_horizontal(pl.col("at").dt.offset_by(_STEP), end)
    return (
        period.drop_nulls()
        .with_columns(steps)
        .explode("at")
        .drop_nulls()
        .with_columns((length - pl.max_horizontal("at", "since")).alias("observed"))
        .group_by(_local("at", tz))
        .agg(pl.col("observed").sum().cast(LENGTH))
    )


def _medians(started: pl.LazyFrame, tz: str) -> pl.LazyFrame:
    """Return after how long half of what began in each hour has a human answer."""
    waits = started.drop_nulls("wait").with_columns(_local("started_at", tz))
    ended = outcomes_in(waits, "outcome", "waiting")
    curves = incidences(observations(waits, duration="wait", event=ended, keys=_CELL), _CELL)
    half = (pl.col("outcome") == "answered") & (pl.col("incidence") >= 0.5 - ROUNDING)
    return curves.filter(half).group_by(_CELL).agg(pl.col("t").min().alias("median_first_response"))
