"""Measure the peak memory of loading messages into an archive: it must not grow with them.

    python benchmarks/archive_memory.py 0.5 2 4

makes as many GB of messages (about 500 bytes each, in files of 32 MB) in a temporary folder,
loads them into an archive in a process of its own, and says how long that took and how much
memory it had at most, imports included. Ends with 1 if that was more than 500 MB.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

MOST_MB = 500
FILE_BYTES = 32 * 10**6
WORDS = (
    "price",
    "of",
    "our",
    "plan",
    "for",
    "teams",
    "how",
    "to",
    "book",
    "a",
    "demo",
    "next",
    "week",
)
CHILD = """
import resource, sys, time
import drift_analysis as da

began = time.perf_counter()
archive = da.load_archive(sys.argv[1], sys.argv[2])
seconds = time.perf_counter() - began
rows = archive.messages.select("message_id").collect(engine="streaming").height
print(rows, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def message(chance: random.Random, number: int) -> bytes:
    """Return one message as Drift tells it; ten belong to a conversation, told in any order."""
    conversation = number // 10 * 7919 % 100_000_007
    is_contact = number % 2 == 0
    record = {
        "id": 10_000_000_000 + number,
        "conversationId": conversation,
        "orgId": 77,
        "type": "chat",
        "body": "<p>" + " ".join(chance.choices(WORDS, k=22)) + "</p>",
        "author": {"id": conversation % 9973, "type": "contact" if is_contact else "user"},
        "createdAt": 1_700_000_000_000 + 1000 * number,
        "context": {
            "ip": f"10.{number % 250}.{number // 250 % 250}.7",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            "href": f"https://www.example.com/pricing?visit={number}",
            "location": {"city": "Lyon", "country": "FR", "latitude": 45.7, "longitude": 4.8},
        },
    }
    return json.dumps(record).encode() + b"\n"


def write(folder: Path, size: float) -> None:
    """Fill a folder with so many bytes of messages."""
    chance = random.Random(7)
    number = written = 0
    while written < size:
        with (folder / f"{number:012}.ndjson").open("wb") as file:
            while file.tell() < min(FILE_BYTES, size - written):
                file.write(message(chance, number))
                number += 1
            written += file.tell()


def measured(size: float) -> float:
    """Load so many bytes in a new process, print what it took, and return its peak in MB."""
    with TemporaryDirectory() as folder:
        source, archive = Path(folder, "source"), Path(folder, "archive")
        source.mkdir()
        write(source, size)
        told = subprocess.run(
            [sys.executable, "-c", CHILD, str(source), str(archive)],
            check=True,
            capture_output=True,
            text=True,
        )
        rows, seconds, peak = (float(part) for part in told.stdout.split())
        packed = sum(file.stat().st_size for file in archive.rglob("*") if file.is_file())
    sys.stdout.write(
        f"{size / 1e9:.1f} GB: {rows:,.0f} messages in {seconds:,.0f} s, "
        f"{packed / 1e6:,.0f} MB on disk, at most {peak:,.0f} MB of memory\n"
    )
    sys.stdout.flush()
    return peak


if __name__ == "__main__":
    sizes = [float(given) * 1e9 for given in sys.argv[1:] or ["0.5"]]
    sys.exit(max(map(measured, sizes)) > MOST_MB)
