"""Who is behind what is said of things that last, when some have not ended yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.arguments import grouping
from drift_analysis.metrics.statistics.cohorts import START, begun, cohort_trend, watched
from drift_analysis.metrics.statistics.incidence import cumulative_incidence
from drift_analysis.metrics.statistics.life_tables import EVENT, observations, outcomes_in
from drift_analysis.metrics.statistics.log_rank import log_rank
from drift_analysis.metrics.statistics.restricted import restricted_mean
from drift_analysis.metrics.statistics.survival import survival_curve, survival_quantiles
from drift_analysis.metrics.time.periods import PERIOD, period_of
from drift_analysis.schemas.base import require_moment
from drift_analysis.schemas.columns import LENGTH

from .explanation import Explanation
from .stage import ID, Part, Stage, fates_of, once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    By = str | Sequence[str] | None

__all__ = ["EXPLANATIONS"]

_LASTED = "__lasted"
_ENDED, _RUNS = pl.col(EVENT).alias("events"), (~pl.col(EVENT)).alias("censored")


def _curve(
    *,
    frame: pl.LazyFrame,
    duration: str,
    censored: str,
    by: By,
) -> Stage | None:
    groups = _groups(by)
    if (seen := _seen(frame, duration, ~pl.col(censored), groups)) is None:
        return None
    seen = seen.drop_nulls(EVENT)
    keys = (*groups, "t")
    ends = seen.select(*_each(keys), _ENDED, _RUNS)
    parts = (Part(ends, keys, ("events", "censored")), _at_risk(seen, groups))
    return Stage(keys, parts, _fates(frame, seen))


def _incidence(
    *,
    frame: pl.LazyFrame,
    duration: str,
    outcome: str,
    by: By,
    censored_as: str | None,
) -> Stage | None:
    groups = _groups(by)
    seen = _seen(frame, duration, outcomes_in(frame, outcome, censored_as), groups)
    if seen is None:
        return None
    keys = (*groups, "outcome", "t")
    named = seen.drop_nulls(EVENT).rename({EVENT: "outcome"})
    ends = named.select(*_each(keys), *once("events"))
    return Stage(keys, (Part(ends, keys, ("events",)), _at_risk(seen, groups)), _fates(frame, seen))


def _counts(
    *,
    frame: pl.LazyFrame,
    duration: str,
    censored: str,
    by: By,
    horizon: timedelta | None = None,
) -> Stage | None:
    groups = _groups(by)
    if (seen := _seen(frame, duration, ~pl.col(censored), groups)) is None:
        return None
    seen = seen.drop_nulls(EVENT)
    rows = seen.select(*_each(groups), *once("n"), _censored_before(horizon))
    return Stage(groups, (Part(rows, groups, ("n", "n_censored")),), _fates(frame, seen))


def _compared(
    *,
    frame: pl.LazyFrame,
    duration: str,
    censored: str,
    group: str,
    by: By,
) -> Stage | None:
    groups = _groups(by)
    grouped = frame.filter(pl.col(group).is_not_null())
    if (seen := _seen(grouped, duration, ~pl.col(censored), groups)) is None:
        return None
    seen = seen.drop_nulls(EVENT)
    rows = seen.select(*_each(groups), *once("n"), _ENDED)
    return Stage(groups, (Part(rows, groups, ("n", "events")),), _fates(frame, seen))


def _cohorts(
    *,
    frame: pl.LazyFrame,
    start: str,
    duration: str,
    censored: str,
    horizon: timedelta,
    every: str,
    as_of: datetime,
    tz: str,
    by: By,
) -> Stage | None:
    if ID not in frame.collect_schema():
        return None
    keys = (PERIOD, *_groups(by))
    each = _each(keys)
    rows = begun(frame, start, duration, censored, require_moment(as_of)).with_columns(
        period_of(pl.col(START), every, tz)
    )
    seen = watched(rows, each).drop_nulls(EVENT)
    at_risk = seen.select(*each, *once("n"), _censored_before(horizon), n_left_out=-1)
    everyone = rows.select(*each, n_left_out=1)
    left_out = pl.concat([at_risk.select(*each, "n_left_out"), everyone])
    parts = (
        Part(at_risk.drop("n_left_out"), keys, ("n", "n_censored")),
        Part(left_out, keys, ("n_left_out",)),
    )
    return Stage(keys, parts, _fates(frame, seen))


def _groups(by: By) -> tuple[str, ...]:
    return tuple(grouping(by, taken=()))


def _each(keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*keys, ID]))


def _seen(
    frame: pl.LazyFrame, duration: str, event: pl.Expr, groups: Sequence[str]
) -> pl.LazyFrame | None:
    if ID not in frame.collect_schema():
        return None
    return observations(frame, duration=duration, event=event, keys=_each(groups))


def _at_risk(seen: pl.LazyFrame, groups: tuple[str, ...]) -> Part:
    rows = seen.select(*_each(groups), pl.col("t").alias(_LASTED), *once("at_risk"))
    return Part(rows, groups, ("at_risk",), pl.col(_LASTED) >= pl.col("t"))


def _censored_before(horizon: timedelta | None) -> pl.Expr:
    running = ~pl.col(EVENT)
    if horizon is not None:
        running = running & (pl.col("t") < pl.lit(horizon, LENGTH))
    return running.alias("n_censored")


def _fates(frame: pl.LazyFrame, seen: pl.LazyFrame) -> pl.LazyFrame:
    return fates_of(frame, {"not_at_risk": frame.join(seen, on=ID, how="anti")})


_RISK = {"not_at_risk": "It is not known how long they took, or whether they ended."}
_KEPT = "what still runs counts for as long as it was watched"

EXPLANATIONS = {
    survival_curve: Explanation(
        f"The share that has not ended after each time; {_KEPT}. Kaplan and Meier (1958).",
        _curve,
        _RISK,
    ),
    survival_quantiles: Explanation(
        f"After how long a share has ended; {_KEPT}. Kaplan and Meier (1958), with bounds by "
        "Brookmeyer and Crowley (1982).",
        _counts,
        _RISK,
    ),
    cumulative_incidence: Explanation(
        f"The share that ended in each way by each time; {_KEPT}. Aalen and Johansen (1978).",
        _incidence,
        _RISK,
    ),
    log_rank: Explanation(
        "Whether groups take equally long to end. The log-rank test of Mantel (1966).",
        _compared,
        {"not_at_risk": "They have no group, or it is not known how long they took."},
    ),
    restricted_mean: Explanation(
        f"The mean time within a horizon; {_KEPT}. Royston and Parmar (2013).",
        _counts,
        _RISK,
    ),
    cohort_trend: Explanation(
        "The share of those who began together that ended within the horizon (Kaplan and Meier). "
        "That all cohorts are looked at after the same time is this library's own.",
        _cohorts,
        {"not_at_risk": "They began later, or it is not known when, how long, or whether."},
    ),
}
