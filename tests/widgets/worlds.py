"""Small data sets for the widgets, hostile and large ones among them."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from builders import conversations, messages, table
from drift_analysis import schemas
from drift_analysis.schemas import Dataset, Playbooks, Users
from drift_analysis.schemas.messages import AUTHOR_KINDS
from drift_analysis.widgets import Absence, Filters, Pick

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


STATUSES = ("open", "pending", "closed", "bulk_sent")
SPELLINGS = ("Pricing", " pricing ", "PRICING", "demo", "De  mo", "Straße", "STRASSE", "ΣΑΣ", "σας")
TEXTS = ("Hello", "the PRICE (net)", "price.", "^$ [a-z]+", "")
NEEDLES = ("price", "(NET)", "^$ [", "'\"\\", "ΣΑ", "1", "demo", "book")

days = st.dates(date(2026, 3, 1), date(2026, 3, 9))
lengths = st.none() | st.integers(0, 90).map(lambda n: timedelta(minutes=n))
picks = st.builds(
    lambda first, length, status: Pick(first, first + timedelta(days=length), status),
    days,
    st.integers(0, 3),
    st.none() | st.sampled_from(STATUSES),
)
asked = st.builds(
    Filters,
    start=st.none() | days,
    end=st.none() | days,
    status=st.none() | st.sampled_from(STATUSES),
    inbox=st.none() | st.integers(3, 5),
    playbook=st.none() | st.integers(11, 13) | st.sampled_from(Absence),
    tag=st.none()
    | st.sampled_from(SPELLINGS)
    | st.lists(st.sampled_from(SPELLINGS), max_size=3).map(tuple)
    | st.sampled_from(Absence),
    match=st.sampled_from(["any", "all"]),
    participant=st.none() | st.integers(501, 503),
    author=st.none() | st.sampled_from(AUTHOR_KINDS),
    shortest=lengths,
    longest=lengths,
    unanswered=st.none() | st.booleans(),
    text=st.none() | st.sampled_from(NEEDLES),
    find=st.none() | st.sampled_from(NEEDLES),
    picked=st.lists(picks, max_size=2).map(tuple),
)
"""Filters of every kind, most of which fit few conversations of `worlds`."""

one_asked = st.sampled_from([field.name for field in fields(Filters)]).flatmap(
    lambda name: asked.map(lambda many: Filters(**{name: getattr(many, name), "match": many.match}))
)
"""Filters of which one is on, or none."""


@st.composite
def worlds(draw: st.DrawFn) -> Dataset[pl.DataFrame]:
    """Make a few conversations with a few messages."""
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        is_detail = draw(st.booleans())
        names = draw(st.lists(st.sampled_from(SPELLINGS), max_size=3))
        users = draw(st.none() | st.lists(st.integers(501, 503), max_size=2, unique=True))
        started = MONDAY + timedelta(hours=draw(st.integers(-30, 190)))
        rows.append(
            {
                "conversation_id": number,
                "created_at": started,
                "status": draw(st.sampled_from(STATUSES)),
                "inbox_id": draw(st.none() | st.integers(3, 5)),
                "playbook_id": draw(st.none() | st.integers(11, 13)) if is_detail else None,
                "tags": tag(*names) if is_detail else None,
                "participants": users if is_detail else None,
                "is_detail": is_detail,
            }
        )
        for _ in range(draw(st.integers(0, 3))):
            is_chat = draw(st.booleans())
            said.append(
                {
                    "conversation_id": number,
                    "created_at": started + timedelta(minutes=draw(st.integers(0, 60))),
                    "author_kind": draw(st.sampled_from(AUTHOR_KINDS)),
                    "text": draw(st.none() | st.sampled_from(TEXTS)),
                    "type": "chat" if is_chat else "private_note",
                    "is_visible": is_chat,
                }
            )
    return dataset(
        conversations=conversations(*rows),
        messages=messages(*said),
        playbooks=playbooks({"playbook_id": 11, "interaction_id": 12, "name": "Book a demo"}),
    )
