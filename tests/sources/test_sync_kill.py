from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

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


def asked(stage: Stage) -> Counter[tuple[str, str]]:
    return Counter((each.path, str(sorted(each.query.items()))) for each in stage.demo.asked)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
@pytest.mark.parametrize("connections", [1, 4])
def test_a_sync_that_is_killed_again_and_again_ends_as_if_nothing_had_been(
    stage: Stage, tmp_path: Path, connections: int
) -> None:
    stage.set(organisation(12))
    stage.sync(tmp_path / "whole")
    undisturbed = asked(stage)
    total = len(stage.demo.asked)
    expected = tables(tmp_path / "whole")
    chance = random.Random(7 + connections)
    waiting = child(stage, connections)

    for n in range(max(1, KILLS // EACH // 2)):
        archive = tmp_path / f"killed{n}"
        stage.set(organisation(12))
        killed = 0
        midway = 0
        for _ in range(EACH):
            process, waiting = waiting, child(stage, connections)
            # Half of the kills come with a request, half at any moment, archiving included.
            by_request = chance.random() < 0.5
            more = chance.randint(1, total // 8)
            after = chance.uniform(0, 0.4)
            killed += not ended(process, archive, stage, more if by_request else None, after)
            midway += (archive / "_sync" / "journal").exists()
        with stage.client() as client:
            da.sync(client, archive, connections=connections)

        for name, frame in tables(archive).items():
            assert_frame_equal(frame, expected[name])
        assert is_whole(archive, stage.demo.world)
        again = asked(stage) - undisturbed
        assert sum(count for (path, _), count in again.items() if path != LIST) <= (
            killed * connections
        )
        heads = sum(count for (path, _), count in again.items() if path == LIST)
        assert heads <= killed + EACH + 1
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
