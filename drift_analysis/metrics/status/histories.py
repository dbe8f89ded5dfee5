"""From facts to a history: what is certain, what cannot be excluded, what is most likely."""

from __future__ import annotations

import polars as pl

from ..neighbours import known_behind, latest_of, next_of, running, sum_of_run
from .evidence import (
    ANY,
    BITS,
    BULK_SENT,
    EVENT,
    KIND,
    MESSAGE,
    OPEN,
    PENDING,
    SEEN,
    START,
)
from .witnessed import REACTION

__all__ = ["histories"]

_ID = "conversation_id"


def histories(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Decide for each fact which statuses the stretch that it opens can have, and the likeliest.

    Parameters
    ----------
    facts
        As `evidence.facts` returns them.

    Returns
    -------
    :
        The facts with ``possible`` and ``status`` (sets of statuses, one bit each), ``evidence``
        and ``logged`` (whether a complete log tells of it).
    """
    return facts.pipe(_covered).pipe(_logged).pipe(_estimated).pipe(_explained)


def _covered(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what was witnessed throughout, and what a contact's messages rule out from then on.

    An event ends what was witnessed before it, also at the very end, where nothing else does.
    """
    delta = pl.col("covers").fill_null(0).cast(pl.Int32)
    witnessed = pl.sum_horizontal(
        pl.when(running(pl.when(pl.col("witnessed") == bit).then(delta).otherwise(0)) > 0)
        .then(pl.lit(bit, pl.UInt8))
        .otherwise(pl.lit(0, pl.UInt8))
        for bit in BITS.values()
    ).cast(pl.UInt8)
    return facts.with_columns(
        witnessed=witnessed, base=_not_excluded(pl.col("order") == MESSAGE)
    ).with_columns(
        witnessed=pl.when(_is_single("witnessed"), pl.col("order") != EVENT).then("witnessed"),
    )


def _logged(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what a complete log tells: between two events the status is constant.

    All that is known within such a run must agree. Where it does not (the same status twice, a
    contact's message while closed, another status witnessed), an event is missing from the log,
    and the run is left to the other evidence.
    """
    is_event = pl.col("order") == EVENT
    frame = facts.with_columns(
        next_at=known_behind(pl.when(is_event).then("at")),
        next_status=known_behind(pl.when(is_event).then("single")),
        next_is_logged=known_behind(pl.when(is_event).then("before_end")),
    )
    # A run begins with each event, and where the log does.
    begins = is_event | (pl.col("within") != pl.col("within").shift()) | _is_first()
    frame = frame.with_columns(begins=begins.fill_null(value=True))
    reopened = (pl.col("next_status") & (OPEN | PENDING)) > 0
    triggers = reopened & (pl.col("next_at") - pl.col("at") <= REACTION)
    speaks = (pl.col("order") == MESSAGE) & ~triggers.fill_null(value=False)
    constraint = (
        pl.coalesce(
            pl.when(is_event).then("single"),
            "witnessed",
            pl.when(speaks).then("allowed"),
            _where_it_starts(),
        ).fill_null(ANY)
        & pl.col("witnessed").fill_null(ANY)
        & pl.when("next_is_logged").then(ANY - pl.col("next_status")).fill_null(ANY)
    )
    ends = pl.col("begins").shift(-1, fill_value=True)
    frame = frame.with_columns(agreed=constraint, engaged=_not_excluded(speaks)).with_columns(
        agreed=_common("agreed"), engaged=pl.when(ends).then("engaged").backward_fill()
    )
    narrowed = (
        pl.when(_is_single("agreed")).then("agreed").otherwise(pl.col("agreed") & pl.col("engaged"))
    )
    return frame.with_columns(agreed=narrowed).with_columns(
        logged=pl.col("within") & (pl.col("agreed") > 0)
    )


def _estimated(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add the likeliest status: the path through all that is allowed with the fewest changes."""
    in_run, agreed = pl.col("logged"), pl.col("agreed")
    certain = _is_single("agreed")
    told = pl.coalesce("witnessed", "single")
    single = pl.when(in_run & certain).then(agreed).when(~in_run).then(told)
    allowed = pl.when(in_run & ~certain).then(agreed).when(~in_run).then("allowed")
    frame = facts.with_columns(single=single, allowed=allowed)
    limits = pl.coalesce("single", "allowed")
    coming = pl.col("allowed") & known_behind(limits)
    first = pl.when(_is_first() & pl.col("allowed").is_not_null()).then(
        pl.when(coming > 0).then(_lowest(coming)).otherwise(_lowest(pl.col("allowed")))
    )
    frame = frame.with_columns(settled=pl.coalesce("single", first), next=next_of("single"))
    is_message = ~pl.col("logged") & (pl.col("order") == MESSAGE)
    for undecided in (is_message, pl.lit(value=True)):
        last = latest_of("settled")
        choice = pl.when(undecided).then(_nearest(last))
        frame = frame.with_columns(settled=pl.coalesce("settled", choice))
    return frame.with_columns(status=latest_of("settled"))


def _explained(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add which statuses cannot be excluded, and what the estimate rests on."""
    is_seen = pl.col("order") == SEEN
    seen = latest_of(pl.when(is_seen).then("kind"))
    return facts.with_columns(
        possible=pl.when("logged")
        .then("agreed")
        .otherwise(pl.coalesce("witnessed", pl.col("base") | pl.col("status"))),
        evidence=pl.when("logged")
        .then(pl.lit("webhook", KIND))
        .when(pl.col("witnessed").is_not_null())
        .then(seen)
        .otherwise(latest_of("kind")),
    )


def _nearest(last: pl.Expr) -> pl.Expr:
    """Choose from the allowed: what it was, else what it will be, else the first."""
    allowed = pl.col("allowed")
    return (
        pl.when((allowed & last) > 0)
        .then(last)
        .when((allowed & pl.col("next")) > 0)
        .then("next")
        .otherwise(_lowest(allowed))
    )


def _not_excluded(contacted: pl.Expr) -> pl.Expr:
    """Return what is possible from a fact on: all but bulk_sent once a contact has written."""
    known = ANY - BITS["unknown"]
    engaged = latest_of(pl.when(contacted).then(1)).is_not_null()
    return (
        pl.when(engaged | ~pl.col("may_be_bulk"))
        .then(pl.lit(known - BULK_SENT, pl.UInt8))
        .otherwise(pl.lit(known, pl.UInt8))
    )


def _where_it_starts() -> pl.Expr:
    return pl.when(_is_first()).then("allowed")


def _is_first() -> pl.Expr:
    return pl.col("order") == START


def _is_single(name: str) -> pl.Expr:
    return pl.col(name).bitwise_count_ones() == 1


def _lowest(mask: pl.Expr) -> pl.Expr:
    """Return the lowest bit of a set; null for none."""
    return pl.coalesce(
        pl.when((mask & bit) > 0).then(pl.lit(bit, pl.UInt8)) for bit in BITS.values()
    )


def _common(name: str) -> pl.Expr:
    """Return the statuses that are in the sets of all facts of a run."""
    sets, nothing = pl.col(name), pl.lit(0, pl.UInt8)
    common = (
        pl.when(sum_of_run((sets & bit) == 0, pl.col("begins")) == 0)
        .then(pl.lit(bit, pl.UInt8))
        .otherwise(nothing)
        for bit in BITS.values()
    )
    return pl.sum_horizontal(common).cast(pl.UInt8)
