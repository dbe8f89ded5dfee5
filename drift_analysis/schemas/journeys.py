"""Which playbooks a contact met on the way to a conversion, and what each is credited with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy

from .base import Table, moment
from .columns import count, enum, flag, identifier, number, rate, string

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ATTRIBUTION_MODELS", "AttributionCredits", "Journeys"]

ATTRIBUTION_MODELS = (
    *("first", "last", "linear", "position", "time_decay"),
    *("markov", "shapley"),
)
"""How the credit for a conversion is divided among the touches of its journey."""


class Journeys(Table):
    """One row per journey: the touches of a contact up to a conversion, or until none came."""

    contact_id = identifier(
        "The contact.", null="the row stands for journeys of `n` different contacts"
    )
    touches = dy.List(
        dy.String(),
        description="What the contact met, in order: a playbook's name or id, `none`, `unknown`. "
        "Empty when nothing was met within the lookback.",
        metadata={"null": None},
    )
    touched_at = dy.List(
        dy.Datetime(time_unit="ms", time_zone="UTC"),
        nullable=True,
        description="When each touch was.",
        metadata={"null": "not known"},
    )
    converted = flag("Whether a conversion ended it.")
    converted_at = moment("When it did.", null="not converted, or not known")
    is_mature = flag("Whether it is known how it ended; else a conversion may still come.")
    n = count("How many equal journeys the row stands for.")

    @dy.rule()
    def a_moment_for_each_touch(cls) -> pl.Expr:  # noqa: N805
        return cls.touches.col.list.len() == cls.touched_at.col.list.len()


class AttributionCredits(Table):
    """One row per model and touch: what a touch is credited with."""

    model = enum(ATTRIBUTION_MODELS, "How credit is divided.", key=True)
    touch = string("The touch: a playbook's name or id, `none`, `unknown`.", key=True)
    credit = number(
        "Conversions credited to it; of all touches they add up to the conversions.",
        unit="conversions",
        null="`time_decay` of journeys whose moments are not known",
    )
    share = rate("`credit` of all conversions.", null="no conversions, or `credit` is null")
    lo = rate(
        "Lower 95 % bound of `share` (bootstrap over contacts).", null="no bootstrap, or as `share`"
    )
    hi = rate(
        "Upper 95 % bound of `share` (bootstrap over contacts).", null="no bootstrap, or as `share`"
    )
