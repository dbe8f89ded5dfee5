"""Put what is being read aside on disk, so that reading holds little of it in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import Conversations, Issues, Rejects

from ..assemble import latest, merged_rows
from ..checks import added_up, contradictions
from ..future import from_the_future
from ..remarks import remarks
from ..status import replies_of
from ..tables import TABLES, WORKING
from .layout import HOMES, SPILL
from .scan import readable
from .shares import NO_SAMPLES, placed, sampled
from .states import SEEN, as_read
from .store import put_aside
from .strays import ROAMING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from ..reading import Reading
    from .shares import Choice
    from .states import States

__all__ = ["Spill"]

CHUNK_BYTES = 24 * 2**20
"""After how many bytes of rows what was read is put aside."""


_AT_ONCE = 8
"""How many files of a partition are read together."""


class Spill:
    """What is being loaded: rows as they were read, by partition, in files that do not count."""

    def __init__(self, root: Path, buckets: int) -> None:
        self.as_of: datetime | None = None
        self._root, self._buckets = root, buckets
        self._files: dict[str, dict[int, list[Path]]] = {name: {} for name in HOMES}
        self._keys: dict[str, list[Path]] = {name: [] for name in ROAMING}
        self._samples = {name: [NO_SAMPLES] for name in HOMES}
        self._replies: list[pl.DataFrame] = []
        self._told_together: pl.DataFrame | None = None
        self._issues: list[dict[str, Any]] = []
        self._found: list[dict[str, Any]] = []
        self._chunks = 0

    def watch(self, reading: Reading) -> None:
        """Take what was read whenever that is much."""
        if reading.size() >= CHUNK_BYTES:
            self._take(reading)

    def end(self, reading: Reading) -> None:
        """Take the rest of what was read, and what is to be said of all of it."""
        self._take(reading)
        self._issues = [*reading.notes.issues(), *remarks(reading), *added_up(self._found)]
        self._found = []
        self._told_together = self._together()

    def weights(self, buckets: int) -> dict[str, pl.DataFrame]:  # noqa: ARG002
        """Return samples of what was read, as they were taken."""
        return {name: pl.concat(samples) for name, samples in self._samples.items()}

    def keys(self, name: str) -> pl.LazyFrame:
        """Return the columns of `ROAMING`."""
        return _scanned(name, self._keys[name]).select(ROAMING[name])

    def homes(self, name: str) -> pl.LazyFrame:
        """Return the conversations that the rows of a table name."""
        return self._rows(name, range(self._buckets)).select("conversation_id")

    def states(self, choice: Choice) -> States:
        """Merge the chosen rows as `load` does, and return them as states."""
        with readable(self._root):
            rows = {name: self._chosen(choice, name) for name in HOMES}
        rejects = rows.pop("rejects")
        self._found += contradictions(rows["conversations"], rows["messages"])
        seen = pl.lit(self.as_of, WORKING[SEEN]).alias(SEEN)
        tables = merged_rows(rows, self._told_together)
        return as_read(
            {name: frame.with_columns(seen) for name, frame in tables.items()}, rejects, self.as_of
        )

    def notes(self) -> pl.DataFrame:
        """Return the issues of the load."""
        rows = [*self._issues, *added_up(self._found)]
        return pl.DataFrame(rows, schema=Issues.schema(), orient="row")

    def _take(self, reading: Reading) -> None:
        rows = {name: found.drain() for name, found in reading.rows.items()}
        seen = [latest(rows, reading.fetched), self.as_of]
        self.as_of = max((moment for moment in seen if moment), default=None)
        reading.fetched.clear()
        self._found += from_the_future(rows)
        self._replies.append(_open_or_shared(rows["conversations"]))
        rows["rejects"] = reading.rejects.drain()
        for name in HOMES:
            if name in ROAMING and rows[name].height:
                self._put_keys(name, rows[name].select(ROAMING[name]))
            self._put(name, rows.pop(name))
        self._chunks += 1

    def _put_keys(self, name: str, keys: pl.DataFrame) -> None:
        """Put aside by themselves what is looked at over all partitions."""
        file = f"{SPILL}/{name}-keys-{self._chunks:06}.parquet"
        put_aside(self._root, file, keys, at_once=keys.height)
        self._keys[name].append(self._root / file)

    def _put(self, name: str, frame: pl.DataFrame) -> None:
        size = frame.estimated_size() / max(1, frame.height)
        bucketed = frame.with_columns(placed(name, self._buckets))
        for bucket in bucketed["_bucket"].unique():
            ordered = bucketed.filter(_bucket=bucket).sort("_home")
            self._samples[name].append(sampled(ordered, size * ordered.height))
            file = f"{SPILL}/{name}-{bucket:02}-{self._chunks:06}.parquet"
            put_aside(self._root, file, ordered.drop("_bucket", "_home"), at_once=512)
            self._files[name].setdefault(bucket, []).append(self._root / file)

    def _chosen(self, choice: Choice, name: str) -> pl.DataFrame:
        """Collect a few files at a time: of each, more is unpacked than is wanted."""
        paths = self._paths(name, choice.partitions())
        parts = [paths[n : n + _AT_ONCE] for n in range(0, len(paths), _AT_ONCE)]
        found = [choice.of(name, _scanned(name, part)).collect() for part in parts]
        return pl.concat([_scanned(name, []).collect(), *found])

    def _rows(self, name: str, partitions: Iterable[int]) -> pl.LazyFrame:
        return _scanned(name, self._paths(name, partitions))

    def _paths(self, name: str, partitions: Iterable[int]) -> list[Path]:
        return [path for number in partitions for path in self._files[name].get(number, [])]

    def _together(self) -> pl.DataFrame:
        """Put together what each chunk knew of the replies of which it had a part."""
        known = (
            pl.concat(self._replies)
            .group_by("_reply")
            .agg(pl.col("_latest").max(), pl.col("_at_once").all(), _chunks=pl.len())
        )
        cut = known.filter(pl.col("_chunks") > 1)["_reply"]
        if cut.is_empty():
            return known.select("_reply", "_latest", "_at_once")
        for number in self._files["conversations"]:
            rows = self._rows("conversations", [number]).select("_reply", *_MOMENTS)
            parts = replies_of(rows.filter(pl.col("_reply").is_in(cut.implode())).collect())
            torn = parts.filter(~pl.col("_at_once"))["_reply"].implode()
            known = known.with_columns(pl.col("_at_once") & ~pl.col("_reply").is_in(torn))
        return known.select("_reply", "_latest", "_at_once")


def _scanned(name: str, paths: list[Path]) -> pl.LazyFrame:
    if paths:
        return pl.scan_parquet(paths, hive_partitioning=False, glob=False)
    return pl.LazyFrame(
        schema={**TABLES[name].schema(), **WORKING} if name in TABLES else Rejects.schema()
    )


_MOMENTS = [
    Conversations.conversation_id.name,
    Conversations.created_at.name,
    Conversations.updated_at.name,
]


def _open_or_shared(conversations: pl.DataFrame) -> pl.DataFrame:
    """What is to be known of replies later on: those with several records, or cut by a chunk."""
    reply = pl.col("_reply")
    is_end = (reply == reply.min()) | (reply == reply.max())
    return replies_of(conversations).filter((pl.col("_n") > 1) | is_end)
