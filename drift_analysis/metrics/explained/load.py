"""Who is behind what is said of busy hours and of each person's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.flow.load import arrivals_of, load_by_hour
from drift_analysis.metrics.flow.people import work_of, workload
from drift_analysis.metrics.responses.responses import first_response
from drift_analysis.schemas import Messages
from drift_analysis.schemas.base import require_moment

from .explanation import Explanation
from .stage import ID, Part, Stage, fates_of, once

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["EXPLANATIONS"]

_CELL, _USER = ("weekday", "hour"), ("user_id",)


def _hours(
    *,
    messages: pl.LazyFrame,
    tz: str,
    as_of: datetime,
    since: datetime | None,
    conversations: pl.LazyFrame | None,
) -> Stage:
    moment, begin = require_moment(as_of), None if since is None else require_moment(since)
    seen = messages.filter(Messages.created_at.col <= moment)
    started = first_response(seen, as_of=moment, conversations=conversations)
    arrivals = arrivals_of(seen, started, tz, moment, begin)
    rows = pl.concat(
        [each.select(*_CELL, ID, *once(name)) for name, each in arrivals.items()], how="diagonal"
    ).with_columns(pl.col(*arrivals).fill_null(0))
    silent = messages.join(rows, on=ID, how="anti")
    fates = fates_of(messages, {"no_contact_message": silent})
    return Stage(_CELL, (Part(rows, _CELL, tuple(arrivals)),), fates)


def _people(
    *,
    messages: pl.LazyFrame,
    tz: str,
    as_of: datetime,
    since: datetime | None,
) -> Stage:
    begin = None if since is None else require_moment(since)
    written, firsts = work_of(messages, tz, require_moment(as_of), begin)
    each = (*_USER, ID)
    wrote = written.group_by(each).agg(
        (~pl.col("is_note")).any().cast(pl.Int64).alias("conversations"),
        (~pl.col("is_note")).sum().cast(pl.Int64).alias("messages"),
        pl.col("is_note").sum().cast(pl.Int64).alias("notes"),
    )
    answered = firsts.select(*each, *once("first_responses"))
    numbers = ("conversations", "messages", "notes", "first_responses")
    rows = pl.concat([wrote, answered], how="diagonal").with_columns(pl.col(numbers).fill_null(0))
    silent = messages.join(rows, on=ID, how="anti")
    return Stage(_USER, (Part(rows, _USER, numbers),), fates_of(messages, {"no_human": silent}))


EXPLANATIONS = {
    load_by_hour: Explanation(
        "How many contacts write in each hour of the week, per such hour observed. Counts as in "
        "the heat maps of help desks; the rate is this library's own.",
        _hours,
        {"no_contact_message": "No contact wrote in them within the period."},
    ),
    workload: Explanation(
        "What each human user wrote: messages, private notes, first answers. The definition is "
        "this library's own, since Drift keeps no assignments.",
        _people,
        {"no_human": "No human wrote in them within the period."},
    ),
}
