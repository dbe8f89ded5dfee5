"""Divide the work on an archive into shares that fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from ..tables import TABLES
from .layout import HOMES, bucket, partition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["EVERYTHING", "NO_SAMPLES", "Choice", "Share", "placed", "sampled", "shares_of"]

SHARE_BYTES = 8 * 2**20
"""About how many bytes of rows are worked on at once."""

NO_SAMPLES = pl.DataFrame(schema={"_bucket": pl.Int64, "_home": pl.Int64, "_bytes": pl.Float64})
"""What `sampled` gives of no rows."""

_SAMPLES = 8
"""Into how many pieces the rows of a share are told apart when shares are cut."""


class Share(NamedTuple):
    """Rows that are worked on together: of partitions, or of a range within one of them."""

    tables: frozenset[str]
    first: int = 0
    last: int | None = None
    low: int | None = None
    high: int | None = None

    def holds(self, name: str, buckets: int) -> pl.Expr:
        """Tell whether a row of a table belongs to the share."""
        inside = pl.lit(value=True)
        if self.last is not None and HOMES[name] == "conversation_id":
            inside &= bucket(buckets).is_between(self.first, self.last)
        home, here = pl.col(HOMES[name]), pl.lit(value=True)
        if self.low is not None:
            here &= home >= self.low
        if self.high is not None:
            here &= home < self.high
        zero = (self.low is None or self.low <= 0) and (self.high is None or self.high > 0)
        return inside & (here | home.is_null() if zero else here)


EVERYTHING = Share(frozenset(HOMES))
"""All rows of all tables at once."""


class Choice(NamedTuple):
    """The rows of a share without the strays; without a share, the strays."""

    buckets: int
    share: Share | None
    strays: Mapping[str, pl.DataFrame]

    def of(self, name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return those of the rows of a table that are meant."""
        strays = self.strays.get(name)
        if self.share is None:
            if strays is None:
                return rows.clear()
            return rows.join(strays.lazy(), on=TABLES[name].primary_key(), how="semi")
        if name not in self.share.tables:
            return rows.clear()
        rows = (
            rows if self.share == EVERYTHING else rows.filter(self.share.holds(name, self.buckets))
        )
        if strays is None:
            return rows
        return rows.join(strays.lazy(), on=TABLES[name].primary_key(), how="anti")

    def partitions(self) -> range:
        """Return the partitions that may hold such rows."""
        if self.share is None or self.share.last is None:
            return range(self.buckets)
        return range(self.share.first, self.share.last + 1)

    def files(self, files: list[str]) -> list[str]:
        """Return those of the files that may hold such rows."""
        wanted = self.partitions()
        return [file for file in files if "/bucket=" not in file or partition(file) in wanted]


def placed(name: str, buckets: int) -> list[pl.Expr]:
    """Tell where the rows of a table lie: ``_bucket``, and ``_home`` in it."""
    together = HOMES[name] == "conversation_id"
    number = bucket(buckets) if together else pl.lit(0)
    home = pl.col(HOMES[name]).cast(pl.Int64).fill_null(0)
    return [number.cast(pl.Int64).alias("_bucket"), home.alias("_home")]


def sampled(rows: pl.DataFrame, size: float) -> pl.DataFrame:
    """Return some of the rows with the bytes in ``_bytes`` that each of them stands for."""
    step = max(1, int(rows.height * SHARE_BYTES / _SAMPLES / max(1, size)))
    some = rows.select("_bucket", "_home").gather_every(step)
    return some.with_columns(_bytes=pl.lit(size / max(1, some.height), pl.Float64))


def shares_of(weights: Mapping[str, pl.DataFrame], buckets: int) -> list[Share]:
    """Cut the rows of all tables into shares, in the order in which they are stored.

    Parameters
    ----------
    weights
        What `sampled` gave, by table.
    buckets
        How many partitions the archive has.

    Returns
    -------
    :
        Everything, if that is little. Otherwise shares of the tables whose rows belong to
        conversations, which are cut alike, then shares of each other table.
    """
    if sum(frame["_bytes"].sum() for frame in weights.values()) <= SHARE_BYTES:
        return [EVERYTHING]
    together = frozenset(name for name, home in HOMES.items() if home == "conversation_id")
    others = [frozenset({name}) for name in HOMES if name not in together]
    return [
        *_whole_buckets(together, _samples(together, weights), buckets),
        *(
            Share(names, low=low, high=high)
            for names in others
            for low, high in _ranges(_samples(names, weights))
        ),
    ]


def _samples(names: frozenset[str], weights: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    known = pl.concat([weights[name] for name in sorted(names)])
    return known.group_by("_bucket", "_home").agg(pl.col("_bytes").sum()).sort("_bucket", "_home")


def _whole_buckets(names: frozenset[str], samples: pl.DataFrame, buckets: int) -> Iterator[Share]:
    first, held = 0, 0.0
    for number in range(buckets):
        here = samples.filter(_bucket=number)
        size = float(here["_bytes"].sum())
        if first < number and held + size > SHARE_BYTES:
            yield Share(names, first, number - 1)
            first, held = number, 0.0
        held += size
        if size > SHARE_BYTES:
            for low, high in _ranges(here):
                yield Share(names, number, number, low, high)
            first, held = number + 1, 0.0
    if first < buckets:
        yield Share(names, first, buckets - 1)


def _ranges(samples: pl.DataFrame) -> Iterator[tuple[int | None, int | None]]:
    low, held = None, 0.0
    for home, size in zip(samples["_home"], samples["_bytes"], strict=True):
        if held and held + size > SHARE_BYTES:
            yield low, home
            low, held = home, 0.0
        held += size
    yield low, None
