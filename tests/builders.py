"""Small frames for tests, built from the few columns that a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from drift_analysis.schemas import Conversations, Messages, StatusEvents, Table

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def table(schema: type[Table], rows: list[dict[str, Any]], **defaults: Any) -> pl.DataFrame:
    """Fill the columns that a test does not name with the default, else null."""
    names = schema.column_names()
    filled = [{name: {**defaults, **row}.get(name) for name in names} for row in rows]
    return schema.checked(pl.DataFrame(filled, schema=schema.schema(), orient="row"))


def conversations(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build conversations; `status` and `created_at` have defaults."""
    defaults = {
        "status": "open",
        "status_raw": "as sent",
        "created_at": NOON,
        "is_detail": False,
        "source": "test",
    }
    return table(Conversations, list(rows), **defaults)


def messages(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build messages: a contact's chat at noon by default; ids count up from 1."""
    defaults = {
        "conversation_id": 1,
        "author_type": "contact",
        "author_kind": "contact",
        "type": "chat",
        "type_raw": "chat",
        "created_at": NOON,
        "is_visible": True,
        "is_deleted": False,
        "n_edits": 0,
        "source": "test",
    }
    numbered = [{"message_id": n, **row} for n, row in enumerate(rows, 1)]
    return table(Messages, numbered, **defaults)


def changes(*rows: tuple[int, datetime, str]) -> pl.DataFrame:
    """Build webhook events from (conversation, moment, status)."""
    return table(
        StatusEvents,
        [
            {
                "conversation_id": conversation,
                "changed_at": at,
                "status": status,
                "status_raw": status,
                "source": "webhook",
                "earliest_at": at,
                "latest_at": at,
            }
            for conversation, at, status in rows
        ],
    )


def snapshots(*rows: tuple[int, datetime, datetime, str]) -> pl.DataFrame:
    """Build snapshots from (conversation, witnessed from, witnessed until, status)."""
    return table(
        StatusEvents,
        [
            {
                "conversation_id": conversation,
                "changed_at": begin,
                "status": status,
                "status_raw": status,
                "source": "snapshot",
                "earliest_at": begin,
                "latest_at": end,
            }
            for conversation, begin, end, status in rows
        ],
    )


def tagged(*tags: list[str] | None, **columns: list[Any]) -> pl.DataFrame:
    """Build conversations from the names of their tags; ids count up from 1, None is unknown."""
    return conversations(
        *(
            {
                "conversation_id": n,
                "tags": None if names is None else [{"name": t, "color": None} for t in names],
                **{column: values[n - 1] for column, values in columns.items()},
            }
            for n, names in enumerate(tags, 1)
        )
    )
