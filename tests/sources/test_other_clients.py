from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.demo import World
from sources.staged import TOKEN, Stage, staged

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    Record = dict[str, Any]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        stage.set(World.of(da.sample.generate(25, oddities=False)), size=50)
        yield stage


class Told:
    """What a client that is not ours was told: records, as Drift sends them."""

    def __init__(self) -> None:
        self.listed: list[Record] = []
        self.details: list[Record] = []
        self.messages: list[Record] = []
        self.users: list[Record] = []
        self.transcripts: dict[int, str] = {}


def plainly(url: str, generation: int) -> Told:
    """Read as Drift's documentation says, with nothing of this library."""
    told, cursor = Told(), {"limit": "7"}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:

        def get(path: str, **query: str) -> Any:
            return http.get(path, params=query).raise_for_status().json()

        while cursor:
            page = get("/conversations/list", **cursor)
            told.listed += page["data"]
            if generation == 1:
                more = page.get("pagination", {"more": False})
                cursor = {"limit": "7", "next": more["next"]} if more["more"] else {}
            else:
                link = page["links"]["next"]
                cursor = (
                    {"page_token": parse_qs(urlsplit(link).query)["page_token"][0]} if link else {}
                )
        told.users = get("/users/list")["data"]
        for record in told.listed:
            path = f"/conversations/{record['id']}"
            told.details.append(get(path)["data"])
            page = get(f"{path}/messages")
            told.messages += page["data"]["messages"]
            while page["pagination"]["more"]:
                page = get(f"{path}/messages", next=page["pagination"]["next"])
                told.messages += page["data"]["messages"]
            told.transcripts[record["id"]] = http.get(f"{path}/transcript").text
    return told


def officially(url: str, _: int) -> Told:
    """Read with Drift's own client, which knows the second generation of paging."""
    drift = pytest.importorskip("drift", reason="drift-python is not installed").Drift(TOKEN)
    drift.conversations.CONVERSATIONS_BASE_URL = f"{url}/conversations"
    drift.users.USER_URL_BASE = f"{url}/users"
    told, token = Told(), None
    while True:
        page = drift.conversations.list(limit=7, page_token=token)
        told.listed += page["data"]
        if not page["links"]["next"]:
            break
        token = parse_qs(urlsplit(page["links"]["next"]).query)["page_token"][0]
    told.users = drift.users.list()["data"]
    for record in told.listed:
        number, following = record["id"], None
        told.details.append(drift.conversations.get(number)["data"])
        while True:
            page = drift.conversations.get_messages(number, following)
            told.messages += page["data"]["messages"]
            if not page["pagination"]["more"]:
                break
            following = page["pagination"]["next"]
        told.transcripts[number] = drift.conversations.get_transcript(number).decode()
    return told


def same(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    def bare(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.drop("source", "fetched_at", strict=False)

    assert ours.height
    assert_frame_equal(bare(ours), bare(theirs), check_row_order=False)


@pytest.mark.parametrize(
    ("read", "generation"),
    [(plainly, 1), (plainly, 2), (officially, 2)],
    ids=["plain-1", "plain-2", "official-2"],
)
def test_another_client_reads_the_same_conversations(
    stage: Stage, read: Any, generation: int
) -> None:
    stage.demo.generation = generation
    told: Told = read(stage.url, generation)

    with stage.client() as client:
        numbers = [record["id"] for record in told.listed]
        assert list(client.iter_conversations()) == told.listed
        assert [
            each for number in numbers for each in client.iter_messages(number)
        ] == told.messages
        assert list(client.iter_users()) == told.users
        same(client.fetch_conversations(), da.load_conversations(told.details))
        same(client.fetch_users(), da.load_users(told.users))
        for number in numbers:
            theirs = [each for each in told.messages if each["conversationId"] == number]
            if theirs:
                same(client.fetch_messages(number), da.load_messages(theirs))
            assert client.fetch_transcript(number) == told.transcripts[number]
