"""Which playbooks each contact met, in order, on the way to a conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import Conversations, Journeys
from drift_analysis.schemas.base import as_given, require_moment
from drift_analysis.schemas.columns import LENGTH, MOMENT

from ..arguments import require_length
from .conversions import conversions
from .playbook_names import names_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from drift_analysis.schemas.base import Frame

__all__ = ["IDS", "conversions_of", "journeys", "known_of", "met_of"]

IDS = "conversation_ids"
"""The conversations of the touches, in their order, on the way."""

_WHO, _ORDER = Conversations.contact_id.name, ["at", Conversations.conversation_id.name]


def journeys(
    conversations: Frame,
    *,
    converted: pl.Expr | pl.DataFrame | pl.LazyFrame,
    lookback: timedelta,
    as_of: datetime,
    playbooks: Frame | None = None,
) -> Frame:
    """Put together what each contact met before a conversion, or before none came.

    Each conversation is a touch, by the playbook that started it; one that none started is a
    touch of ``none``, and one of which the record does not say of ``unknown``. A conversion ends
    a journey: to it belong the touches since the contact's conversion before, as far as they lie
    within the lookback. Touches after which no conversion came within the lookback are journeys
    without one; a new such journey begins where more than the lookback lies between two touches.

    Parameters
    ----------
    conversations
        A `Conversations` table.
    converted
        What a conversion is. A `Meetings` table: a booked meeting, when it was booked. A `Goals`
        table: a goal that was met. Any frame with ``conversation_id``, and ``converted_at`` if
        that is known. Or an expression over the columns of the conversations that is true for
        those that converted, such as ``pl.col("status") == "closed"``. A conversation converts
        once, the first time; where no moment is known, at its creation.
    lookback
        How long before a conversion a touch may lie to have part in it.
    as_of
        The moment, with a time zone, after which no conversation or conversion is seen. An
        expression, and a goal, have no time that it could hide.
    playbooks
        A `Playbooks` table, for names; without it, and for playbooks that are not in it, the
        touches are ids.

    Returns
    -------
    :
        A `Journeys` table, one row per journey: ``contact_id``, ``touches``, ``touched_at``,
        ``converted``, ``converted_at``, ``is_mature``, ``n`` (always 1). Sorted by contact and
        time. A journey without a conversion is mature once the lookback has passed since its
        last touch. A conversion that lies longer than the lookback after every touch has a row
        without touches.

        Conversations without a contact are in no journey; `metric_coverage` counts them.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.
    InputError
        If `converted` means nothing, the lookback is not longer than nothing, or `as_of` has no
        time zone.

    Notes
    -----
    A conversion is known at once, and that none came only after the lookback. The newest
    journeys that are mature are therefore those that converted: for a rate of conversion, leave
    out the conversations of the last `lookback` before `as_of`.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.playbooks.touches import journeys
    >>> from drift_analysis.schemas import Conversations
    >>> met = [(1, 7, 10), (1, 8, 11), (2, 7, 12)]
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {
    ...             "conversation_id": n,
    ...             "contact_id": contact,
    ...             "playbook_id": playbook,
    ...             "created_at": datetime(2026, 1, day, tzinfo=UTC),
    ...         }
    ...         for n, (contact, playbook, day) in enumerate(met)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> booked = pl.DataFrame({"conversation_id": [1]})
    >>> found = journeys(
    ...     conversations,
    ...     converted=booked,
    ...     lookback=timedelta(days=30),
    ...     as_of=datetime(2026, 3, 1, tzinfo=UTC),
    ... )
    >>> found.select("contact_id", "touches", "converted", "is_mature")
    shape: (2, 4)
    ┌────────────┬────────────┬───────────┬───────────┐
    │ contact_id ┆ touches    ┆ converted ┆ is_mature │
    │ ---        ┆ ---        ┆ ---       ┆ ---       │
    │ i64        ┆ list[str]  ┆ bool      ┆ bool      │
    ╞════════════╪════════════╪═══════════╪═══════════╡
    │ 1          ┆ ["7", "8"] ┆ true      ┆ true      │
    │ 2          ┆ ["7"]      ┆ false     ┆ true      │
    └────────────┴────────────┴───────────┴───────────┘
    """
    moment = require_moment(as_of)
    c, far = Conversations, pl.lit(require_length(lookback, "lookback"), LENGTH)
    known = known_of(c.require(conversations).lazy(), moment)
    ends = conversions_of(known, converted, moment)
    ends = ends.select(_WHO, "ended_at").unique().sort("ended_at")
    met = met_of(known, playbooks, ends, far).cache()
    untouched = ends.join(met.filter("converted"), on=[_WHO, "ended_at"], how="anti").with_columns(
        pl.lit([], pl.List(pl.String)).alias("touches"),
        pl.lit([], pl.List(MOMENT)).alias("touched_at"),
        pl.lit(value=True).alias("converted"),
    )
    expired = pl.col("touched_at").list.last() + far <= pl.lit(moment, MOMENT)
    result = (
        pl.concat([met.drop("run", IDS), untouched], how="diagonal")
        .with_columns(
            pl.when("converted").then("ended_at").alias("converted_at"),
            (pl.col("converted") | expired).alias("is_mature"),
            pl.lit(1, pl.UInt32).alias("n"),
        )
        .with_columns(pl.coalesce(pl.col("touched_at").list.first(), "converted_at").alias("began"))
        .sort(_WHO, "began", "converted_at", nulls_last=True)
    )
    return as_given(Journeys.conform(result), conversations)


def known_of(conversations: pl.LazyFrame, moment: datetime) -> pl.LazyFrame:
    """Return the conversations of contacts that had begun by the moment."""
    c = Conversations
    known = conversations.filter(c.created_at.col <= moment)
    return known.filter(c.contact_id.col.is_not_null())


def conversions_of(
    known: pl.LazyFrame, converted: pl.Expr | pl.DataFrame | pl.LazyFrame, moment: datetime
) -> pl.LazyFrame:
    """Return the conversations that had converted by the moment, and when."""
    return conversions(known, converted).filter(pl.col("ended_at") <= moment)


def met_of(
    known: pl.LazyFrame, playbooks: Frame | None, ends: pl.LazyFrame, far: pl.Expr
) -> pl.LazyFrame:
    """Put the touches of each journey together: those that end in a conversion, and the others."""
    within = (pl.col("ended_at") - pl.col("at") <= far).fill_null(value=False)
    group = [_WHO, "ended_at", "converted"]
    is_other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in group)
    begins = is_other | (pl.col("at") - pl.col("at").shift() > far)
    return (
        _touches(known, playbooks)
        .sort("at")
        .join_asof(
            ends,
            left_on="at",
            right_on="ended_at",
            by=_WHO,
            strategy="forward",
            coalesce=False,
            check_sortedness=False,
        )
        .with_columns(within.alias("converted"))
        .sort(*group, *_ORDER)
        .with_columns(begins.cum_sum().alias("run"))
        .group_by(*group, "run")
        .agg(
            pl.col("touch").alias("touches"),
            pl.col("at").alias("touched_at"),
            pl.col(Conversations.conversation_id.name).alias(IDS),
        )
    )


def _touches(known: pl.LazyFrame, playbooks: Frame | None) -> pl.LazyFrame:
    """Return who met what when; a playbook's id stands for its name where that is not known."""
    c = Conversations
    touch = (
        pl.when(c.playbook_id.col.is_not_null())
        .then(pl.coalesce("playbook_name", c.playbook_id.col.cast(pl.String)))
        .when(c.is_detail.col.fill_null(value=False))
        .then(pl.lit("none"))
        .otherwise(pl.lit("unknown"))
    )
    return (
        known.select(
            *(_WHO, c.conversation_id.name, c.playbook_id.name, c.is_detail.name),
            c.created_at.col.alias("at"),
        )
        .unique()
        .join(names_of(playbooks), on=c.playbook_id.name, how="left")
        .select(_WHO, *_ORDER, touch.alias("touch"))
    )
