"""An export whose every name tries to be script, and whose bodies and people are canaries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from builders import NOON, changes, conversations, messages
from drift_analysis import schemas
from drift_analysis.schemas import Dataset

__all__ = ["BODY", "CANARIES", "PAYLOADS", "hostile_dataset"]

PAYLOADS = (
    "<script>window.PWNED=1</script>",
    '"><img src="http://a.example/x.png" onerror="window.PWNED=1">',
    "</style></svg><script>window.PWNED=1</script>",
    "javascript:window.PWNED=1",
    "{{ 7 * 7 }}{% raw %}",
    "' onload='window.PWNED=1",
    "]]><!--",
)
BODY = "canary-of-a-body"
CANARIES = ("canary-of-a-name", "canary@example.com")


def hostile_dataset() -> Dataset[pl.DataFrame]:
    """Return a data set in which everything a page shows by name is hostile."""
    n = len(PAYLOADS)
    tags = [{"name": payload, "color": "url(http://a.example/)"} for payload in PAYLOADS]
    talks = conversations(
        *(
            {
                "conversation_id": i,
                "created_at": NOON + timedelta(days=i),
                "updated_at": NOON + timedelta(days=i, hours=2),
                "status": ("closed", "open", "pending")[i % 3],
                "playbook_id": 1 + i % n,
                "tags": tags[i % n :],
                "is_detail": True,
                "extra": f'{{"name": "{CANARIES[0]}"}}',
            }
            for i in range(1, 8 * n)
        )
    )
    said: list[dict[str, Any]] = [
        {
            "conversation_id": i,
            "created_at": NOON + timedelta(days=i, minutes=minute),
            "author_type": "contact" if kind == "contact" else "user",
            "author_kind": kind,
            "author_id": 5,
            "body": f"{PAYLOADS[0]} {BODY} {CANARIES[1]}",
            "text": f"{BODY} {CANARIES[1]}",
            "context_city": CANARIES[0],
        }
        for i in range(1, 8 * n)
        for minute, kind in ((0, "contact"), (i, "human"))
    ]
    playbooks = [{"playbook_id": 1 + i, "name": name} for i, name in enumerate(PAYLOADS)]
    rejects = [
        {"source": name, "reason": "not_json", "detail": name, "raw": BODY.encode()}
        for name in PAYLOADS
    ]
    issues = [
        {"severity": "warning", "code": name, "table": "Messages", "n": 1, "detail": name}
        for name in PAYLOADS
    ]
    people = [{"contact_id": 1, "name": CANARIES[0], "email": CANARIES[1]}]
    users = [{"user_id": 5, "name": CANARIES[0], "email": CANARIES[1]}]
    return Dataset(
        conversations=talks,
        messages=messages(*said),
        status_events=changes((1, NOON + timedelta(days=1, hours=1), "closed")),
        playbooks=_rows(schemas.Playbooks, playbooks),
        users=_rows(schemas.Users, users),
        contacts=_rows(schemas.Contacts, people),
        meetings=schemas.Meetings.empty(),
        goals=schemas.Goals.empty(),
        participant_events=schemas.ParticipantEvents.empty(),
        rejects=_rows(schemas.Rejects, rejects),
        issues=_rows(schemas.Issues, issues),
        as_of=NOON + timedelta(days=8 * n),
    )


def _rows(table: type[schemas.Table], rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema(), orient="row")
