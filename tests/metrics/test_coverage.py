from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import NOON, changes, conversations, hours, messages, table
from drift_analysis import schemas
from drift_analysis.metrics import metric_coverage
from drift_analysis.metrics.quality.findings import FINDINGS

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
        ("time_to_close", True, 3, 4, 0.75),
        ("reopens", True, 2, 4, 0.5),
        ("transitions", True, 3, 4, 0.75),
        ("variants", True, 3, 4, 0.75),
        ("flow", True, 3, 4, 0.75),
        ("ageing", True, 3, 4, 0.75),
        ("exact_time_in_status", True, 3, 4, 0.75),
        ("first_response", True, 2, 4, 0.5),
        ("sla_attainment", True, 2, 4, 0.5),
        ("bot_containment", False, 0, 4, 0.0),
        ("load_by_hour", True, 2, 4, 0.5),
        ("reconcile", True, 2, 4, 0.5),
        ("first_response_from_handoff", True, 1, 4, 0.25),
        ("response_turns", True, 2, 4, 0.5),
        ("workload", False, 0, 4, 0.0),
        ("playbook_attribution", True, 3, 4, 0.75),
        ("playbook_lift", True, 3, 4, 0.75),
        ("playbook_names", True, 1, 2, 0.5),
        ("journeys", True, 1, 4, 0.25),
        ("multi_touch_attribution", True, 1, 4, 0.25),
        ("tag_frequency", True, 2, 4, 0.5),
        ("tag_cooccurrence", True, 2, 4, 0.5),
        ("tag_sets", True, 2, 4, 0.5),
        ("tag_distinctive", True, 2, 4, 0.5),
        ("tag_survival", True, 2, 4, 0.5),
    ]


def test_what_was_sent_in_bulk_cannot_close_and_what_people_wrote_is_work() -> None:
    closed = {"status": "closed", "status_raw": "closed"}
    data = replace(
        DATA,
        conversations=conversations(
            {"conversation_id": 1, "status": "bulk_sent"},
            {"conversation_id": 2, **closed},
            {"conversation_id": 3, **closed},
            {"conversation_id": 4},
        ),
        messages=messages(
            {"conversation_id": 2},
            {"conversation_id": 3, "author_kind": "human", "author_type": "user", "author_id": 8},
            {"conversation_id": 4, "is_visible": False, "type": "private_note"},
        ),
    )
    known = {metric: n for metric, _, n, _, _ in told(data)}
    assert (known["time_in_status"], known["time_to_close"], known["ageing"]) == (4, 3, 3)
    assert (known["first_response"], known["sla_attainment"]) == (3, 1)
    assert (known["bot_containment"], known["workload"], known["reopens"]) == (1, 1, 4)


def test_nothing_can_be_said_of_nothing() -> None:
    assert told(NOTHING) == [(name, False, 0, 0, None) for name in schemas.audit.METRICS]


def test_every_metric_says_what_it_needs_and_what_to_mind() -> None:
    result = schemas.MetricCoverage.checked(metric_coverage(DATA))

    assert result["metric"].to_list() == list(schemas.audit.METRICS)
    said = {metric: words for metric, *words in result.select("metric", "needs", "caveat").rows()}
    assert said["first_response"] == [
        "messages",
        "Those without messages are unknown, not unanswered.",
    ]
    assert said["playbook_lift"] == [
        "a detail reply, or a playbook in the record",
        "An association, not a cause: other visitors meet other playbooks.",
    ]
    for needs, caveat in said.values():
        assert needs
        assert not needs.endswith(".")
        assert caveat.endswith(".")
    assert result["caveat"].is_unique().all()


def test_what_limits_a_metric_limits_those_that_are_built_on_it() -> None:
    built = schemas.audit.BUILT_ON
    for code, finding in FINDINGS.items():
        everything = {each for one in finding.limits for each in (one, *built.get(one, ()))}
        assert set(finding.affects) == everything, code
    assert FINDINGS["updated_at_missing"].affects == (
        *("time_in_status", "time_to_close", "reopens", "transitions", "variants", "flow"),
        "ageing",
    )


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
