"""Time to close and reopens, slow and obvious: one conversation after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stretches import total

if TYPE_CHECKING:
    from datetime import datetime, timedelta

Row = dict[str, Any]


def time_to_close(life: list[Row], start: datetime | None = None) -> Row | None:
    """Measure one life from `start`, its creation by default; null for one of no interest."""
    statuses = {stretch["status"] for stretch in life}
    if "bulk_sent" in statuses and statuses <= {"bulk_sent", "closed"}:
        return None
    start = start or life[0]["entered_at"]
    as_of = life[-1]["left_at"]
    closes, reopens, forced = [], 0, []
    counted = False
    for n, stretch in enumerate(life):
        before = life[n - 1] if n else None
        if before is None or before["visit"] != stretch["visit"]:
            if before and before["status"] == "closed" and stretch["status"] in ("open", "pending"):
                reopens += counted
            counted = stretch["status"] == "closed" and stretch["entered_at"] >= start
            closes += [stretch["entered_at"]] * counted
        only_now = before is None or before["possible"] != ["closed"]
        if stretch["possible"] == ["closed"] and only_now and stretch["entered_at"] >= start:
            forced.append(stretch["entered_at"])
    last = life[-1:]
    life = [each for each in life if each["left_at"] > start or each["entered_at"] >= start] or last
    is_closed = life[-1]["status"] == "closed"
    if is_closed and not closes:
        closes = [start]
    may = [max(each["entered_at"], start) for each in life if "closed" in each["possible"]]
    excluded = [each["left_at"] for each in life if "closed" not in each["possible"]]
    may_end, must_end = "closed" in life[-1]["possible"], life[-1]["possible"] == ["closed"]
    moments = {
        "first_close_at": closes[0] if closes else None,
        "first_close_at_min": min(may, default=None),
        "first_close_at_max": min(forced, default=None),
        "last_close_at": closes[-1] if is_closed else None,
        "last_close_at_min": max([may[0], *excluded[-1:]]) if may_end else None,
        "last_close_at_max": (forced or [start])[-1] if must_end else as_of if may_end else None,
    }
    lengths = {
        name.replace("first", "time_to_first").replace("last", "time_to_last").replace("_at", ""): (
            None if moment is None else moment - start
        )
        for name, moment in moments.items()
    }

    def spent(counts: Any) -> timedelta:
        return total(
            [each["left_at"] - max(each["entered_at"], start) for each in life if counts(each)]
        )

    return {
        "conversation_id": life[0]["conversation_id"],
        "started_at": start,
        **moments,
        "watched": as_of - start,
        **lengths,
        "first_censored": not closes,
        "censored": not is_closed,
        "active_time": spent(lambda each: each["status"] != "closed"),
        "active_time_min": spent(lambda each: "closed" not in each["possible"]),
        "active_time_max": spent(lambda each: each["possible"] != ["closed"]),
        "n_closes": len(closes),
        "n_reopens": reopens,
    }


def reopens(life: list[Row], said: list[datetime], loaded: list[datetime]) -> list[Row]:
    """List the reopens of one life, given when its contact wrote and when anybody did."""
    visits = [
        each for n, each in enumerate(life) if n == 0 or life[n - 1]["visit"] != each["visit"]
    ]
    as_of = life[-1]["left_at"]
    found: list[Row] = []
    for n, visit in enumerate(visits[1:], 1):
        before = visits[n - 1]
        if before["status"] != "closed" or visit["status"] not in ("open", "pending"):
            continue
        last = [each for each in life if each["visit"] == before["visit"]][-1]
        closes = [each["entered_at"] for each in visits[n:] if each["status"] == "closed"]
        closed_at, at = before["entered_at"], visit["entered_at"]
        by = "agent" if any(moment <= as_of for moment in loaded) else "unknown"
        if visit["evidence"] == "message" or any(closed_at < moment <= at for moment in said):
            by = "contact"
        found.append(
            {
                "conversation_id": visit["conversation_id"],
                "reopen": len(found) + 1,
                "closed_at": closed_at,
                "reopened_at": at,
                "status": visit["status"],
                "is_certain": last["possible"] == ["closed"] and "closed" not in visit["possible"],
                "reopened_by": by,
                "after": at - closed_at,
                "next_close_at": closes[0] if closes else None,
                "time_to_next_close": closes[0] - at if closes else None,
                "censored": not closes,
                "watched": as_of - at,
            }
        )
    return found
