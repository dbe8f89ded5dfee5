"""How much more often something comes of a playbook's conversations than of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import PlaybookAttribution, PlaybookLift
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.playbooks import OUTCOMES

from ..statistics.fisher import fisher_exact
from ..statistics.p_values import benjamini_hochberg
from ..statistics.proportions import newcombe

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["compared_with", "playbook_lift"]

_ALL, _HAPPENED = "conversations", "happened"
_OTHER_ALL, _OTHER_HAPPENED = "other_conversations", "other_happened"


def playbook_lift(
    attribution: Frame, *, outcome: str = "engaged", against: Literal["rest", "none"] | int = "rest"
) -> Frame:
    """Compare how often something comes of each playbook's conversations with others.

    This is an association, not a cause: visitors who meet one playbook differ from those who
    meet another. Conversations of which the playbook is unknown are on neither side.

    Parameters
    ----------
    attribution
        A `PlaybookAttribution` table, from `playbook_attribution`.
    outcome
        What came of them: ``"engaged"``, ``"meetings"``, ``"goals"``, ``"emails_captured"``,
        ``"human_handled"``, ``"closed"`` or ``"bulk_sent"``.
    against
        What to compare with: ``"rest"`` for the conversations of all other playbooks and of
        none, ``"none"`` for those without a playbook, or the id of a playbook.

    Returns
    -------
    :
        A `PlaybookLift` table, one row per playbook but the one that is compared with:
        ``playbook_id``, ``playbook_name``, ``outcome``, ``against``; ``conversations``,
        ``happened``, ``happened_rate``; ``other_conversations``, ``other_happened``,
        ``other_rate``; ``difference`` with ``difference_lo`` and ``difference_hi``, ``ratio``,
        ``p``, ``q``; ``n_unknown``. In the order of `attribution`: most conversations first,
        then by id. Where there is nothing to compare with, what compares is null. The p is that
        of Fisher's exact test, since few conversations come to a meeting.

    Raises
    ------
    SchemaError
        If `attribution` is no such table.
    InputError
        If `outcome` or `against` is not one of these.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.playbooks.playbook_lift import playbook_lift
    >>> from drift_analysis.schemas import PlaybookAttribution
    >>> counts = pl.DataFrame(
    ...     [
    ...         {"playbook_id": 7, "attribution": "playbook", "conversations": 70, "engaged": 56},
    ...         {"playbook_id": None, "attribution": "none", "conversations": 80, "engaged": 48},
    ...     ],
    ...     schema=PlaybookAttribution.schema(),
    ... )
    >>> found = playbook_lift(counts, outcome="engaged", against="none")
    >>> found.select("playbook_id", pl.col("difference", "difference_lo", "difference_hi").round(3))
    shape: (1, 4)
    ┌─────────────┬────────────┬───────────────┬───────────────┐
    │ playbook_id ┆ difference ┆ difference_lo ┆ difference_hi │
    │ ---         ┆ ---        ┆ ---           ┆ ---           │
    │ i64         ┆ f64        ┆ f64           ┆ f64           │
    ╞═════════════╪════════════╪═══════════════╪═══════════════╡
    │ 7           ┆ 0.2        ┆ 0.052         ┆ 0.334         │
    └─────────────┴────────────┴───────────────┴───────────────┘
    """
    if outcome not in OUTCOMES:
        name = "outcome"
        raise InputError.unknown_choice(name, outcome, OUTCOMES)
    a = PlaybookAttribution
    counts = a.require(attribution).lazy()
    is_playbook = a.attribution.col == "playbook"
    happened = pl.col(outcome).cast(pl.Int64)
    loaded = pl.when(happened.is_not_null()).then(a.conversations.col.cast(pl.Int64))
    other_all, other_happened = (_others(side, against) for side in (loaded, happened))
    unknown = a.conversations.col.filter(a.attribution.col == "unknown").sum()
    rows = (
        counts.with_columns(
            other_all.alias(_OTHER_ALL),
            pl.when(other_all > 0).then(other_happened).alias(_OTHER_HAPPENED),
            pl.col(outcome).alias(_HAPPENED),
            unknown.alias("n_unknown"),
        )
        .filter(is_playbook & a.playbook_id.col.ne_missing(pl.lit(_identity(against), pl.Int64)))
        .sort(a.conversations.name, a.playbook_id.name, descending=[True, False])
    )
    compared = (_HAPPENED, _ALL, _OTHER_HAPPENED, _OTHER_ALL)
    difference, lo, hi = newcombe(*compared)
    ours, others = pl.col(_HAPPENED).cast(pl.Int64), pl.col(_OTHER_HAPPENED)
    everyone = pl.col(_ALL).cast(pl.Int64) + pl.col(_OTHER_ALL)
    lifted = rows.with_columns(
        pl.lit(outcome).cast(pl.Enum(OUTCOMES)).alias("outcome"),
        pl.lit(str(against)).alias("against"),
        _rate(_HAPPENED, _ALL).alias("happened_rate"),
        _rate(_OTHER_HAPPENED, _OTHER_ALL).alias("other_rate"),
        difference,
        lo.alias("difference_lo"),
        hi.alias("difference_hi"),
        fisher_exact(_HAPPENED, _ALL, ours + others, everyone),
    ).with_columns(
        pl.when(pl.col("other_rate") > 0)
        .then(pl.col("happened_rate") / pl.col("other_rate"))
        .alias("ratio"),
        benjamini_hochberg("p"),
    )
    return as_given(PlaybookLift.conform(lifted), attribution)


def _identity(against: Literal["rest", "none"] | int) -> int | None:
    """Return the id of the playbook that is compared with, if it is one."""
    if isinstance(against, int) and not isinstance(against, bool):
        return against
    if against not in ("rest", "none"):
        name = "against"
        raise InputError.unknown_choice(name, against, ["rest", "none", "the id of a playbook"])
    return None


def _others(side: pl.Expr, against: Literal["rest", "none"] | int) -> pl.Expr:
    """Return how many there are of what a playbook is compared with, as far as loaded."""
    total = side.filter(compared_with(against)).sum()
    return total - side.fill_null(0) if against == "rest" else total


def compared_with(against: Literal["rest", "none"] | int) -> pl.Expr:
    """Tell what is compared with; of the rest, each playbook leaves out itself."""
    a = PlaybookAttribution
    if against == "rest":
        return a.attribution.col != "unknown"
    if (playbook := _identity(against)) is not None:
        return (a.playbook_id.col == playbook).fill_null(value=False)
    return a.attribution.col == "none"


def _rate(happened: str, all_: str) -> pl.Expr:
    return pl.when(pl.col(all_) > 0).then(pl.col(happened) / pl.col(all_))
