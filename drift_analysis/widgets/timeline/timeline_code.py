"""The code that gives a timeline of statuses without the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .timeline_lives import PAGE

if TYPE_CHECKING:
    from .timeline_state import Timeline

__all__ = ["timeline_code"]

_NOTHING = """\
import drift_analysis as da

frame = da.schemas.StatusIntervals.empty()
"""
_CODE = """\
import polars as pl

import drift_analysis as da

as_of = dataset.as_of
sample = da.widgets.timeline_sample(dataset.conversations, n={n}, seed={seed}{ids})
chosen = pl.col("conversation_id").is_in(sample.implode())
conversations = dataset.conversations.lazy().filter(chosen)
messages = dataset.messages.lazy().filter(chosen)
frame = da.status_intervals(
    conversations,
    messages=messages,
    status_events=dataset.status_events.lazy(),
    as_of=as_of,
).collect()
waits = da.first_response(messages, conversations=conversations, as_of=as_of).collect()
ids = da.widgets.timeline_order(frame, waits, sort={sort!r})["conversation_id"]
shown = pl.col("conversation_id").is_in(ids.slice({first}, {page}).implode())
chart = da.charts.status_timeline(
    frame.filter(shown),
    messages=messages.filter(shown),
    as_of=as_of,
    tz={tz!r},
    subtitle={subtitle!r},
)
"""


def timeline_code(asked: Timeline, *, tz: str, subtitle: str, is_empty: bool) -> str:
    """Write the code that gives ``frame``, ``ids`` and ``chart`` from a ``dataset``.

    Parameters
    ----------
    asked
        What is drawn.
    tz
        The time zone of the axis.
    subtitle
        What the chart says of the sample.
    is_empty
        Whether the data set holds nothing at all.
    """
    if is_empty:
        return _NOTHING
    return _CODE.format(
        n=asked.sample,
        seed=asked.seed,
        ids="" if asked.ids is None else f", ids={list(asked.ids)!r}",
        sort=asked.sort,
        first=(asked.page - 1) * PAGE,
        page=PAGE,
        tz=tz,
        subtitle=subtitle,
    )
