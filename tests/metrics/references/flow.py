"""Flow and ageing, slow and obvious: one period and one conversation after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from drift_analysis.schemas import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

Row = dict[str, Any]
OPENED = {"open", "pending"}


def first_day(day: date, every: str) -> date:
    if every == "1w":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "1mo" else day


def next_first_day(day: date, every: str) -> date:
    if every == "1mo":
        return first_day(day + timedelta(days=31), every)
    return day + timedelta(days=7 if every == "1w" else 1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def periods(lives: list[list[Row]], every: str, zone: ZoneInfo) -> Iterator[date]:
    """Go through the periods from the first creation to the last moment before `as_of`."""
    last = lives[0][-1]["left_at"] - timedelta(milliseconds=1)
    moments = [min(life[0]["entered_at"], last) for life in lives]
    day = first_day(min(moments).astimezone(zone).date(), every)
    while day <= last.astimezone(zone).date():
        yield day
        day = next_first_day(day, every)


def levels(past: list[Row]) -> dict[str, tuple[bool, bool, bool]]:
    """Tell of what had begun in a life whether it counts: estimated, certainly, possibly."""
    if not past:
        return dict.fromkeys(("open", "pending", "backlog", "arrivals", "closes"), (False,) * 3)
    now, may = past[-1]["status"], set(past[-1]["possible"])

    def ever(test: Callable[[set[str]], bool]) -> bool:
        return any(test(set(each["possible"])) for each in past)

    return {
        "open": (now == "open", may == {"open"}, "open" in may),
        "pending": (now == "pending", may == {"pending"}, "pending" in may),
        "backlog": (now in OPENED, may <= OPENED, bool(may & OPENED)),
        "arrivals": (
            any(each["status"] != "bulk_sent" for each in past),
            ever(lambda possible: "bulk_sent" not in possible),
            ever(lambda possible: possible != {"bulk_sent"}),
        ),
        "closes": (
            any(each["status"] == "closed" for each in past),
            ever(lambda possible: possible == {"closed"}),
            ever(lambda possible: "closed" in possible),
        ),
    }


def flow(lives: list[list[Row]], every: str, zone: ZoneInfo) -> list[Row]:
    """Count each period by looking at every stretch of every life."""
    if not lives:
        return []
    as_of = lives[0][-1]["left_at"]
    rows: list[Row] = []
    before = dict.fromkeys(("arrivals", "closes", "reopens"), 0)
    for day in periods(lives, every, zone):
        end = midnight(next_first_day(day, every), zone)
        row: Row = {"period": day, "is_complete": end <= as_of}
        so_far = [
            [each for each in life if end >= as_of or each["entered_at"] < end] for life in lives
        ]
        for level in ("open", "pending", "backlog", "arrivals", "closes"):
            name = f"cumulative_{level}" if level in before else level
            three = zip(*(levels(past)[level] for past in so_far), strict=True)
            row |= {
                name + suffix: sum(n) for suffix, n in zip(("", "_min", "_max"), three, strict=True)
            }
        totals = {
            "arrivals": row["cumulative_arrivals"],
            "closes": sum(entries(past, {None, *STATUSES}, {"closed"}) for past in so_far),
            "reopens": sum(entries(past, {"closed"}, OPENED) for past in so_far),
        }
        row |= {name: total - before[name] for name, total in totals.items()}
        row["net_flow"] = row["arrivals"] + row["reopens"] - row["closes"]
        rows.append(row)
        before = totals
    return rows


def entries(past: list[Row], before: set[str | None], after: set[str]) -> int:
    """Count the visits to one of `after` that follow one to one of `before`."""
    steps = zip([None, *past], past, strict=False)
    return sum(
        now["status"] in after and (was and was["status"]) in before
        for was, now in steps
        if was is None or was["visit"] != now["visit"]
    )


def ageing(lives: list[list[Row]]) -> list[Row]:
    """Compare each open life with every finished one."""
    work = []
    for life in lives:
        statuses = {each["status"] for each in life}
        if "bulk_sent" in statuses and statuses <= {"bulk_sent", "closed"}:
            continue
        arrived = [each["entered_at"] for each in life if each["status"] != "bulk_sent"]
        last = life[-1]
        if last["status"] == "closed":
            end = next(each for each in life if each["visit"] == last["visit"])["entered_at"]
        else:
            end = last["left_at"]
        if arrived:
            work.append((life, last, arrived[0], end - arrived[0]))
    finished = [age for _, last, _, age in work if last["status"] == "closed"]
    rows = [
        {
            "conversation_id": life[0]["conversation_id"],
            "status": last["status"],
            "is_certain": set(last["possible"]) <= OPENED,
            "arrived_at": arrived,
            "age": age,
            "share_faster": sum(other <= age for other in finished) / len(finished)
            if finished
            else None,
            "n_finished": len(finished),
            "finished_p50": reached(finished, 0.5),
            "finished_p90": reached(finished, 0.9),
        }
        for life, last, arrived, age in work
        if last["status"] in OPENED
    ]
    return sorted(rows, key=lambda row: (row["arrived_at"], row["conversation_id"]))


def reached(lengths: list[Any], share: float) -> Any:
    """Return the shortest length that at least this share does not exceed."""
    ordered = sorted(lengths)
    return next((x for n, x in enumerate(ordered, 1) if n / len(ordered) >= share), None)
