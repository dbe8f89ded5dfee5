from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from sources.staged import LIST, TOKEN, Stage, is_whole, organisation, staged, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = int(os.environ.get("DRIFT_ANALYSIS_KILLS", "50"))
EACH = 5
"""How many kills one sync has to bear."""
Request = tuple[str, str]
HEAD: Request = (LIST, str([("limit", "50")]))
"""The first page of the list, which is also what a sync looks at once more when it was resumed."""

CHILD = """
import sys
import drift_analysis as da

client = da.DriftClient(base_url=sys.argv[1], requests_per_second=100_000)
da.sync
print("ready", flush=True)
da.sync(client, sys.stdin.readline().strip(), connections=int(sys.argv[2]))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


def child(stage: Stage, connections: int) -> subprocess.Popen[str]:
    """Start a process that syncs as soon as it is told where to."""
    command = [sys.executable, "-c", CHILD, stage.url, str(connections)]
    environment = os.environ | {"DRIFT_TOKEN": TOKEN}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def asked(stage: Stage, begin: int = 0) -> Counter[Request]:
    requests = stage.demo.asked[begin:]
    return Counter((each.path, str(sorted(each.query.items()))) for each in requests)


class Kept(NamedTuple):
    """The journal of a sync that has not come to its end: its name, and what was answered."""

    name: str = ""
    replies: Counter[Request] = Counter()  # noqa: RUF012 (nothing is added to it)


def kept(archive: Path) -> Kept:
    """Read the journal, unless all of it is in the archive; what a kill left half is none."""
    journal, state = archive / "_sync" / "journal", archive / "_sync" / "state.json"
    lines = journal.read_bytes() if journal.exists() else b""
    heads: list[dict[str, str]] = []
    while lines:
        line, _, rest = lines.partition(b"\n")
        try:
            head, size, _check = json.loads(line)
        except ValueError:
            break
        if len(rest) <= size:
            break
        heads.append(head)
        lines = rest[size + 1 :]
    noted = json.loads(state.read_bytes())["journal"] if state.exists() else ""
    if not heads or heads[0]["id"] == noted:
        return Kept()
    replies: Counter[Request] = Counter()
    for head in heads[1:]:
        path, query = json.loads(head["request"])
        replies[path, str(sorted((name, str(value)) for name, value in query.items()))] += 1
    return Kept(heads[0]["id"], replies)


def lost(
    before: Kept, asked: Counter[Request], after: Kept, whole: Counter[Request]
) -> Counter[Request]:
    """Return what was asked for in vain: it is in no journal, and so is asked for again.

    Once a sync that was taken up is whole, it looks at the head of the list once more; that is
    what an unchanged sync costs, and in vain only if it was under way.
    """
    if after.name == before.name or not before.name:
        return before.replies + asked - after.replies if after.name else Counter()
    return before.replies + asked - whole - after.replies - Counter([HEAD])


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("connections", [1, 4])
def test_a_sync_that_is_killed_again_and_again_ends_as_if_nothing_had_been(
    stage: Stage, tmp_path: Path, connections: int
) -> None:
    stage.set(organisation(12))
    stage.sync(tmp_path / "whole")
    whole, total = asked(stage), len(stage.demo.asked)
    expected = tables(tmp_path / "whole")
    chance = random.Random(7 + connections)
    waiting = child(stage, connections)

    for n in range(max(1, KILLS // EACH // 2)):
        archive = tmp_path / f"killed{n}"
        stage.set(organisation(12))
        killed = midway = 0
        vain: Counter[Request] = Counter()
        for _ in range(EACH):
            process, waiting = waiting, child(stage, connections)
            # Half of the kills come with a request, half at any moment, archiving included.
            by_request = chance.random() < 0.5
            more = chance.randint(1, total // 8)
            after = chance.uniform(0, 0.4)
            before, begin = kept(archive), len(stage.demo.asked)
            killed += not ended(process, archive, stage, more if by_request else None, after)
            left = kept(archive)
            midway += bool(left.name)
            vain += lost(before, asked(stage, begin), left, whole)
            # Of the list at most one page is asked for again after a kill, and of all else at most
            # one request for each connection.
            assert sum(n for (path, _), n in vain.items() if path == LIST) <= killed
            assert vain.total() <= killed * connections
        before, begin = kept(archive), len(stage.demo.asked)
        with stage.client() as client:
            da.sync(client, archive, connections=connections)
        vain += lost(before, asked(stage, begin), Kept(), whole)

        for name, frame in tables(archive).items():
            assert_frame_equal(frame, expected[name])
        assert is_whole(archive, stage.demo.world)
        again = asked(stage) - whole
        assert again.pop(HEAD, 0) <= vain.pop(HEAD, 0) + EACH + 1
        assert again == vain
        assert midway

    with waiting:
        waiting.kill()


def ended(
    process: subprocess.Popen[str], archive: Path, stage: Stage, more: int | None, after: float
) -> bool:
    """Let a process sync, and kill it; tell whether it had come to its end.

    It is killed with so many requests more, or after so many seconds.
    """
    with process as syncing:
        assert syncing.stdin is not None
        assert syncing.stdout is not None
        assert syncing.stdout.readline() == "ready\n"
        last = len(stage.demo.asked) + (more or 1_000_000)

        def meanwhile(_path: str, _number: int) -> None:
            if len(stage.demo.asked) == last:
                syncing.send_signal(signal.SIGKILL)

        stage.demo.meanwhile = meanwhile
        syncing.stdin.write(f"{archive}\n")
        syncing.stdin.flush()
        if more is None:
            time.sleep(after)
            syncing.send_signal(signal.SIGKILL)
        is_done = syncing.stdout.read() == "done\n"
        stage.demo.meanwhile = None
        return is_done
