"""Steps and ways through the statuses, slow and obvious: one conversation after the other."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]


def visits(life: list[Row]) -> list[Row]:
    """Join the stretches of each visit."""
    joined: list[Row] = []
    for stretch in life:
        sure = len(stretch["possible"]) == 1
        if joined and joined[-1]["visit"] == stretch["visit"]:
            joined[-1]["sure"].append(sure)
            joined[-1]["left_at"] = stretch["left_at"]
        else:
            joined.append({**stretch, "sure": [sure]})
    return joined


def rounded(milliseconds: float) -> timedelta:
    return timedelta(milliseconds=round(milliseconds))


def transitions(lives: list[list[Row]]) -> list[Row]:
    """Count all steps; `median_stay` is left to the survival curves' own tests."""
    taken: dict[tuple[str | None, str | None], list[Row]] = {}
    for life in lives:
        stays = visits(life)
        for before, after in pairwise([None, *stays, None]):
            wait = before and (before["left_at"] - before["entered_at"])
            sure = (before is None or before["sure"][-1]) and (after is None or after["sure"][0])
            seen = [each["status"] for each in stays[: stays.index(after)]] if after else []
            step = (before["status"] if before else None, after["status"] if after else None)
            taken.setdefault(step, []).append(
                {
                    "id": life[0]["conversation_id"],
                    "wait": wait,
                    "sure": sure,
                    "loop": after is not None and after["status"] in seen,
                }
            )
    leaving: Counter[str | None] = Counter()
    for (left, _), steps in taken.items():
        leaving[left] += len(steps)
    rows = []
    for (left, entered), steps in taken.items():
        waits = [step["wait"] / timedelta(milliseconds=1) for step in steps if left]
        rows.append(
            {
                "from_status": left,
                "to_status": entered,
                "n": len(steps),
                "conversations": len({step["id"] for step in steps}),
                "share": len(steps) / leaving[left],
                "n_certain": sum(step["sure"] for step in steps),
                "n_loops": sum(step["loop"] for step in steps),
                "mean_wait": rounded(sum(waits) / len(waits)) if waits else None,
                "median_wait": rounded(median(waits)) if waits else None,
            }
        )
    return rows


def variants(lives: list[list[Row]]) -> list[Row]:
    """Count the ways of all lives."""
    ways: Counter[tuple[str, ...]] = Counter()
    certain: Counter[tuple[str, ...]] = Counter()
    for life in lives:
        stays = visits(life)
        way = tuple(stay["status"] for stay in stays)
        ways[way] += 1
        certain[way] += all(all(stay["sure"]) for stay in stays)
    rows = [
        {
            "variant": " → ".join(way) + (" → …" if way[-1] != "closed" else ""),
            "statuses": list(way),
            "is_open": way[-1] != "closed",
            "conversations": n,
            "share": n / len(lives),
            "n_certain": certain[way],
            "rank": 1 + sum(other > n for other in ways.values()),
        }
        for way, n in ways.items()
    ]
    return sorted(rows, key=lambda row: (row["rank"], row["variant"]))
