"""Data sets that reviews find hard: long names, one conversation, an audience that leaves none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import drift_analysis as da
from builders import NOON, changes, conversations, messages, table
from charts.gallery import renamed
from drift_analysis.report import Audience, Review
from drift_analysis.schemas import Playbooks
from report.hostile import PAYLOADS, hostile_dataset

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.schemas import Dataset

__all__ = ["LONG", "of_everything_awkward", "of_long_names", "of_nobody", "of_one"]

LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung für Neukundinnen",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz, zweite Fassung (Entwurf)",
    "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung und was dazugehört",
)


def of_long_names() -> Review:
    """Playbooks, tags and a title whose words are longer than many lines."""
    people = {"author_type": "user", "author_kind": "human"}
    talks = [
        {
            "conversation_id": n,
            "created_at": NOON + timedelta(days=n),
            "updated_at": NOON + timedelta(days=n, hours=4),
            "status": "closed",
            "playbook_id": n % 3,
            "contact_id": n % 7,
            "is_detail": True,
            "tags": [{"name": each} for each in LONG[n % 3 :]],
        }
        for n in range(30)
    ]
    said: list[dict[str, Any]] = [
        {"conversation_id": n, "created_at": NOON + timedelta(days=n, hours=h), **who}
        for n in range(30)
        for h, who in ((0, {}), (1 + n % 3, people))
        if n % 4 or not who
    ]
    names = [{"playbook_id": n, "name": name, "source": "a"} for n, name in enumerate(LONG)]
    data = _with(talks, said, playbooks=table(Playbooks, names))
    sections = ("first-response", "playbooks", "playbook-funnel", "tags", "tag-distinctive")
    return Review(data, title=f"{LONG[0]}: {LONG[1]}; {LONG[2]}", sections=sections)


def of_everything_awkward() -> Review:
    """Every section, of names and a title that are long, hostile, or both, and compared."""
    names = [
        f"{PAYLOADS[7 * n]} {LONG[n % 3]}" if n % 2 else f"{LONG[n % 3]} {n}" for n in range(12)
    ]
    return Review(
        renamed(da.load("data/sample"), names),
        title=f"{PAYLOADS[1]} {LONG[0]}: {LONG[1]}; {LONG[2]}",
        sections="all",
        period="last 4 weeks",
        compare="previous",
    )


def of_one() -> Review:
    """One conversation, of which next to nothing is known."""
    return Review(_with([{"conversation_id": 1}], []), title="One")


def of_nobody() -> Review:
    """An audience of whom nobody began a conversation in the period."""
    talks: list[dict[str, Any]] = [{"conversation_id": n, "inbox_id": n} for n in (1, 2)]
    talks[0]["created_at"] = NOON - timedelta(days=40)
    data = _with(talks, [])
    audience = Audience(inboxes=[1])
    return Review(data, title="Nobody", audience=audience, period="2026-W10", compare="previous")


def _with(
    talks: list[dict[str, Any]], said: list[dict[str, Any]], **more: pl.DataFrame
) -> Dataset[pl.DataFrame]:
    return replace(
        hostile_dataset(),
        conversations=conversations(*talks),
        messages=messages(*said),
        status_events=changes(),
        as_of=NOON + timedelta(days=40),
        **more,
    )
