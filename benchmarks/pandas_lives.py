"""Metrics of whole lives and journeys in pandas: a loop over groups, and a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from metrics_ours import RULES, TZ
from pandas_tables import KEY, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["LIVES"]

_STATUSES = ["open", "pending", "closed", "bulk_sent"]
_OPENED = ("open", "pending")
_MS = pd.Timedelta(milliseconds=1)
_FAR = pd.Timedelta(days=30) // _MS
_HALF_LIFE = pd.Timedelta(days=7) // _MS
Files = dict[str, list[str]]
Visit = list[Any]


def _lives(files: Files) -> Iterator[tuple[int, list[Visit]]]:
    """Go through the conversations, each with its visits: status, begin, end."""
    rows = read(files["intervals"], [KEY, "visit", "status", "entered_at", "left_at"])
    for who, life in rows.sort_values([KEY, "visit", "entered_at"]).groupby(KEY):
        visits: list[Visit] = []
        latest = None
        for row in life.itertuples():
            if row.visit != latest:
                visits.append([row.status, row.entered_at, row.left_at])
            visits[-1][2], latest = row.left_at, row.visit
        yield who, visits


def _transitions(files: Files) -> pd.DataFrame:
    steps = []
    for who, visits in _lives(files):
        steps.append((who, None, visits[0][0], pd.NaT, False))
        for place, (status, begin, end) in enumerate(visits):
            after = visits[place + 1][0] if place + 1 < len(visits) else None
            is_loop = after in [each[0] for each in visits[: place + 1]]
            steps.append((who, status, after, end - begin, is_loop))
    frame = pd.DataFrame(steps, columns=[KEY, "from_status", "to_status", "wait", "is_loop"])
    frame["wait"] = pd.to_timedelta(frame.wait)
    found = frame.groupby(["from_status", "to_status"], dropna=False).agg(
        n=("wait", "size"),
        conversations=(KEY, "nunique"),
        n_loops=("is_loop", "sum"),
        mean_wait=("wait", "mean"),
        median_wait=("wait", "median"),
    )
    found = found.reset_index()
    found["share"] = found.n / found.groupby("from_status", dropna=False).n.transform("sum")
    for name in ("mean_wait", "median_wait"):
        found[name] = found[name].dt.round("ms")
    place = {status: n for n, status in enumerate(_STATUSES)}
    before, after = found.from_status.map(place).fillna(-1), found.to_status.map(place).fillna(9)
    return found.assign(a=before, b=after).sort_values(["a", "b"]).drop(columns=["a", "b"])


def _reopens(files: Files) -> pd.DataFrame:
    rows = []
    for who, visits in _lives(files):
        count = 0
        for place, (status, begin, _) in enumerate(visits[1:], 1):
            if status in _OPENED and visits[place - 1][0] == "closed":
                count += 1
                closes = [since for other, since, _ in visits[place:] if other == "closed"]
                close = closes[0] if closes else pd.NaT
                rows.append((who, count, visits[place - 1][1], begin, status, close))
    names = [KEY, "reopen", "closed_at", "reopened_at", "status", "next_close_at"]
    found = pd.DataFrame(rows, columns=names)
    found["after"] = found.reopened_at - found.closed_at
    found["time_to_next_close"] = found.next_close_at - found.reopened_at
    found["censored"] = found.next_close_at.isna()
    return found


def _flow(files: Files) -> pd.DataFrame:
    happened, ended = [], None
    for _, visits in _lives(files):
        ended = visits[-1][2]
        was, arrived, levels = None, False, {}
        for status, begin, _ in visits:
            now = {"open": status == "open", "pending": status == "pending"}
            now["backlog"] = now["open"] or now["pending"]
            changes = {name: now[name] - levels.get(name, False) for name in now}
            changes["arrivals"] = status != "bulk_sent" and not arrived
            changes["closes"] = status == "closed"
            changes["reopens"] = now["backlog"] and was == "closed"
            happened.append({"at": begin, **{name: int(n) for name, n in changes.items()}})
            was, levels, arrived = status, now, arrived or changes["arrivals"]
    frame = pd.DataFrame(happened)
    last = ended - _MS
    frame["period"] = frame.pop("at").clip(upper=last).dt.tz_convert(TZ).dt.date
    days = pd.date_range(frame.period.min(), last.tz_convert(TZ).date(), name="period").date
    found = frame.groupby("period").sum().reindex(days, fill_value=0)
    levels = ["open", "pending", "backlog"]
    found[levels] = found[levels].cumsum()
    found["cumulative_arrivals"] = found.arrivals.cumsum()
    found["net_flow"] = found.arrivals + found.reopens - found.closes
    return found.rename_axis("period").reset_index()


def _journeys(files: Files) -> pd.DataFrame:
    names = ["contact_id", KEY, "created_at", "playbook_id", "is_detail"]
    rows = read(files["conversations"], names).dropna(subset="contact_id")
    books = read(files["playbooks"], ["playbook_id", "interaction_id", "name"])
    called = dict(zip(books.interaction_id, books.name, strict=True))
    called |= dict(zip(books.playbook_id, books.name, strict=True))
    other = rows.is_detail.map({True: "none", False: "unknown"})
    known = rows.playbook_id.map(called).fillna(rows.playbook_id.astype("Int64").astype("string"))
    rows["touch"] = known.astype(object).where(rows.playbook_id.notna(), other)
    booked = read(files["meetings"], [KEY, "scheduled_at"]).groupby(KEY).scheduled_at.min()
    rows["at"] = rows.created_at.astype("int64") // (_MS.value // _unit(rows.created_at))
    won = rows[KEY].map(booked)
    rows["end"] = won.where(won > rows.created_at, rows.created_at).where(won.notna())
    found = [row for who, life in rows.groupby("contact_id") for row in _walk(who, life)]
    frame = pd.DataFrame(found, columns=["contact_id", "touches", "touched_at", "converted", "to"])
    frame["converted_at"] = pd.to_datetime(frame.to, unit="ms", utc=True)
    began = frame.touched_at.map(lambda at: at[0] if at else None).fillna(frame.to)
    order = frame.assign(began=began).sort_values(["contact_id", "began", "to"])
    return order.drop(columns=["began", "to"])


def _unit(moments: pd.Series) -> int:
    return {"ns": 1, "us": 1000, "ms": 1_000_000}[moments.dt.unit]


def _walk(who: int, life: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Go from touch to touch of a contact, each to the next conversion if that is near."""
    ends = sorted({end.value // _MS.value for end in life.end.dropna()})
    ways: dict[Any, list[list[tuple[int, str]]]] = {}
    for row in life.sort_values(["at", KEY]).itertuples():
        end = next((each for each in ends if each >= row.at), None)
        runs = ways.setdefault((end, end is not None and end - row.at <= _FAR), [])
        if runs and row.at - runs[-1][-1][0] <= _FAR:
            runs[-1].append((row.at, row.touch))
        else:
            runs.append([(row.at, row.touch)])
    for (end, won), runs in ways.items():
        for run in runs:
            touches = [touch for _, touch in run]
            yield who, touches, [at for at, _ in run], won, end if won else None
    yield from ((who, [], [], True, end) for end in ends if (end, True) not in ways)


def _credits(files: Files) -> pd.DataFrame:
    names = ["touches", "touched_at", "converted", "is_mature", "n"]
    rows = read(files["journeys"], names)
    rows = rows[rows.is_mature & (rows.touches.str.len() > 0)]
    every = {touch for touches in rows.touches for touch in touches}
    credit = {(model, touch): 0.0 for model in RULES for touch in every}
    for row in rows[rows.converted].itertuples():
        at = [pd.Timestamp(each).value // _MS.value for each in row.touched_at]
        for model in RULES:
            for touch, part in _parts(model, list(row.touches), at):
                credit[model, touch] += row.n * part
    frame = pd.Series(credit).rename_axis(["model", "touch"]).rename("credit").reset_index()
    frame["share"] = frame.credit / frame.groupby("model").credit.transform("sum")
    order = frame.assign(a=frame.model.map(RULES.index), b=-frame.credit.round(9))
    return order.sort_values(["a", "b", "touch"]).drop(columns=["a", "b"])


def _parts(model: str, touches: list[str], at: list[int]) -> list[tuple[str, float]]:
    n = len(touches)
    if model == "first":
        return [(touches[0], 1.0)]
    if model == "last":
        return [(touches[-1], 1.0)]
    if model == "shapley":
        different = set(touches)
        return [(touch, 1 / len(different)) for touch in different]
    if model == "linear" or n == 1:
        weights = [1.0] * n
    elif model == "position":
        weights = [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4] if n > 2 else [0.5, 0.5]
    else:
        weights = [0.5 ** ((at[-1] - each) / _HALF_LIFE) for each in at]
    return [(touch, weight / sum(weights)) for touch, weight in zip(touches, weights, strict=True)]


LIVES: dict[str, Callable[[Files], pd.DataFrame]] = {
    "transitions": _transitions,
    "reopens": _reopens,
    "flow": _flow,
    "journeys": _journeys,
    "multi_touch_attribution": _credits,
}
"""By the name of a metric, what computes it."""
