"""When conversations closed, in pandas: a loop over conversations, and over the stretches of each.

Messages say when the clock starts, and whether a conversation was long over when it was closed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
from pandas_tables import KEY, MESSAGE, read, visible

__all__ = ["CLOSES"]

_IDLE, _NOTHING = timedelta(hours=12), timedelta(0)
_STRETCH = [KEY, "visit", "status", "possible", "entered_at", "left_at"]
_OPENED = ("open", "pending")
Files = dict[str, list[str]]
Row = dict[str, Any]


def _closes(files: Files) -> pd.DataFrame:
    stretches = read(files["intervals"], _STRETCH).sort_values([KEY, "visit", "entered_at"])
    said = visible(read(files["messages"], MESSAGE))
    first = said[said.author_kind == "contact"].groupby(KEY).created_at.min()
    all_said = said.groupby(KEY).created_at.apply(list)
    rows = []
    for who, own in stretches.groupby(KEY):
        statuses = set(own.status)
        alone = "bulk_sent" in statuses and statuses <= {"bulk_sent", "closed"}
        if who in first.index and not alone:
            life = list(own[_STRETCH[1:]].itertuples(index=False))
            start = max(first[who], life[0].entered_at)
            row = {KEY: who, **_measured(life, start)}
            rows.append(row | _effective(row["last_close_at"], start, all_said[who]))
    return pd.DataFrame(rows)


def _measured(life: list[Any], start: pd.Timestamp) -> Row:
    """Measure a life from the clock's start on: its closes, their bounds, the active time."""
    last, as_of = life[-1], life[-1].left_at
    closes, forced, reopens = _events(life, start)
    counted = [s for s in life if s.entered_at >= start or s.left_at > start or s is last]
    may = [max(s.entered_at, start) for s in counted if "closed" in s.possible]
    not_before = [s.left_at for s in counted if "closed" not in s.possible]
    is_closed, may_end, must_end = (
        last.status == "closed",
        "closed" in last.possible,
        list(last.possible) == ["closed"],
    )
    closes = closes or [start] * is_closed
    moments = {
        "first_close_at": min(closes, default=None),
        "first_close_at_min": min(may, default=None),
        "first_close_at_max": min(forced, default=None),
        "last_close_at": max(closes) if is_closed else None,
        "last_close_at_min": max([min(may), *not_before]) if may_end else None,
        "last_close_at_max": (max(forced or [start]) if must_end else as_of) if may_end else None,
    }
    active = {
        "active_time": [s for s in counted if s.status != "closed"],
        "active_time_min": [s for s in counted if "closed" not in s.possible],
        "active_time_max": [s for s in counted if list(s.possible) != ["closed"]],
    }
    return {
        "started_at": start,
        "watched": as_of - start,
        **moments,
        **{
            "time_to_" + name.replace("_at", ""): None if at is None else at - start
            for name, at in moments.items()
        },
        "first_censored": not closes,
        "censored": not is_closed,
        **{
            name: sum((s.left_at - max(s.entered_at, start) for s in some), _NOTHING)
            for name, some in active.items()
        },
        "n_closes": len(closes),
        "n_reopens": reopens,
    }


def _events(life: list[Any], start: pd.Timestamp) -> tuple[list[Any], list[Any], int]:
    """Return the closes, when it was closed for certain, and how often it was opened again."""
    closes, forced, reopens = [], [], 0
    before = None
    for stretch in life:
        is_new = before is None or stretch.visit != before.visit
        since = stretch.entered_at >= start
        if is_new and before is not None and before.status == "closed":
            reopens += stretch.status in _OPENED and bool(closes)
        if is_new and since and stretch.status == "closed":
            closes.append(stretch.entered_at)
        certain = list(stretch.possible) == ["closed"]
        if since and certain and (before is None or list(before.possible) != ["closed"]):
            forced.append(stretch.entered_at)
        before = stretch
    return closes, forced, reopens


def _effective(close: Any, start: pd.Timestamp, said: list[pd.Timestamp]) -> Row:
    """Tell whether nobody had written for long at the last close, and when it was over then."""
    spoken = [] if close is None else [at for at in said if at <= close]
    if not spoken:
        return {"auto_closed": None, "effective_close_at": None}
    forgotten = close - max(spoken) >= _IDLE
    over = max(max(spoken), start) if forgotten else close
    return {"auto_closed": forgotten, "effective_close_at": over}


CLOSES = {"time_to_close": _closes}
"""By the name of a metric, what computes it."""
