"""The rows of a picture of playbooks: the largest, the rest as one, and those apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..kit.format import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PLAYBOOK_LABEL", "playbook_rows"]

PLAYBOOK_LABEL = pl.coalesce(
    "playbook_name", pl.format("playbook {} (not in the list)", "playbook_id")
).alias("label")
"""What a playbook is called: one that is not in Drift's list keeps its id."""

_APART = {"none": "no playbook", "unknown": "playbook unknown"}


def playbook_rows(table: pl.DataFrame, counts: Sequence[str], limit: int) -> pl.DataFrame:
    """Order playbooks by their conversations, fold the small ones, and set the others apart.

    Parameters
    ----------
    table
        A `PlaybookAttribution` table.
    counts
        The columns to keep and to add up; what is null stays null.
    limit
        How many playbooks keep a row of their own.

    Returns
    -------
    :
        ``row`` (with a gap before those apart), ``label``, ``kind`` (``playbook``, ``others``,
        ``none``, ``unknown``), and the counts.
    """
    used = table.filter(pl.col("conversations") > 0)
    known = used.filter(pl.col("attribution") == "playbook")
    ranked = known.sort("conversations", "playbook_id", descending=[True, False], nulls_last=True)
    shown, tail = ranked.head(limit), ranked.tail(-limit)
    whole = [pl.col(name).cast(pl.Int64) for name in counts]
    parts = [shown.select(PLAYBOOK_LABEL, *whole, kind=pl.lit("playbook"))]
    if not tail.is_empty():
        name = plural(tail.height, "other playbook")
        sums = [pl.when(count.is_not_null().all()).then(count.sum()) for count in whole]
        folded = tail.select(pl.lit(name).alias("label"), *sums, kind=pl.lit("others"))
        parts.append(folded.head(1))
    apart = used.filter(pl.col("attribution") != "playbook")
    kind = pl.col("attribution").cast(pl.String)
    parts.append(apart.select(kind.replace(_APART).alias("label"), *whole, kind=kind).sort("kind"))
    rows = pl.concat(parts)
    gap = pl.col("kind").is_in(["none", "unknown"]).cast(pl.Int64) * int(not known.is_empty())
    return rows.with_columns(row=pl.int_range(pl.len()) + gap)
