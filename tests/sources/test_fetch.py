from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import signal
import sys
from datetime import UTC, datetime
from subprocess import PIPE, Popen
from time import sleep
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from drift_analysis.errors import ApiError, Incomplete, InputError, SourceError
from drift_analysis.sources import load
from drift_analysis.sources.api.fetch import Fetched, fetch

if TYPE_CHECKING:
    from pathlib import Path
from sources.loopback import (
    LIST,
    TOKEN,
    Drift,
    Fault,
    Raw,
    conversation,
    message,
    organisation,
    quick,
    serving,
    status,
)


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return content


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def plain(table: pl.DataFrame) -> pl.DataFrame:
    return table.drop("source", "fetched_at", strict=False)


def test_every_reply_is_saved_under_a_plain_name(tmp_path: Path) -> None:
    with serving(organisation(3)) as url, quick(url) as client:
        fetch(client, tmp_path / "new" / "out")

    assert files(tmp_path / "new" / "out") == [
        "conversations/1.json",
        "conversations/2.json",
        "conversations/3.json",
        "conversations/list-0001.json",
        "conversations/list-0002.json",
        "conversations/list-0003.json",
        "manifest.json",
        "messages/1-0001.json",
        "messages/2-0001.json",
        "messages/3-0001.json",
        "messages/3-0002.json",
        "playbooks.json",
        "playbooks_clp.json",
        "users.json",
    ]


def test_replies_are_saved_byte_for_byte(tmp_path: Path) -> None:
    body = b'{ "data" : [ {"id": 5, "name": "\\u00c4da", "bot":true} ],\r\n "more": 1e0 }\n\n'
    drift = organisation(0, faults=[Fault("/users/list", lambda _: Raw(body))])

    with serving(drift) as url, quick(url) as client:
        fetch(client, tmp_path)

    assert (tmp_path / "users.json").read_bytes() == body


def test_the_manifest_tells_of_every_file(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    with serving(organisation(2, generation=2)) as url, quick(url) as client:
        fetch(client, tmp_path)

    found = manifest(tmp_path)
    assert (found["origin"], found["complete"], found["missing"]) == (url, True, [])
    assert sorted(found["files"]) == [f for f in files(tmp_path) if f != "manifest.json"]
    for name, entry in found["files"].items():
        content = (tmp_path / name).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["status"] == 200
        assert before <= datetime.fromisoformat(entry["fetched_at"]) <= datetime.now(UTC)
    assert {name: entry["path"] for name, entry in found["files"].items()} == {
        "users.json": "/users/list",
        "conversations/list-0001.json": LIST,
        "playbooks.json": "/playbooks/list",
        "playbooks_clp.json": "/playbooks/clp",
        "conversations/1.json": "/conversations/1",
        "conversations/2.json": "/conversations/2",
        "messages/1-0001.json": "/conversations/1/messages",
        "messages/2-0001.json": "/conversations/2/messages",
    }


@pytest.mark.parametrize("generation", [1, 2])
def test_what_was_saved_loads_as_what_is_fetched(tmp_path: Path, generation: int) -> None:
    drift = organisation(7, generation=generation)

    with serving(drift) as url, quick(url) as client:
        fetch(client, tmp_path)
        conversations, users = client.fetch_conversations(), client.fetch_users()
        playbooks = client.fetch_playbooks()
        messages = pl.concat([client.fetch_messages(i) for i in range(1, 8)])

    dataset = load(tmp_path)
    assert_frame_equal(plain(dataset.conversations), plain(conversations))
    assert_frame_equal(plain(dataset.messages), plain(messages))
    assert_frame_equal(plain(dataset.users), plain(users))
    assert_frame_equal(plain(dataset.playbooks), plain(playbooks))
    assert dataset.rejects.is_empty()
    assert (dataset.conversations.height, dataset.messages.height) == (7, 28)


def test_each_conversation_knows_when_it_was_fetched(tmp_path: Path) -> None:
    with serving(organisation(3)) as url, quick(url) as client:
        fetch(client, tmp_path)

    entries = manifest(tmp_path)["files"]
    times = [entries[f"conversations/{i}.json"]["fetched_at"] for i in (1, 2, 3)]
    dataset = load(tmp_path)
    assert dataset.conversations["fetched_at"].to_list() == [
        datetime.fromisoformat(time) for time in times
    ]
    assert dataset.as_of == max(
        datetime.fromisoformat(entry["fetched_at"]) for entry in entries.values()
    )


def test_the_summary_counts(tmp_path: Path) -> None:
    with serving(organisation(3)) as url, quick(url) as client:
        saved = fetch(client, tmp_path)

    size = sum((tmp_path / f).stat().st_size for f in files(tmp_path) if f != "manifest.json")
    assert saved == Fetched(
        tmp_path, conversations=3, details=3, messages=6, users=1, playbooks=1, files=13, bytes=size
    )


def test_details_and_messages_can_be_left_out(tmp_path: Path) -> None:
    drift = organisation(3)

    with serving(drift) as url, quick(url) as client:
        saved = fetch(client, tmp_path, details=False, messages=False)

    assert (saved.conversations, saved.details, saved.messages) == (3, 0, 0)
    assert set(drift.counts) == {LIST, "/users/list", "/playbooks/list", "/playbooks/clp"}


def test_progress_counts_conversations(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    with serving(organisation(3)) as url, quick(url) as client:
        fetch(client, tmp_path, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_users_on_several_pages_are_all_kept(tmp_path: Path) -> None:
    def paged(good: bytes) -> Raw:
        first = json.loads(good) | {"pagination": {"more": True, "next": "2"}}
        return Raw(json.dumps(first).encode())

    drift = Drift(users=[{"id": 5, "name": "Ada Invented", "bot": False}])
    drift.faults = [Fault("/users/list", paged, times=1)]

    with serving(drift) as url, quick(url) as client:
        assert fetch(client, tmp_path).users == 2

    assert {"users.json", "users-0002.json"} <= set(files(tmp_path))


def test_what_is_missing_is_named_and_the_rest_is_saved(tmp_path: Path) -> None:
    drift = organisation(3, faults=[Fault("/conversations/2", status(500))])
    drift.faults += [Fault("/users/list", status(403)), Fault("/conversations/3/messages", cut, 2)]

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        fetch(client, tmp_path)

    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        "  the users: The token is wrong, or may not read this.\n"
        "  the messages of conversation 3, after 1 page(s): Asked 3 times; "
        "the last time: something else, or half a body, instead of JSON.\n"
        "  conversation 2: Asked 3 times; the last time: status 500.\n"
        "Try: again later, or DriftClient(retry=Retry(...)) with more patience."
    )
    assert caught.value.partial.details == 2
    found = manifest(tmp_path)
    assert found["complete"] is False
    assert found["missing"] == list(caught.value.missing)
    dataset = load(tmp_path)
    assert dataset.conversations["is_detail"].to_list() == [True, False, True]
    assert dataset.messages.height == 5
    assert dataset.rejects.is_empty()


def cut(good: bytes) -> Raw:
    return Raw(good[:-5])


def test_a_token_that_is_wrong_from_the_start_is_refused(tmp_path: Path) -> None:
    drift = organisation(3, faults=[Fault("/users/list", status(401))])

    with serving(drift) as url, quick(url) as client, pytest.raises(ApiError) as caught:
        fetch(client, tmp_path)

    assert not isinstance(caught.value, Incomplete)
    assert str(caught.value).startswith(f"Drift answered 401 to {url}/users/list.\n")
    assert len(drift.asked) == 1
    assert files(tmp_path) == ["manifest.json"]


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")

    with quick("https://driftapi.com") as client, pytest.raises(InputError) as caught:
        fetch(client, tmp_path)

    assert str(caught.value) == (
        f"The folder '{tmp_path}' is not empty.\n"
        "Replies of two fetches would mix in it.\n"
        "Try: a new folder for each fetch."
    )
    assert files(tmp_path) == ["a.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")

    with quick("https://driftapi.com") as client, pytest.raises(SourceError) as caught:
        fetch(client, out)

    assert str(caught.value) == (
        f"Cannot write to the folder '{out}'.\n"
        "The system says: File exists. 0 replies are in it, all whole.\n"
        "Try: another folder, on a disk with room that you may write to."
    )


def test_a_folder_that_may_not_be_written_to_is_refused() -> None:
    with quick("https://driftapi.com") as client, pytest.raises(SourceError) as caught:
        fetch(client, "/proc/nowhere")

    assert str(caught.value) == (
        "Cannot write to the folder '/proc/nowhere'.\n"
        f"The system says: {os.strerror(errno.ENOENT)}. 0 replies are in it, all whole.\n"
        "Try: another folder, on a disk with room that you may write to."
    )


def test_a_disk_that_is_full_leaves_whole_files_and_says_so(tmp_path: Path) -> None:
    drift = organisation(3)
    drift.messages[3] = [message(1, 3) | {"body": "x" * 100_000}]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    with serving(drift) as url, quick(url) as client:
        # A limit on the size of a file makes the same kind of error as a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
        try:
            with pytest.raises(SourceError) as caught:
                fetch(client, tmp_path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, ignored)

    assert str(caught.value) == (
        f"Cannot write to the folder '{tmp_path}'.\n"
        f"The system says: {os.strerror(errno.EFBIG)}. 7 replies are in it, all whole.\n"
        "Try: another folder, on a disk with room that you may write to."
    )
    assert len(manifest(tmp_path)["files"]) == 7
    assert load(tmp_path).rejects.is_empty()


def test_ending_it_by_hand_leaves_a_folder_that_loads(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with (
        serving(organisation(4)) as url,
        quick(url) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        fetch(client, tmp_path, progress=stop)

    found = manifest(tmp_path)
    assert found["complete"] is False
    assert sorted(found["files"]) == [f for f in files(tmp_path) if f != "manifest.json"]
    assert load(tmp_path).conversations["is_detail"].to_list() == [False, False, True, True]


KILLED = """
import os, sys
from drift_analysis.sources.api.client import DriftClient
from drift_analysis.sources.api.fetch import fetch
with DriftClient(base_url=sys.argv[1], requests_per_second=10_000) as client:
    fetch(client, sys.argv[2])
"""


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_kill_at_any_moment_leaves_a_folder_that_loads(tmp_path: Path, after: int) -> None:
    drift = organisation(20, size=50)
    environment = os.environ | {"DRIFT_TOKEN": TOKEN}

    with serving(drift) as url:
        command = [sys.executable, "-c", KILLED, url, str(tmp_path)]
        with Popen(command, env=environment, stderr=PIPE) as process:
            while len(drift.asked) < after and process.poll() is None:
                sleep(0.001)
            process.kill()

    found = [f for f in files(tmp_path) if f != "manifest.json" and not f.endswith(".part")]
    assert len(found) >= after - 1
    for name in found:
        json.loads((tmp_path / name).read_bytes())
    entries = manifest(tmp_path)["files"]
    assert set(entries) <= set(found)
    assert len(found) - len(entries) <= 2 + len(found) // 10
    if "users.json" in found:
        assert load(tmp_path).rejects.is_empty()


def test_a_list_that_breaks_off_still_gives_the_details_of_what_it_gave(tmp_path: Path) -> None:
    listed = [conversation(i) for i in range(1, 7)]
    drift = Drift(listed, size=2, faults=[Fault(LIST, status(500), nth=2)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        fetch(client, tmp_path)

    assert caught.value.partial.conversations == caught.value.partial.details == 2
    assert load(tmp_path).conversations["conversation_id"].to_list() == [5, 6]
