"""How often bots handle conversations without a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import BotContainment, ContainmentRates
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.responses import CONTAINMENT

from ..arguments import grouping, require_columns, with_groups
from ..statistics.life_tables import EVERYTHING
from ..statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["containment_rates", "totals_of"]

_TAKEN = (*ContainmentRates.column_names(), BotContainment.not_judged.name, EVERYTHING)


def containment_rates(containment: Frame, *, by: str | Sequence[str] | None = None) -> Frame:
    """Count how often each outcome came about, of the conversations that can be judged.

    Parameters
    ----------
    containment
        A `BotContainment` table.
    by
        Columns to group by, which you joined; null is a group of its own.

    Returns
    -------
    :
        The columns of `by`, then a `ContainmentRates` table: ``outcome``, ``conversations``,
        ``share`` of ``n_judged`` with ``lo`` and ``hi``, and what is in no share: ``n_open``,
        ``n_not_engaged``, ``n_unknown``. Every group has every outcome, with 0 where it did not
        come about. Sorted by group and outcome; without conversations there are no rows.

    Raises
    ------
    SchemaError
        If `containment` is no such table.
    InputError
        If `by` names no column or one of the result.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.responses.containment_rates import containment_rates
    >>> from drift_analysis.schemas import BotContainment
    >>> containment = pl.DataFrame(
    ...     [
    ...         {"conversation_id": 1, "outcome": "contained"},
    ...         {"conversation_id": 2, "outcome": "handed_over"},
    ...         {"conversation_id": 3, "not_judged": "open"},
    ...     ],
    ...     schema=BotContainment.schema(),
    ... )
    >>> containment_rates(containment).select("outcome", "conversations", "share", "n_open").head(3)
    shape: (3, 4)
    ┌─────────────┬───────────────┬───────┬────────┐
    │ outcome     ┆ conversations ┆ share ┆ n_open │
    │ ---         ┆ ---           ┆ ---   ┆ ---    │
    │ enum        ┆ u32           ┆ f64   ┆ u32    │
    ╞═════════════╪═══════════════╪═══════╪════════╡
    │ contained   ┆ 1             ┆ 0.5   ┆ 1      │
    │ unanswered  ┆ 0             ┆ 0.0   ┆ 1      │
    │ handed_over ┆ 1             ┆ 0.5   ┆ 1      │
    └─────────────┴───────────────┴───────┴────────┘
    """
    c, name = BotContainment, ContainmentRates.outcome.name
    keys: list[str] = grouping(by, taken=_TAKEN)
    groups: list[str] = [EVERYTHING, *keys]
    one = pl.lit(0, pl.Int8).alias(EVERYTHING)
    rows = require_columns(c.require(containment), keys).lazy().with_columns(one)
    totals = rows.group_by(groups).agg(flag.sum().alias(name) for name, flag in totals_of().items())
    every = pl.LazyFrame({name: CONTAINMENT}, schema={name: pl.Enum(CONTAINMENT)})
    counts = rows.group_by(*groups, name).agg(pl.len().alias("conversations"))
    lo, hi = wilson("conversations", "n_judged")
    share = pl.when(pl.col("n_judged") > 0).then(pl.col("conversations") / pl.col("n_judged"))
    result = (
        totals.join(every, how="cross")
        .join(counts, on=[*groups, name], how="left", nulls_equal=True)
        .with_columns(pl.col("conversations").fill_null(0))
        .with_columns(share.alias("share"), lo, hi)
        .sort(*groups, name, nulls_last=True)
    )
    return as_given(with_groups(ContainmentRates, result, keys), containment)


def totals_of() -> dict[str, pl.Expr]:
    """Tell of a conversation whether it is judged, and if it is not, why."""
    reason = BotContainment.not_judged.col
    return {
        "n_judged": BotContainment.outcome.col.is_not_null(),
        "n_open": reason == "open",
        "n_not_engaged": reason == "not_engaged",
        "n_unknown": reason.is_in(["no_messages", "unknown_status", "unknown_author"]),
    }
