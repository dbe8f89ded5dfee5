from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from drift_analysis.sources import rounds
from drift_analysis.sources.columnar.forms import planned
from drift_analysis.sources.columnar.sieve import Seen, sieved
from drift_analysis.sources.columnar.strict import read_strictly
from drift_analysis.sources.framing import lists
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read, tables_of
from drift_analysis.sources.reading import FORMS
from drift_analysis.sources.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from drift_analysis.sources.columnar.forms import Plan

SOAK = int(os.environ.get("DRIFT_ANALYSIS_SOAK", "1"))
"""How many times as many cases are tried."""

MOMENT = 1567922759384
MESSAGE: dict[str, Any] = {
    "id": 5,
    "conversationId": 1,
    "type": "chat",
    "body": "<p>Hi&nbsp;there</p>",
    "author": {"type": "contact", "id": 9},
    "createdAt": MOMENT,
}
CONVERSATION: dict[str, Any] = {"id": 1, "status": "open", "createdAt": MOMENT}

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        5,
        1.0,
        1.5,
        "1",
        "x",
        "",
        " Chat ",
        "OPEN",
        "closed",
        "private_note",
        "new",
        2**63,
        -(2**63),
        2**53,
        MOMENT,
        MOMENT // 1000,
        MOMENT + 0.5,
        "2020-01-01T00:00:00Z",
        [],
        [1],
        [1, None],
        ["1"],
        {},
        {"id": 7},
        {"type": "user", "id": 4, "bot": True},
        {"type": "user", "id": 4},
        {"type": "contact", "bot": True},
        {"type": "Contact", "bot": False},
        {"city": "Bonn", "latitude": 50, "longitude": 7.1, "postalCode": 53111},
        {"ip": "203.0.113.1", "IP": "203.0.113.2"},
        {"ip": None, "IP": "203.0.113.2", "location": {"city": "Bonn"}, "x": {"y": []}},
        [{"label": "a", "reaction": {"type": "r", "message": None}}, {"value": "b"}],
        [{"label": "a", "more": 1}],
        [None],
        [{"name": "vip", "color": "#ff0000"}],
        [{"name": "vip", "color": "red"}],
        [{"color": "ff0000"}],
        [{"id": 3, "fileName": "a.pdf"}],
        "a < b & c",
        "<p>a<br/>b</p>",
        "<script>x</script>y",
        "\U0001f600 caf\u00e9",
    ]
)
KEYS = [
    *("id", "conversationId", "type", "body", "author", "createdAt", "orgId", "buttons", "status"),
    *("attachment", "attachments", "attributes", "context", "editedMessageId", "editType", "data"),
    *("updatedAt", "contactId", "inboxId", "relatedPlaybookId", "participants"),
    *("conversationTags", "unheard", "token"),
]


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    record = dict(draw(st.sampled_from([MESSAGE, MESSAGE, CONVERSATION])))
    record["id"] = draw(st.integers(1, 30))
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=3)):
        record[key] = draw(VALUES)
    return record


DAMAGE = [
    ('"id"', '"id": 3, "id"'),
    ('"type"', '"\\u0074ype"'),
    ("{", ""),
    ("}", ""),
    ("}", "}}"),
    ("1", "NaN"),
    ('"body": "', '"body": "\\ud800'),
    (": ", ":\t"),
    ("{", "{}{"),
    ("{", "null{"),
    ("{", "{\n"),
    ('"participants"', '"particip\\u0061nts"'),
]
FRAMINGS: list[Callable[[list[str]], str]] = [
    "\n".join,
    lambda found: "\r\n".join(found) + "\r\n",
    "\n\n \n".join,
    lambda found: f"[{','.join(found)}]",
    lambda found: "[\n  " + ",\n  ".join(found).replace(", ", ",\n    ") + "\n]\n",
    lambda found: f'{{"data": [{", ".join(found)}], "links": {{"next": null}}}}',
    lambda found: f'{{"data":{{"messages":[{",".join(found)}]}},"pagination":{{"more":true}}}}',
    lambda found: "\n".join(f'{{"data":[{record},{record}]}}' for record in found),
]


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    escaped = draw(st.booleans())
    found = [json.dumps(record, ensure_ascii=escaped) for record in draw(st.lists(records()))]
    for n in draw(st.lists(st.integers(0, 9), max_size=2)):
        if n < len(found):
            found[n] = found[n].replace(*draw(st.sampled_from(DAMAGE)), 1)
    data = draw(st.sampled_from(FRAMINGS))(found).encode()
    if draw(st.integers(0, 9)):
        return data
    place = draw(st.integers(0, len(data)))
    behind = data[place + draw(st.integers(0, 2)) :] if draw(st.booleans()) else b""
    return data[:place] + draw(st.sampled_from([b"\xff", b"\x00", b"]", b"\n", b""])) + behind


@given(found=st.lists(texts(), min_size=1, max_size=3))
@settings(max_examples=150 * SOAK, deadline=None)
def test_reading_by_columns_is_reading_with_care(found: list[bytes]) -> None:
    documents = [Document(f"{n}.json", data) for n, data in enumerate(found)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "MANY", 10**9)
        careful, expected = read(documents), tables_of(documents)
        patch.setattr(rounds, "MANY", 1)
        patch.setattr(lists, "_SHORT", 2)
        reading, actual = read(documents), tables_of(documents)
    assert reading.records == careful.records
    assert reading.accepted == careful.accepted
    assert actual.as_of == expected.as_of
    for name in (*TABLES, "rejects", "issues"):
        assert_frame_equal(getattr(actual, name), getattr(expected, name))


def test_keys_that_are_not_utf8_are_left_to_care() -> None:
    good = [json.dumps(MESSAGE | {"id": n}).encode() for n in range(1000)]
    document = Document("x", b"\n".join([*good, good[0].replace(b"conversationId", b"conv\xff")]))
    dataset = tables_of([document])
    assert dataset.messages.height == 1000
    assert dataset.rejects["reason"].to_list() == ["bad_encoding"]


def test_what_is_no_object_is_never_given_to_arrow() -> None:
    assert read_strictly(b"null\n{}", 2, planned(FORMS["message"]).schema) is None
    good = [json.dumps(MESSAGE | {"id": n}).encode() for n in range(1000)]
    dataset = tables_of([Document("x", b"\n".join([b"null", *good, b"null", b"42"]))])
    assert dataset.messages.height == 1000
    assert dataset.rejects.select("line", "reason").rows() == [
        (1, "not_a_record"),
        (1002, "not_a_record"),
        (1003, "not_a_record"),
    ]


def test_much_is_read_by_columns() -> None:
    text = b"\n".join(json.dumps(MESSAGE | {"id": n}).encode() for n in range(1000))
    found = next(iter(rounds.rounds([Document("x", text)])))
    assert [(batch.form.kind, batch.rows.height) for batch in found.batches] == [("message", 1000)]
    assert found.batches[0].kept[0].left == []


def test_what_a_page_tells_behind_rows_read_by_columns_is_not_lost() -> None:
    found = [json.dumps(MESSAGE | {"id": n}) for n in range(1000)]
    text = f'{{"data": [{", ".join(found)}], "pagination": {{"more": true}}}}'
    for last in (text, text.replace('"id": 999', '"id": "999"')):
        dataset = tables_of([Document("x", last.encode())])
        assert dataset.messages.height == 1000
        missing = dataset.issues.filter(code="page_missing").select("conversation_id", "n")
        assert missing.rows() == [(1, 1)]


def test_what_needs_care_is_left_to_it() -> None:
    lines = [json.dumps(MESSAGE | {"id": n}).encode() for n in range(1000)]
    lines[3] = b'{"id": 3, "broken'
    lines[7] = json.dumps(MESSAGE | {"id": "7"}).encode()
    lines[9] = json.dumps(MESSAGE | {"id": 9, "new": None}).encode()
    lines[11] = lines[11].replace(b'"id": 11', b'"id": 11, "id": 11')
    lines[13] = json.dumps(MESSAGE | {"id": 13, "createdAt": 5}).encode()
    document = Document("x", b"\n".join(lines))
    found = next(iter(rounds.rounds([document])))
    left = found.batches[0].kept[0].left
    assert {3, 7, 9, 11, 13} <= set(left)
    assert len(left) < 80
    dataset = tables_of([document])
    assert dataset.messages.height == 998
    assert dataset.rejects.select("line", "index", "reason").rows() == [
        (4, 3, "truncated"),
        (14, 13, "wrong_type"),
    ]
    assert dataset.messages.filter(pl.col("message_id") == 9)["extra"].to_list() == ['{"new":null}']


def _schema_of(plan: Plan) -> set[str]:
    found = set()
    for field in plan.schema:
        found.add(field.name)
        if pa.types.is_struct(field.type):
            found.update(f"{field.name}.{inner.name}" for inner in field.type)
    return found


def test_keys_never_seen_are_left_out_at_every_level_until_they_are() -> None:
    form, seen = FORMS["message"], Seen()
    several = [json.dumps(MESSAGE | {"id": n, "context": {"ip": "x"}}).encode() for n in range(9)]
    assert "context.href" in _schema_of(seen.plan(form))
    sieved(several, b"\n".join(several), form, seen)
    assert {"context", "context.ip", "author.bot"} <= _schema_of(seen.plan(form))
    assert {"buttons", "context.href"}.isdisjoint(_schema_of(seen.plan(form)))
    late = json.dumps(MESSAGE | {"context": {"href": "y"}}).encode()
    rows = sieved([*several, late], b"\n".join([*several, late]), form, seen)
    assert rows is not None
    assert rows["context_href"].to_list() == [None] * 9 + ["y"]
    assert "context.href" in _schema_of(seen.plan(form))
    assert "buttons" not in _schema_of(seen.plan(form))


def test_keys_that_come_with_null_only_are_not_looked_for_twice_in_every_round() -> None:
    form, seen = FORMS["message"], Seen()
    several = [json.dumps(MESSAGE | {"buttons": None}).encode() for _ in range(9)]
    for _ in range(2):
        rows = sieved(several, b"\n".join(several), form, seen)
        assert rows is not None
        assert rows.height == 9
    assert "buttons" in _schema_of(seen.plan(form))


def test_an_object_without_keys_is_as_good_as_one_with_keys() -> None:
    form, seen = FORMS["message"], Seen()
    several = [json.dumps(MESSAGE | {"context": {}}).encode() for _ in range(9)]
    for _ in range(2):
        rows = sieved(several, b"\n".join(several), form, seen)
        assert rows is not None
        assert rows["message_id"].to_list() == [5] * 9
    assert {"context", "context.ip"} <= _schema_of(seen.plan(form))
