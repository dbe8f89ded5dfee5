"""What came of a playbook's conversations, and of those that they are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics import benjamini_hochberg, fisher_exact, newcombe, wilson
from drift_analysis.metrics.playbooks.playbook_lift import compared_with
from drift_analysis.schemas import Conversations, PlaybookAttribution, PlaybookComparison
from drift_analysis.schemas.base import as_given

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["SHOWN", "SIDES", "Against", "playbook_comparison", "playbook_sides", "side_of"]

Against = Literal["rest", "none"] | int
"""What a playbook is compared with: all others and none, none, or a playbook by its id."""

SIDES = ("first", "second")
"""The playbook, and what it is compared with."""

SHOWN = ("engaged", "human_handled", "emails_captured", "meetings", "goals", "closed", "bulk_sent")
"""The outcomes in the order of a table: what a playbook is for comes first."""


def playbook_comparison(
    attribution: Frame, *, playbook_id: int, against: Against = "rest"
) -> Frame:
    """Compare every outcome of one playbook's conversations with that of others.

    This is an association, not a cause. Conversations of which the playbook is unknown are on
    neither side.

    Parameters
    ----------
    attribution
        A `PlaybookAttribution` table, from `playbook_attribution`.
    playbook_id
        The playbook.
    against
        ``"rest"`` for the conversations of all other playbooks and of none, ``"none"`` for those
        without a playbook, or the id of another playbook.

    Returns
    -------
    :
        A `PlaybookComparison` table, one row per outcome; none if the playbook started nothing.

    Raises
    ------
    SchemaError
        If `attribution` is no such table.
    InputError
        If a playbook is compared with itself, or `against` means nothing.

    References
    ----------
    The bounds of the ratio are those of A. Donner and G. Y. Zou, "Closed-form confidence
    intervals for functions of the normal mean and standard deviation", Statistical Methods in
    Medical Research 21 (2012), put together from Wilson's as those of the difference are: they
    exclude 1 exactly where those exclude 0.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.schemas import PlaybookAttribution
    >>> from drift_analysis.widgets import playbook_comparison
    >>> counts = pl.DataFrame(
    ...     [
    ...         {"playbook_id": 7, "attribution": "playbook", "conversations": 70, "engaged": 56},
    ...         {"playbook_id": None, "attribution": "none", "conversations": 80, "engaged": 48},
    ...     ],
    ...     schema=PlaybookAttribution.schema(),
    ... )
    >>> found = playbook_comparison(counts, playbook_id=7)
    >>> found.head(1).select("outcome", pl.col("difference", "ratio", "ratio_lo").round(3))
    shape: (1, 4)
    ┌─────────┬────────────┬───────┬──────────┐
    │ outcome ┆ difference ┆ ratio ┆ ratio_lo │
    │ ---     ┆ ---        ┆ ---   ┆ ---      │
    │ enum    ┆ f64        ┆ f64   ┆ f64      │
    ╞═════════╪════════════╪═══════╪══════════╡
    │ engaged ┆ 0.2        ┆ 1.333 ┆ 1.078    │
    └─────────┴────────────┴───────┴──────────┘
    """
    if against == playbook_id:
        what = f"playbook_id={playbook_id!r} is compared with itself."
        raise InputError.of(what, "", 'against="rest", "none", or another playbook.')
    counts = _counted(PlaybookAttribution.require(attribution).lazy(), playbook_id, against)
    lo, hi = wilson("happened", "conversations")
    other_lo, other_hi = wilson("other_happened", "other_conversations")
    compared = ("happened", "conversations", "other_happened", "other_conversations")
    difference, least, most = newcombe(*compared)
    happened, n = pl.col("happened") + pl.col("other_happened"), pl.col("conversations")
    everyone = n + pl.col("other_conversations")
    rates = counts.with_columns(
        lo.alias("happened_lo"),
        hi.alias("happened_hi"),
        other_lo.alias("other_lo"),
        other_hi.alias("other_hi"),
        difference,
        least.alias("difference_lo"),
        most.alias("difference_hi"),
        fisher_exact("happened", "conversations", happened, everyone),
        happened_rate=pl.col("happened") / n,
        other_rate=pl.col("other_happened") / pl.col("other_conversations"),
        playbook_id=pl.lit(playbook_id, pl.Int64),
        against=pl.lit(str(against)),
    )
    lift = pl.when(pl.col("other_rate") > 0).then(pl.col("happened_rate") / pl.col("other_rate"))
    found = (
        rates.with_columns(lift.alias("ratio"), benjamini_hochberg("p"))
        .with_columns(*_ratio_bounds())
        .sort(pl.col("outcome").cast(pl.Enum(SHOWN)))
    )
    return as_given(PlaybookComparison.conform(found), attribution)


def playbook_sides(
    conversations: Frame,
    *,
    playbook_id: int,
    against: Against = "rest",
    names: tuple[str, str] = SIDES,
) -> Frame:
    """Tell on which side of a comparison each conversation is.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    playbook_id, against
        As for `playbook_comparison`.
    names
        What the two sides are called.

    Returns
    -------
    :
        The conversations of either side, with ``side`` (String). Those of which the playbook is
        unknown are on none.
    """
    first, second = (pl.lit(name) for name in names)
    is_first, is_second = side_of(playbook_id, against)
    side = pl.when(is_first).then(first).when(is_second).then(second)
    rows = Conversations.require(conversations).lazy()
    return as_given(rows.with_columns(side=side).drop_nulls("side"), conversations)


def side_of(playbook_id: int, against: Against) -> tuple[pl.Expr, pl.Expr]:
    """Return which conversations are those of the playbook, and which it is compared with."""
    given, is_detail = Conversations.playbook_id.col, Conversations.is_detail.col
    no_playbook = given.is_null() & is_detail
    others = {"none": no_playbook, "rest": no_playbook | (given != playbook_id)}
    second = others[against] if isinstance(against, str) else given == against
    return (given == playbook_id).fill_null(value=False), second.fill_null(value=False)


def _counted(counts: pl.LazyFrame, playbook_id: int, against: Against) -> pl.LazyFrame:
    """Add up both sides, a row for each outcome; of what was not loaded nothing is known."""
    a = PlaybookAttribution
    is_first = (a.playbook_id.col == playbook_id).fill_null(value=False)
    all_, came = pl.col("all"), pl.col("came").cast(pl.Int64)
    first, second, loaded = pl.col("is_first"), pl.col("is_second"), came.is_not_null()
    others = all_.filter(second & loaded).sum()
    return (
        counts.select(
            *SHOWN,
            all=a.conversations.col.cast(pl.Int64),
            is_first=is_first,
            is_second=compared_with(against) & ~is_first,
            unknown=a.attribution.col == "unknown",
        )
        .unpivot(
            SHOWN,
            index=["all", "is_first", "is_second", "unknown"],
            variable_name="outcome",
            value_name="came",
        )
        .group_by("outcome")
        .agg(
            conversations=all_.filter(first).sum(),
            happened=pl.when((first & loaded).any()).then(came.filter(first).sum()),
            other_conversations=others,
            other_happened=pl.when(others > 0).then(came.filter(second).sum()),
            n_unknown=all_.filter("unknown").sum(),
        )
        .filter(pl.col("conversations") > 0)
    )


def _ratio_bounds() -> tuple[pl.Expr, pl.Expr]:
    """Return between which ratios those lie whose difference from the other rate may be 0."""
    p, q = pl.col("happened_rate"), pl.col("other_rate")
    lo, hi = pl.col("happened_lo"), pl.col("happened_hi")
    other_lo, other_hi = pl.col("other_lo"), pl.col("other_hi")
    least, most = lo * (2 * p - lo), hi * (2 * p - hi)
    above, below = other_hi * (2 * q - other_hi), other_lo * (2 * q - other_lo)
    lower = least / (p * q + ((p * q) ** 2 - least * above).clip(0).sqrt())
    upper = (p * q + ((p * q) ** 2 - most * below).clip(0).sqrt()) / below
    known = pl.col("ratio").is_not_null()
    return (
        pl.when(known).then(pl.when(p > 0).then(lower).otherwise(0.0)).alias("ratio_lo"),
        pl.when(known & (below > 0)).then(upper).alias("ratio_hi"),
    )
