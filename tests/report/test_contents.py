from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from drift_analysis import schemas
from drift_analysis.report.contents import (
    coverage,
    findings,
    log_window,
    period,
    rejects_by_reason,
    sizes,
)
from drift_analysis.report.reading import tables
from drift_analysis.report.summary import description, headline, is_sound
from drift_analysis.schemas import Dataset

NINE, TEN = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))


def rows(table: type[schemas.Table], *given: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema=table.schema(), orient="row")


def dataset(**given: Any) -> Dataset[pl.DataFrame]:
    empty = {
        "conversations": schemas.Conversations.empty(),
        "messages": schemas.Messages.empty(),
        "status_events": schemas.StatusEvents.empty(),
        "playbooks": schemas.Playbooks.empty(),
        "users": schemas.Users.empty(),
        "contacts": schemas.Contacts.empty(),
        "meetings": schemas.Meetings.empty(),
        "goals": schemas.Goals.empty(),
        "participant_events": schemas.ParticipantEvents.empty(),
        "rejects": schemas.Rejects.empty(),
        "issues": schemas.Issues.empty(),
        "as_of": None,
    }
    return Dataset(**{**empty, **given})


CONVERSATIONS = rows(
    schemas.Conversations,
    {"conversation_id": 1, "created_at": NINE, "is_detail": True, "playbook_id": 7},
    {"conversation_id": 2, "created_at": TEN, "is_detail": True, "playbook_id": 8},
    {"conversation_id": 3, "created_at": NINE, "is_detail": False},
    {"conversation_id": 4, "created_at": NINE, "is_detail": False},
).with_columns(status=pl.lit("open", schemas.Conversations.status.dtype))
MESSAGES = rows(
    schemas.Messages,
    {"message_id": 1, "conversation_id": 1, "author_kind": "contact"},
    {"message_id": 2, "conversation_id": 1, "author_kind": "unknown"},
    {"message_id": 3, "conversation_id": 99, "author_kind": "bot"},
)
EVENTS = rows(
    schemas.StatusEvents,
    {"conversation_id": 1, "changed_at": TEN, "source": "webhook", "status": "open"},
    {"conversation_id": 1, "changed_at": NINE, "source": "webhook", "status": "closed"},
    {"conversation_id": 2, "changed_at": NINE, "source": "snapshot"},
)
PLAYBOOKS = rows(schemas.Playbooks, {"playbook_id": 70, "interaction_id": 7})
REJECTS = rows(
    schemas.Rejects,
    *({"source": "a.json", "line": n, "reason": "not_json", "detail": "No."} for n in range(1, 5)),
    {"source": "b.json", "index": 3, "reason": "wrong_type", "detail": "Odd."},
    {"source": "b.json", "reason": "unreadable", "detail": "Gone."},
)
ISSUES = rows(
    schemas.Issues,
    {"severity": "info", "code": "merged", "table": "Messages", "n": 9, "detail": "Same."},
    {
        "severity": "warning",
        "code": "unknown_status",
        "table": "Conversations",
        "n": 1,
        "detail": "A",
    },
    {
        "severity": "warning",
        "code": "unknown_status",
        "table": "Conversations",
        "n": 2,
        "detail": "B",
    },
    {"severity": "error", "code": "seconds", "table": "Messages", "n": 1, "detail": "Short."},
)
EXPORT = dataset(
    conversations=CONVERSATIONS,
    messages=MESSAGES,
    status_events=EVENTS,
    playbooks=PLAYBOOKS,
    rejects=REJECTS,
    issues=ISSUES,
    as_of=TEN,
)


def test_sizes_count_the_rows_of_every_table() -> None:
    counted = dict(sizes(EXPORT).rows())

    assert counted == {
        "conversations": 4,
        "messages": 3,
        "status_events": 3,
        "playbooks": 1,
        "users": 0,
        "contacts": 0,
        "meetings": 0,
        "goals": 0,
        "participant_events": 0,
    }


def test_the_period_runs_from_the_first_to_the_last_creation() -> None:
    assert period(CONVERSATIONS) == (NINE, TEN)


def test_the_log_runs_from_the_first_to_the_last_webhook() -> None:
    assert log_window(EVENTS) == (NINE, TEN)
    assert log_window(EVENTS.filter(pl.col("source") == "snapshot")) is None


def test_rejects_are_counted_by_source_and_reason_with_the_first_places() -> None:
    assert rejects_by_reason(REJECTS).rows() == [
        ("a.json", "not_json", 4, "line 1, line 2, line 3", "No."),
        ("b.json", "unreadable", 1, "whole source", "Gone."),
        ("b.json", "wrong_type", 1, "record 3", "Odd."),
    ]


def test_findings_are_told_with_what_they_are_of_and_three_conversations() -> None:
    many = pl.concat([CONVERSATIONS, CONVERSATIONS.with_columns(pl.col("conversation_id") + 4)])
    found = findings(dataset(conversations=many, rejects=REJECTS))

    assert found.filter(code="list_only").rows() == [
        (
            "warning",
            "list_only",
            "conversations",
            4,
            8,
            0.5,
            "Only in a list: playbook, tags and participants may be unknown.",
            "3, 4, 7",
        )
    ]
    assert found.filter(table="rejects").is_empty()


def test_coverage_names_the_metrics_in_words() -> None:
    found = coverage(EXPORT).select("metric", "n", "of", "share")

    assert found.rows() == [
        ("time in status", 4, 4, 1.0),
        ("time to close", 4, 4, 1.0),
        ("reopens", 2, 4, 0.5),
        ("transitions", 4, 4, 1.0),
        ("variants", 4, 4, 1.0),
        ("flow", 4, 4, 1.0),
        ("ageing", 4, 4, 1.0),
        ("exact time in status", 4, 4, 1.0),
        ("first response", 1, 4, 0.25),
        ("sla attainment", 0, 4, 0.0),
        ("bot containment", 0, 4, 0.0),
        ("load by hour", 0, 4, 0.0),
        ("reconcile", 1, 4, 0.25),
        ("first response from handoff", 0, 4, 0.0),
        ("response turns", 1, 4, 0.25),
        ("workload", 0, 4, 0.0),
        ("playbook attribution", 2, 4, 0.5),
        ("playbook lift", 2, 4, 0.5),
        ("playbook names", 1, 2, 0.5),
        ("journeys", 0, 4, 0.0),
        ("multi touch attribution", 0, 4, 0.0),
        ("tag frequency", 0, 4, 0.0),
        ("tag cooccurrence", 0, 4, 0.0),
        ("tag sets", 0, 4, 0.0),
        ("tag distinctive", 0, 4, 0.0),
        ("tag survival", 0, 4, 0.0),
    ]


def test_no_rows_have_the_same_columns_as_many() -> None:
    assert_frame_equal(
        rejects_by_reason(schemas.Rejects.empty()), rejects_by_reason(REJECTS).clear()
    )
    assert_frame_equal(findings(dataset()), findings(EXPORT).clear())
    assert coverage(dataset())["share"].to_list() == [None] * len(schemas.audit.METRICS)


def test_an_export_is_sound_without_rejects_and_grave_issues() -> None:
    mild = ISSUES.filter(pl.col("severity") != "error")

    assert is_sound(dataset(issues=mild))
    assert not is_sound(dataset(issues=ISSUES))
    assert not is_sound(dataset(rejects=REJECTS))


def test_the_headline_says_how_much_was_read() -> None:
    assert headline(EXPORT) == "Read 4 conversations and 3 messages; 6 rejects, 4 issues."


def test_the_description_says_what_is_there_and_what_is_wrong() -> None:
    assert description(EXPORT) == (
        "conversations       4\n"
        "messages            3\n"
        "status_events       3\n"
        "playbooks           1\n"
        "users               0\n"
        "contacts            0\n"
        "meetings            0\n"
        "goals               0\n"
        "participant_events  0\n"
        "\n"
        "created  2026-03-02 to 2026-03-02\n"
        "as of    2026-03-02 10:00 UTC\n"
        "\n"
        "time in status               4 of 4 (100.0 %)\n"
        "time to close                4 of 4 (100.0 %)\n"
        "reopens                      2 of 4 (50.0 %)\n"
        "transitions                  4 of 4 (100.0 %)\n"
        "variants                     4 of 4 (100.0 %)\n"
        "flow                         4 of 4 (100.0 %)\n"
        "ageing                       4 of 4 (100.0 %)\n"
        "exact time in status         4 of 4 (100.0 %)\n"
        "first response               1 of 4 (25.0 %)\n"
        "sla attainment               0 of 4 (0.0 %)\n"
        "bot containment              0 of 4 (0.0 %)\n"
        "load by hour                 0 of 4 (0.0 %)\n"
        "reconcile                    1 of 4 (25.0 %)\n"
        "first response from handoff  0 of 4 (0.0 %)\n"
        "response turns               1 of 4 (25.0 %)\n"
        "workload                     0 of 4 (0.0 %)\n"
        "playbook attribution         2 of 4 (50.0 %)\n"
        "playbook lift                2 of 4 (50.0 %)\n"
        "playbook names               1 of 2 (50.0 %)\n"
        "journeys                     0 of 4 (0.0 %)\n"
        "multi touch attribution      0 of 4 (0.0 %)\n"
        "tag frequency                0 of 4 (0.0 %)\n"
        "tag cooccurrence             0 of 4 (0.0 %)\n"
        "tag sets                     0 of 4 (0.0 %)\n"
        "tag distinctive              0 of 4 (0.0 %)\n"
        "tag survival                 0 of 4 (0.0 %)\n"
        "\n"
        "Rejects: 6\n"
        "  a.json: 4 x not_json (line 1, line 2, line 3): No.\n"
        "  b.json: 1 x unreadable (whole source): Gone.\n"
        "  b.json: 1 x wrong_type (record 3): Odd.\n"
        "\n"
        "Findings: 12\n"
        "  error: seconds in Messages, 1: Short.\n"
        "  warning: list_without_messages in conversations, 2 of 2 (100.0 %): Conversations of a "
        "list, without messages: waits and engagement are unknown, and stays have wider bounds. "
        "Such as 3, 4.\n"
        "  warning: list_only in conversations, 2 of 4 (50.0 %): Only in a list: playbook, tags "
        "and participants may be unknown. Such as 3, 4.\n"
        "  warning: conversation_not_read in messages, 1 of 2 (50.0 %): Conversations that have "
        "messages, but were not read themselves. Such as 99.\n"
        "  warning: detail_without_messages in conversations, 1 of 2 (50.0 %): Conversations with "
        "a detail reply, but without messages: waits and engagement are unknown, and stays have "
        "wider bounds. Such as 2.\n"
        "  warning: unknown_author in messages, 1 of 3 (33.3 %): The record does not say who wrote "
        "it, or whether a user was a bot: it is the answer of neither a person nor a bot. "
        "Such as 1.\n"
        "  info: fetched_at_missing in conversations, 4 of 4 (100.0 %): When it was fetched is not "
        "known: the record counts as seen at `as_of`. da.load(..., fetched_at=...) says when. "
        "Such as 1, 2, 3.\n"
        "  info: updated_at_missing in conversations, 4 of 4 (100.0 %): Without `updated_at` "
        "nothing tells since when a conversation has its status. Such as 1, 2, 3.\n"
        "  info: not_in_log in status_events, 3 of 4 (75.0 %): Conversations without a webhook: "
        "nothing changed while the log ran, if it is complete. Such as 2, 3, 4.\n"
        "  info: matched_by_interaction_id in playbooks, 1 of 2 (50.0 %): Conversations whose "
        "playbook fits a playbook's interaction id. Such as 1.\n"
        "  info: playbook_not_listed in playbooks, 1 of 2 (50.0 %): Conversations whose playbook "
        "is not in the list (Drift lists only enabled ones): it is shown by id, without a name. "
        "Such as 2.\n"
        "  info: merged in Messages, 9: Same."
    )


def test_the_description_of_nothing_says_so() -> None:
    ends = description(dataset()).split("\n\n")[1:]

    assert ends == [
        "as of  nothing",
        "No conversations, so no metrics.",
        "Rejects: 0",
        "Findings: 0",
    ]


def test_a_long_list_is_folded_and_the_rest_counted() -> None:
    many = rows(
        schemas.Rejects,
        *({"source": f"{n:02}", "reason": "not_json", "detail": "No."} for n in range(25)),
    )

    lines = description(dataset(rejects=many)).splitlines()

    assert lines[-3] == "  ... and 5 more kinds"
    assert "  19: 1 x not_json (whole source): No." in lines
    assert "  20: 1 x not_json (whole source): No." not in lines


def test_the_page_says_from_when_to_when_the_log_tells() -> None:
    assert tables(EXPORT, tz="Asia/Tokyo")["log_window"] == (
        "The webhook log tells of changes of status, 2 Mar 2026. It is taken to be complete from "
        "its first event on; where it contradicts a message or a record, stays have bounds only."
    )
    assert tables(dataset(), tz="UTC")["log_window"] == (
        "There is no webhook log, so changes of status are known only where a message or a "
        "record witnesses them."
    )


def test_names_cannot_steer_the_terminal() -> None:
    odd = rows(schemas.Rejects, {"source": "\x1b[2Ja\nb", "reason": "not_json", "detail": "No."})

    assert description(dataset(rejects=odd)).splitlines()[-3] == (
        "  ?[2Ja?b: 1 x not_json (whole source): No."
    )
