"""The same conversations by the definitions of several tools, and why their numbers differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Reconciliation
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.columns import LENGTH
from drift_analysis.schemas.definitions import ENDINGS, LEFT_OUT, RULES

from . import definition_answers, definition_closes
from .definition_tables import Tables, tables_at
from .definitions import OURS, Profile, profiles_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from drift_analysis.schemas.base import Frame

    from ..time.calendar import Calendar

__all__ = ["RESULT", "column_of", "evaluated", "reconcile", "steps"]

ID = Reconciliation.conversation_id.name

RESULT = {
    "duration": LENGTH,
    "reopens": pl.UInt32(),
    "outcome": pl.Enum(ENDINGS),
    "left_out": pl.Enum(LEFT_OUT),
}
"""What a definition gives for a conversation."""

_COMPARED = ("duration", "reopens", "outcome")


def reconcile(
    conversations: Frame,
    *,
    metric: str,
    messages: Frame,
    as_of: datetime,
    profiles: Sequence[str] | None = None,
    base: str = OURS,
    definitions: pl.DataFrame | None = None,
    intervals: Frame | None = None,
    participant_events: Frame | None = None,
    calendar: Calendar | None = None,
) -> Frame:
    """Measure the same conversations by several tools' definitions, and say why they differ.

    A definition is a list of rules, as `definitions` has them. Where the number of a profile is
    not that of the base, the base's rules are replaced by the profile's one after the other, in
    their order; the first replacement that changes what the base says is the rule by which the
    conversation differs.

    Parameters
    ----------
    conversations
        A `Conversations` table. Those created after `as_of` are left out.
    metric
        ``first_response``, ``time_to_first_close``, ``time_to_last_close`` or ``reopens``.
    messages
        A `Messages` table.
    as_of
        The moment, with a time zone, after which nothing is seen.
    profiles
        The tools to compare; by default all that have a definition of the metric.
    base
        The tool that they are compared with.
    definitions
        A `Definitions` table in place of `definitions()`, with changes or tools of your own.
    intervals
        A `StatusIntervals` table of the same `as_of`, which knows more with a log of webhooks;
        by default it is worked out from conversations and messages. Closes and reopens are
        those of its best estimate.
    participant_events
        A `ParticipantEvents` table: without it no hand-over is known.
    calendar
        Business hours, for the definitions that count those; without it they count all hours.

    Returns
    -------
    :
        A `Reconciliation` table, one row per conversation and profile, sorted by conversation,
        then in the order of the profiles: ``conversation_id``, ``profile``, ``metric``,
        ``duration``, ``reopens``, ``counted``, ``left_out``, ``outcome``, ``base_duration``,
        ``base_reopens``, ``difference``, ``differs``, ``rule``, ``average``.

    Raises
    ------
    SchemaError
        If a frame is not the table that it should be.
    InputError
        If there is no such metric or profile, a definition is not whole, or `as_of` has no time
        zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.definitions.reconcile import reconcile
    >>> from drift_analysis.schemas import Conversations, Messages
    >>> minute = [datetime(2026, 1, 5, 9, minute, tzinfo=UTC) for minute in range(60)]
    >>> conversations = pl.DataFrame(
    ...     [{"conversation_id": 7, "status": "open", "created_at": minute[0]}],
    ...     schema=Conversations.schema(),
    ... )
    >>> said = [(5, "contact"), (9, "human")]
    >>> messages = pl.DataFrame(
    ...     [
    ...         {"message_id": n, "conversation_id": 7, "author_kind": author, "type": "chat",
    ...          "created_at": minute[n]}
    ...         for n, author in said
    ...     ],
    ...     schema=Messages.schema(),
    ... )
    >>> found = reconcile(
    ...     conversations, metric="first_response", messages=messages, as_of=minute[30],
    ...     profiles=["drift_analysis", "zendesk", "drift"],
    ... )
    >>> found.select("profile", "duration", "left_out", "rule")
    shape: (3, 4)
    ┌────────────────┬──────────────┬──────────┬───────┐
    │ profile        ┆ duration     ┆ left_out ┆ rule  │
    │ ---            ┆ ---          ┆ ---      ┆ ---   │
    │ str            ┆ duration[ms] ┆ enum     ┆ enum  │
    ╞════════════════╪══════════════╪══════════╪═══════╡
    │ drift_analysis ┆ 4m           ┆ null     ┆ null  │
    │ zendesk        ┆ 9m           ┆ null     ┆ clock │
    │ drift          ┆ null         ┆ no_start ┆ clock │
    └────────────────┴──────────────┴──────────┴───────┘
    """
    compared = profiles_of(definitions, metric, profiles)
    (from_,) = profiles_of(definitions, metric, [base], argument="base").values()
    walks: dict[str, list[tuple[str, Profile]]] = {
        name: steps(from_, profile) for name, profile in compared.items()
    }
    tables = tables_at(
        conversations,
        messages=messages,
        intervals=intervals,
        participant_events=participant_events,
        as_of=as_of,
        calendar=calendar,
    )
    stages = [from_, *(stage for walk in walks.values() for _, stage in walk)]
    # Without the cache, each profile would have the facts worked out again.
    values = evaluated(metric, tables, stages).cache()
    base_at = pl.col(column_of(from_))
    rows = [
        values.select(
            ID,
            place=pl.lit(place, pl.UInt32),
            profile=pl.lit(name),
            average=pl.lit(profile["average"]),
            value=pl.col(column_of(profile)),
            base=base_at,
            rule=_first_rule(base_at, walks[name]),
        )
        for place, (name, profile) in enumerate(compared.items())
    ]
    result = (
        pl.concat(rows)
        .with_columns(
            *(pl.col("value").struct[name].alias(name) for name in RESULT),
            base_duration=pl.col("base").struct["duration"],
            base_reopens=pl.col("base").struct["reopens"],
        )
        .with_columns(
            metric=pl.lit(metric),
            counted=pl.col("left_out").is_null(),
            difference=pl.col("duration") - pl.col("base_duration"),
            differs=_differ(pl.col("value"), pl.col("base")),
        )
        .with_columns(rule=pl.when("differs").then("rule"))
        .sort(ID, "place")
    )
    return as_given(Reconciliation.conform(result), conversations)


def steps(base: Profile, profile: Profile) -> list[tuple[str, Profile]]:
    """Replace the rules of the base by those of a profile one by one, where they differ."""
    walk: list[tuple[str, Profile]] = []
    stage = dict(base)
    for rule in RULES:
        if rule in profile and rule != "average" and stage[rule] != profile[rule]:
            stage = {**stage, rule: profile[rule]}
            walk.append((rule, stage))
    return walk


def column_of(profile: Profile) -> str:
    """Name the column that holds what a definition gives."""
    return " ".join(value for rule, value in profile.items() if rule != "average")


def evaluated(metric: str, tables: Tables, profiles: Sequence[Profile]) -> pl.LazyFrame:
    """Return one row per conversation, and what each definition gives in a column of its own."""
    by = definition_answers if metric == "first_response" else definition_closes
    distinct = {column_of(profile): profile for profile in profiles}
    facts: pl.LazyFrame = by.facts(tables, distinct.values())
    columns = []
    for name, profile in distinct.items():
        values = by.result(profile, tables)
        fields = [values[field].cast(dtype).alias(field) for field, dtype in RESULT.items()]
        columns.append(pl.struct(fields).alias(name))
    return facts.select(ID, *columns)


def _differ(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Compare what two definitions give; one that does not count gives nothing at all."""
    return pl.any_horizontal(one.struct[name].ne_missing(other.struct[name]) for name in _COMPARED)


def _first_rule(base: pl.Expr, walk: list[tuple[str, Profile]]) -> pl.Expr:
    """Name the first step that changes what the base says."""
    dtype = pl.Enum(RULES)
    found = [
        pl.when(_differ(pl.col(column_of(stage)), base)).then(pl.lit(rule, dtype))
        for rule, stage in walk
    ]
    return pl.coalesce(*found, pl.lit(None, dtype))
