from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.sources.archive.layout import ARCHIVED

if TYPE_CHECKING:
    import polars as pl

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
KILLS = int(os.environ.get("DRIFT_ANALYSIS_KILLS", "50"))
PART = (
    "users.json",
    "playbooks.json",
    "meetings.json",
    "contacts.ndjson",
    "conversations/list-2026-05-31T1000-0001.json",
    "messages/2026-03.ndjson",
)
CHILD = """
import sys
import drift_analysis as da

dataset = da.scan_archive(sys.argv[1])
print("ready", flush=True)
da.write_archive(dataset, sys.stdin.readline().strip())
print("done", flush=True)
"""

LOADING = """
import sys
import drift_analysis as da
from drift_analysis.sources.archive import shares, spill

spill.CHUNK_BYTES = 300_000
shares.SHARE_BYTES = 700_000
print("ready", flush=True)
da.load_archive(sys.argv[1], sys.stdin.readline().strip())
print("done", flush=True)
"""


def tables(path: Path) -> dict[str, pl.DataFrame]:
    archive = da.scan_archive(path)
    return {name: getattr(archive, name).collect() for name in ARCHIVED}


def is_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(one[name].equals(other[name]) for name in ARCHIVED)


def parquet_files(path: Path) -> set[Path]:
    return {file for file in path.rglob("*") if ".parquet" in file.name}


def writer(source: Path, does: str = CHILD) -> subprocess.Popen[str]:
    """Start a process that writes an archive as soon as it is told where to."""
    command = [sys.executable, "-c", does, str(source)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str], path: Path, *, after: float, files: int) -> bool:
    """Let a process write, and kill it; tell whether it had done its work.

    It is killed after so many seconds, or as soon as it has written so many files.
    """
    with process as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.stdin.write(f"{path}\n")
        child.stdin.flush()
        end = time.monotonic() + after
        while time.monotonic() < end and len(parquet_files(path)) < files:
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        return child.stdout.read() == "done\n"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
def test_a_kill_leaves_the_old_or_the_new_state_and_the_next_write_heals(tmp_path: Path) -> None:
    record = {"id": 1, "status": "open", "createdAt": 1_780_000_000_000}
    first, whole, sample = da.load([record]), tmp_path / "whole", tmp_path / "sample"
    da.write_archive(da.load([SAMPLE / name for name in PART]), sample)
    da.write_archive(first, whole)
    old, n_old = tables(whole), len(parquet_files(whole))
    began = time.perf_counter()
    da.write_archive(da.scan_archive(sample), whole)
    longest = 1.5 * (time.perf_counter() - began)
    new, n_new = tables(whole), len(parquet_files(whole))
    chance = random.Random(7)
    midway = 0
    waiting = writer(sample)

    for n in range(KILLS):
        process, waiting = waiting, writer(sample)
        path = tmp_path / f"killed{n}"
        da.write_archive(first, path)
        at_random = n % 2 == 0
        done = killed(
            process,
            path,
            after=chance.uniform(0, longest) if at_random else 60,
            files=n_new + n_old + 1 if at_random else chance.randint(n_old + 1, n_new),
        )

        found = tables(path)
        assert is_same(found, new) or (is_same(found, old) and not done)
        midway += len(parquet_files(path)) not in (n_old, n_new)
        da.write_archive(da.scan_archive(sample), path)
        for name, frame in tables(path).items():
            assert_frame_equal(frame, new[name])
        assert names(path) == names(whole)

    with waiting:
        waiting.kill()
    assert midway >= KILLS // 4


def names(path: Path) -> set[Path]:
    return {file.relative_to(path) for file in path.rglob("*") if file.is_file()}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
def test_a_load_that_is_killed_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    record = {"id": 1, "status": "open", "createdAt": 1_780_000_000_000}
    first, whole = da.load([record]), tmp_path / "whole"
    da.write_archive(first, whole)
    old, n_old = tables(whole), len(parquet_files(whole))
    da.load_archive(SAMPLE, whole)
    new = tables(whole)
    chance = random.Random(7)
    midway = 0

    for n in range(max(3, KILLS // 5)):
        path = tmp_path / f"killed{n}"
        da.write_archive(first, path)
        files = n_old + chance.randint(1, 150)
        done = killed(writer(SAMPLE, LOADING), path, after=60, files=files)

        found = tables(path)
        assert is_same(found, new) or (is_same(found, old) and not done)
        midway += (path / ".spill").exists()
        da.load_archive(SAMPLE, path)
        for name, frame in tables(path).items():
            assert_frame_equal(frame, new[name])
        assert names(path) == names(whole)

    assert midway
