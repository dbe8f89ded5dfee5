"""Which tags the conversations of a playbook have more often than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics import benjamini_hochberg, fisher_exact, newcombe
from drift_analysis.schemas import PlaybookTags, TagFrequency
from drift_analysis.schemas.base import as_given

from .playbook_rates import SIDES

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["playbook_tags"]

_COUNTS = ("conversations", "n_known", "n_unknown")
_COMPARED = ("conversations", "n_known", "other_conversations", "other_known")


def playbook_tags(frequency: Frame, *, names: tuple[str, str] = SIDES) -> Frame:
    """Compare how often each tag is on the conversations of two sides.

    Tags are given after the fact, often by the people who answered: they say what became of a
    conversation, and are no reason for it.

    Parameters
    ----------
    frequency
        A `TagFrequency` table by ``side``, of what `playbook_sides` returns.
    names
        What the two sides are called.

    Returns
    -------
    :
        A `PlaybookTags` table, those that stand out most on top: sorted by ``q``, then by the
        size of the difference.

    Raises
    ------
    SchemaError
        If `frequency` is no such table.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.widgets import playbook_sides, playbook_tags
    >>> made = da.load("data/sample").conversations
    >>> sides = playbook_sides(made, playbook_id=made["playbook_id"].drop_nulls()[0])
    >>> playbook_tags(da.tag_frequency(sides, by="side")).columns[:3]
    ['tag', 'conversations', 'n_known']
    """
    rows = TagFrequency.require(frequency).lazy()
    first, second = (rows.filter(pl.col("side") == name).select("tag", *_COUNTS) for name in names)
    counts = (
        first.join(second, on="tag", how="full", coalesce=True, suffix="_other")
        .with_columns(pl.exclude("tag").cast(pl.Int64).fill_null(0))
        .select(
            "tag",
            "conversations",
            "n_known",
            n_unknown=pl.col("n_unknown") + pl.col("n_unknown_other"),
            other_conversations="conversations_other",
            other_known="n_known_other",
        )
    )
    mine, all_mine, theirs, all_theirs = _COMPARED
    difference, lo, hi = newcombe(*_COMPARED)
    having, everyone = pl.col(mine) + pl.col(theirs), pl.col(all_mine) + pl.col(all_theirs)
    comparable = (pl.col(all_mine) > 0) & (pl.col(all_theirs) > 0)
    p = pl.when(comparable).then(fisher_exact(mine, all_mine, having, everyone))
    compared = counts.with_columns(
        _share(mine, all_mine).alias("share"),
        _share(theirs, all_theirs).alias("other_share"),
        difference,
        lo.alias("difference_lo"),
        hi.alias("difference_hi"),
        p.alias("p"),
    ).with_columns(benjamini_hochberg("p"))
    size = pl.col("difference").abs()
    ordered = compared.sort("q", size, "tag", descending=[False, True, False], nulls_last=True)
    return as_given(PlaybookTags.conform(ordered), frequency)


def _share(some: str, all_: str) -> pl.Expr:
    return pl.when(pl.col(all_) > 0).then(pl.col(some) / pl.col(all_))
