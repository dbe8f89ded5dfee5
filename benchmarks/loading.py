"""Time and weigh the loading of messages, beside the readers that people use for it.

    python benchmarks/loading.py [MEGABYTES] [ROUNDS]

Each reader runs in a process of its own, in turns, on the same file, and its fastest run counts,
since only a disturbance makes a run slower. What ours does beyond the others: it finds unknown
keys at any depth, keeps and locates what does not fit, makes text of bodies, merges repeats, and
checks the table.
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from messages import write_lines
from readers import READERS

HERE = Path(__file__).parent
SHARE_OF_PANDAS = 10
"""Pandas reads so much less, since it needs so much memory."""

TARGETS = (
    ("drift_analysis", "polars", 1.0),
    ("drift_analysis", "duckdb to polars", 1.6),
    ("drift_analysis", "pandas", 0.1),
    ("1 % damaged lines", "drift_analysis", 1.3),
    ("one array", "drift_analysis", 1.3),
    ("one envelope", "drift_analysis", 1.3),
    ("gzip", "drift_analysis", 1.5),
)
"""What is compared with what, and the ratio of times that is to be reached."""


def measured(reader: str, path: Path) -> dict[str, Any]:
    """Return what a run in a fresh process took."""
    command = [sys.executable, str(HERE / "readers.py"), reader, str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told: dict[str, Any] = json.loads(out)
    told["megabytes"] = path.stat().st_size / 1e6
    return told


def damaged(lines: list[bytes]) -> list[bytes]:
    """Cut, break or misspell one line in a hundred."""
    chance = random.Random(1)
    found = list(lines)
    for n in chance.sample(range(len(lines)), len(lines) // 100):
        line = lines[n]
        found[n] = chance.choice(
            [
                line[: chance.randrange(1, len(line))],
                line.replace(b'"author"', b"author", 1),
                line[:40] + b"\x01" + line[41:],
                line.replace(b"}", b"", 1),
            ]
        )
    return found


def written(folder: Path, size: int) -> dict[str, tuple[str, Path]]:
    """Write the same messages in several framings; return the reader and the file of each run."""
    whole, tenth = folder / "messages.ndjson", folder / "tenth.ndjson"
    write_lines(whole, size)
    write_lines(tenth, size // SHARE_OF_PANDAS)
    runs = {name: (name, whole) for name in READERS} | {"pandas": ("pandas", tenth)}
    lines = whole.read_bytes().splitlines()
    listed = b",".join(lines)
    framings = {
        "1 % damaged lines": b"\n".join(damaged(lines)),
        "one array": b"[" + listed + b"]",
        "one envelope": b'{"data":{"messages":[' + listed + b']},"pagination":{"more":false}}',
        "pages of 50, one per line": b"\n".join(
            b'{"data":{"messages":[' + b",".join(lines[n : n + 50]) + b"]}}"
            for n in range(0, len(lines), 50)
        ),
    }
    for name, data in framings.items():
        path = folder / f"{name}.json"
        path.write_bytes(data)
        runs[name] = ("drift_analysis", path)
    with whole.open("rb") as file, gzip.open(folder / "messages.gz", "wb", 1) as packed:
        shutil.copyfileobj(file, packed, 2**20)
    runs["gzip"] = ("drift_analysis", folder / "messages.gz")
    return runs


def main() -> None:
    """Print a table of all runs, and the ratios with what they should be."""
    megabytes, rounds = (int(text) for text in (sys.argv[1:] + ["1000", "3"][len(sys.argv) - 1 :]))
    best: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        runs = written(Path(folder), megabytes * 10**6)
        for _ in range(rounds):
            for name, (reader, path) in runs.items():
                found = measured(reader, path)
                if name not in best or found["seconds"] < best[name]["seconds"]:
                    best[name] = found
    say("| | seconds | processor seconds | rows/s | MB/s | peak MB |")
    say("| --- | --- | --- | --- | --- | --- |")
    for name, told in best.items():
        seconds = told["seconds"]
        rate, speed = told["rows"] / seconds, told["megabytes"] / seconds
        say(
            f"| {name} | {seconds:.1f} | {told['cpu']:.1f} | {rate:,.0f} | {speed:.0f} "
            f"| {told['peak']:,.0f} |"
        )
    for name, other, target in TARGETS:
        ratio = _per_row(best[name]) / _per_row(best[other])
        say(f"{name}: {ratio:.2f} times {other}, to be at most {target}")


def _per_row(told: dict[str, Any]) -> float:
    return float(told["seconds"] / told["rows"])


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
