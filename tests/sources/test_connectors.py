from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from drift_analysis.sources import load
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read

T = 1_567_922_759_384
AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)
CONVERSATION = {"id": 1, "status": "open", "createdAt": T, "updatedAt": T + 1000}
MESSAGE = {
    "id": 5,
    "conversationId": 1,
    "type": "chat",
    "body": "[hi]",
    "author": {"type": "contact", "id": 9},
    "createdAt": T,
}


def as_lines(*values: Any) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values)


WRAPPED = {
    "airbyte message": (
        {"type": "RECORD", "record": {"stream": "c", "data": CONVERSATION, "emitted_at": MS}},
        '{"airbyte":{"stream":"c"}}',
    ),
    "airbyte raw": (
        {"_airbyte_ab_id": "u", "_airbyte_emitted_at": MS, "_airbyte_data": CONVERSATION},
        '{"airbyte":{"_airbyte_ab_id":"u"}}',
    ),
    "airbyte raw as text": (
        {
            "_airbyte_raw_id": "u",
            "_airbyte_extracted_at": "2026-06-01T10:00:00Z",
            "_airbyte_data": json.dumps(CONVERSATION),
        },
        '{"airbyte":{"_airbyte_raw_id":"u"}}',
    ),
    "airbyte raw in capitals": (
        {"_AIRBYTE_EXTRACTED_AT": MS, "_AIRBYTE_DATA": CONVERSATION},
        None,
    ),
    "airbyte columns": (
        CONVERSATION | {"_airbyte_extracted_at": "2026-06-01 10:00:00+00:00", "participants": None},
        None,
    ),
    "airbyte columns in lower case": (
        {key.lower(): value for key, value in CONVERSATION.items()}
        | {"_airbyte_extracted_at": MS, "_airbyte_meta": {"changes": []}},
        '{"airbyte":{"_airbyte_meta":{"changes":[]}}}',
    ),
    "airbyte columns in capitals": (
        {key.upper(): value for key, value in CONVERSATION.items()} | {"_AIRBYTE_EXTRACTED_AT": MS},
        None,
    ),
    "singer": (
        {
            "type": "RECORD",
            "stream": "conversations",
            "record": CONVERSATION,
            "time_extracted": "2026-06-01T10:00:00.000000Z",
            "version": 3,
        },
        '{"singer":{"stream":"conversations","version":3}}',
    ),
}


@pytest.mark.parametrize(("record", "extra"), WRAPPED.values(), ids=list(WRAPPED))
def test_a_record_that_a_connector_saved_is_read_with_the_moment_of_its_fetch(
    record: dict[str, Any], extra: str | None
) -> None:
    for data in (as_lines(record), as_lines([record]), as_lines(record, record)):
        dataset = load(data)
        row = dataset.conversations.row(0, named=True)
        assert (row["conversation_id"], row["status"], row["is_detail"]) == (1, "open", False)
        assert row["updated_at"] == datetime.fromtimestamp((T + 1000) / 1000, UTC)
        assert (row["fetched_at"], row["extra"]) == (AT, extra)
        assert dataset.as_of == AT
        assert dataset.rejects.is_empty()
        assert dataset.issues.is_empty()


def test_the_moment_of_a_connector_goes_before_that_of_the_file() -> None:
    record, _ = WRAPPED["singer"]
    later = datetime(2026, 7, 1, tzinfo=UTC)
    assert load([record], fetched_at=later).conversations["fetched_at"].item() == AT
    untold = {"type": "RECORD", "stream": "c", "record": CONVERSATION, "time_extracted": "soon"}
    row = load([untold], fetched_at=later).conversations.row(0, named=True)
    assert (row["fetched_at"], row["extra"]) == (
        later,
        '{"singer":{"stream":"c","time_extracted":"soon"}}',
    )


def test_a_detail_is_told_by_keys_that_hold_something() -> None:
    meta = {"_airbyte_extracted_at": MS}
    empty = dict.fromkeys(("participants", "conversationTags", "relatedPlaybookId"))
    for held, is_detail in (({}, False), ({"participants": "[7]"}, True)):
        row = load([CONVERSATION | meta | empty | held]).conversations.row(0, named=True)
        assert row["is_detail"] is is_detail
    assert row["participants"] == [7]


def test_columns_hold_lists_and_objects_as_text_and_text_stays_text() -> None:
    record = MESSAGE | {"author": json.dumps(MESSAGE["author"]), "_airbyte_extracted_at": MS}
    row = load([record]).messages.row(0, named=True)
    assert (row["body"], row["author_id"]) == ("[hi]", 9)
    broken = record | {"author": '{"type": '}
    assert load([broken, CONVERSATION]).rejects["detail"].to_list() == [
        "`author` is not an object."
    ]


def test_every_kind_of_record_is_unwrapped() -> None:
    hook = {"type": "new_message", "orgId": 4, "data": MESSAGE}
    records = [MESSAGE, hook, {"id": 7, "bot": True}, {"id": 3, "interactionId": 30}]
    singer = [{"type": "RECORD", "stream": "s", "record": record} for record in records]
    dataset = load(as_lines(*singer))
    assert (dataset.messages.height, dataset.users.height, dataset.playbooks.height) == (1, 1, 1)


CONTROL = [
    {"type": "STATE", "value": {"bookmarks": {}}},
    {"type": "STATE", "state": {"type": "STREAM"}},
    {"type": "SCHEMA", "stream": "c", "schema": {}, "key_properties": ["id"]},
    {"type": "ACTIVATE_VERSION", "stream": "c", "version": 3},
    {"type": "LOG", "log": {"level": "INFO", "message": "Ada is here"}},
    {"type": "TRACE", "trace": {"type": "ERROR"}},
    {"type": "SPEC", "spec": {}},
    {"type": "CATALOG", "catalog": {"streams": []}},
    {"type": "CONTROL", "control": {}},
    {"type": "CONNECTION_STATUS", "connectionStatus": {"status": "SUCCEEDED"}},
]


def test_messages_without_a_record_are_counted_and_no_rejects() -> None:
    reading = read([Document("x", as_lines(*CONTROL, CONVERSATION))])
    assert reading.records == 11
    assert (sum(reading.accepted.values()), len(reading.rejects)) == (1, 0)
    assert reading.control.total() == 10
    assert load(as_lines(*CONTROL, CONVERSATION)).issues.rows(named=True) == [
        {
            "severity": "info",
            "code": "connector_message",
            "table": "rejects",
            "conversation_id": None,
            "message_id": None,
            "n": 10,
            "detail": "Messages of a connector that hold no record: 1 ACTIVATE_VERSION, 1 CATALOG,"
            " 1 CONNECTION_STATUS, 1 CONTROL, 1 LOG, 1 SCHEMA, 1 SPEC, 2 STATE, 1 TRACE.",
        }
    ]


def test_a_log_of_a_connector_without_a_record_is_an_empty_data_set() -> None:
    dataset = load(as_lines(*CONTROL))
    assert dataset.rejects.is_empty()
    assert dataset.conversations.is_empty()


@pytest.mark.parametrize(
    ("record", "reason", "detail"),
    [
        (
            {"type": "BATCH", "stream": "c", "manifest": ["file:///x"]},
            "unknown_kind",
            "Its keys fit no kind of record: `type`, `stream`, `manifest`.",
        ),
        (
            {"_airbyte_data": "text", "_airbyte_raw_id": "u"},
            "not_a_record",
            "The connector's record is no object.",
        ),
        (
            {"type": "RECORD", "record": "x"},
            "unknown_kind",
            "Its keys fit no kind of record: `type`, `record`.",
        ),
        (
            {"type": "RECORD", "stream": "c", "record": {"a": 1}},
            "unknown_kind",
            "Its keys fit no kind of record: `a`.",
        ),
    ],
)
def test_what_a_connector_saved_and_is_no_record_is_rejected(
    record: dict[str, Any], reason: str, detail: str
) -> None:
    dataset = load(as_lines(record, CONVERSATION))
    assert dataset.rejects.select("reason", "detail").rows() == [(reason, detail)]
    assert json.loads(dataset.rejects["raw"].item()) == record
