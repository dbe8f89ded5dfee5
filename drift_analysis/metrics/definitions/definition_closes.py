"""Times to close and reopens by any definition: what they need to know, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas.columns import LENGTH

from ..status.close_moments import close_moments
from ..status.lives import ID, in_order, took_part

if TYPE_CHECKING:
    from collections.abc import Collection

    from .definition_tables import Tables
    from .definitions import Profile

__all__ = ["facts", "result"]

_MOMENTS = ("started_at", "first_close_at", "last_close_at", "last_entry")
_TOLD = (*_MOMENTS, "watched", "active_time", "n_reopens")
_NEEDS_MESSAGES = ("contacted", "replied")


def facts(tables: Tables, profiles: Collection[Profile]) -> pl.LazyFrame:
    """Return, per conversation, the moments and sums that the profiles ask for."""
    lives = in_order(tables.intervals).cache()
    began = lives.group_by(ID).agg(
        took_part=took_part().first(),
        begun_at=pl.col("entered_at").min(),
        as_of=pl.col("left_at").max(),
    )
    rows = tables.conversations.join(began, on=ID, how="left").cache()
    starts = rows.filter(pl.col("begun_at").is_not_null())
    for clock, business in sorted({_clock(profile, tables) for profile in profiles}):
        contact = pl.max_horizontal("contact_at", "begun_at")
        first = pl.when(pl.col("contact_at").is_not_null()).then(contact)
        start = pl.col("begun_at") if clock == "created" else first
        told = (
            lives.join(
                starts.select(ID, "as_of", started_at=start).drop_nulls("started_at"),
                on=ID,
                maintain_order="left",
            )
            .pipe(close_moments, tables.calendar if business else None)
            .with_columns(watched=pl.col("as_of") - pl.col("started_at"))
        )
        named = {name: _name(name, clock, business=business) for name in _TOLD}
        rows = rows.join(told.select(ID, *_TOLD).rename(named), on=ID, how="left")
    return rows


def result(profile: Profile, tables: Tables) -> dict[str, pl.Expr]:
    """Return time or count, how the time ended, and why it is not counted, over the facts."""
    clock, business = _clock(profile, tables)
    told = {name: pl.col(_name(name, clock, business=business)) for name in _TOLD}
    started = told["started_at"]
    left_out = (
        pl.when(_lacks_messages(profile))
        .then(pl.lit("no_messages"))
        .when(~_belongs(profile))
        .then(pl.lit("population"))
        .when(started.is_null())
        .then(pl.lit("no_start"))
    )
    if "close" not in profile:
        return {
            "duration": pl.lit(None, LENGTH),
            "reopens": pl.when(left_out.is_null()).then(told["n_reopens"].cast(pl.UInt32)),
            "outcome": pl.lit(None, pl.String),
            "left_out": left_out,
        }
    end = _end(profile, told)
    if profile["unfinished"] == "left_out":
        left_out = left_out.when(end.is_null()).then(pl.lit("unfinished"))
    stop = pl.coalesce(end, started + told["watched"])
    length = stop - started
    if business and tables.calendar is not None:
        length = tables.calendar.business_time(started, stop)
    if profile["close"] == "open_time":
        length = told["active_time"]
    outcome = pl.when(end.is_null()).then(pl.lit("running")).otherwise(pl.lit("ended"))
    counted = left_out.is_null()
    return {
        "duration": pl.when(counted).then(length),
        "reopens": pl.lit(None, pl.UInt32),
        "outcome": pl.when(counted).then(outcome),
        "left_out": left_out,
    }


def _clock(profile: Profile, tables: Tables) -> tuple[str, bool]:
    """Return what starts the clock, and whether business time is to be added up."""
    return profile["clock"], profile.get("hours") == "business" and tables.calendar is not None


def _name(name: str, clock: str, *, business: bool) -> str:
    return f"{name} {clock}{' business' * business}"


def _lacks_messages(profile: Profile) -> pl.Expr:
    needs = profile["population"] in _NEEDS_MESSAGES or profile["clock"] == "first_contact"
    return pl.col("last_message_at").is_null() & needs


def _belongs(profile: Profile) -> pl.Expr:
    return {
        "all": pl.lit(value=True),
        "engaged": pl.col("took_part").fill_null(value=True),
        "contacted": pl.col("contact_at").is_not_null(),
        "replied": pl.col("human_at").is_not_null(),
    }[profile["population"]]


def _end(profile: Profile, told: dict[str, pl.Expr]) -> pl.Expr:
    """Return the close that counts; null if there is none yet."""
    if profile["close"] == "first":
        return told["first_close_at"]
    if profile["close"] == "last" and profile.get("reopened") == "kept":
        return pl.coalesce(told["last_close_at"], told["last_entry"])
    return told["last_close_at"]
