"""Who is behind what is said of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.arguments import grouping
from drift_analysis.metrics.statistics.life_tables import EVENT, EVERYTHING
from drift_analysis.metrics.tags.tag_distinctive import sides_of, tag_distinctive
from drift_analysis.metrics.tags.tag_names import (
    CONVERSATION,
    SAME,
    TAGS,
    most_frequent,
    tag_rows,
    tag_uses,
)
from drift_analysis.metrics.tags.tag_pairs import OTHER, pairs_of, tag_cooccurrence
from drift_analysis.metrics.tags.tag_sets import sets_of, tag_sets
from drift_analysis.metrics.tags.tag_survival import seen_of, tag_survival
from drift_analysis.metrics.tags.tags import denominators_of, rows_of, tag_frequency
from drift_analysis.metrics.time.periods import PERIOD

from .explanation import Explanation
from .stage import ID, Part, Stage, fates_of, once

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EXPLANATIONS"]

_ALL, _TAG = "conversations", "tag"


def _frequency(
    *,
    conversations: pl.LazyFrame,
    every: str | None,
    by: str | Sequence[str] | None,
    tz: str,
) -> Stage:
    groups = grouping(by, taken=())
    keys = (*([] if every is None else [PERIOD]), *groups)
    rows = rows_of(conversations, every, groups, tz)
    uses = tag_uses(rows, keys)
    each = uses.select(*keys, SAME, CONVERSATION).unique().join(_names(uses), on=SAME)
    tagged = each.select(*keys, _TAG, _id(), *once(_ALL))
    parts = (Part(tagged, (*keys, _TAG), (_ALL,)), _denominators(rows, keys, *denominators_of()))
    return Stage((*keys, _TAG), parts, _fates(conversations))


def _pairs(
    *,
    conversations: pl.LazyFrame,
    by: str | Sequence[str] | None,
) -> Stage:
    groups = tuple(grouping(by, taken=()))
    rows = tag_rows(conversations, groups)
    spelled = tag_uses(rows, groups)
    names = _names(spelled)
    uses = spelled.select(*groups, CONVERSATION, SAME).unique()
    second = names.rename({SAME: OTHER, _TAG: "tag_b"})
    both = (
        pairs_of(uses, groups)
        .join(names.rename({_TAG: "tag_a"}), on=SAME)
        .join(second, on=OTHER)
        .select(*groups, "tag_a", "tag_b", _id(), *once("n_ab"))
    )
    sides = [
        Part(
            uses.join(names.rename({_TAG: tag}), on=SAME).select(*groups, tag, _id(), *once(n)),
            (*groups, tag),
            (n,),
        )
        for tag, n in (("tag_a", "n_a"), ("tag_b", "n_b"))
    ]
    keys = (*groups, "tag_a", "tag_b")
    known = _denominators(rows, groups, "n_known", "n_unknown")
    return Stage(keys, (Part(both, keys, ("n_ab",)), *sides, known), _fates(conversations))


def _sets(
    *,
    conversations: pl.LazyFrame,
    by: str | Sequence[str] | None,
) -> Stage:
    groups = tuple(grouping(by, taken=()))
    rows = tag_rows(conversations, groups)
    keys = (*groups, "tags")
    sets = sets_of(rows, groups).select(*keys, _id(), *once(_ALL))
    known = _denominators(rows, groups, "n_known", "n_unknown")
    return Stage(keys, (Part(sets, keys, (_ALL,)), known), _fates(conversations))


def _distinctive(
    *,
    conversations: pl.LazyFrame,
    first: pl.Expr,
    second: pl.Expr | None,
) -> Stage:
    sides = ("first", "second")
    rows = sides_of(conversations, first, second)
    uses = tag_uses(rows, sides)
    tagged = uses.select(*sides, SAME, CONVERSATION).unique().join(_names(uses), on=SAME)
    known = pl.col(TAGS).is_not_null()
    sizes = {"n_first": known & pl.col("first"), "n_second": known & pl.col("second")}
    flags = {**sizes, "n_unknown": ~known}
    others = conversations.join(rows.select(_id()), on=ID, how="anti")
    unknown = conversations.filter(pl.col("tags").is_null())
    return Stage(
        (_TAG,),
        (Part(tagged.select(_TAG, _id(), *sides), (_TAG,), sides), _counted(rows, (), flags)),
        fates_of(conversations, {"neither_side": others, "unknown_tags": unknown}),
    )


def _survival(
    *,
    waits: pl.LazyFrame,
    conversations: pl.LazyFrame,
    duration: str,
    censored: str,
) -> Stage:
    rows = tag_rows(conversations, [])
    spelled = tag_uses(rows, [])
    seen = seen_of(waits, duration, censored)
    is_known = rows.drop_nulls(TAGS)
    tags = spelled.select(CONVERSATION, SAME).unique().join(_names(spelled), on=SAME)
    mine = tags.group_by(CONVERSATION).agg(pl.col(_TAG).alias("__tags_of"))
    known = seen.join(is_known, on=CONVERSATION, how="semi")
    unknown = seen.join(is_known, on=CONVERSATION, how="anti")
    tagged = seen.join(tags, on=CONVERSATION).select(
        _TAG, _id(), *once("n"), pl.col(EVENT).alias("events")
    )
    has = pl.col("__tags_of").list.contains(pl.col(_TAG)).fill_null(value=False)
    rest = known.join(mine, on=CONVERSATION, how="left").select(_id(), "__tags_of", *once("n_rest"))
    given = waits.with_columns(pl.col(ID).cast(pl.Int64))
    not_at_risk = given.join(seen.select(_id()), on=ID, how="anti")
    return Stage(
        (_TAG,),
        (
            Part(tagged, (_TAG,), ("n", "events")),
            Part(rest, (), ("n_rest",), ~has),
            Part(unknown.select(_id(), *once("n_unknown")), (), ("n_unknown",)),
        ),
        fates_of(given, {"not_at_risk": not_at_risk, "unknown_tags": unknown.select(_id())}),
    )


def _id() -> pl.Expr:
    return pl.col(CONVERSATION).alias(ID)


def _names(uses: pl.LazyFrame) -> pl.LazyFrame:
    return most_frequent(uses, _TAG)


def _denominators(rows: pl.LazyFrame, keys: Sequence[str], *names: str) -> Part:
    return _counted(rows, keys, {name: denominators_of()[name] for name in names})


def _counted(rows: pl.LazyFrame, keys: Sequence[str], flags: dict[str, pl.Expr]) -> Part:
    """Count each conversation once, though it may have several records."""
    counted = rows.group_by(*keys, CONVERSATION, EVERYTHING).agg(
        flag.any().alias(name) for name, flag in flags.items()
    )
    return Part(counted.select(*keys, _id(), *flags), tuple(keys), tuple(flags))


def _fates(conversations: pl.LazyFrame) -> pl.LazyFrame:
    known = conversations.filter(pl.col("tags").is_not_null())
    return fates_of(conversations, {"unknown_tags": conversations.join(known, on=ID, how="anti")})


_UNKNOWN = {"unknown_tags": "They were only in a list, which tells no tags."}
_RISK = "It is not known how long they took, or whether they ended."

EXPLANATIONS = {
    tag_frequency: Explanation(
        "The share of the conversations whose tags are known that have the tag; spellings that "
        "differ in case and blanks are one. A period counts what was created in it, since Drift "
        "keeps no time for a tag. The definition is this library's own.",
        _frequency,
        _UNKNOWN,
        told=tuple(_UNKNOWN),
    ),
    tag_cooccurrence: Explanation(
        "How many conversations have both of two tags, compared with chance. Support, confidence "
        "and lift are those of association rules (Agrawal, Imielinski and Swami 1993).",
        _pairs,
        _UNKNOWN,
        told=tuple(_UNKNOWN),
    ),
    tag_sets: Explanation(
        "The conversations that have exactly the same tags; the empty set are those without any. "
        "The definition is this library's own.",
        _sets,
        _UNKNOWN,
        told=tuple(_UNKNOWN),
    ),
    tag_distinctive: Explanation(
        "Which tags belong more to some conversations than to others: log-odds ratios with an "
        "informative prior, by Monroe, Colaresi and Quinn (2008).",
        _distinctive,
        {"neither_side": "They are on neither side, or on both.", **_UNKNOWN},
        told=tuple(_UNKNOWN),
    ),
    tag_survival: Explanation(
        "Whether conversations with a tag take longer than the rest: the log-rank test, and Peto's "
        "hazard ratio. Tags come after the fact, so it shows no cause.",
        _survival,
        {"not_at_risk": _RISK, **_UNKNOWN},
        told=tuple(_UNKNOWN),
    ),
}
