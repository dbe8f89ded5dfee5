from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import NOON, changes, conversations, hours, messages, snapshots, table
from drift_analysis import schemas
from drift_analysis.metrics import audit
from drift_analysis.metrics.quality.findings import FINDINGS

DOCUMENT = Path(__file__).parents[2] / "docs" / "audit.md"
LATER = NOON + hours(24)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
EMPTY = {
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
}


def dataset(as_of: datetime | None = LATER, **tables: pl.DataFrame) -> da.Dataset[pl.DataFrame]:
    return da.Dataset(**{**EMPTY, **tables}, as_of=as_of)


def talks(*rows: dict[str, Any]) -> pl.DataFrame:
    """Build conversations of which everything is known."""
    known = {"is_detail": True, "updated_at": NOON, "fetched_at": LATER}
    return conversations(*({"conversation_id": n, **known, **row} for n, row in enumerate(rows, 1)))


def named(schema: type[schemas.Table], *rows: dict[str, Any]) -> pl.DataFrame:
    return table(schema, list(rows), source="test", reason="not_json", detail="No.", raw=b"")


def found(data: da.Dataset[pl.DataFrame], code: str) -> tuple[Any, ...] | None:
    columns = ("severity", "table", "n", "of", "examples")
    rows = audit(data).filter(code=code).select(columns).rows()
    return rows[0] if rows else None


def said(n: int, conversation: int = 1, **given: Any) -> list[dict[str, Any]]:
    return [{"conversation_id": conversation, **given} for _ in range(n)]


TWICE = pl.concat([talks({}), talks({}), talks({}, {}).tail(1)])
MESSAGE_TWICE = pl.concat([messages({}), messages({}), messages({}, {}).tail(1)])
SAME = {"author_id": 7, "body": "Hello"}
USER = {"author_type": "user", "author_kind": "unknown"}
PLAYBOOKS = named(
    schemas.Playbooks,
    {"playbook_id": 70, "interaction_id": 7},
    {"playbook_id": 8, "interaction_id": 80},
)
STARTED = talks({"playbook_id": 7}, {"playbook_id": 8}, {"playbook_id": 9}, {})

CASES: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "duplicate_conversation": (
        {"conversations": TWICE},
        ("error", "conversations", 1, 2, [1]),
    ),
    "duplicate_message": ({"messages": MESSAGE_TWICE}, ("error", "messages", 1, 2, [1])),
    "stops_at_one_page": (
        {"messages": messages(*said(50, 3), *said(49, 4), *said(51, 5), *said(100, 6))},
        ("warning", "messages", 1, 4, [3]),
    ),
    "stops_at_page_end": (
        {"messages": messages(*said(50, 3), *said(101, 4), *said(150, 5), *said(100, 6))},
        ("info", "messages", 2, 4, [5, 6]),
    ),
    "conversation_not_read": (
        {"conversations": talks({}), "messages": messages(*said(2), *said(3, 9), *said(1, 8))},
        ("warning", "messages", 2, 3, [8, 9]),
    ),
    "detail_without_messages": (
        {"conversations": talks({}, {}, {"is_detail": False}), "messages": messages({})},
        ("warning", "conversations", 1, 2, [2]),
    ),
    "list_without_messages": (
        {"conversations": talks({}, {}, {"is_detail": False}), "messages": messages({})},
        ("warning", "conversations", 1, 1, [3]),
    ),
    "list_only": (
        {"conversations": talks({}, {"is_detail": False}, {"is_detail": False})},
        ("warning", "conversations", 2, 3, [2, 3]),
    ),
    "edit_without_target": (
        {
            "messages": messages(
                {},
                {"type": "edit", "edited_message_id": 1},
                {"type": "edit", "edited_message_id": 99, "conversation_id": 2},
                {"type": "edit"},
            )
        },
        ("warning", "messages", 1, 2, [2]),
    ),
    "repeated_message": (
        {"messages": messages(SAME, SAME, {**SAME, "author_id": 8}, {**SAME, "body": "Bye"}, {})},
        ("info", "messages", 1, 4, [1]),
    ),
    "updated_before_created": (
        {"conversations": talks({"updated_at": NOON - SECOND}, {}, {"updated_at": None})},
        ("warning", "conversations", 1, 3, [1]),
    ),
    "message_before_conversation": (
        {
            "conversations": talks({}, {}),
            "messages": messages({"created_at": NOON - SECOND}, {}, {"conversation_id": 2}),
        },
        ("warning", "messages", 1, 3, [1]),
    ),
    "event_before_conversation": (
        {
            "conversations": talks({}, {}, {}),
            "status_events": changes(
                (1, NOON - MINUTE - SECOND, "open"), (2, NOON - MINUTE, "open"), (9, NOON, "open")
            ),
        },
        ("warning", "status_events", 1, 2, [1]),
    ),
    "updated_before_last_message": (
        {
            "conversations": talks({}, {}, {"fetched_at": NOON}, {"fetched_at": None}, {}),
            "messages": messages(
                {"created_at": NOON + MINUTE + SECOND},
                {"created_at": NOON + MINUTE, "conversation_id": 2},
                {"created_at": NOON + hours(1), "conversation_id": 3},
                {"created_at": NOON + hours(1), "conversation_id": 4},
                {"created_at": NOON + hours(1), "conversation_id": 5, "type": "private_note"},
            ),
        },
        ("warning", "conversations", 2, 4, [1, 4]),
    ),
    "updated_before_last_event": (
        {
            "conversations": talks({}, {}, {"fetched_at": NOON}),
            "status_events": changes(
                (1, NOON + hours(1), "open"), (2, NOON, "open"), (3, NOON + hours(1), "closed")
            ),
        },
        ("warning", "conversations", 1, 3, [1]),
    ),
    "clock_skew": (
        {
            "conversations": talks({}, {}, {}, {}),
            "messages": messages(
                {"created_at": NOON - SECOND},
                {"created_at": NOON + MINUTE, "conversation_id": 2},
                {"conversation_id": 3},
            ),
            "status_events": changes((4, NOON - MINUTE, "open"), (3, NOON, "open")),
        },
        ("info", "conversations", 3, 4, [1, 2, 4]),
    ),
    "updated_at_missing": (
        {"conversations": talks({}, {"updated_at": None})},
        ("info", "conversations", 1, 2, [2]),
    ),
    "fetched_at_missing": (
        {"conversations": talks({}, {"fetched_at": None})},
        ("info", "conversations", 1, 2, [2]),
    ),
    "fetched_long_ago": (
        {
            "conversations": talks(
                {}, {"fetched_at": LATER - hours(169)}, {"fetched_at": LATER - hours(168)}
            )
        },
        ("warning", "conversations", 1, 3, [2]),
    ),
    "unknown_status": (
        {"conversations": talks({"status": "unknown"}, {})},
        ("warning", "conversations", 1, 2, [1]),
    ),
    "unknown_status_event": (
        {"status_events": changes((1, NOON, "unknown"), (2, NOON, "open"))},
        ("warning", "status_events", 1, 2, [1]),
    ),
    "unknown_type": (
        {"messages": messages({"type": "other"}, {}, {})},
        ("warning", "messages", 1, 3, [1]),
    ),
    "unknown_author": (
        {"messages": messages(USER, USER, {})},
        ("warning", "messages", 2, 3, [1]),
    ),
    "matched_by_playbook_id": (
        {"conversations": STARTED, "playbooks": PLAYBOOKS},
        ("info", "playbooks", 1, 3, [2]),
    ),
    "matched_by_interaction_id": (
        {"conversations": STARTED, "playbooks": PLAYBOOKS},
        ("info", "playbooks", 1, 3, [1]),
    ),
    "playbook_not_listed": (
        {"conversations": STARTED, "playbooks": PLAYBOOKS},
        ("info", "playbooks", 1, 3, [3]),
    ),
    "participant_not_listed": (
        {
            "conversations": talks(
                {"participants": [5]}, {"participants": [5, 6, 7]}, {"participants": []}, {}
            ),
            "users": named(schemas.Users, {"user_id": 5}),
        },
        ("info", "users", 1, 2, [2]),
    ),
    "contact_not_read": (
        {
            "conversations": talks({"contact_id": 5}, {"contact_id": 6}, {}),
            "contacts": named(schemas.Contacts, {"contact_id": 5}),
        },
        ("info", "contacts", 1, 2, [2]),
    ),
    "no_webhook_log": (
        {"conversations": talks({}), "status_events": snapshots((1, NOON, NOON, "open"))},
        ("info", "status_events", 1, 1, [1]),
    ),
    "began_before_log": (
        {
            "conversations": talks({}, {"created_at": NOON - SECOND}),
            "status_events": changes((1, NOON, "open")),
        },
        ("info", "status_events", 1, 2, [2]),
    ),
    "not_in_log": (
        {"conversations": talks({}, {}), "status_events": changes((1, NOON, "open"))},
        ("info", "status_events", 1, 2, [2]),
    ),
    "log_repeats_status": (
        {
            "status_events": changes(
                (1, NOON, "open"),
                (1, NOON + hours(1), "open"),
                (2, NOON, "open"),
                (2, NOON + hours(1), "closed"),
                (2, NOON + hours(2), "open"),
            )
        },
        ("warning", "status_events", 1, 2, [1]),
    ),
    "log_has_two_statuses": (
        {
            "status_events": pl.concat(
                [
                    changes((1, NOON, "open"), (1, NOON, "closed"), (2, NOON, "open")),
                    snapshots((2, NOON, NOON, "closed")),
                ]
            )
        },
        ("warning", "status_events", 1, 2, [1]),
    ),
    "log_ends_otherwise": (
        {
            "conversations": talks(
                {}, {"status": "closed"}, {"fetched_at": NOON}, {"status": "closed"}
            ),
            "status_events": changes(
                (1, NOON, "open"),
                (1, NOON + hours(1), "closed"),
                (2, NOON, "open"),
                (2, NOON + hours(1), "closed"),
                (3, NOON, "open"),
                (3, NOON + hours(1), "closed"),
            ),
        },
        ("warning", "status_events", 1, 3, [1]),
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_each_finding_counts_what_it_is_about_and_names_examples(code: str) -> None:
    tables, expected = CASES[code]

    row = audit(dataset(**tables)).filter(code=code).row(0, named=True)

    assert tuple(row[name] for name in ("severity", "table", "n", "of", "examples")) == expected
    assert row["share"] == expected[2] / expected[3]
    assert row["detail"].startswith(FINDINGS[code].detail)
    assert row["affects"] == list(FINDINGS[code].affects)


def test_every_finding_of_the_tables_has_a_case() -> None:
    assert set(CASES) | {"days_without_conversations"} == set(FINDINGS)


def test_the_document_tells_every_finding_with_the_same_words() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    told = [
        f"| `{code}` | {each.severity} | {each.table} | {each.detail} |"
        for code, each in FINDINGS.items()
    ]

    assert [line for line in told if line not in lines] == []


def test_the_period_of_the_log_is_told() -> None:
    tables, _ = CASES["began_before_log"]
    longer = pl.concat([tables["status_events"], changes((1, NOON + hours(48), "closed"))])

    row = audit(dataset(**{**tables, "status_events": longer})).filter(code="began_before_log")

    assert row["detail"].item() == (
        "Conversations that began before the webhook log: their first stays are estimates. "
        "It runs from 2026-03-02 to 2026-03-04."
    )


def daily(counts: list[int], since: datetime = NOON) -> da.Dataset[pl.DataFrame]:
    moments = [since + hours(24 * day) for day, n in enumerate(counts) for _ in range(n)]
    last = since + hours(24 * len(counts))
    return dataset(last, conversations=talks(*({"created_at": at} for at in moments)))


def test_days_without_conversations_are_found_where_many_were_to_be_expected() -> None:
    counts = [12] * 35
    counts[17] = counts[18] = 0

    row = audit(daily(counts)).filter(code="days_without_conversations").row(0, named=True)

    assert (row["severity"], row["n"], row["of"], row["examples"]) == ("warning", 2, 35, [])
    assert row["detail"] == (
        "Days on which no conversation began, although 10 or more were to be expected from the "
        "same weekdays of the weeks around: the export may have a hole. "
        "The first is 2026-03-19, the last 2026-03-20."
    )


def test_quiet_weekends_are_no_gap() -> None:
    assert found(daily([12, 12, 12, 12, 12, 0, 0] * 5), "days_without_conversations") is None


def test_what_is_too_few_for_one_day_is_found_over_several() -> None:
    one, five = [2] * 35, [2] * 35
    one[15] = 0
    five[14:19] = [0] * 5

    assert found(daily(one), "days_without_conversations") is None
    assert found(daily(five), "days_without_conversations") == (
        "warning",
        "conversations",
        5,
        35,
        [],
    )


def test_one_busy_day_raises_no_expectation() -> None:
    counts = [1] * 35
    counts[10], counts[17] = 60, 0

    assert found(daily(counts), "days_without_conversations") is None


def test_a_record_agrees_with_either_of_two_last_webhooks_at_one_moment() -> None:
    log = changes((1, NOON, "open"), (1, NOON, "closed"))

    assert found(dataset(conversations=talks({}), status_events=log), "log_ends_otherwise") is None


def test_a_silence_before_the_end_of_the_data_is_a_gap() -> None:
    counts = [12] * 21 + [0] * 10

    assert found(daily(counts), "days_without_conversations") == (
        "warning",
        "conversations",
        10,
        31,
        [],
    )


def test_a_day_with_a_single_neighbour_expects_nothing() -> None:
    assert found(daily([12, 0, 0, 0, 12, 12, 12, 12, 12]), "days_without_conversations") is None


def test_what_was_not_loaded_is_not_missing_from_it() -> None:
    people = talks({"participants": [5], "contact_id": 6})

    codes = audit(dataset(conversations=people))["code"].to_list()

    assert "participant_not_listed" not in codes
    assert "contact_not_read" not in codes
    assert "conversation_not_read" not in audit(dataset(messages=messages({})))["code"]


def test_rejects_are_told_by_reason_with_their_gravity() -> None:
    rejects = named(
        schemas.Rejects,
        {"reason": "truncated"},
        {"reason": "truncated"},
        {"reason": "transcript", "detail": "Text."},
        {"reason": "request_body", "detail": "Asked."},
    )

    rows = audit(dataset(rejects=rejects)).drop("affects").rows()

    assert rows == [
        (
            "error",
            "rejected_truncated",
            "rejects",
            2,
            4,
            0.5,
            "Not read, and kept whole in `rejects`: No.",
            [],
        ),
        (
            "warning",
            "rejected_transcript",
            "rejects",
            1,
            4,
            0.25,
            "Not read, and kept whole in `rejects`: Text.",
            [],
        ),
        (
            "info",
            "rejected_request_body",
            "rejects",
            1,
            4,
            0.25,
            "Not read, and kept whole in `rejects`: Asked.",
            [],
        ),
    ]


def test_a_record_that_was_lost_may_limit_every_metric() -> None:
    (affects,) = audit(dataset(rejects=named(schemas.Rejects, {})))["affects"].to_list()

    assert affects == list(schemas.audit.METRICS)


def issue(**given: Any) -> dict[str, Any]:
    return {"severity": "info", "code": "seconds", "table": "messages", "n": 3, **given}


def test_what_was_noticed_while_reading_is_added_up() -> None:
    issues = named(schemas.Issues, issue(conversation_id=5), issue(conversation_id=4, n=2), issue())

    assert audit(dataset(issues=issues)).rows() == [
        ("info", "seconds", "messages", 8, None, None, "No.", [], [4, 5])
    ]


def test_what_the_tables_tell_themselves_is_not_told_twice() -> None:
    issues = named(schemas.Issues, issue(code="unknown_status", severity="warning"))

    assert audit(dataset(issues=issues)).is_empty()


def test_examples_are_the_five_lowest_ids() -> None:
    poor = talks(*({"conversation_id": n, "is_detail": False} for n in range(9, 2, -1)))

    assert found(dataset(conversations=poor), "list_only") == (
        "warning",
        "conversations",
        7,
        7,
        [3, 4, 5, 6, 7],
    )


def test_the_gravest_come_first_then_the_largest_share() -> None:
    tables = [case for case, _ in (CASES["duplicate_message"], CASES["list_only"])]

    result = audit(dataset(**tables[0], **tables[1]))

    order = {severity: place for place, severity in enumerate(("error", "warning", "info"))}
    ranks = [(order[s], -share) for s, share in result.select("severity", "share").rows()]
    assert ranks == sorted(ranks)
    assert ranks[0][0] == 0


def test_nothing_has_no_findings() -> None:
    assert_frame_equal(audit(dataset(None)), schemas.Audit.empty())


def test_a_wrong_table_is_refused_by_name() -> None:
    wrong = schemas.Users.empty().rename({"user_id": "id"})

    with pytest.raises(da.errors.SchemaError, match=r"^Users: missing 'user_id'\."):
        audit(dataset(users=wrong))


@cache
def generated(seed: int, *, oddities: bool) -> da.Dataset[pl.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        da.sample.write(da.sample.generate(200, seed=seed, oddities=oddities), folder)
        return da.load(folder)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sound_data_has_nothing_to_warn_of(seed: int) -> None:
    assert set(audit(generated(seed, oddities=False))["severity"]) <= {"info"}


def test_the_oddities_of_an_export_are_found() -> None:
    result = audit(generated(1, oddities=True)).filter(pl.col("severity") != "info")

    assert sorted(result["code"]) == [
        "list_only",
        "list_without_messages",
        "page_missing",
        "rejected_truncated",
        "stops_at_one_page",
        "unknown_status",
        "unknown_status_event",
    ]


def as_plans(data: da.Dataset[pl.DataFrame]) -> da.Dataset[pl.LazyFrame]:
    names = [field.name for field in fields(data) if field.name != "as_of"]
    return da.Dataset(**{name: getattr(data, name).lazy() for name in names}, as_of=data.as_of)


def test_lazy_tables_give_the_same_as_a_plan() -> None:
    data = generated(1, oddities=True)

    plan = audit(as_plans(data))

    assert isinstance(plan, pl.LazyFrame)
    assert_frame_equal(plan.collect(), audit(data))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    data = generated(1, oddities=True)
    names = [field.name for field in fields(data) if field.name != "as_of"]
    shuffled = {
        name: getattr(data, name).sample(fraction=1, shuffle=True, seed=seed) for name in names
    }

    assert_frame_equal(audit(replace(data, **shuffled)), audit(data))


moments = st.integers(-3, 3).map(lambda n: NOON + n * timedelta(seconds=40))
odd_talks = st.fixed_dictionaries(
    {
        "created_at": moments,
        "updated_at": st.none() | moments,
        "fetched_at": st.none() | moments,
        "is_detail": st.booleans(),
        "status": st.sampled_from(["open", "closed", "unknown"]),
        "playbook_id": st.none() | st.integers(7, 9),
        "participants": st.none() | st.lists(st.integers(4, 6), max_size=2),
        "contact_id": st.none() | st.integers(4, 6),
    }
)
odd_messages = st.fixed_dictionaries(
    {
        "conversation_id": st.integers(1, 4),
        "created_at": moments,
        "type": st.sampled_from(["chat", "edit", "other"]),
        "edited_message_id": st.none() | st.integers(1, 4),
        "author_id": st.none() | st.just(1),
        "body": st.none() | st.just("Hello"),
    }
)
odd_changes = st.tuples(st.integers(1, 4), moments, st.sampled_from(["open", "closed", "unknown"]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(odd_talks, max_size=4),
    st.lists(odd_messages, max_size=6),
    st.lists(odd_changes, max_size=6, unique=True),
)
def test_counts_never_exceed_what_they_are_of(
    records: list[dict[str, Any]],
    written: list[dict[str, Any]],
    log: list[tuple[int, datetime, str]],
) -> None:
    data = dataset(
        NOON,
        conversations=talks(*records),
        messages=messages(*written),
        status_events=changes(*log),
        playbooks=PLAYBOOKS,
        users=named(schemas.Users, {"user_id": 5}),
        contacts=named(schemas.Contacts, {"contact_id": 5}),
    )

    result = schemas.Audit.checked(audit(data))

    assert result.filter(pl.col("n") > pl.col("of")).is_empty()
    assert result.filter((pl.col("n") == 0) | pl.col("of").is_null()).is_empty()
    assert result.filter(pl.col("examples").list.len() > pl.col("n")).is_empty()


def test_as_of_may_have_any_hour() -> None:
    late = datetime(2026, 3, 30, 23, 59, tzinfo=UTC)

    assert found(dataset(late, conversations=talks({})), "days_without_conversations") is None
