"""Definitions applied to one conversation after the other, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime, timedelta

Row = dict[str, Any]

__all__ = ["World", "result", "walk"]

NOTHING: Row = {"duration": None, "reopens": None, "outcome": None, "left_out": None}


@dataclass
class World:
    """What is known of one conversation at `as_of`."""

    record: Row
    said: list[Row]
    life: list[Row]
    handed_at: datetime | None
    as_of: datetime
    skew: timedelta


def walk(world: World, base: Row, profile: Row, rules: tuple[str, ...]) -> str | None:
    """Name the first rule of the profile that changes what the base says."""
    if seen(result(world, profile)) == seen(result(world, base)):
        return None
    stage = dict(base)
    for rule in rules:
        if rule in profile and rule != "average":
            stage[rule] = profile[rule]
            if seen(result(world, stage)) != seen(result(world, base)):
                return rule
    raise AssertionError(rules)


def seen(found: Row) -> Row:
    return {**found, "left_out": found["left_out"] is None}


def result(world: World, profile: Row) -> Row:
    return closing(world, profile) if "greetings" not in profile else waiting(world, profile)


def waiting(world: World, profile: Row) -> Row:
    written = sorted(
        (m for m in world.said if m["type"] in ("chat", "private_note") and not gone(world, m)),
        key=lambda m: (m["created_at"], m["message_id"]),
    )
    chats = [m for m in written if m["type"] == "chat"]
    contact = next((m for m in chats if m["author_kind"] == "contact"), None)
    asked_at = contact["created_at"] if contact else None
    answered_at = None
    for place, message in enumerate(written):
        after = contact is not None and contact in written[: place + 1]
        in_place = {
            "no_answer": after,
            "all_but_opening": not chats or message is not chats[0],
            "answers": True,
        }[profile["greetings"]]
        if in_place and answers(message, profile):
            answered_at = message["created_at"]
            break
    if not world.said:
        return {**NOTHING, "left_out": "no_messages"}
    if contact is None and profile["population"] == "contacted":
        return {**NOTHING, "left_out": "population"}
    start = started(world, profile, asked_at, answered_at)
    if start is None:
        return {**NOTHING, "left_out": "no_start"}
    at = world.record["updated_at"] or max(m["created_at"] for m in world.said)
    is_closed = world.record["status"] == "closed" and start <= at <= world.as_of
    end = answered_at or (at if is_closed else world.as_of)
    if end + world.skew < start:
        return {**NOTHING, "left_out": "before_start"}
    if answered_at is None and profile["unfinished"] == "left_out":
        return {**NOTHING, "left_out": "unfinished"}
    outcome = "ended" if answered_at else "closed" if is_closed else "running"
    return {**NOTHING, "duration": max(end, start) - start, "outcome": outcome}


def gone(world: World, message: Row) -> bool:
    return bool(message["is_deleted"] and message["edited_at"] <= world.as_of)


def answers(message: Row, profile: Row) -> bool:
    kinds = ("human",) if profile["bots"] == "no_answer" else ("human", "bot", "unknown")
    automatic = message["app_id"] or message["integration_source"]
    return (
        message["author_kind"] in kinds
        and not (automatic and profile["automatic"] == "no_answer")
        and not (message["type"] == "private_note" and profile["notes"] == "no_answer")
    )


def started(
    world: World, profile: Row, asked_at: datetime | None, answered_at: datetime | None
) -> datetime | None:
    created = world.record["created_at"]
    handed = world.handed_at and max(world.handed_at, asked_at or world.handed_at)
    if handed and answered_at and handed > answered_at + world.skew:
        handed = None
    start: datetime | None = {
        "first_contact": asked_at,
        "created": created,
        "handoff": handed,
        "handoff_or_created": handed or created,
    }[profile["clock"]]
    if start is None or profile["reopened"] == "goes_on":
        return start
    return max([start, *(at for at in reopened(world.life) if at <= (answered_at or world.as_of))])


def visits(life: list[Row]) -> list[Row]:
    return [each for n, each in enumerate(life) if n == 0 or life[n - 1]["visit"] != each["visit"]]


def reopened(life: list[Row]) -> list[datetime]:
    return [
        now["entered_at"]
        for before, now in pairwise(visits(life))
        if before["status"] == "closed" and now["status"] in ("open", "pending")
    ]


def closing(world: World, profile: Row) -> Row:
    chats = [m for m in world.said if m["type"] == "chat" and not gone(world, m)]
    first = {
        kind: min((m["created_at"] for m in chats if m["author_kind"] == kind), default=None)
        for kind in ("contact", "human")
    }
    needs = profile["population"] in ("contacted", "replied") or profile["clock"] != "created"
    if needs and not world.said:
        return {**NOTHING, "left_out": "no_messages"}
    statuses = {each["status"] for each in world.life}
    alone = "bulk_sent" in statuses and statuses <= {"bulk_sent", "closed"}
    belongs = {
        "all": True,
        "engaged": not alone,
        "contacted": first["contact"] is not None,
        "replied": first["human"] is not None,
    }
    if not belongs[profile["population"]]:
        return {**NOTHING, "left_out": "population"}
    if not world.life or (profile["clock"] != "created" and first["contact"] is None):
        return {**NOTHING, "left_out": "no_start"}
    begun = world.life[0]["entered_at"]
    start = begun if profile["clock"] == "created" else max(begun, first["contact"])
    return of_life(world.life, start, profile)


def of_life(life: list[Row], start: datetime, profile: Row) -> Row:
    closes, reopens = entries(life, start)
    if "close" not in profile:
        return {**NOTHING, "reopens": reopens}
    is_closed = life[-1]["status"] == "closed"
    if is_closed and not closes:
        closes = [start]
    kept = profile["close"] == "last" and profile.get("reopened") == "kept"
    counts = closes if profile["close"] == "first" or is_closed or kept else []
    end = None if not counts else counts[0] if profile["close"] == "first" else counts[-1]
    if end is None and profile["unfinished"] == "left_out":
        return {**NOTHING, "left_out": "unfinished"}
    outcome = "running" if end is None else "ended"
    length = (end or life[-1]["left_at"]) - start
    if profile["close"] == "open_time":
        length = not_closed(life, start)
    return {**NOTHING, "duration": length, "outcome": outcome}


def entries(life: list[Row], start: datetime) -> tuple[list[datetime], int]:
    """Return when it closed since the start, and how often it was opened after that."""
    closes: list[datetime] = []
    reopens, counted = 0, False
    for before, now in pairwise([{"visit": 0, "status": None}, *life]):
        if before["visit"] == now["visit"]:
            continue
        if before["status"] == "closed" and now["status"] in ("open", "pending"):
            reopens += counted
        counted = now["status"] == "closed" and now["entered_at"] >= start
        closes += [now["entered_at"]] * counted
    return closes, reopens


def not_closed(life: list[Row], start: datetime) -> timedelta:
    spent = [
        each["left_at"] - max(each["entered_at"], start)
        for each in life
        if each["status"] != "closed" and each["left_at"] > start
    ]
    return sum(spent, start - start)
