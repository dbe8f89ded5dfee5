from __future__ import annotations

from dataclasses import fields
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import NOON, changes, conversations, hours, messages, table
from drift_analysis import schemas
from drift_analysis.metrics import metric_coverage

BOT = {"author_type": "user", "author_kind": "bot", "author_id": 5}
LOADED = {
    "conversations": conversations(
        {"conversation_id": 1, "is_detail": True, "playbook_id": 7, "tags": [], "contact_id": 3},
        {"conversation_id": 2, "playbook_id": 8, "created_at": NOON - hours(1)},
        {"conversation_id": 3, "status": "unknown"},
        {"conversation_id": 4, "is_detail": True, "tags": [{"name": "demo", "color": None}]},
    ),
    "messages": messages({}, {"conversation_id": 2}, {"conversation_id": 9}, BOT),
    "status_events": changes((1, NOON, "open")),
    "playbooks": table(schemas.Playbooks, [{"playbook_id": 70, "interaction_id": 7}], source="t"),
    "participant_events": table(
        schemas.ParticipantEvents,
        [
            {"conversation_id": 1, "user_id": 5, "change": "added"},
            {"conversation_id": 2, "user_id": 6, "change": "added"},
            {"conversation_id": 4, "user_id": 6, "change": "added"},
        ],
        changed_at=NOON,
        source="t",
    ),
}
OTHERS = {
    "users": schemas.Users.empty(),
    "contacts": schemas.Contacts.empty(),
    "meetings": schemas.Meetings.empty(),
    "goals": schemas.Goals.empty(),
    "rejects": schemas.Rejects.empty(),
    "issues": schemas.Issues.empty(),
}
DATA: da.Dataset[pl.DataFrame] = da.Dataset(**LOADED, **OTHERS, as_of=NOON)
NOTHING: da.Dataset[pl.DataFrame] = da.Dataset(
    **{name: each.clear() for name, each in {**LOADED, **OTHERS}.items()}, as_of=None
)


def told(data: da.Dataset[pl.DataFrame]) -> list[tuple[Any, ...]]:
    return metric_coverage(data).select("metric", "possible", "n", "of", "share").rows()


def test_each_metric_is_told_with_how_many_it_can_be_had_for() -> None:
    assert told(DATA) == [
        ("time_in_status", True, 3, 4, 0.75),
        ("exact_time_in_status", True, 3, 4, 0.75),
        ("first_response", True, 2, 4, 0.5),
        ("first_response_from_handoff", True, 1, 4, 0.25),
        ("response_turns", True, 2, 4, 0.5),
        ("playbook_attribution", True, 3, 4, 0.75),
        ("playbook_names", True, 1, 2, 0.5),
        ("journeys", True, 1, 4, 0.25),
        ("tag_frequency", True, 2, 4, 0.5),
    ]


def test_nothing_can_be_said_of_nothing() -> None:
    assert told(NOTHING) == [(name, False, 0, 0, None) for name in schemas.audit.METRICS]


def test_every_metric_says_what_it_needs_and_what_to_mind() -> None:
    result = schemas.MetricCoverage.checked(metric_coverage(DATA))

    assert result.select("metric", "needs", "caveat").rows() == [
        (
            "time_in_status",
            "a known status",
            "Drift keeps no history of status: an estimate, with hard bounds.",
        ),
        (
            "exact_time_in_status",
            "a webhook log that runs since before it began",
            "Exact if the log is complete; where it contradicts itself there are bounds only.",
        ),
        ("first_response", "messages", "Those without messages are unknown, not unanswered."),
        (
            "first_response_from_handoff",
            "messages, and a webhook that a user who is no bot was added",
            "Only webhooks tell when somebody was added.",
        ),
        (
            "response_turns",
            "messages",
            "Drift does not tell when a conversation closed in between: a turn ends at the last "
            "one.",
        ),
        (
            "playbook_attribution",
            "a detail reply, or a playbook in the record",
            "Those that were only in a list are unknown, and in no denominator.",
        ),
        (
            "playbook_names",
            "a playbook that is in Drift's list",
            "Drift lists only enabled playbooks; the others are shown by id.",
        ),
        (
            "journeys",
            "a contact",
            "A playbook of which the record does not tell is a touch of its own: unknown.",
        ),
        (
            "tag_frequency",
            "tags, or a detail reply that has none",
            "Drift keeps no time for a tag: a trend goes by the conversation's day.",
        ),
    ]


def test_it_says_of_how_many_the_metrics_themselves_know() -> None:
    data = da.load("data/sample")
    assert data.as_of is not None
    known = dict(metric_coverage(data).select("metric", "n").iter_rows())

    waits = da.first_response(data.messages, as_of=data.as_of, conversations=data.conversations)
    tags = da.tag_frequency(data.conversations)
    playbooks = da.playbook_attribution(data.conversations, as_of=data.as_of)

    without = waits.filter(pl.col("not_at_risk") == "no_messages").height
    assert known["first_response"] == waits.height - without
    assert known["tag_frequency"] == tags["n_known"][0]
    assert known["playbook_attribution"] == (
        playbooks.filter(pl.col("attribution") != "unknown")["conversations"].sum()
    )


def test_lazy_tables_give_the_same_as_a_plan() -> None:
    names = [field.name for field in fields(DATA) if field.name != "as_of"]
    plans: da.Dataset[pl.LazyFrame] = da.Dataset(
        **{name: getattr(DATA, name).lazy() for name in names}, as_of=NOON
    )

    plan = metric_coverage(plans)

    assert isinstance(plan, pl.LazyFrame)
    assert_frame_equal(plan.collect(), metric_coverage(DATA))
