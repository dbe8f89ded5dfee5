"""Which tags belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, TagCooccurrence
from drift_analysis.schemas.base import as_given

from ..arguments import grouping, require_columns, with_groups
from ..statistics.fisher import fisher_exact
from ..statistics.life_tables import EVERYTHING
from ..statistics.p_values import benjamini_hochberg
from .tag_names import CONVERSATION, SAME, TAGS, known_tags, most_frequent, tag_rows, tag_uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["OTHER", "pairs_of", "tag_cooccurrence"]

OTHER = "__other"
"""The second tag of two, as `SAME` is the first."""


def tag_cooccurrence(conversations: Frame, *, by: str | Sequence[str] | None = None) -> Frame:
    """Count for every two tags how many conversations have both, and compare it with chance.

    Parameters
    ----------
    conversations
        A `Conversations` table. Conversations whose tags are unknown are in no count.
    by
        Columns of the conversations to group by: its own, or ones that you joined.

    Returns
    -------
    :
        The columns of `by`, then a `TagCooccurrence` table: ``tag_a``, ``tag_b``, ``n_a``,
        ``n_b``, ``n_ab``, ``n_known``, ``n_unknown``, ``support``, ``confidence_ab``,
        ``confidence_ba``, ``jaccard``, ``lift``, ``leverage``, ``pmi``, ``npmi``, ``phi``,
        ``fisher_p``, ``q``. Every two tags that are used in the group are there once, also if no
        conversation has both: ``pmi`` is null then, and ``npmi`` -1. Sorted by group, most
        frequent pairs first, then by tags.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If `by` names no column, or one of the result.

    References
    ----------
    R. Agrawal, T. Imielinski and A. Swami (1993) for support and confidence; G. Piatetsky-Shapiro
    (1991) for leverage; G. Bouma (2009), "Normalized (pointwise) mutual information".

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_pairs import tag_cooccurrence
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> tags = [["demo", "price"], ["demo", "price"], ["demo"], []]
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": n, "created_at": made, "tags": [{"name": t} for t in names]}
    ...         for n, names in enumerate(tags)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> found = tag_cooccurrence(conversations)
    >>> found.select("tag_a", "tag_b", "n_ab", "confidence_ba", pl.col("lift").round(3), "fisher_p")
    shape: (1, 6)
    ┌───────┬───────┬──────┬───────────────┬───────┬──────────┐
    │ tag_a ┆ tag_b ┆ n_ab ┆ confidence_ba ┆ lift  ┆ fisher_p │
    │ ---   ┆ ---   ┆ ---  ┆ ---           ┆ ---   ┆ ---      │
    │ str   ┆ str   ┆ u32  ┆ f64           ┆ f64   ┆ f64      │
    ╞═══════╪═══════╪══════╪═══════════════╪═══════╪══════════╡
    │ demo  ┆ price ┆ 2    ┆ 1.0           ┆ 1.333 ┆ 1.0      │
    └───────┴───────┴──────┴───────────────┴───────┴──────────┘
    """
    taken = [*TagCooccurrence.column_names(), SAME, CONVERSATION, TAGS]
    groups: list[str] = grouping(by, taken=taken)
    require_columns(Conversations.require(conversations), groups)
    keys: list[str] = [EVERYTHING, *groups]
    rows = tag_rows(conversations.lazy(), groups)
    # Without the cache every use would spell all tags again.
    spelled = tag_uses(rows, keys).cache()
    names = most_frequent(spelled, "tag")
    uses = spelled.select(*keys, CONVERSATION, SAME).unique().cache()
    counts = (
        _pairs(uses, keys)
        .join(known_tags(rows, keys), on=keys, nulls_equal=True)
        .join(names.rename({"tag": "tag_a"}), on=SAME)
        .join(names.rename({"tag": "tag_b", SAME: OTHER}), on=OTHER)
    )
    measured = counts.with_columns(_measures()).with_columns(
        benjamini_hochberg("fisher_p", over=keys)
    )
    ordered = measured.sort(
        *keys,
        "n_ab",
        SAME,
        OTHER,
        descending=[*[False] * len(keys), True, False, False],
        nulls_last=True,
    )
    return as_given(with_groups(TagCooccurrence, ordered, groups), conversations)


def pairs_of(uses: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Return every two tags of each conversation."""
    others = uses.select(*keys, CONVERSATION, pl.col(SAME).alias(OTHER))
    return uses.join(others, on=[*keys, CONVERSATION], nulls_equal=True).filter(
        pl.col(SAME) < pl.col(OTHER)
    )


def _pairs(uses: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Count, for every two tags of a group, the conversations with either and with both."""
    others = pl.col(SAME).alias(OTHER)
    first, second = pl.col(SAME), pl.col(OTHER)
    each = uses.group_by(*keys, SAME).agg(pl.len().alias("n_a"))
    other = each.select(*keys, others, pl.col("n_a").alias("n_b"))
    both = pairs_of(uses, keys).group_by(*keys, SAME, OTHER).agg(pl.len().alias("n_ab"))
    return (
        each.join(other, on=keys, nulls_equal=True)
        .filter(first < second)
        .join(both, on=[*keys, SAME, OTHER], how="left", nulls_equal=True)
        .with_columns(pl.col("n_ab").fill_null(0))
    )


def _measures() -> list[pl.Expr]:
    """Return what the counts of a pair say."""
    a, b, both, n = (pl.col(x).cast(pl.Float64) for x in ("n_a", "n_b", "n_ab", "n_known"))
    lift = both * n / (a * b)
    pmi = pl.when(both > 0).then(lift.log(2))
    npmi = pl.when(both == 0).then(-1.0).when(both < n).then((pmi / -(both / n).log(2)).clip(-1, 1))
    apart = (a < n) & (b < n)
    phi = (both * n - a * b) / (a * b * (n - a) * (n - b)).sqrt()
    found = {
        "support": both / n,
        "confidence_ab": both / a,
        "confidence_ba": both / b,
        "jaccard": both / (a + b - both),
        "lift": lift,
        "leverage": both / n - (a / n) * (b / n),
        "pmi": pmi,
        "npmi": npmi,
        "phi": pl.when(apart).then(phi.clip(-1, 1)),
        "fisher_p": fisher_exact("n_ab", "n_a", "n_b", "n_known"),
    }
    return [each.alias(name) for name, each in found.items()]
