"""A demo Drift on a stage: one server for many tests, with another organisation for each."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import drift_analysis as da
from drift_analysis.demo import Demo, World, serving
from drift_analysis.sources.api.client import DriftClient, Retry
from drift_analysis.sources.archive.layout import ARCHIVED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

TOKEN = "canary-7f3e-not-a-real-token"  # invented
LIST = "/conversations/list"
APART = 600_000
"""Ten minutes: further apart than what a sync looks back."""

OF_FETCHES = ("fetched_at", "source", "_fetched_at")


class Stage:
    """One served demo Drift, which can be given another organisation."""

    def __init__(self, demo: Demo, url: str) -> None:
        self.demo, self.url = demo, url

    def set(self, world: World, **options: Any) -> Demo:
        """Give it another organisation, and forget everything else."""
        fresh = Demo(world, TOKEN, **({"size": 2} | options))
        for name, value in vars(fresh).items():
            setattr(self.demo, name, value)
        return self.demo

    def client(self, **options: Any) -> DriftClient:
        """Return a client that loses no time."""
        given: dict[str, Any] = {
            "base_url": self.url,
            "timeout": 2.0,
            "requests_per_second": 100_000.0,
            "retry": Retry(attempts=3, base=0.001),
        }
        return DriftClient(TOKEN, **(given | options))

    def sync(self, archive: Path, **options: Any) -> Any:
        """Sync, with a client of its own."""
        with self.client() as client:
            return da.sync(client, archive, **options)


@contextmanager
def staged() -> Iterator[Stage]:
    """Serve a demo Drift."""
    demo = Demo(token=TOKEN)
    with serving(demo) as url:
        yield Stage(demo, url)


def organisation(n: int) -> World:
    """Return so many conversations, ten minutes apart; number i has i modulo 5 messages."""
    world = World(
        users=[{"id": 5, "name": "Ada Invented", "bot": False, "availability": "OFFLINE"}],
        playbooks=[{"id": 9, "name": "Welcome", "interactionId": 4, "goals": [], "orgId": 1}],
    )
    for number in range(1, n + 1):
        world.begin(says=number % 5)
        record = world.conversations[number]
        record["updatedAt"] = 1_700_000_000_000 + number * APART
        record["createdAt"] = record["updatedAt"] - 5000
        for place, message in enumerate(world.messages[number]):
            message["createdAt"] = record["updatedAt"] - 1000 + place
    return world


def tables(archive: Path) -> dict[str, pl.DataFrame]:
    """Return what an archive says of Drift, without when it was fetched."""
    kept = da.scan_archive(archive)
    found = {name: getattr(kept, name).collect() for name in ARCHIVED}
    found["status_events"] = found["status_events"].drop("latest_at")
    return {name: frame.drop(*OF_FETCHES, strict=False) for name, frame in found.items()}


def is_whole(archive: Path, world: World) -> bool:
    """Tell whether an archive has each conversation and message of a world once, as they are."""
    found = tables(archive)
    conversations = found["conversations"]
    moments = conversations["updated_at"].dt.epoch("ms").to_list()
    have = dict(zip(conversations["conversation_id"], moments, strict=True))
    want = {number: record["updatedAt"] for number, record in world.conversations.items()}
    ids = sorted(found["messages"]["message_id"])
    said = sorted(message["id"] for each in world.messages.values() for message in each)
    statuses = dict(zip(conversations["conversation_id"], conversations["status_raw"], strict=True))
    return (
        have == want
        and ids == said
        and conversations["is_detail"].all()
        and statuses == {n: record["status"] for n, record in world.conversations.items()}
    )
