"""Small data sets for the widgets, hostile and large ones among them."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from builders import conversations, messages, table
from drift_analysis import schemas
from drift_analysis.schemas import Dataset, Playbooks, Users

if TYPE_CHECKING:
    import polars as pl

HOSTILE = '<img src=x onerror="window.PWNED=1"></script><script>window.PWNED=1</script>'
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def dataset(**tables: pl.DataFrame) -> Dataset[pl.DataFrame]:
    """Hold the tables that a test is about; the others are empty."""
    names = [field.name for field in fields(Dataset) if field.name != "as_of"]
    schema = {name: name.title().replace("_", "") for name in names}
    every = {name: tables.get(name, getattr(schemas, schema[name]).empty()) for name in names}
    return Dataset(**every, as_of=MONDAY + timedelta(days=30))


def tag(*names: str) -> list[dict[str, str | None]]:
    return [{"name": name, "color": "0066CC"} for name in names]


def playbooks(*rows: dict[str, Any]) -> pl.DataFrame:
    return table(Playbooks, list(rows), source="test")


def users(*rows: dict[str, Any]) -> pl.DataFrame:
    return table(Users, list(rows), source="test")


def four() -> Dataset[pl.DataFrame]:
    """Return four conversations, one of them from a list reply, so that little is known of it."""
    return dataset(
        conversations=conversations(
            {
                "conversation_id": 1,
                "status": "open",
                "created_at": MONDAY,
                "inbox_id": 3,
                "playbook_id": 11,
                "tags": tag("Pricing", HOSTILE),
                "is_detail": True,
            },
            {
                "conversation_id": 2,
                "status": "closed",
                "created_at": MONDAY + timedelta(days=1),
                "inbox_id": 3,
                "tags": tag(" pricing "),
                "is_detail": True,
            },
            {
                "conversation_id": 3,
                "status": "closed",
                "created_at": MONDAY + timedelta(days=2),
                "inbox_id": 4,
                "playbook_id": 12,
                "tags": [],
                "is_detail": True,
            },
            {
                "conversation_id": 4,
                "status": "pending",
                "created_at": MONDAY + timedelta(days=2),
                "is_detail": False,
            },
        ),
        messages=messages(
            {"conversation_id": 1, "text": HOSTILE, "author_id": 9},
            {
                "conversation_id": 1,
                "text": "Write to ann@example.com",
                "author_kind": "human",
                "author_type": "user",
                "author_id": 502,
                "created_at": MONDAY + timedelta(days=1),
            },
        ),
        playbooks=playbooks({"playbook_id": 11, "name": "Book a demo"}, {"playbook_id": 12}),
        users=users({"user_id": 502, "name": "Mia Example", "alias": "Mia"}),
    )


def many(n: int) -> Dataset[pl.DataFrame]:
    """Return conversations that started an hour apart, with ids beyond what a browser can count."""
    rows = [
        {"conversation_id": 2**53 + i, "created_at": MONDAY + timedelta(hours=i)} for i in range(n)
    ]
    return dataset(conversations=conversations(*rows))
