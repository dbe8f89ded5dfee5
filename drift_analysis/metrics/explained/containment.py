"""Who is behind what is said of bots that handle conversations alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.arguments import grouping
from drift_analysis.metrics.responses.containment import bot_containment
from drift_analysis.metrics.responses.containment_rates import containment_rates, totals_of

from .explanation import LATER, Explanation
from .stage import ID, REASON, Part, Stage, fates_of, once, row_by_row

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EXPLANATIONS"]

_WHY = pl.col("not_judged").cast(pl.String).alias(REASON)


def _contained(table: pl.LazyFrame, *, conversations: pl.LazyFrame) -> Stage:
    later = fates_of(conversations, {"created_later": conversations.join(table, on=ID, how="anti")})
    told = later.join(table.select(ID, _WHY.alias("__why")), on=ID, how="left")
    fates = told.select(ID, pl.coalesce("__why", REASON).alias(REASON))
    return row_by_row(table, (ID,), fates)


def _rates(
    *,
    containment: pl.LazyFrame,
    by: str | Sequence[str] | None,
) -> Stage:
    groups = tuple(grouping(by, taken=()))
    keys = (*groups, "outcome")
    flags = totals_of()
    judged = containment.drop_nulls("outcome").select(*keys, ID, *once("conversations"))
    totals = containment.select(*groups, ID, *(flag.alias(name) for name, flag in flags.items()))
    return Stage(
        keys,
        (Part(judged, keys, ("conversations",)), Part(totals, groups, tuple(flags))),
        containment.select(ID, _WHY).unique(ID),
    )


_NOT_JUDGED = {
    "no_messages": "None of their messages was loaded.",
    "not_engaged": "The contact never wrote.",
    "unknown_status": "It is not known whether they are closed.",
    "open": "They are not closed: a person may still come.",
    "unknown_author": "It is not known whether a person or a bot wrote.",
}
_WHOSE = "The usual one of bot reports (containment or deflection: no agent took part), stricter"

EXPLANATIONS = {
    bot_containment: Explanation(
        "Whether a bot handled a closed conversation without a human. "
        f"{_WHOSE}: what is left unanswered is told apart.",
        _contained,
        {**LATER, **_NOT_JUDGED},
        told=tuple(_NOT_JUDGED),
    ),
    containment_rates: Explanation(
        "How often each outcome came about, of the closed conversations that can be judged. "
        f"{_WHOSE}: open conversations do not count as contained.",
        _rates,
        _NOT_JUDGED,
        told=tuple(_NOT_JUDGED),
    ),
}
