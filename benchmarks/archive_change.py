"""Measure what it costs to archive a few changed conversations, as a sync does.

    python benchmarks/world.py WORLD 100000
    python benchmarks/archive_change.py WORLD 10 newest
    python benchmarks/archive_change.py WORLD 10 anywhere

The archive is copied first. Printed are seconds of processor time, and the most memory that the
process ever had, imports included.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import drift_analysis as da
from drift_analysis.sources.archive.load import archive_documents
from drift_analysis.sources.framing.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator


def changes(numbers: list[int]) -> Iterator[Document]:
    """Return what Drift tells of conversations that have changed: details, and messages."""
    seen = datetime.now(UTC)
    now = int(seen.timestamp() * 1000)
    for n in numbers:
        detail = {"id": n, "status": "closed", "contactId": 5, "createdAt": 0, "updatedAt": now}
        said = [
            {
                "id": 9_000_000_000 + 10 * n + place,
                "conversationId": n,
                "type": "chat",
                "body": "An invented answer.",
                "author": {"type": "contact", "id": 5, "bot": False},
                "createdAt": now - 1000 + place,
            }
            for place in range(3)
        ]
        for path, reply in (("", detail), ("/messages", {"messages": said})):
            body = json.dumps({"data": reply}).encode()
            yield Document(f"/conversations/{n}{path}", body, fetched_at=seen)


def chosen(archive: Path, k: int, where: str) -> list[int]:
    """Return the ids of so many conversations."""
    ids = da.scan_archive(archive).conversations.select(pl.col("conversation_id").sort())
    known = ids.collect().to_series().to_list()
    return known[-k:] if where == "newest" else random.Random(1).sample(known, k)


def main(world: str, k: int, where: str) -> None:
    """Measure once."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        shutil.copytree(world, archive)
        told = list(changes(chosen(archive, k, where)))
        began = time.process_time()
        archive_documents(told, archive)
        spent = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{k} {where}: {spent:.1f} s of processor time, {most} MB at most\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
