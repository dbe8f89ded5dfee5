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
from drift_analysis.schemas.audit import BUILT_ON
from drift_analysis.schemas.base import as_given

from ..plans import plans_of
from ..playbooks.playbook_names import playbook_matches
from .audit_moments import webhooks_of
from .coverage_words import WORDS

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset
    from drift_analysis.schemas.base import Frame

__all__ = ["enough_in", "metric_coverage"]

_ID = Conversations.conversation_id.name


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
        are counted of the conversations that name one. Metrics that need the same as another
        stand behind it.

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
    ['time_in_status', 'time_to_close', 'transitions', 'variants', 'flow', 'ageing']
    """
    data, out = plans_of(dataset), MetricCoverage
    flags = _flags()
    facts = _facts(data).select(
        *(flag.fill_null(value=False).alias(name) for name, flag in flags.items()),
        _named=Conversations.playbook_id.col.is_not_null(),
    )
    counts = facts.select(pl.col(*flags).sum(), _all=pl.len(), _named=pl.col("_named").sum())
    of = pl.when(pl.col("metric") == "playbook_names").then("_named").otherwise("_all")
    n = pl.col("n")
    rows = (
        counts.unpivot(
            list(flags), index=["_all", "_named"], variable_name="metric", value_name="n"
        )
        .join(_words(), on="metric")
        .with_columns(of=of, possible=n > 0)
        .with_columns(share=pl.when(pl.col("of") > 0).then(n / pl.col("of")))
    )
    return as_given(out.conform(rows).sort(out.metric.name), dataset.conversations)


def enough_in(data: Dataset[pl.LazyFrame], metric: str) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return the conversations that have what a metric needs, and all it is asked of."""
    facts = _facts(data)
    named = facts.filter(Conversations.playbook_id.col.is_not_null())
    return facts.filter(_flags()[metric]), named if metric == "playbook_names" else facts


def _words() -> pl.LazyFrame:
    return pl.LazyFrame(
        [(metric, *words) for metric, words in WORDS.items()],
        schema=["metric", "needs", "caveat"],
        orient="row",
    )


def _facts(data: Dataset[pl.LazyFrame]) -> pl.LazyFrame:
    """Add to each record what else is known of its conversation; null is not known, and no."""
    c, m, p, yes = Conversations, Messages, ParticipantEvents, pl.lit(value=True)
    kind = m.author_kind.col
    bots = data.messages.filter(kind == "bot").select(m.author_id.col)
    added = data.participant_events.filter(p.change.col == "added").join(
        bots, left_on=p.user_id.name, right_on=m.author_id.name, how="anti"
    )
    written = data.messages.group_by(_ID).agg(
        has_messages=yes.first(),
        contact_wrote=((kind == "contact") & m.is_visible.col).any(),
        human_wrote=(kind == "human").any(),
    )
    named = data.conversations.filter(c.playbook_id.col.is_not_null())
    unlisted = playbook_matches(named, data.playbooks)["neither"]
    log_start = webhooks_of(data).select(log_start=StatusEvents.changed_at.col.min())
    return (
        data.conversations.join(log_start, how="cross")
        .join(written, on=_ID, how="left")
        .join(added.select(_ID, was_added=yes).unique(), on=_ID, how="left")
        .join(data.status_events.select(_ID, has_events=yes).unique(), on=_ID, how="left")
        .join(unlisted.select(_ID, is_unlisted=yes).unique(), on=_ID, how="left")
    )


def _flags() -> dict[str, pl.Expr]:
    """Tell of a record for each metric whether it has what that needs."""
    c = Conversations
    has_messages, contact_wrote = pl.col("has_messages"), pl.col("contact_wrote")
    known = c.status.col != "unknown"
    took_part = ~c.status.col.is_in(["unknown", "bulk_sent"])
    witnessed = pl.any_horizontal("has_events", "has_messages")
    attributed = c.is_detail.col | c.playbook_id.col.is_not_null()
    contact, tags = c.contact_id.col.is_not_null(), c.tags.col.is_not_null()
    listed = c.playbook_id.col.is_not_null() & pl.col("is_unlisted").is_null()
    return {
        "time_in_status": known,
        "exact_time_in_status": c.created_at.col >= pl.col("log_start"),
        "time_to_close": took_part,
        "reopens": known & witnessed,
        **dict.fromkeys(("transitions", "variants", "flow"), known),
        "ageing": took_part,
        "first_response": has_messages,
        "first_response_from_handoff": has_messages & pl.col("was_added"),
        "sla_attainment": contact_wrote,
        "bot_containment": contact_wrote & (c.status.col == "closed"),
        "load_by_hour": contact_wrote,
        "reconcile": has_messages,
        "response_turns": has_messages,
        "workload": pl.col("human_wrote"),
        **dict.fromkeys(("playbook_attribution", "playbook_lift"), attributed),
        "playbook_names": listed,
        **dict.fromkeys(("journeys", "multi_touch_attribution"), contact),
        **dict.fromkeys(("tag_frequency", *BUILT_ON["tag_frequency"]), tags),
    }
