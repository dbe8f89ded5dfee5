"""Simulated lives of conversations, of which the truth is known, and what Drift tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from builders import NOON, changes, conversations, messages, snapshots
from drift_analysis.schemas import STATUSES

if TYPE_CHECKING:
    import polars as pl

AS_OF_MINUTE = 1000


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


@dataclass
class Life:
    """What happened in one conversation, minute by minute."""

    start: str
    playbook: int | None
    acts: list[tuple[int, str]]
    seen: list[int]
    is_detail: bool
    fetched: int | None
    history: list[tuple[int, str]] = field(init=False)
    updates: list[int] = field(init=False)
    contacted: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.history, self.updates, self.contacted = [(0, self.start)], [0], []
        for minute, act in self.acts:
            status = self.history[-1][1]
            if act == "contact":
                self.contacted.append(minute)
                new = "open" if status in ("closed", "bulk_sent") else status
            elif act == "agent":
                new = status
            else:
                new = act
            self.updates.append(minute)
            if new != status:
                self.history.append((minute, new))

    def status_at(self, minute: float) -> str:
        return [status for since, status in self.history if since <= minute][-1]

    def updated_before(self, minute: float) -> int:
        return max(update for update in self.updates if update <= minute)

    def truth(self, until: float) -> dict[str, timedelta]:
        ends = [since for since, _ in self.history[1:]] + [AS_OF_MINUTE]
        spent = dict.fromkeys(STATUSES, timedelta())
        for (since, status), end in zip(self.history, ends, strict=True):
            spent[status] += timedelta(minutes=max(0, min(end, until) - min(since, until)))
        return spent


@st.composite
def lives(draw: st.DrawFn) -> Life:
    playbook = draw(st.sampled_from([None, 7]))
    is_detail = draw(st.booleans())
    start = draw(st.sampled_from(["open", "bulk_sent"])) if playbook else "open"
    kinds = st.sampled_from(["contact", "agent", "open", "pending", "closed"])
    minutes = sorted(draw(st.sets(st.integers(1, AS_OF_MINUTE - 1), max_size=8)))
    acts = [(minute, draw(kinds)) for minute in minutes]
    seen = sorted(draw(st.sets(st.integers(0, AS_OF_MINUTE), max_size=4)))
    fetched = draw(st.sampled_from([None, AS_OF_MINUTE]))
    return Life(start, playbook if is_detail else None, acts, seen, is_detail, fetched)


def tables(lived: list[Life]) -> dict[str, pl.DataFrame]:
    """Tell what Drift's replies would say: newest records, messages and older snapshots."""
    records: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    older: list[tuple[int, datetime, datetime, str]] = []
    for n, life in enumerate(lived):
        records.append(
            {
                "conversation_id": n,
                "status": life.history[-1][1],
                "updated_at": at(life.updates[-1]),
                "is_detail": life.is_detail,
                "playbook_id": life.playbook,
                "fetched_at": None if life.fetched is None else at(life.fetched),
            }
        )
        written += [{"conversation_id": n, "created_at": at(m)} for m in life.contacted]
        older += [
            (n, at(life.updated_before(m)), at(m), life.status_at(m)) for m in unique_looks(life)
        ]
    return {
        "conversations": conversations(*records),
        "messages": messages(*written),
        "snapshots": snapshots(*older),
    }


def unique_looks(life: Life) -> list[int]:
    """Of several looks at the same state keep the last, as the loaders do."""
    return list({life.updated_before(minute): minute for minute in life.seen}.values())


def log(lived: list[Life], since: int = 0) -> pl.DataFrame:
    return changes(
        *(
            (n, at(minute), status)
            for n, life in enumerate(lived)
            for minute, status in life.history[1:]
            if minute >= since
        )
    )
