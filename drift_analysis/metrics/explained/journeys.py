"""Who is behind journeys, and behind what their touches are credited with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.playbooks.multi_touch import judged_journeys, multi_touch_attribution
from drift_analysis.metrics.playbooks.touches import IDS, conversions_of, journeys, known_of, met_of
from drift_analysis.schemas.base import require_moment
from drift_analysis.schemas.columns import LENGTH

from .explanation import LATER, Explanation
from .stage import ID, Part, Stage, fates_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = ["EXPLANATIONS"]

_WHO, _TOUCH = "contact_id", "touch"
_KEYS = (_WHO, "touched_at", "converted_at")


def _journeys(
    table: pl.LazyFrame,
    *,
    conversations: pl.LazyFrame,
    converted: pl.Expr | pl.LazyFrame,
    lookback: timedelta,
    as_of: datetime,
    playbooks: pl.LazyFrame | None,
) -> Stage:
    moment = require_moment(as_of)
    known = known_of(conversations, moment)
    ends = conversions_of(known, converted, moment)
    order = ends.select(_WHO, "ended_at").unique().sort("ended_at")
    touched = (
        met_of(known, playbooks, order, pl.lit(lookback, LENGTH))
        .with_columns(
            pl.when("converted").then("ended_at").alias("converted_at"),
            pl.col("touches").alias(_TOUCH),
            pl.col(IDS).alias(ID),
        )
        .explode(_TOUCH, ID)
        .select(*_KEYS, ID, _TOUCH)
    )
    converting = (
        table.join(ends, left_on=[_WHO, "converted_at"], right_on=[_WHO, "ended_at"])
        .select(*_KEYS, ID)
        .join(touched, on=[*_KEYS, ID], how="anti", nulls_equal=True)
    )
    rows = pl.concat([touched, converting], how="diagonal")
    later = conversations.filter(pl.col("created_at") > moment).join(known, on=ID, how="anti")
    others = conversations.join(known, on=ID, how="anti")
    fates = fates_of(conversations, {"created_later": later, "no_contact": others})
    return Stage(_KEYS, (Part(rows, _KEYS),), fates)


def _credits(
    *,
    journeys: pl.LazyFrame,
    source: Stage | None,
) -> Stage | None:
    if source is None:
        return None
    judged = judged_journeys(journeys)
    rows = (
        source.parts[0]
        .rows.drop_nulls(_TOUCH)
        .join(judged, on=_KEYS, how="semi", nulls_equal=True)
        .select(_TOUCH, ID)
    )
    young = source.fates.join(rows, on=ID, how="anti")
    fates = fates_of(source.fates, {"immature": young})
    return Stage(("model", _TOUCH), (Part(rows, (_TOUCH,)),), fates)


EXPLANATIONS = {
    journeys: Explanation(
        "What each contact met within the lookback before a conversion, or before none came: each "
        "conversation is a touch, by the playbook that started it. What a conversion is was given; "
        "maturity is this library's own.",
        _journeys,
        {**LATER, "no_contact": "They have no contact, so that nobody's journey holds them."},
    ),
    multi_touch_attribution: Explanation(
        "Conversions divided among the touches before them. The removal effect is that of Anderl "
        "et al. (2016), Shapley's value that of Zhao et al. (2018); the other models are the usual "
        "rules.",
        _credits,
        {"immature": "It is not known yet how their journey ends."},
        builds_on="journeys",
    ),
}
