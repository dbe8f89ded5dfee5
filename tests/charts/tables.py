"""Tables for charts, made by hand, and what is read from a chart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from builders import NOON, table
from drift_analysis.schemas import (
    FirstResponse,
    PlaybookAttribution,
    StatusIntervals,
    TagFrequency,
    TimeInStatus,
)

AS_OF = datetime(2026, 3, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def times(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build a `TimeInStatus`; exact unless bounds are given."""
    filled = [
        {"duration_min": row["duration"], "duration_max": row["duration"], **row} for row in rows
    ]
    numbered = [{"conversation_id": n, **row} for n, row in enumerate(filled)]
    return table(TimeInStatus, numbered, status="open", n_visits=1, censored=False)


def minutes_open(*minutes: float, **more: Any) -> list[dict[str, Any]]:
    return [{"duration": m * MINUTE, **more} for m in minutes]


def waits(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build a `FirstResponse`: answered by a human, from noon on."""
    filled = [
        {"started_at": NOON, "ended_at": NOON + row["wait"], **row} if row.get("wait") else row
        for row in rows
    ]
    numbered = [{"conversation_id": n, **row} for n, row in enumerate(filled)]
    return table(FirstResponse, numbered)


def answered(minutes: float, kind: str = "human") -> dict[str, Any]:
    outcome = {"outcome": "answered", "censored": False, "responder_kind": kind}
    return {"wait": minutes * MINUTE, **outcome}


def ended(minutes: float, outcome: str) -> dict[str, Any]:
    return {"wait": minutes * MINUTE, "outcome": outcome, "censored": outcome == "waiting"}


def playbooks(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build a `PlaybookAttribution` from counts alone."""
    counts = dict.fromkeys(("bulk_sent", "closed"), 0)
    numbered = [
        {"playbook_id": 100 + n if row.get("attribution") is None else None, **row}
        for n, row in enumerate(rows)
    ]
    return table(PlaybookAttribution, numbered, attribution="playbook", engaged=0, **counts)


def tags(*rows: dict[str, Any], n_known: int = 100, **more: Any) -> pl.DataFrame:
    """Build a `TagFrequency` from counts alone, with an interval of 5 points to either side."""
    filled = []
    for rank, row in enumerate(rows, start=1):
        share = row["conversations"] / n_known
        bounds = {"share_lo": max(0.0, share - 0.05), "share_hi": min(1.0, share + 0.05)}
        filled.append({"rank": rank, "share": share, **bounds, "variants": [row["tag"]], **row})
    common = {"n_known": n_known, "n_untagged": 0, "n_unknown": 0, "n_colors": 1}
    seen = {"first_seen": AS_OF - timedelta(days=30), "last_seen": AS_OF}
    return table(TagFrequency, filled, **{**common, **seen, **more})


def weekly(shares: dict[str, list[float]], n_known: list[int]) -> pl.DataFrame:
    """Build a `TagFrequency` by week, from Monday 2 March 2026 on."""
    weeks = []
    for week, known in enumerate(n_known):
        rows = [
            {"tag": tag, "conversations": round(share[week] * known), "color": "0176FF"}
            for tag, share in shares.items()
        ]
        monday = date(2026, 3, 2) + timedelta(weeks=week)
        weeks.append(tags(*rows, n_known=known).with_columns(period=pl.lit(monday)))
    return pl.concat(weeks)


def intervals(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build `StatusIntervals` from `hours` since noon and statuses; certain unless said."""
    filled = []
    for row in rows:
        first, last = row["hours"]
        entered, left = NOON + timedelta(hours=first), NOON + timedelta(hours=last)
        filled.append(
            {
                "visit": 1,
                "possible": [row["status"]],
                "entered_at": entered,
                "left_at": left,
                "duration": left - entered,
                "censored": False,
                "evidence": "webhook",
                **row,
            }
        )
    return table(StatusIntervals, filled)


def datasets(spec: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return list(spec["datasets"].values())


def rows_with(spec: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Return the rows of the first data set that has these columns."""
    return next(rows for rows in datasets(spec) if rows and all(name in rows[0] for name in names))


def row_count(spec: dict[str, Any]) -> int:
    return sum(len(rows) for rows in datasets(spec))


def title(spec: dict[str, Any]) -> str:
    text: list[str] = spec["vconcat"][0]["title"]["text"]
    return " ".join(text).replace("\u00a0", " ")


def subtitle(spec: dict[str, Any]) -> str:
    text: list[str] = spec["vconcat"][0]["title"]["subtitle"]
    return " ".join(text).replace("\u00a0", " ")


def caption(spec: dict[str, Any]) -> str:
    text: list[str] = spec["vconcat"][1]["mark"]["text"]
    return " ".join(text).replace("\u00a0", " ")


def calm_sentence(spec: dict[str, Any]) -> str:
    text: list[str] = spec["vconcat"][0]["mark"]["text"]
    return " ".join(text).replace("\u00a0", " ")


def encodings(node: Any, channel: str) -> list[dict[str, Any]]:
    """Return what every mark of a specification says about a channel."""
    found = []
    if isinstance(node, dict):
        if isinstance(node.get("encoding"), dict) and channel in node["encoding"]:
            found.append(node["encoding"][channel])
        for value in node.values():
            found.extend(encodings(value, channel))
    if isinstance(node, list):
        for value in node:
            found.extend(encodings(value, channel))
    return found


HOSTILE = (
    "</script><script>window.PWNED=1</script><img src=x onerror=alert(1)>",
    "datum['x'] + \"quoted\" \\ 'single' {{ signal }}",
    "Customers from the northern regions with a name of sixty lettr",
    "\u202eשלום עולם",
)
"""Names that a person or a program may have given: markup, quotes, long, from right to left."""

_CODE = {"expr", "labelExpr", "calculate", "filter", "signal", "field", "format", "href", "url"}


def code(node: Any, key: str = "") -> list[str]:
    """Return every text of a specification that a browser would run or look up."""
    if isinstance(node, dict):
        return [found for name, value in node.items() for found in code(value, name)]
    if isinstance(node, list):
        return [found for value in node for found in code(value, key)]
    return [node] if isinstance(node, str) and key in _CODE else []


def stays_text(spec: dict[str, Any], *names: str) -> bool:
    """Tell whether names stand in the data alone, and in nothing that is run."""
    known = [str(value) for rows in datasets(spec) for row in rows for value in row.values()]
    data = " ".join(" ".join(known).split())
    run = {**spec, "datasets": {}}
    return all(
        name[:12] in data and not any(name[:12] in found for found in code(run)) for name in names
    )


def description(spec: dict[str, Any]) -> str:
    text: str = spec["description"]
    return text
