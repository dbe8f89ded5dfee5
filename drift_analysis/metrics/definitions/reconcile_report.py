"""Drift's own report beside what its definition gives, and what explains the difference."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import ReportMetrics, ReportReconciliation
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.columns import LENGTH

from .definition_tables import tables_at
from .definitions import VALUES, Profile, profiles_of, require_metric
from .reconcile import column_of, evaluated

if TYPE_CHECKING:
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

    from ..time.calendar import Calendar

__all__ = ["reconcile_report"]

ID = ReportReconciliation.conversation_id.name

_REPORTED = {
    "first_response": ReportMetrics.time_to_agent_response.name,
    "time_to_first_close": ReportMetrics.time_to_close.name,
    "time_to_last_close": ReportMetrics.time_to_close.name,
}
_EXPLANATION = pl.Struct({"explained_by": pl.String, "instead": pl.String})


def reconcile_report(
    report: Frame,
    *,
    metric: str,
    conversations: Frame,
    messages: Frame,
    as_of: datetime,
    profile: str = "drift",
    tolerance: timedelta = timedelta(seconds=1),
    definitions: pl.DataFrame | None = None,
    intervals: Frame | None = None,
    participant_events: Frame | None = None,
    calendar: Calendar | None = None,
) -> Frame:
    """Compare Drift's report with what its definition gives for the same conversations.

    Drift documents little of its definition. Where the two differ, each rule is given its other
    values, one at a time; the first with which ours is what Drift says explains the difference.
    That is a hint at how Drift counts, and no proof.

    Parameters
    ----------
    report
        A `ReportMetrics` table, as `load_report_metrics` returns it.
    metric
        ``first_response`` (against ``time_to_agent_response``), ``time_to_first_close`` or
        ``time_to_last_close`` (both against ``time_to_close``).
    conversations, messages, definitions, intervals, participant_events, calendar
        As for `reconcile`.
    as_of
        When the report was made, with a time zone: what came later it cannot know.
    profile
        The tool whose definition ours follows.
    tolerance
        How far two times may lie apart and still agree.

    Returns
    -------
    :
        A `ReportReconciliation` table, one row per conversation of the report, sorted by
        conversation: ``conversation_id``, ``reported``, ``computed``, ``left_out``,
        ``difference``, ``agrees``, ``is_loaded``, ``explained_by``, ``instead``.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        As for `reconcile`; and if the report has no such number, or `tolerance` is no length.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.definitions.reconcile_report import reconcile_report
    >>> from drift_analysis.schemas import Conversations, Messages, ReportMetrics
    >>> minute = [datetime(2026, 1, 5, 9, minute, tzinfo=UTC) for minute in range(60)]
    >>> conversations = pl.DataFrame(
    ...     [{"conversation_id": 7, "status": "closed", "created_at": minute[0],
    ...       "updated_at": minute[20]}],
    ...     schema=Conversations.schema(),
    ... )
    >>> messages = pl.DataFrame(
    ...     [{"message_id": 1, "conversation_id": 7, "author_kind": "contact", "type": "chat",
    ...       "created_at": minute[5]}],
    ...     schema=Messages.schema(),
    ... )
    >>> report = pl.DataFrame(
    ...     [{"conversation_id": 7, "time_to_close": timedelta(minutes=15)}],
    ...     schema=ReportMetrics.schema(),
    ... )
    >>> found = reconcile_report(
    ...     report, metric="time_to_last_close", conversations=conversations, messages=messages,
    ...     as_of=minute[30],
    ... )
    >>> found.select("reported", "computed", "difference", "explained_by", "instead")
    shape: (1, 5)
    ┌──────────────┬──────────────┬──────────────┬──────────────┬───────────────┐
    │ reported     ┆ computed     ┆ difference   ┆ explained_by ┆ instead       │
    │ ---          ┆ ---          ┆ ---          ┆ ---          ┆ ---           │
    │ duration[ms] ┆ duration[ms] ┆ duration[ms] ┆ enum         ┆ str           │
    ╞══════════════╪══════════════╪══════════════╪══════════════╪═══════════════╡
    │ 15m          ┆ 20m          ┆ 5m           ┆ clock        ┆ first_contact │
    └──────────────┴──────────────┴──────────────┴──────────────┴───────────────┘
    """
    limit = pl.lit(_tolerance(tolerance), LENGTH)
    given = ReportMetrics.require(report).lazy()
    column = _column(metric)
    (followed,) = profiles_of(definitions, metric, [profile], argument="profile").values()
    others: list[tuple[str, str, Profile]] = _others(metric, followed)
    tables = tables_at(
        conversations,
        messages=messages,
        intervals=intervals,
        participant_events=participant_events,
        as_of=as_of,
        calendar=calendar,
    )
    values = evaluated(metric, tables, [followed, *(other for _, _, other in others)])
    ours = _ended(followed)
    reported = pl.col("reported")
    explained = [
        pl.when(_agree(reported, _ended(other), limit)).then(
            pl.struct(explained_by=pl.lit(rule), instead=pl.lit(value))
        )
        for rule, value, other in others
    ]
    nothing = pl.struct(explained_by=pl.lit("unexplained"), instead=pl.lit(None, pl.String))
    result = (
        given.select(ID, pl.col(column).alias("reported"))
        .unique(ID, keep="any")
        .join(values.with_columns(is_loaded=pl.lit(value=True)), on=ID, how="left")
        .with_columns(pl.col("is_loaded").fill_null(value=False))
        .with_columns(
            computed=ours,
            left_out=pl.col(column_of(followed)).struct["left_out"],
            difference=ours - reported,
            agrees=_agree(reported, ours, limit),
        )
        .with_columns(
            pl.when(~pl.col("agrees"))
            .then(
                pl.when("is_loaded")
                .then(pl.coalesce(*explained, nothing))
                .otherwise(nothing)
                .cast(_EXPLANATION)
            )
            .alias("explanation")
        )
        .unnest("explanation")
        .sort(ID)
    )
    return as_given(ReportReconciliation.conform(result), report)


def _column(metric: str) -> str:
    require_metric(metric)
    if metric not in _REPORTED:
        raise InputError.unknown_choice("metric", metric, _REPORTED)
    return _REPORTED[metric]


def _tolerance(value: object) -> timedelta:
    if not isinstance(value, timedelta) or value < timedelta():
        what = f"tolerance={value!r} is no length of time."
        raise InputError.of(what, "It says how far two may lie apart.", "timedelta(seconds=1).")
    return value


def _others(metric: str, profile: Profile) -> list[tuple[str, str, Profile]]:
    """Give each rule its other values, one at a time, in the order of the rules."""
    return [
        (rule, value, {**profile, rule: value})
        for rule, values in VALUES[metric].items()
        for value in values
        if rule != "average" and value != profile[rule]
    ]


def _ended(profile: Profile) -> pl.Expr:
    """Return the time of what has ended as asked; Drift reports nothing else."""
    told = pl.col(column_of(profile))
    return pl.when(told.struct["outcome"] == "ended").then(told.struct["duration"])


def _agree(one: pl.Expr, other: pl.Expr, limit: pl.Expr) -> pl.Expr:
    near = (one - other).abs() <= limit
    return near.fill_null(value=False) | (one.is_null() & other.is_null())
