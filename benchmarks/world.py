"""Make an archive of a large organisation's conversations, by columns, from a seed.

    python benchmarks/world.py FOLDER 1000000

Partition by partition, so that little is in memory; the files are laid out as an archive's own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from world_rows import AS_OF, HUMANS, LOG_START, PLAYBOOKS, Columns, tables

from drift_analysis.sources.archive.layout import (
    ARCHIVED,
    BUCKETS,
    FORMAT,
    HOMES,
    Manifest,
    schema_version,
)
from drift_analysis.sources.archive.piles import Pile
from drift_analysis.sources.archive.store import switch
from drift_analysis.sources.tables import TABLES

__all__ = ["AS_OF", "LOG_START", "write_world"]


def write_world(root: Path, n: int, seed: int = 1) -> None:
    """Write an archive of so many conversations."""
    piles = {name: Pile(root, name, name, BUCKETS) for name in HOMES}
    for bucket in range(BUCKETS):
        draw = np.random.default_rng([seed, bucket])
        for name, columns in tables(draw, bucket, n // BUCKETS, contacts=max(1, n * 3 // 5)):
            key = ARCHIVED[name].primary_key()
            piles[name].add(_whole(name, columns), key)
    for name, columns in _directory(max(1, n * 3 // 5)):
        piles[name].add(_whole(name, columns), ARCHIVED[name].primary_key())
    schemas = {name: schema_version(table) for name, table in ARCHIVED.items()}
    files = {name: pile.close() for name, pile in piles.items()} | {"issues": []}
    states: dict[str, list[str]] = {name: [] for name in TABLES}
    switch(root, Manifest(FORMAT, AS_OF, BUCKETS, schemas, files, states))


def _whole(name: str, columns: Columns) -> pl.DataFrame:
    """Return a table of the archive: what was not made is null."""
    schema = ARCHIVED[name].schema()
    frame = pl.DataFrame(columns)
    given = [
        pl.col(each).cast(dtype) if each in columns else pl.lit(None, dtype).alias(each)
        for each, dtype in schema.items()
    ]
    seen = pl.lit(AS_OF, pl.Datetime("ms", "UTC")).alias("_fetched_at")
    return frame.select(*given, seen)


def _directory(contacts: int) -> list[tuple[str, Columns]]:
    """Return playbooks, users and contacts."""
    p, u = np.arange(1, PLAYBOOKS), np.arange(100, 100 + HUMANS)
    c = 5_000_000_000 + np.arange(contacts)
    source = "invented"
    return [
        (
            "playbooks",
            {
                "playbook_id": p,
                "interaction_id": p + 100,
                "name": [f"playbook {k}" for k in p],
                "source": np.full(len(p), source),
            },
        ),
        (
            "users",
            {"user_id": u, "is_bot": np.zeros(len(u), bool), "source": np.full(len(u), source)},
        ),
        ("contacts", {"contact_id": c, "source": np.full(len(c), source)}),
    ]


if __name__ == "__main__":
    write_world(Path(sys.argv[1]), int(sys.argv[2]))
