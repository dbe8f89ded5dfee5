"""Conversations as lanes of statuses over time, which can be walked through and clicked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import polars as pl
import traitlets

from drift_analysis.charts.kit.format import human_duration
from drift_analysis.charts.kit.theme import AUTHOR_COLORS, STATUS_COLORS
from drift_analysis.charts.status.timeline_rows import end_of_axis, merged_stretches, message_ticks
from drift_analysis.schemas import Conversations

from ..panes.stretches import stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["Lanes", "lanes_shown"]

_HERE = Path(__file__).parent
_ID = Conversations.conversation_id.name
_TICKS = 6


class Lanes(anywidget.AnyWidget):
    """A page of lanes: what is in the synced traits is in the browser, and nothing else is.

    Every text is set as text in the browser, never as markup; ids are texts.
    """

    _esm = _HERE / "timeline_lanes.js"
    _css = _HERE / "timeline_lanes.css"

    lanes = traitlets.List(traitlets.Dict()).tag(sync=True)
    ticks = traitlets.List(traitlets.Dict()).tag(sync=True)
    zone = traitlets.Unicode("UTC").tag(sync=True)
    page = traitlets.Int(1).tag(sync=True)
    pages = traitlets.Int(1).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    colors = traitlets.Dict(STATUS_COLORS).tag(sync=True)
    author_colors = traitlets.Dict(AUTHOR_COLORS).tag(sync=True)


def lanes_shown(
    intervals: pl.DataFrame,
    messages: pl.DataFrame,
    ids: Sequence[int],
    *,
    as_of: datetime,
    tz: str,
) -> dict[str, Any]:
    """Return what the browser is told of a page.

    Parameters
    ----------
    intervals
        A `StatusIntervals` table.
    messages
        A `Messages` table, of which visible messages are drawn.
    ids
        The conversations, in order.
    as_of
        The moment at which the intervals end.
    tz
        The time zone in which moments are written.

    Returns
    -------
    :
        ``ticks`` (``at`` from 0 to 1, ``text``), and ``lanes``: ``id``, ``started``, ``status``,
        ``more`` (what is cut off, if it goes on), ``bars`` (``from`` and ``to`` from 0 to 1,
        ``status``, ``certain``, ``text``), ``marks`` (``at``, ``kind``).
    """
    if not ids:
        return {"lanes": [], "ticks": []}
    rows = pl.DataFrame({_ID: list(ids)}, schema={_ID: pl.Int64}).with_row_index("row")
    lives = intervals.join(rows, on=_ID)
    ticks = message_ticks(messages, rows, as_of)
    begin = lives["entered_at"].to_list()
    end = end_of_axis(merged_stretches(lives), ticks, as_of)
    axis = _Axis(min(begin), end)
    marks = ticks.group_by("row", maintain_order=True).agg("created_at", "author_kind")
    drawn = {row: (at, kind) for row, at, kind in marks.iter_rows()}
    lanes = []
    for row, conversation in enumerate(ids):
        life = lives.filter(pl.col(_ID) == conversation).sort("visit", "entered_at")
        at, kinds = drawn.get(row, ([], []))
        marked = [{"at": axis.place(t), "kind": kind} for t, kind in zip(at, kinds, strict=True)]
        lanes.append({**_lane(life, axis, as_of, tz), "id": str(conversation), "marks": marked})
    return {"lanes": lanes, "ticks": axis.ticks(tz)}


class _Axis:
    def __init__(self, first: datetime, last: datetime) -> None:
        self.first = first
        self.last = max(last, first + timedelta(minutes=1))

    def place(self, moment: datetime) -> float:
        part = (moment - self.first) / (self.last - self.first)
        return round(min(max(part, 0.0), 1.0), 5)

    def ticks(self, tz: str) -> list[dict[str, Any]]:
        span = self.last - self.first
        is_long = span > timedelta(days=4)
        at = [self.first + span * part / (_TICKS - 1) for part in range(_TICKS)]
        form = "%-d %b %Y" if span > timedelta(days=300) else "%-d %b"
        texts = (
            pl.Series(at, dtype=pl.Datetime("ms", "UTC"))
            .dt.convert_time_zone(tz)
            .dt.to_string(form if is_long else "%-d %b, %H:%M")
        )
        return [
            {"at": part / (_TICKS - 1), "text": text} for part, text in enumerate(texts.to_list())
        ]


def _lane(life: pl.DataFrame, axis: _Axis, as_of: datetime, tz: str) -> dict[str, Any]:
    said = stretches(life, tz=tz)
    bars = [
        {
            "from": axis.place(row["entered_at"]),
            "to": axis.place(row["left_at"]),
            "status": row["status"],
            "certain": not told["possible"],
            "text": _told(told),
        }
        for row, told in zip(life.to_dicts(), said, strict=True)
        if row["entered_at"] <= axis.last
    ]
    status = str(life["status"][-1])
    goes_on = status != "closed"
    beyond = f"+ {human_duration(as_of - axis.last)}" if axis.last < as_of else ""
    return {
        "started": said[0]["since"],
        "status": status,
        "open": goes_on,
        "more": beyond if goes_on else "",
        "bars": bars,
    }


def _told(told: dict[str, Any]) -> str:
    """Say a stretch: its status, since when, how long, what says so, what it may be instead."""
    status = told["status"].replace("_", " ")
    said = f"{status} since {told['since']}, {told['lasted']}; {told['evidence']}"
    return f"{said}; could also be {told['possible']}" if told["possible"] else f"{said}; certain"
