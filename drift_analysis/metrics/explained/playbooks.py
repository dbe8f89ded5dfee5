"""Who is behind what is said of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.playbooks.playbook_lift import compared_with, playbook_lift
from drift_analysis.metrics.playbooks.playbook_names import playbook_match_rates, playbook_matches
from drift_analysis.metrics.playbooks.playbooks import BY, FLAGS, outcomes_of, playbook_attribution
from drift_analysis.schemas.base import require_moment

from .explanation import LATER, Explanation
from .stage import ID, Part, Stage, fates_of, once

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

__all__ = ["EXPLANATIONS"]

_ALL = "conversations"


def _attribution(
    *,
    conversations: pl.LazyFrame,
    messages: pl.LazyFrame | None,
    meetings: pl.LazyFrame | None,
    goals: pl.LazyFrame | None,
    as_of: datetime,
) -> Stage:
    rows = outcomes_of(conversations, messages, meetings, goals, require_moment(as_of))
    later = conversations.join(rows, on=ID, how="anti")
    unknown = rows.filter(pl.col("attribution") == "unknown")
    return Stage(
        tuple(BY),
        (Part(rows.select(*BY, ID, *once(_ALL), *FLAGS), tuple(BY), (_ALL, *FLAGS)),),
        fates_of(conversations, {"created_later": later, "unknown_playbook": unknown}),
    )


def _lift(
    *,
    outcome: str,
    against: Literal["rest", "none"] | int,
    source: Stage | None,
) -> Stage | None:
    if source is None:
        return None
    rows = source.parts[0].rows
    key = ("playbook_id",)
    of_playbooks = rows.filter(pl.col("attribution") == "playbook")
    ours = of_playbooks.select(*key, ID, _ALL, pl.col(outcome).alias("happened"))
    is_loaded = pl.col(outcome).count().over(BY) > 0
    others = rows.filter(compared_with(against)).select(
        pl.when(pl.col("attribution") == "playbook").then("playbook_id").alias("__other"),
        ID,
        pl.when(is_loaded).then(_ALL).otherwise(0).alias("other_conversations"),
        pl.col(outcome).alias("other_happened"),
    )
    apart = pl.col("__other").ne_missing(pl.col("playbook_id"))
    unknown = rows.filter(pl.col("attribution") == "unknown").select(ID, *once("n_unknown"))
    compared = others.filter(pl.col("other_conversations") > 0)
    either = pl.concat([each.select(ID) for each in (ours, compared, unknown)])
    neither = source.fates.join(either, on=ID, how="anti")
    fates = fates_of(source.fates, {"not_compared": neither})
    return Stage(
        key,
        (
            Part(ours, key, (_ALL, "happened")),
            Part(others, (), ("other_conversations", "other_happened"), apart),
            Part(unknown, (), ("n_unknown",)),
        ),
        fates,
    )


def _matches(
    *,
    conversations: pl.LazyFrame,
    playbooks: pl.LazyFrame,
) -> Stage:
    named = conversations.drop_nulls("playbook_id")
    keys = ("matched_by",)
    rows = [
        found.select(pl.lit(name).alias(keys[0]), ID).unique().with_columns(once(_ALL))
        for name, found in playbook_matches(named, playbooks).items()
    ]
    return Stage(
        keys,
        (Part(pl.concat(rows), keys, (_ALL,)),),
        fates_of(conversations, {"no_playbook": conversations.join(named, on=ID, how="anti")}),
    )


_WHOSE = "As Drift's playbook report credits the playbook that started the conversation"

EXPLANATIONS = {
    playbook_attribution: Explanation(
        f"What each playbook started, and what came of it. {_WHOSE}; an address counts at most "
        "once per conversation.",
        _attribution,
        {**LATER, "unknown_playbook": "They were only in a list, which tells no playbook."},
        told=("unknown_playbook",),
    ),
    playbook_lift: Explanation(
        "How much more often something comes of a playbook's conversations than of others: an "
        f"association, not a cause. {_WHOSE}; intervals are Newcombe's, the test Fisher's.",
        _lift,
        {"not_compared": "They are on neither side, or it is not known what came of them."},
        builds_on="attribution",
    ),
    playbook_match_rates: Explanation(
        "How often the playbook that a conversation names fits each of a playbook's two ids. The "
        "definition is this library's own, since Drift does not say which id it is.",
        _matches,
        {"no_playbook": "They name no playbook."},
    ),
}
