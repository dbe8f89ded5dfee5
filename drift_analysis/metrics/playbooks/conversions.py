"""Which conversations converted, and when, as a caller defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, Meetings
from drift_analysis.schemas.columns import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["conversions"]

_KEY, _WHO = Conversations.conversation_id.name, Conversations.contact_id.name
_MOMENTS = ("converted_at", Meetings.scheduled_at.name)


def conversions(
    known: pl.LazyFrame, converted: pl.Expr | pl.DataFrame | pl.LazyFrame
) -> pl.LazyFrame:
    """Return the conversations that converted, with their contact and ``ended_at``, the moment.

    Raises
    ------
    InputError
        If `converted` is neither an expression that is true or false, nor a frame with the id
        of a conversation.
    """
    created = Conversations.created_at.name
    if isinstance(converted, pl.Expr):
        _require_truth(known, converted)
        found = known.filter(converted)
        return found.select(_KEY, _WHO, pl.col(created).alias("ended_at")).unique()
    first = _moments(converted).group_by(_KEY).agg(pl.col("ended_at").min())
    ended_at = pl.max_horizontal(pl.coalesce("ended_at", created), created)
    return (
        known.select(_KEY, _WHO, created)
        .unique()
        .join(first, on=_KEY)
        .select(_KEY, _WHO, ended_at.alias("ended_at"))
    )


def _moments(converted: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
    if not isinstance(converted, pl.DataFrame | pl.LazyFrame):
        raise _refused(f"Got {type(converted).__name__}.")
    have = converted.collect_schema()
    if have.get(_KEY) != Conversations.conversation_id.dtype:
        raise _refused(f"The frame has {_listed(have)}, and no Int64 column {_KEY!r}.")
    at = next((name for name in _MOMENTS if name in have), None)
    if at is not None and have[at] != MOMENT:
        raise _refused(f"Its {at!r} is {have[at]}, and not Datetime('ms', 'UTC').")
    moment = pl.lit(None, MOMENT) if at is None else pl.col(at)
    return converted.lazy().select(_KEY, moment.alias("ended_at"))


def _require_truth(known: pl.LazyFrame, converted: pl.Expr) -> None:
    have = known.collect_schema()
    if missing := [name for name in converted.meta.root_names() if name not in have]:
        raise _refused(f"The conversations have {_listed(have)}, and no {missing[0]!r}.")
    try:
        dtype = known.select(converted.alias("converted")).collect_schema()["converted"]
    except pl.exceptions.PolarsError:
        raise _refused("The expression cannot be worked out on the conversations.") from None
    if dtype != pl.Boolean:
        raise _refused(f"The expression gives {dtype}, and not true or false.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names) or "no columns"


def _refused(evidence: str) -> InputError:
    what = "converted= does not say which conversations converted."
    remedy = "a Meetings table, a frame with 'conversation_id', or pl.col('status') == 'closed'."
    return InputError.of(what, evidence, remedy)
