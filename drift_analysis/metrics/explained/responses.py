"""Who is behind what is said of answers: first ones, every turn, and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.arguments import grouping
from drift_analysis.metrics.responses.responses import first_response
from drift_analysis.metrics.responses.sla import judged, rows_of, sla_attainment, targets_of
from drift_analysis.metrics.responses.turns import response_turns
from drift_analysis.schemas.base import require_moment
from drift_analysis.schemas.columns import LENGTH

from .explanation import LATER, Explanation
from .stage import ID, REASON, Part, Stage, fates_of, row_by_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from drift_analysis.metrics.time.calendar import Calendar

__all__ = ["EXPLANATIONS"]

_TARGET = "target"


def _first(
    table: pl.LazyFrame, *, messages: pl.LazyFrame, conversations: pl.LazyFrame | None
) -> Stage:
    given = messages if conversations is None else conversations
    why = pl.col("not_at_risk").cast(pl.String)
    told = table.select(ID, pl.coalesce(why, pl.lit("")).alias(REASON))
    told = given.select(ID).drop_nulls().unique().join(told, on=ID, how="left")
    is_counted = pl.col(REASON) == ""
    fates = told.with_columns(pl.when(~is_counted.fill_null(value=False)).then(_known_or_later()))
    return row_by_row(table, (ID,), fates)


def _known_or_later() -> pl.Expr:
    return pl.coalesce(REASON, pl.lit("created_later")).alias(REASON)


def _turns(
    table: pl.LazyFrame,
    *,
    messages: pl.LazyFrame,
    conversations: pl.LazyFrame | None,
    as_of: datetime,
) -> Stage:
    given = messages if conversations is None else conversations
    silent = given.filter(pl.col("created_at") <= require_moment(as_of)).join(
        table, on=ID, how="anti"
    )
    others = given.join(table, on=ID, how="anti")
    fates = fates_of(given, {"no_contact_message": silent, "created_later": others})
    return row_by_row(table, (ID, "turn"), fates)


def _attained(
    *,
    waits: pl.LazyFrame,
    target: timedelta | Sequence[timedelta],
    by: str | Sequence[str] | None,
    calendar: Calendar | None,
) -> Stage:
    groups = grouping(by, taken=())
    watched = rows_of(waits, [*groups, ID], calendar)
    flags = judged(pl.col(_TARGET))
    targets = pl.LazyFrame({_TARGET: targets_of(target)}, schema={_TARGET: LENGTH})
    keys = (*groups, _TARGET)
    rows = watched.join(targets, how="cross").select(
        *keys, ID, *(flag.alias(name) for name, flag in flags.items())
    )
    excluded = watched.filter(judged(pl.lit(None, LENGTH))["n_excluded"])
    counted = watched.filter(judged(pl.lit(None, LENGTH))["n"])
    never = excluded.join(counted, on=ID, how="anti")
    excluded_from = Part(rows.select(*keys, ID, "n_excluded"), keys, ("n_excluded",))
    judged_of = tuple(name for name in flags if name != "n_excluded")
    parts = (Part(rows.filter("n").drop("n_excluded"), keys, judged_of), excluded_from)
    return Stage(keys, parts, fates_of(waits, {"no_wait": never}))


_SILENT = {"no_contact_message": "The contact wrote nothing that can be waited for."}

EXPLANATIONS = {
    first_response: Explanation(
        "The wait from the start of the clock to the first visible answer of the kind asked for; "
        "a wait that still runs is censored, one that a close cut off has competed with it. What "
        "the contact sees decides; Drift's own report starts later, when an agent is routed in.",
        _first,
        {
            **LATER,
            **_SILENT,
            "no_messages": "None of their messages was loaded.",
            "no_start": "Their wait never began by this clock, or it is not known when.",
            "before_creation": "They were answered before their clock started.",
        },
        told=("no_messages", "no_contact_message", "no_start", "before_creation"),
    ),
    response_turns: Explanation(
        "Each run of visible messages of the contact that no user interrupts, and how long it "
        "waited. What the contact sees decides: a greeting, a note or a bot's prompt is no answer.",
        _turns,
        {**LATER, **_SILENT},
    ),
    sla_attainment: Explanation(
        "The share of waits that are answered within a target (Aalen and Johansen): what still "
        "runs has neither met nor missed it, and a close without an answer counts against it.",
        _attained,
        {"no_wait": "They have no wait: nobody waited, or it is not known since when."},
        told=("no_wait",),
    ),
}
