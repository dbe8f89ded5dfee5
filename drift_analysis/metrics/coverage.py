"""What can be said of a data set: which metric, for how many conversations, with what caveat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.schemas import (
    Conversations,
    Messages,
    MetricCoverage,
    ParticipantEvents,
    StatusEvents,
)
from drift_analysis.schemas.base import as_given

from .audit_moments import webhooks_of
from .plans import plans_of
from .playbook_names import playbook_matches

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset
    from drift_analysis.schemas.base import Frame

__all__ = ["enough_in", "metric_coverage"]

_ID = Conversations.conversation_id.name

_WORDS = {
    "time_in_status": (
        "a known status",
        "Drift keeps no history of status: an estimate, with hard bounds.",
    ),
    "exact_time_in_status": (
        "a webhook log that runs since before it began",
        "Exact if the log is complete; where it contradicts itself there are bounds only.",
    ),
    "first_response": (
        "messages",
        "Those without messages are unknown, not unanswered.",
    ),
    "first_response_from_handoff": (
        "messages, and a webhook that a user who is no bot was added",
        "Only webhooks tell when somebody was added.",
    ),
    "response_turns": (
        "messages",
        "Drift does not tell when a conversation closed in between: a turn ends at the last one.",
    ),
    "playbook_attribution": (
        "a detail reply, or a playbook in the record",
        "Those that were only in a list are unknown, and in no denominator.",
    ),
    "playbook_names": (
        "a playbook that is in Drift's list",
        "Drift lists only enabled playbooks; the others are shown by id.",
    ),
    "journeys": (
        "a contact",
        "A playbook of which the record does not tell is a touch of its own: unknown.",
    ),
    "tag_frequency": (
        "tags, or a detail reply that has none",
        "Drift keeps no time for a tag: a trend goes by the conversation's day.",
    ),
}
"""What a conversation must have for a metric, and what to mind."""


def metric_coverage(dataset: Dataset[Frame]) -> Frame:
    """Tell for each metric whether it can be computed on a data set, and for how many.

    Parameters
    ----------
    dataset
        What `load` found: its tables may be frames or lazy frames.

    Returns
    -------
    :
        A `MetricCoverage` table, one row per metric: ``metric``, ``possible``, ``n`` ``of``
        conversations, ``share`` (null: of none), ``needs`` and ``caveat``. Names of playbooks
        are counted of the conversations that name one.

    Raises
    ------
    SchemaError
        If a frame is not the table it should be.

    Examples
    --------
    >>> import drift_analysis as da
    >>> from drift_analysis.metrics import metric_coverage
    >>> dataset = da.load(b'{"data": [{"id": 1, "status": "open", "createdAt": 1767600000000}]}')
    >>> found = metric_coverage(dataset)
    >>> found.filter(possible=True).get_column("metric").to_list()
    ['time_in_status']
    """
    data, out = plans_of(dataset), MetricCoverage
    rows = [_row(metric, *each) for metric, each in enough_in(data).items()]
    return as_given(out.conform(pl.concat(rows)).sort(out.metric.name), dataset.conversations)


def enough_in(data: Dataset[pl.LazyFrame]) -> dict[str, tuple[pl.LazyFrame, pl.LazyFrame]]:
    """Return for each metric the conversations that have what it needs, and all it is asked of."""
    c, m, p = Conversations, Messages, ParticipantEvents
    records = data.conversations
    named = records.filter(c.playbook_id.col.is_not_null())
    answered = records.join(data.messages, on=_ID, how="semi")
    bots = data.messages.filter(m.author_kind.col == "bot")
    added = data.participant_events.filter(p.change.col == "added").join(
        bots, left_on=p.user_id.name, right_on=m.author_id.name, how="anti"
    )
    log_start = webhooks_of(data).select(_start=StatusEvents.changed_at.col.min())
    enough = {
        "time_in_status": records.filter(c.status.col != "unknown"),
        "exact_time_in_status": records.join(log_start, how="cross").filter(
            c.created_at.col >= pl.col("_start")
        ),
        "first_response": answered,
        "first_response_from_handoff": answered.join(added, on=_ID, how="semi"),
        "response_turns": answered,
        "playbook_attribution": records.filter(c.is_detail.col | c.playbook_id.col.is_not_null()),
        "playbook_names": named.join(
            playbook_matches(named, data.playbooks)["neither"], on=_ID, how="anti"
        ),
        "journeys": records.filter(c.contact_id.col.is_not_null()),
        "tag_frequency": records.filter(c.tags.col.is_not_null()),
    }
    return {
        metric: (found, named if metric == "playbook_names" else records)
        for metric, found in enough.items()
    }


def _row(metric: str, found: pl.LazyFrame, among: pl.LazyFrame) -> pl.LazyFrame:
    needs, caveat = _WORDS[metric]
    n, of = pl.col("n"), pl.col("of")
    return (
        found.select(n=pl.len())
        .join(among.select(of=pl.len()), how="cross")
        .with_columns(
            metric=pl.lit(metric),
            possible=n > 0,
            share=pl.when(of > 0).then(n / of),
            needs=pl.lit(needs),
            caveat=pl.lit(caveat),
        )
    )
