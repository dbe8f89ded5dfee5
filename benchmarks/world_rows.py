"""Invent the rows of a large organisation's conversations, by columns, from a seed.

Nine messages belong to a conversation on average. The second half of the two years has a webhook
log, of which one event in fifty is lost; some conversations have an older snapshot.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl

from drift_analysis.schemas import Messages
from drift_analysis.sources.archive.layout import BUCKETS

__all__ = ["AS_OF", "HUMANS", "LOG_START", "PLAYBOOKS", "Columns", "tables"]

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
LOG_START = datetime(2025, 1, 1, tzinfo=UTC)

_END, _LOG = (int(each.timestamp() * 1000) for each in (AS_OF, LOG_START))
_MINUTE, _DAY = 60_000, 86_400_000
_YEARS = 731 * _DAY
PLAYBOOKS, _TAGS, HUMANS, _BOTS = 50, 60, 80, 4
_KINDS = np.array(["contact", "bot", "human", "unknown"])
_STATES = np.array(["open", "pending", "closed", "bulk_sent"])
_WORDS = ("price", "plan", "teams", "how", "book", "demo", "next", "week", "thanks", "help")

Columns = dict[str, Any]


def tables(
    draw: np.random.Generator, bucket: int, n: int, *, contacts: int
) -> list[tuple[str, Columns]]:
    """Return the tables of the conversations of one partition."""
    ids = 1_000_000_000 + np.arange(n) * BUCKETS + bucket
    created = np.sort(_END - 1 - draw.integers(0, _YEARS, n))
    status = draw.choice(4, n, p=[0.1, 0.04, 0.8, 0.06])
    said = _messages(draw, bucket, ids, created, status, contacts)
    last = np.maximum.reduceat(said["created_at"], said.pop("first"))
    late = np.minimum(last + draw.exponential(6 * 3600_000, n).astype(np.int64), _END - 1)
    updated = np.where(status >= 2, late, last)
    updated[status == 3] = last[status == 3]
    lives = {
        "conversation_id": ids,
        "status": _STATES[status],
        "status_raw": _STATES[status],
        "contact_id": 5_000_000_000 + draw.integers(0, contacts, n),
        "inbox_id": 1 + draw.integers(0, 8, n),
        "org_id": np.full(n, 77),
        "created_at": _moments(created),
        "updated_at": _moments(updated),
        "source": np.full(n, "invented"),
        **_details(draw, n),
    }
    events = _events(draw, ids, status, updated, said)
    won = draw.random(n) < 0.04
    meetings = {
        "event_id": np.char.add("event-", ids[won].astype(str)),
        "conversation_id": ids[won],
        "contact_id": lives["contact_id"][won],
        "scheduled_at": _moments(last[won]),
        "source": np.full(won.sum(), "invented"),
    }
    said["created_at"] = _moments(said["created_at"])
    return [
        ("conversations", lives),
        ("messages", said),
        ("status_events", events),
        ("meetings", meetings),
    ]


def _details(draw: np.random.Generator, n: int) -> Columns:
    """Return what only detail records tell: playbook, tags; one record in twenty tells neither."""
    detail = draw.random(n) < 0.95
    chosen = np.minimum(draw.geometric(0.08, n), PLAYBOOKS) + 100 * (draw.random(n) < 0.1)
    started = detail & (draw.random(n) < 0.7)
    sizes = np.where(detail, np.minimum(draw.poisson(1.5, n), 6), 0)
    numbers = np.minimum(draw.geometric(0.07, sizes.sum()), _TAGS)
    shouted = draw.random(len(numbers)) < 0.03
    names = np.array([f"topic {k:02d}" for k in range(_TAGS + 1)])
    loud = np.char.upper(names)
    uses = pl.DataFrame(
        {
            "row": np.repeat(np.arange(n), sizes),
            "name": np.where(shouted, loud[numbers], names[numbers]),
            "color": np.char.zfill((numbers * 40_503 % 999_983).astype(str), 6),
        }
    ).select("row", tags=pl.struct("name", "color"))
    lists = uses.group_by("row", maintain_order=True).agg("tags")
    rows = pl.DataFrame({"row": np.arange(n), "known": detail})
    tags = rows.join(lists, on="row", how="left", maintain_order="left").select(
        pl.when("known").then(pl.col("tags").fill_null([]))
    )
    return {
        "playbook_id": pl.Series(chosen).zip_with(pl.Series(started), pl.Series([None] * n)),
        "tags": tags.to_series(),
        "is_detail": detail,
        "fetched_at": pl.Series(_moments(np.full(n, _END))).zip_with(
            pl.Series(draw.random(n) < 0.9), pl.Series([None] * n, dtype=pl.Datetime("ms", "UTC"))
        ),
    }


def _messages(
    draw: np.random.Generator,
    bucket: int,
    ids: np.ndarray,
    created: np.ndarray,
    status: np.ndarray,
    contacts: int,
) -> Columns:
    """Return the messages, in the order of conversation and time, and where each begins."""
    sizes = np.where(status == 3, 1, np.minimum(draw.geometric(0.105, len(ids)), 80))
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    row = np.repeat(np.arange(len(ids)), sizes)
    place = np.arange(len(row)) - first[row]
    gaps = np.minimum(draw.lognormal(np.log(0.7 * _MINUTE), 1.7, len(row)), 20 * _DAY)
    gaps[place == 0] = draw.exponential(1_000, len(ids))
    passed = np.cumsum(gaps)
    at = created[row] + (passed - passed[first][row]).astype(np.int64)
    at = np.minimum(at, _END - 1)
    kind = _authors(draw, row, place, status)
    type_ = np.full(len(row), "chat", dtype="U14")
    odd = draw.random(len(row))
    by_user = (kind == 1) | (kind == 2)
    type_[by_user & (odd < 0.06)] = "private_note"
    type_[by_user & (odd > 0.98)] = "private_prompt"
    deleted = by_user & (type_ == "chat") & (draw.random(len(row)) < 0.003)
    author = np.choose(
        kind,
        [
            5_000_000_000 + row % contacts,
            10 + draw.integers(0, _BOTS, len(row)),
            100 + (row * 7919 + draw.integers(0, 3, len(row))) % HUMANS,
            np.full(len(row), 999),
        ],
    )
    texts = _texts()
    text = draw.integers(0, len(texts), len(row))
    order = np.argsort(at, kind="stable")
    rank = np.empty(len(row), np.int64)
    rank[order] = np.arange(len(row))
    by_contact = kind == 0
    pages = pl.Series([f"https://www.example.com/pricing?visit={k}" for k in range(500)])
    return {
        "message_id": 20_000_000_000 + rank * BUCKETS + bucket,
        "conversation_id": ids[row],
        "org_id": np.full(len(row), 77),
        "author_type": np.where(by_contact, "contact", "user"),
        "author_id": author,
        "author_kind": pl.Series(_KINDS).cast(Messages.author_kind.dtype).gather(kind),
        "type": type_,
        "type_raw": type_,
        "created_at": at,
        "body": ("<p>" + texts + "</p>").gather(text),
        "text": texts.gather(text),
        "is_visible": (type_ == "chat") & ~deleted,
        "is_deleted": deleted,
        "edited_at": pl.Series(_moments(np.minimum(at + 2 * _MINUTE, _END - 1))).zip_with(
            pl.Series(deleted), pl.Series([None] * len(row), dtype=pl.Datetime("ms", "UTC"))
        ),
        "n_edits": deleted.astype(np.uint16),
        "context_href": pages.gather(row % 500).zip_with(
            pl.Series(by_contact), pl.Series([None] * len(row), dtype=pl.String)
        ),
        "source": np.full(len(row), "invented"),
        "first": first,
    }


def _authors(
    draw: np.random.Generator, row: np.ndarray, place: np.ndarray, status: np.ndarray
) -> np.ndarray:
    """Return who wrote: a bot at first, a human from some place on, the contact in between."""
    handed = draw.geometric(0.25, len(status)) + 1
    never = draw.random(len(status)) < 0.3
    human = (place >= handed[row]) & ~never[row]
    by_contact = draw.random(len(row)) < 0.47
    kind = np.where(by_contact, 0, np.where(human, 2, 1))
    kind[draw.random(len(row)) < 0.002] = 3
    kind[(place == 0) & (draw.random(len(row)) < 0.5)] = 1
    kind[status[row] == 3] = 1
    return kind


def _events(
    draw: np.random.Generator,
    ids: np.ndarray,
    status: np.ndarray,
    updated: np.ndarray,
    said: Columns,
) -> Columns:
    """Return the webhooks of closes and reopens, and some older snapshots."""
    at, who = said["created_at"], said["conversation_id"]
    row = np.searchsorted(ids, who)
    is_contact = (said["author_kind"] == "contact").to_numpy() & (said["type"] == "chat")
    again = np.zeros(len(at), bool)
    again[1:] = is_contact[1:] & (who[1:] == who[:-1]) & (at[1:] - at[:-1] > 10 * _MINUTE)
    again &= draw.random(len(at)) < 0.2
    k = np.flatnonzero(again)
    middle = (at[k] + at[k - 1]) // 2
    ends = np.flatnonzero((status == 1) | (status == 2))
    log_id = np.concatenate([who[k], who[k], ids[ends]])
    log_at = np.concatenate([middle, at[k] + 200, updated[ends]])
    log_to = np.concatenate([np.full(len(k), 2), np.zeros(len(k), int), status[ends]])
    kept = (log_at >= _LOG) & (log_at < _END) & (draw.random(len(log_at)) > 0.02)
    seen = np.flatnonzero(draw.random(len(at)) < 0.01)
    seen = seen[np.concatenate([[True], row[seen][1:] != row[seen][:-1]])]
    seen = seen[status[row[seen]] != 3]
    log_id, log_at, log_to = log_id[kept], log_at[kept], log_to[kept]
    n, m = len(log_id), len(seen)
    begin = np.concatenate([log_at, at[seen]])
    told = np.concatenate([_STATES[log_to], np.full(m, "open")])
    return {
        "conversation_id": np.concatenate([log_id, who[seen]]),
        "changed_at": _moments(begin),
        "status": told,
        "status_raw": told,
        "source": np.repeat(["webhook", "snapshot"], [n, m]),
        "earliest_at": _moments(begin),
        "latest_at": _moments(np.concatenate([log_at, at[seen] + _MINUTE])),
    }


def _texts() -> pl.Series:
    draw = np.random.default_rng(3)
    made = [" ".join(draw.choice(_WORDS, draw.integers(3, 25))) for _ in range(2000)]
    for k in range(0, 2000, 40):
        made[k] += f" jo.{k}@example.com"
    return pl.Series(made)


def _moments(milliseconds: np.ndarray) -> pl.Series:
    return pl.Series(milliseconds).cast(pl.Datetime("ms", "UTC"))
