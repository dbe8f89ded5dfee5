"""An export whose every name tries to be script, and whose bodies and people are canaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from builders import NOON, changes, conversations, messages
from drift_analysis import schemas
from drift_analysis.schemas import Dataset

__all__ = ["BODY", "CANARIES", "FORMULAS", "PAYLOADS", "hostile_dataset", "hostile_meetings"]

_KNOWN = (
    "<script>window.PWNED=1</script>",
    '"><img src="http://a.example/x.png" onerror="window.PWNED=1">',
    "</style></svg><script>window.PWNED=1</script>",
    "javascript:window.PWNED=1",
    "{{ 7 * 7 }}{% raw %}",
    "' onload='window.PWNED=1",
    "]]><!--",
)
_BEFORE = (
    "",
    '">',
    "'>",
    "</title>",
    "</style>",
    "</svg>",
    "]]>",
    "-->",
    "</text>",
    "</td></table>",
)
_ELEMENTS = (
    "<script src=//a.example/x.js></script>",
    "<img src=x onerror=window.PWNED=1>",
    "<svg onload=window.PWNED=1>",
    "<iframe src=javascript:parent.PWNED=1></iframe>",
    "<object data=//a.example/x></object>",
    "<embed src=//a.example/x>",
    "<a href=javascript:window.PWNED=1>a</a>",
    "<body onload=window.PWNED=1>",
    "<link rel=stylesheet href=//a.example/x.css>",
    "<style>@import '//a.example/x.css'</style>",
    "<form action=//a.example><button>b</button></form>",
    "<base href=//a.example/>",
    "<meta http-equiv=refresh content=0;//a.example>",
)
_OTHERS = (
    "${7*7} #{7*7} <%= 7*7 %>",
    "data:text/html,<script>window.PWNED=1</script>",
    "&lt;script&gt;window.PWNED=1&lt;/script&gt;",
    "%3Cscript%3Ewindow.PWNED=1%3C/script%3E",
    "\\u003cscript\\u003ewindow.PWNED=1",
    "\u202egnp.exe\u202c",
    "a\u2028b\u2029c",
    '#eval("1") #read("review.json")',
    '#image("/x.png") <label> @label $x$ *a* _b_ `c`',
    "datum.constructor.constructor('window.PWNED=1')()",
    "url(http://a.example/x.png)",
    "expression(window.PWNED=1)",
    "&#x6a;avascript:window.PWNED=1",
)
PAYLOADS = (*_KNOWN, *_OTHERS, *(before + each for before in _BEFORE for each in _ELEMENTS))
"""One hundred and fifty texts that would run, load or rearrange something, if they were let."""

FORMULAS = tuple(
    before + each
    for before in ("", "\t", "\r", "\n", " ")
    for each in (
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1,1)",
        '=HYPERLINK("http://a.example","a")',
        "=cmd|' /C calc'!A0",
        "\uff1d1+1",
        "x;=1+1",
    )
)
"""Forty texts that a spreadsheet would compute."""

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
            for i in range(1, 3 * n)
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
        for i in range(1, 3 * n)
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
        as_of=NOON + timedelta(days=3 * n),
    )


def hostile_meetings() -> Dataset[pl.DataFrame]:
    """Return the same with contacts who meet hostile playbooks and book meetings."""
    data = hostile_dataset()
    talks = data.conversations.with_columns(contact_id=pl.col("conversation_id") % 50)
    booked = [
        {
            "event_id": payload,
            "conversation_id": 3 * n + 1,
            "scheduled_at": NOON + timedelta(days=3 * n + 2),
            "notes": f"{BODY} {payload}",
            "source": payload,
        }
        for n, payload in enumerate(PAYLOADS)
    ]
    return replace(data, conversations=talks, meetings=_rows(schemas.Meetings, booked))


def _rows(table: type[schemas.Table], rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema(), orient="row")
