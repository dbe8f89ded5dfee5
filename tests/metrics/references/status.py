"""Time in status, slow and obvious: one conversation, one status and one group after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drift_analysis.schemas import STATUSES
from stretches import total

Row = dict[str, Any]
BOUNDS = ("", "_min", "_max")


def time_in_status(life: list[Row], stays: str) -> list[Row]:
    """Add up one life; without `left_at` after the years of a calendar there is nothing to add."""
    certain = all(len(each["possible"]) == 1 for each in life)
    rows = []
    for status in STATUSES:
        visits = sorted({each["visit"] for each in life if each["status"] == status})
        possible = any(status in each["possible"] for each in life)
        if not visits and not possible:
            continue
        chosen = {"all": visits, "first": visits[:1], "last": visits[-1:]}[stays]
        mine = [each for each in life if each["visit"] in chosen]
        spent = total([each["duration"] for each in mine])
        least = total([each["duration"] for each in life if each["possible"] == [status]])
        most = total([each["duration"] for each in life if status in each["possible"]])
        if stays != "all":
            least = most = spent if certain else None  # type: ignore[assignment]
        rows.append(
            {
                "conversation_id": life[0]["conversation_id"],
                "status": status,
                "duration": spent,
                "duration_min": least,
                "duration_max": most,
                "n_visits": len(chosen),
                "censored": any(each["censored"] for each in mine),
            }
        )
    return rows


def grouped(times: list[Row]) -> list[Row]:
    """Summarise the conversations of one group by status."""
    rows = []
    for status in STATUSES:
        all_ = [row for row in times if row["status"] == status]
        if not all_:
            continue
        visited = [row for row in all_ if row["n_visits"]]
        n, n_censored = len(visited), sum(row["censored"] for row in visited)
        row: Row = {
            "status": status,
            "n": n,
            "n_censored": n_censored,
            "share_censored": n_censored / n if n else None,
        }
        for bound in BOUNDS:
            lengths = [each[f"duration{bound}"] for each in all_]
            seen = [each[f"duration{bound}"] for each in visited]
            known = None not in seen
            row[f"total{bound}"] = None if None in lengths else total(lengths)
            row[f"mean{bound}"] = rounded(total(seen) / n) if n and known else None
            waits = [(each[f"duration{bound}"], each["censored"]) for each in visited]
            for name, q in (("median", 0.5), ("p90", 0.9)):
                row[f"{name}{bound}"] = quantile(waits, q) if known else None
        rows.append(row)
    return rows


def rounded(length: timedelta) -> timedelta:
    return timedelta(milliseconds=round(length / timedelta(milliseconds=1)))


def quantile(waits: list[tuple[timedelta, bool]], q: float) -> timedelta | None:
    """Return the first time at which Kaplan and Meier's curve comes down to 1 - q."""
    survival = 1.0
    for t in sorted({length for length, _ in waits}):
        at_risk = sum(length >= t for length, _ in waits)
        survival *= 1 - sum(length == t and not censored for length, censored in waits) / at_risk
        if survival <= 1 - q + 1e-12:
            return t
    return None
