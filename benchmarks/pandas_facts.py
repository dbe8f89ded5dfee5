"""What is known of conversations' lives in pandas: one frame of facts, in the order of time.

The rules are those of `status_intervals`, for a world whose records all say when they changed.
A set of statuses is a number with one bit for each.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from metrics_ours import LOG_START
from pandas_tables import KEY, read
from world import AS_OF

__all__ = ["BITS", "BULK", "EVENT", "MESSAGE", "MS", "REACTION", "SEEN", "START", "facts_of"]

BITS = {"open": 1, "pending": 2, "closed": 4, "bulk_sent": 8, "unknown": 16}
BULK = BITS["bulk_sent"]
START, _END, MESSAGE, EVENT, SEEN, _BORDER = range(6)
REACTION = 5_000
MS = pd.Timedelta(milliseconds=1)
_KINDS = ["webhook", "snapshot", "message", "record", "assumed"]
_NUMBERS = ["witnessed", "single", "allowed"]
_LIFE = ["created_at", "updated_at", "fetched_at", "status", "is_detail", "playbook_id"]
_TOLD = ["changed_at", "status", "source", "earliest_at", "latest_at"]
_EPOCH = pd.Timestamp(0, tz="UTC")
Files = dict[str, list[str]]


def facts_of(files: Files) -> tuple[pd.DataFrame, dict[int, bool]]:
    """Return all facts in order, and which conversations may have been sent in bulk."""
    lives = read(files["conversations"], [KEY, *_LIFE])
    lives = lives[lives.created_at <= AS_OF].set_index(KEY, drop=False).rename_axis("id")
    said = read(files["messages"], [KEY, "created_at", "author_kind", "type"])
    said = said[(said.created_at <= AS_OF) & said[KEY].isin(lives.index)]
    told = read(files["status_events"], [KEY, *_TOLD])
    told = told[(told.changed_at <= AS_OF) & told[KEY].isin(lives.index)]
    events = told[told.source == "webhook"].drop_duplicates([KEY, "changed_at", "status"])
    seen = _seen(lives, told[told.source == "snapshot"], said, events)
    bulk = ~(lives.is_detail & lives.playbook_id.isna()) | (lives.status == "bulk_sent")
    by_contact = said[(said.author_kind == "contact") & (said.type == "chat")]
    bits = events.status.map(BITS)
    known = {name: seen.status.map(BITS) for name in ("single", "witnessed")}
    parts = [
        _fact(lives, lives.created_at, order=START, kind="assumed", allowed=1 + BULK * bulk),
        _fact(by_contact, by_contact.created_at, order=MESSAGE, kind="message", allowed=3),
        _fact(events, events.changed_at, order=EVENT, kind="webhook", single=bits),
        _fact(seen, seen.begin, order=SEEN, kind=seen.kind, covers=1, **known),
        _fact(seen, seen.end, order=_END, kind="assumed", covers=-1, witnessed=known["witnessed"]),
        _fact(lives, pd.Timestamp(LOG_START), order=_BORDER),
    ]
    facts = pd.concat(parts, ignore_index=True)
    born = facts[KEY].map(lives.created_at)
    facts["at"] = facts.told_at.where(facts.told_at > born, born)
    facts["later"] = facts.order > START
    facts["place"] = facts.kind.map(_KINDS.index, na_action="ignore").astype("Int64")
    facts = facts[(facts["at"] < AS_OF) | ~facts.order.isin([_END, _BORDER])]
    order = [KEY, "at", "later", "told_at", "order", "place", "witnessed", "single"]
    facts = facts.sort_values(order, na_position="first")
    facts["at"] = (facts["at"] - _EPOCH) // MS
    for name in (*_NUMBERS, "kind"):
        facts[name] = facts[name].astype(object).where(facts[name].notna(), None)
    return facts, bulk.to_dict()


def _fact(frame: pd.DataFrame, told_at: Any, **values: Any) -> pd.DataFrame:
    nothing = {"kind": None, **dict.fromkeys(_NUMBERS), "covers": 0}
    found = pd.DataFrame({KEY: frame[KEY], "told_at": told_at, **nothing, **values})
    found["told_at"] = found.told_at.dt.as_unit("ms")
    return found.astype(dict.fromkeys(_NUMBERS, "Int64")).astype({"kind": object})


def _seen(
    lives: pd.DataFrame, older: pd.DataFrame, said: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Return what records tell, until they were read: a later message or event ends it."""
    late = lives.fetched_at.fillna(pd.Timestamp(AS_OF))
    newest = {KEY: lives[KEY], "status": lives.status, "begin": lives.updated_at, "end": late}
    names = {"earliest_at": "begin", "latest_at": "end"}
    snapshots = older[[KEY, "status", *names]].rename(columns=names).assign(kind="snapshot")
    seen = pd.concat([pd.DataFrame(newest).assign(kind="record"), snapshots], ignore_index=True)
    shown = said.created_at - REACTION * MS
    marks = [
        events[[KEY]].assign(since=events.changed_at, change=events.changed_at),
        said[[KEY]].assign(since=shown, change=said.created_at),
    ]
    pairs = seen.reset_index().merge(pd.concat(marks), on=KEY)
    first = pairs[pairs.since > pairs.begin].groupby("index").change.min().reindex(seen.index)
    ends = seen.end.where(~(first < seen.end), first)
    return seen.assign(end=ends.where(ends > seen.begin, seen.begin))
