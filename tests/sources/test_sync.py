from __future__ import annotations

import json
import os
import random
import resource
import runpy
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.demo import Fault
from drift_analysis.errors import ApiError, Incomplete, InputError, SourceError
from drift_analysis.sources.api.synced import Synced
from sources.staged import APART, LIST, Stage, is_whole, organisation, staged, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drift_analysis.demo import Demo

OF = "/messages"
MILLISECOND = timedelta(milliseconds=1)
PEOPLE = {"/users/list", "/playbooks/list", "/playbooks/clp"}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


def asked(demo: Demo) -> list[str]:
    paths = [each.path for each in demo.asked]
    demo.asked.clear()
    demo.counts.clear()
    return paths


def since(number: int) -> datetime:
    return datetime.fromtimestamp(1_700_000_000 + number * APART / 1000, UTC)


@pytest.mark.parametrize("generation", [1, 2])
def test_a_first_sync_has_all_that_a_client_fetches(
    stage: Stage, tmp_path: Path, generation: int
) -> None:
    demo = stage.set(organisation(7), generation=generation)

    done = stage.sync(tmp_path)

    requests = len(demo.asked)
    assert done == Synced(tmp_path, 7, 7, 13, requests, resumed=False)
    with stage.client() as client:
        fetched = client.fetch_conversations(), client.fetch_users(), client.fetch_playbooks()
        messages = pl.concat([client.fetch_messages(number) for number in range(1, 8)])
    kept = da.scan_archive(tmp_path)
    for name, frame in zip(("conversations", "users", "playbooks"), fetched, strict=True):
        found = getattr(kept, name).collect().drop("fetched_at", "source", strict=False)
        have = frame.drop("fetched_at", "source", strict=False)
        assert_frame_equal(found, have, check_row_order=False)
    assert sorted(kept.messages.collect()["message_id"]) == sorted(messages["message_id"])
    assert kept.issues.collect().is_empty()


@pytest.mark.parametrize("generation", [1, 2])
@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_an_unchanged_second_sync_costs_one_request(
    stage: Stage, tmp_path: Path, generation: int, n: int
) -> None:
    demo = stage.set(organisation(n), generation=generation)
    stage.sync(tmp_path)
    before = tables(tmp_path)
    asked(demo)

    done = stage.sync(tmp_path)

    assert asked(demo) == [LIST]
    assert (done.conversations, done.messages, done.requests) == (0, 0, 1)
    for name, frame in tables(tmp_path).items():
        assert_frame_equal(frame, before[name])


def test_an_unchanged_sync_costs_one_request_also_when_much_changed_at_once(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(20)
    for record in world.conversations.values():
        record["updatedAt"] = 1_800_000_000_000
    demo = stage.set(world)
    stage.sync(tmp_path)
    asked(demo)

    stage.sync(tmp_path)

    assert asked(demo) == [LIST]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_so_many_changes_cost_the_list_and_two_requests_each(
    stage: Stage, tmp_path: Path, k: int
) -> None:
    world = organisation(12)
    demo = stage.set(world, size=50)
    stage.sync(tmp_path)
    asked(demo)
    for number in range(1, k + 1):
        world.change(number, status="closed", says=2)

    done = stage.sync(tmp_path)

    paths = asked(demo)
    assert len(paths) == 1 + 2 * k
    assert paths.count(LIST) == 1
    assert (done.conversations, done.messages) == (k, sum(n % 5 + 2 for n in range(1, k + 1)))
    assert is_whole(tmp_path, world)


def test_a_change_of_the_newest_conversation_that_says_no_later_moment_is_seen(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(3)
    demo = stage.set(world)
    stage.sync(tmp_path)
    asked(demo)
    world.conversations[3]["status"] = "closed"

    assert stage.sync(tmp_path).conversations == 1
    assert is_whole(tmp_path, world)


def test_what_does_not_say_when_it_changed_is_fetched_every_time(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(3)
    del world.conversations[2]["updatedAt"]
    demo = stage.set(world, size=50)
    stage.sync(tmp_path)
    asked(demo)
    world.messages[2].append(world.messages[2][0] | {"id": 77, "body": "Another"})

    assert stage.sync(tmp_path).conversations == 1
    assert 77 in da.scan_archive(tmp_path).messages.collect()["message_id"]


def test_what_shows_late_in_the_list_is_seen(stage: Stage, tmp_path: Path) -> None:
    world = organisation(6)
    late = world.conversations.pop(5)
    late["updatedAt"] = world.conversations[6]["updatedAt"] - 200_000
    demo = stage.set(world, size=50)
    stage.sync(tmp_path)
    asked(demo)
    world.conversations[5] = late

    assert stage.sync(tmp_path).conversations == 1
    assert is_whole(tmp_path, world)


def test_users_and_playbooks_are_fetched_with_changes_once_a_day_at_most(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(3)
    demo = stage.set(world)
    stage.sync(tmp_path)
    assert set(asked(demo)) >= PEOPLE
    world.change(1)
    stage.sync(tmp_path)
    assert not PEOPLE & set(asked(demo))
    state = tmp_path / "_sync" / "state.json"
    noted = json.loads(state.read_bytes())
    noted["people_at"] = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    state.write_text(json.dumps(noted))

    stage.sync(tmp_path)
    assert not PEOPLE & set(asked(demo))
    world.change(2)
    stage.sync(tmp_path)
    assert set(asked(demo)) >= PEOPLE


def test_a_moment_leaves_out_what_changed_before_and_an_earlier_one_fetches_it(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(8)
    demo = stage.set(world, size=50)

    assert stage.sync(tmp_path, since=since(6)).conversations == 3
    asked(demo)
    assert stage.sync(tmp_path, since=since(6)).requests == 1
    assert stage.sync(tmp_path).requests == 1
    world.change(2)
    assert stage.sync(tmp_path, since=since(6)).conversations == 1
    assert stage.sync(tmp_path, since=since(4)).conversations == 2
    assert stage.sync(tmp_path, since=since(4)).requests == 1
    assert stage.sync(tmp_path, since=since(0)).conversations == 2
    assert is_whole(tmp_path, world)


def test_every_sync_bounds_the_status_also_of_what_it_did_not_list(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(9)
    stage.set(world)
    for record in world.conversations.values():
        record["status"] = "closed"
    stage.sync(tmp_path)
    between = datetime.now(UTC)
    stage.sync(tmp_path)
    after = datetime.now(UTC)
    now = int(after.timestamp() * 1000) + 60_000
    world.conversations[1] |= {"status": "open", "updatedAt": now}
    stage.sync(tmp_path)

    events = da.scan_archive(tmp_path).status_events.collect()
    assert events["conversation_id"].to_list() == [1]
    assert events["status"].to_list() == ["closed"]
    assert between <= events["latest_at"][0] <= after
    fetched = da.scan_archive(tmp_path).conversations.collect()["fetched_at"]
    assert fetched.min() is not None
    assert all(moment > after for moment in fetched)


def test_two_syncs_bound_the_time_in_a_status(stage: Stage, tmp_path: Path) -> None:
    world = organisation(3)
    stage.set(world)
    stage.sync(tmp_path)
    before = datetime.now(UTC) - MILLISECOND
    stage.sync(tmp_path)
    changed = datetime.now(UTC)
    world.conversations[1] |= {"status": "closed", "updatedAt": milliseconds(changed)}
    stage.sync(tmp_path)
    end = datetime.now(UTC)

    kept = da.scan_archive(tmp_path)
    intervals = da.status_intervals(
        kept.conversations,
        messages=kept.messages,
        status_events=kept.status_events,
        as_of=end,
    )
    times = da.time_in_status(intervals).filter(conversation_id=1).collect()
    known = {row["status"]: row for row in times.to_dicts()}
    created = since(1) - timedelta(seconds=5)
    # The second sync saw it open, the third closed; what lies between can be either.
    assert before - since(1) <= known["open"]["duration_min"] <= changed - since(1)
    assert changed - since(1) - MILLISECOND <= known["open"]["duration_max"] <= end - created
    assert known["closed"]["duration_max"] <= end - before + timedelta(seconds=5)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_a_list_that_breaks_off_is_named_and_read_to_its_end_the_next_time(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(9)
    demo = stage.set(world, faults=[Fault("500", LIST, nth=3)])

    with pytest.raises(Incomplete) as caught:
        stage.sync(tmp_path)

    assert caught.value.missing == (
        "the list of conversations, after 2 page(s): Asked 3 times; the last time: status 500.",
    )
    assert caught.value.partial.conversations == 4
    demo.faults = []
    asked(demo)
    assert stage.sync(tmp_path).conversations == 5
    assert not {f"/conversations/{n}" for n in (9, 8, 7, 6)} & set(asked(demo))
    assert is_whole(tmp_path, world)


def test_a_later_list_that_breaks_off_hides_no_change_from_the_next_sync(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(9)
    demo = stage.set(world)
    stage.sync(tmp_path)
    for number in (1, 2, 3, 4, 5):
        world.change(number, says=1)
    asked(demo)
    demo.faults = [Fault("half", LIST, nth=2)]
    with pytest.raises(Incomplete):
        stage.sync(tmp_path)
    demo.faults = []

    assert stage.sync(tmp_path).conversations == 3
    assert is_whole(tmp_path, world)


@pytest.mark.parametrize("path", ["/conversations/2", "/conversations/2/messages"])
def test_what_could_not_be_had_is_named_and_asked_for_the_next_time(
    stage: Stage, tmp_path: Path, path: str
) -> None:
    world = organisation(9)
    demo = stage.set(world, faults=[Fault("503", path)])

    with pytest.raises(Incomplete, match="conversation 2") as caught:
        stage.sync(tmp_path)

    assert len(caught.value.missing) == 1
    assert caught.value.partial.conversations == 8
    demo.faults = []
    asked(demo)
    assert stage.sync(tmp_path).conversations == 1
    assert {"/conversations/2", "/conversations/2/messages"} <= set(asked(demo))
    assert is_whole(tmp_path, world)
    assert stage.sync(tmp_path).requests == 1


def test_what_drift_does_not_have_is_named_once(stage: Stage, tmp_path: Path) -> None:
    demo = stage.set(organisation(3), faults=[Fault("404", "/conversations/2")])

    with pytest.raises(Incomplete) as caught:
        stage.sync(tmp_path)

    assert caught.value.missing == ("conversation 2: There is nothing there for this token.",)
    asked(demo)
    assert stage.sync(tmp_path).requests == 1


def test_a_drift_that_is_down_is_left_alone_and_all_the_rest_is_pending(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(9)
    faults = [Fault("closed", f"/conversations/{n}{of}") for n in range(8) for of in ("", OF)]
    demo = stage.set(world, faults=faults)

    with pytest.raises(Incomplete) as caught:
        stage.sync(tmp_path, connections=1)

    assert not {f"/conversations/{n}" for n in range(1, 6)} & set(asked(demo))
    assert "conversation 1: not asked for any more." in caught.value.missing
    demo.faults = []
    stage.sync(tmp_path)
    assert is_whole(tmp_path, world)


def test_a_wrong_token_is_refused_and_leaves_nothing_behind(stage: Stage, tmp_path: Path) -> None:
    stage.set(organisation(3), faults=[Fault("401")])

    with pytest.raises(ApiError, match="401") as caught:
        stage.sync(tmp_path)

    assert not isinstance(caught.value, Incomplete)
    assert not (tmp_path / "_sync" / "journal").exists()
    stage.demo.faults = []
    assert stage.sync(tmp_path).conversations == 3


def test_ctrl_c_ends_it_and_the_next_sync_goes_on(stage: Stage, tmp_path: Path) -> None:
    world = organisation(9)
    demo = stage.set(world, size=50)
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        stage.sync(tmp_path, progress=stop, connections=1)

    assert str(caught.value) == (
        f"The sync of '{tmp_path}' was stopped.\n"
        "What was fetched is kept beside the archive.\n"
        "Try: the same sync again; it goes on from there."
    )
    assert seen == [(1, 9), (2, 9), (3, 9), (4, 9)]
    first = asked(demo)
    done = stage.sync(tmp_path, connections=1)
    assert done.resumed
    again = asked(demo)
    assert again.count(LIST) == 1
    assert len(set(first) & set(again) - {LIST}) <= 1
    assert is_whole(tmp_path, world)


def test_what_changed_while_a_sync_lay_idle_is_fetched_when_it_goes_on(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(5)
    stage.set(world)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.sync(tmp_path, progress=stop)
    world.change(1, status="closed", says=1)
    world.change(5, status="pending", says=1)
    world.begin(says=2)

    assert stage.sync(tmp_path).resumed
    assert is_whole(tmp_path, world)


@pytest.mark.parametrize("cut", [1, 20, 300])
def test_a_journal_that_breaks_off_midway_is_taken_up_as_far_as_it_is_whole(
    stage: Stage, tmp_path: Path, cut: int
) -> None:
    world = organisation(5)
    demo = stage.set(world)

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.sync(tmp_path, progress=stop, connections=1)
    journal = tmp_path / "_sync" / "journal"
    journal.write_bytes(journal.read_bytes()[:-cut])
    asked(demo)

    stage.sync(tmp_path)
    assert is_whole(tmp_path, world)
    assert not journal.exists()


def test_a_journal_that_is_in_the_archive_already_is_not_taken_up(
    stage: Stage, tmp_path: Path
) -> None:
    demo = stage.set(organisation(3))

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.sync(tmp_path, progress=stop)
    journal = tmp_path / "_sync" / "journal"
    kept = journal.read_bytes()
    stage.sync(tmp_path)
    state = tmp_path / "_sync" / "state.json"
    noted = json.loads(state.read_bytes())
    noted["journal"] = json.loads(kept.splitlines()[0])[0]["id"]
    state.write_text(json.dumps(noted))
    journal.write_bytes(kept)
    asked(demo)

    assert not stage.sync(tmp_path).resumed
    assert asked(demo) == [LIST]


def test_a_disk_that_is_full_is_named_and_the_archive_stays_whole(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(4)
    stage.set(world)
    stage.sync(tmp_path)
    before = tables(tmp_path)
    world.change(2, says=1)
    world.messages[2][-1]["body"] = "x" * 100_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # A limit on the size of a file makes the same kind of error as a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(SourceError) as caught:
            stage.sync(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)

    assert str(caught.value) == (
        f"Cannot write to the archive '{tmp_path}'.\n"
        "The system says: File too large. What was in it before is whole.\n"
        "Try: again with a disk that has room, in a folder that you may write to."
    )
    for name, frame in tables(tmp_path).items():
        assert_frame_equal(frame, before[name])
    stage.sync(tmp_path)
    assert is_whole(tmp_path, world)


def test_two_syncs_at_once_are_refused(stage: Stage, tmp_path: Path) -> None:
    stage.set(organisation(3))
    refused: list[str] = []

    def again(_done: int, _total: int) -> None:
        with pytest.raises(SourceError) as caught:
            stage.sync(tmp_path)
        refused.append(str(caught.value))

    stage.sync(tmp_path, progress=again)

    assert set(refused) == {
        f"The archive '{tmp_path}' is being synced.\n"
        "Another process, or another thread, fetches into it.\n"
        "Try: again when that is done."
    }


def test_an_archive_of_another_drift_is_refused(stage: Stage, tmp_path: Path) -> None:
    demo = stage.set(organisation(1))
    stage.sync(tmp_path)
    asked(demo)
    other = stage.url.replace("127.0.0.1", "localhost")

    with stage.client(base_url=other) as client, pytest.raises(InputError) as caught:
        da.sync(client, tmp_path)

    assert str(caught.value) == (
        f"The archive '{tmp_path}' is one of another Drift.\n"
        f"It was synced with '{stage.url}', and this client asks '{other}'.\n"
        "Try: another folder, or the base_url of before."
    )
    assert asked(demo) == []


def test_a_folder_that_holds_other_things_is_refused_before_anything_is_asked(
    stage: Stage, tmp_path: Path
) -> None:
    demo = stage.set(organisation(1))
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(InputError, match="neither empty nor an archive"):
        stage.sync(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert asked(demo) == []


def test_no_connection_and_a_moment_without_a_zone_are_refused(
    stage: Stage, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        stage.sync(tmp_path, connections=0)
    assert str(caught.value) == "A sync needs a connection.\nGot 0.\nTry: connections=4."
    with pytest.raises(InputError, match="since has no time zone"):
        stage.sync(tmp_path, since=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("state", [b"{", b'{"format": 2}'])
def test_a_state_that_cannot_be_read_is_named(stage: Stage, tmp_path: Path, state: bytes) -> None:
    stage.set(organisation(1))
    stage.sync(tmp_path)
    (tmp_path / "_sync" / "state.json").write_bytes(state)

    with pytest.raises(SourceError) as caught:
        stage.sync(tmp_path)

    assert str(caught.value) == (
        f"The state of the syncs of '{tmp_path}' cannot be read.\n"
        "Its _sync/state.json is damaged, or another drift_analysis wrote it.\n"
        "Try: removing the folder '_sync'; the next sync then fetches everything again."
    )


def test_an_archive_that_was_written_before_is_kept_and_completed(
    stage: Stage, tmp_path: Path
) -> None:
    world = organisation(4)
    stage.set(world)
    older = {"id": 77, "status": "open", "createdAt": 1_600_000_000_000}
    da.write_archive(da.load([older]), tmp_path)

    stage.sync(tmp_path)

    ids = da.scan_archive(tmp_path).conversations.collect()["conversation_id"]
    assert sorted(ids) == [1, 2, 3, 4, 77]


def test_erasing_removes_a_person_from_the_state_too(stage: Stage, tmp_path: Path) -> None:
    world = organisation(5)
    demo = stage.set(world, faults=[Fault("500", "/conversations/2")])
    with pytest.raises(Incomplete):
        stage.sync(tmp_path)
    world.change(4, says=1)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    demo.faults = []
    with pytest.raises(KeyboardInterrupt):
        stage.sync(tmp_path, progress=stop, connections=1)
    for number in (2, 5):
        da.erase(tmp_path, contact_id=17_000_000_000 + number)

    noted = json.loads((tmp_path / "_sync" / "state.json").read_bytes())
    assert (sorted(noted["seen"]), noted["pending"]) == (["1", "3", "4"], [])
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b"17000000002" not in content
        assert b"17000000005" not in content
    ids = da.scan_archive(tmp_path).conversations.collect()["conversation_id"]
    assert sorted(ids) == [1, 3, 4]


def test_a_bar_shows_conversations(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.set(organisation(3))

    stage.sync(tmp_path, progress=True)

    assert "conversations" in capsys.readouterr().err


def test_a_folder_that_may_not_be_written_to_is_refused(stage: Stage) -> None:
    with pytest.raises(SourceError, match=os.strerror(2)), stage.client() as client:
        da.sync(client, "/proc/nowhere")


def test_an_unchanged_sync_reads_and_writes_no_table(stage: Stage, tmp_path: Path) -> None:
    stage.set(organisation(9), size=50)
    stage.sync(tmp_path)
    stage.sync(tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    for path in files:
        path.write_bytes(b"not a table any more")
    between = datetime.now(UTC)

    stage.sync(tmp_path)

    assert {path.read_bytes() for path in tmp_path.rglob("*.parquet")} == {b"not a table any more"}
    for path, content in files.items():
        path.write_bytes(content)
    fetched = da.scan_archive(tmp_path).conversations.collect()["fetched_at"]
    assert all(between - MILLISECOND <= moment <= datetime.now(UTC) for moment in fetched)


def test_what_was_proved_without_a_row_stays_when_something_else_is_written(
    stage: Stage, tmp_path: Path
) -> None:
    stage.set(organisation(9), size=50)
    stage.sync(tmp_path)
    stage.sync(tmp_path)
    before = da.scan_archive(tmp_path).conversations.collect()
    older = {"id": 77, "contactId": 78, "status": "open", "createdAt": 1_600_000_000_000}

    da.write_archive(da.load([older]), tmp_path)
    written = da.scan_archive(tmp_path).conversations.filter(pl.col("conversation_id") != 77)
    assert_frame_equal(written.collect(), before, check_row_order=False)
    da.erase(tmp_path, contact_id=78)
    assert_frame_equal(da.scan_archive(tmp_path).conversations.collect(), before)


def test_what_drift_deletes_stays_as_it_was_last_seen(stage: Stage, tmp_path: Path) -> None:
    world = organisation(9)
    stage.set(world, size=4)
    stage.sync(tmp_path)
    stage.sync(tmp_path)
    seen = fetched_at(tmp_path)
    gone = [world.conversations.pop(number)["id"] for number in (9, 7)]

    stage.sync(tmp_path)
    after = fetched_at(tmp_path)
    assert [after[number] for number in gone] == [seen[number] for number in gone]
    assert all(after[number] > seen[number] for number in world.conversations)


def fetched_at(archive: Path) -> dict[int, datetime]:
    kept = da.scan_archive(archive).conversations.collect()
    return dict(zip(kept["conversation_id"], kept["fetched_at"], strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_many_syncs_bound_each_status_by_the_syncs_that_saw_it(
    stage: Stage, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    world = organisation(8)
    stage.set(world, size=chance.choice([3, 50]))
    last_seen: dict[tuple[int, int], tuple[datetime, datetime]] = {}
    for step in range(7):
        for number in chance.sample(range(1, 9), chance.choice([0, 0, 1, 3]) if step else 0):
            status = chance.choice(["open", "closed", "pending"])
            world.change(number, status=status)
            moment = int(datetime.now(UTC).timestamp() * 1000)
            world.conversations[number]["updatedAt"] = moment
        began = datetime.now(UTC)
        stage.sync(tmp_path)
        window = began, datetime.now(UTC)
        for number, record in world.conversations.items():
            last_seen[number, record["updatedAt"]] = window

        kept = da.scan_archive(tmp_path)
        for number, fetched in fetched_at(tmp_path).items():
            assert window[0] - MILLISECOND <= fetched <= window[1], (step, number)
        for event in kept.status_events.collect().to_dicts():
            changed = int(event["changed_at"].timestamp() * 1000 + 0.5)
            begin, end = last_seen[event["conversation_id"], changed]
            assert begin - MILLISECOND <= event["latest_at"] <= end, (step, event)
        states = sum(number in world.conversations for number, _ in last_seen)
        assert kept.status_events.collect().height == states - len(world.conversations)


def test_the_requests_in_the_documentation_are_those_that_are_counted() -> None:
    docs = Path(__file__).parents[2] / "docs"
    counted = runpy.run_path(str(docs / "write_requests.py"))

    page = (docs / "sync.md").read_text("utf-8")

    assert "\n".join([*counted["header"](), counted["row"](100)]) in page
