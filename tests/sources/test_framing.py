from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.sources.framing.frames import frames
from drift_analysis.sources.framing.records import Document, Framed

A, B, C = (
    '{"id":1,"tags":[{"x":"},{"}]}',
    '{"id": 2, "a": {"b": []}}',
    '{"id":3,"s":"\\"}{"}',
)
IDS = [1, 2, 3]


def framed(data: bytes) -> list[Framed]:
    found = frames(Document("test", data))
    return [f for f in found if f.value is not None or f.problem]


def ids(found: list[Framed]) -> list[int]:
    return [f.value["id"] for f in found if f.problem is None]


def problems(found: list[Framed]) -> list[tuple[str, str]]:
    return [(f.problem.reason, f.problem.detail) for f in found if f.problem]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[{A},{B},{C}]", id="list"),
        pytest.param(f'{{"data":[{A},{B},{C}]}}', id="envelope"),
        pytest.param(
            f'{{"pagination":{{"more":true}},"data": [{A} , {B},{C}]}}', id="envelope-last"
        ),
        pytest.param(f'{{"data":{{"messages":[{A},{B},{C}]}}}}', id="messages"),
        pytest.param(f'{{"data":{{"accounts":[{A},{B},{C}],"total":3}}}}', id="accounts"),
        pytest.param(f'{{"messages":[{A},{B},{C}]}}', id="bare-messages"),
        pytest.param(f'{{"data":{{"1":{A},"2":{B},"3":{C}}}}}', id="map"),
        pytest.param(f'{{"1":{A},"2":{B},"3":{C}}}', id="bare-map"),
        pytest.param(f"{A}\n{B}\n{C}", id="lines"),
        pytest.param(f"{A}\n{B}\n{C}\n", id="lines-ended"),
        pytest.param(f"{A}\r\n\r\n{B}\r\n \r\n{C}\r\n", id="lines-crlf-blank"),
        pytest.param(f"{A}{B} {C}", id="concatenated"),
        pytest.param(f"[{A}]\n[{B},{C}]\n", id="lists-on-lines"),
        pytest.param(f'{{"data":[{A},{B}]}}\n{{"data":[{C}]}}', id="pages-on-lines"),
        pytest.param(f'[{{"data":[{A},{B}]}},{{"data":{C}}}]', id="pages-in-a-list"),
        pytest.param(f"[[{A},{B}],[{C}]]", id="lists-in-a-list"),
        pytest.param(f'{{"data":[{A}]}}{{"data":{{"messages":[{B},{C}]}}}}', id="pages-in-a-row"),
        pytest.param(
            "\n".join(json.dumps(json.loads(x), indent=2) for x in (A, B, C)),
            id="pretty-concatenated",
        ),
        pytest.param(json.dumps([json.loads(x) for x in (A, B, C)], indent=4), id="pretty-list"),
        pytest.param(f" \n\t [ {A} ,\n {B}, {C} ] \n", id="spaces"),
    ],
)
def test_every_framing_gives_the_same_records(text: str) -> None:
    for data in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
    ):
        found = framed(data)
        assert ids(found) == IDS
        assert not problems(found)
        assert [f.number for f in found] == [0, 1, 2]
    for f in framed(text.encode()):
        assert json.loads(f.raw) == f.value
        assert text.encode()[f.byte_offset :].startswith(f.raw)
        assert f.line == text.encode()[: f.byte_offset].count(b"\n") + 1


def test_offsets_count_a_byte_order_mark() -> None:
    assert [f.byte_offset for f in framed(b'\xef\xbb\xbf[{"id":1}]')] == [4]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ('{"data":{"id":1}}', True),
        ('{"data":{"id":1}}\n{"data":{"id":2}}', True),
        ('{"data":[{"id":1}]}', False),
        ('{"data":{"7":{"id":1}}}', False),
        ('{"id":1}', False),
        ('[{"id":1}]', False),
        ('{"data":{"id":1,"messages":[]}}', True),
    ],
)
def test_a_record_under_data_came_alone(text: str, *, alone: bool) -> None:
    assert {f.alone for f in framed(text.encode())} == {alone}


def test_replies_are_numbered_where_a_file_holds_several() -> None:
    text = '{"data":[{"id":1},{"id":2}]}\n{"data":[{"id":3}]}\n'
    assert [f.reply for f in framed(text.encode())] == [0, 0, 1]


@pytest.mark.parametrize("text", ["[]", '{"data":[]}', '{"data":{"messages":[]}}', " [ ] "])
def test_an_empty_list_holds_nothing(text: str) -> None:
    assert framed(text.encode()) == []


CUT = "The list has no end: the text stops behind {} whole record(s)."

DAMAGED: dict[str, tuple[bytes, list[int], list[tuple[str, str]]]] = {
    "truncated list": (b'[{"id":1},{"id":2},{"id', [1, 2], [("truncated", CUT.format(2))]),
    "cut between records": (b'[{"id":1},{"id":2},', [1, 2], [("truncated", CUT.format(2))]),
    "cut before the end": (b'[{"id":1},{"id":2}', [1, 2], [("truncated", CUT.format(2))]),
    "truncated envelope": (b'{"data":[{"id":1},{"id":2', [1], [("truncated", CUT.format(1))]),
    "envelope without end": (b'{"data":[{"id":1}]', [1], [("truncated", CUT.format(1))]),
    "truncated messages": (
        b'{"data":{"messages":[{"id":1},{"i',
        [1],
        [("truncated", CUT.format(1))],
    ),
    "truncated behind pagination": (
        b'{"pagination":{"more":false},"data":[{"id":1},{"i',
        [1],
        [("truncated", CUT.format(1))],
    ),
    "truncated within a page of pages": (
        b'[{"data":[{"id":1}]},{"data":[{"id":2},{"id"',
        [1, 2],
        [("truncated", CUT.format(1))],
    ),
    "truncated record": (
        b'{"id":1,"a":',
        [],
        [("truncated", "It has no end: the text stops within it.")],
    ),
    "truncated last line": (
        b'{"id":1}\n{"id":2}\n{"id":',
        [1, 2],
        [("truncated", "It has no end: the text stops within it.")],
    ),
    "bad line": (
        b'{"id":1}\n{"id":2]}\n{"id":3}',
        [1, 3],
        [("not_json", "It is not JSON: Expecting ',' delimiter at byte 7 of it.")],
    ),
    "text between lines": (
        b'{"id":1}\nhello\n{"id":3}',
        [1, 3],
        [("not_json", "It is not JSON: Expecting value at byte 0 of it.")],
    ),
    "NaN in a list": (
        b'[{"id":1},{"id":2,"x":NaN},{"id":3}]',
        [1, 3],
        [("not_json", "It holds NaN, which is no JSON.")],
    ),
    "minus infinity on a line": (
        b'{"id":1}\n{"id":-Infinity}\n{"id":3}',
        [1, 3],
        [("not_json", "It holds -Infinity, which is no JSON.")],
    ),
    "number too large": (
        b'[{"id":1},{"id":2,"x":1e400},{"id":3}]',
        [1, 3],
        [("unreadable", "A number in it is too large to be held.")],
    ),
    "half a character": (
        b'[{"id":1},{"id":2,"x":"\\ud83d"},{"id":3}]',
        [1, 3],
        [("bad_encoding", "It holds half of a surrogate pair, no character.")],
    ),
    "invalid UTF-8": (
        b'[{"id":1},{"id":2,"x":"\xff"},{"id":3}]',
        [1, 3],
        [("bad_encoding", "It holds bytes that are not UTF-8, the first at byte 13 of it.")],
    ),
    "control character": (
        b'[{"id":1},{"id":2,"x":"\x01"},{"id":3}]',
        [1, 3],
        [("not_json", "It is not JSON: Invalid control character at at byte 13 of it.")],
    ),
    "missing brace": (
        b'[{"id":1},{"id":2,"x":{"y":1},{"id":3}]',
        [1, 3],
        [
            (
                "not_json",
                "It is not JSON: Expecting ',' delimiter at byte 19 of it.",
            )
        ],
    ),
    "missing quote": (
        b'[{"id":1},{"id":2,"x":"y},{"id":3}]',
        [1, 3],
        [("not_json", "It is not JSON: Unterminated string starting at at byte 12 of it.")],
    ),
    "stray brace": (
        b'[{"id":1}},{"id":2}]',
        [1, 2],
        [("not_json", "It is not JSON: Expecting value at byte 0 of it.")],
    ),
    "missing bracket": (
        b'[{"id":1,"t":[1},{"id":2}]',
        [2],
        [("not_json", "It is not JSON: Expecting ',' delimiter at byte 14 of it.")],
    ),
    "bracket too many": (
        b'[{"id":1]},{"id":2}]',
        [2],
        [
            ("not_json", "It is not JSON: Expecting ',' delimiter at byte 7 of it."),
            ("not_json", "It is not JSON: Expecting value at byte 0 of it."),
        ],
    ),
    "cut within nested records": (
        b'[{"id":1},{"id":2,"tags":[{"id":7},{"id":8},{"id":"a',
        [1],
        [("truncated", CUT.format(1))],
    ),
    "stray bracket before a list": (
        b'{"data":{[-"messages":[{"id":1,"b":[{"x":1},{"x":2}]},{"id":2}]}}',
        [1, 2],
        [
            (
                "not_json",
                "It is not JSON: Expecting property name enclosed in double quotes "
                "at byte 9 of it.",
            ),
            ("not_json", "It is not JSON: Expecting value at byte 0 of it."),
            ("not_json", "What stands behind the list does not belong to it."),
        ],
    ),
    "stray dash before a list": (
        b'{"data":{-"messages":[{"id":1},{"id":2}]}}',
        [1, 2],
        [
            (
                "not_json",
                "It is not JSON: Expecting property name enclosed in double quotes "
                "at byte 9 of it.",
            ),
        ],
    ),
    "name of the first of two lists damaged": (
        b'{"users,[{"id":1}],"messages":[{"id":2}]}',
        [2],
        [("not_json", "It is not JSON: Expecting ':' delimiter at byte 11 of it.")],
    ),
    "the first of two lists damaged": (
        b'{"users":[{"id":1},{"id":},{"id":3}],"messages":[{"id":4}]}',
        [1, 3, 4],
        [("not_json", "It is not JSON: Expecting value at byte 6 of it.")],
    ),
    "the first of two lists damaged, the second of another name": (
        b'{"users":[{"id":1},{"id":}],"people":[{"id":4}]}',
        [1, 4],
        [("not_json", "It is not JSON: Expecting value at byte 6 of it.")],
    ),
    "a map damaged": (
        b'{"data":{"7":{"id":1},"8":{"id":},"9":{"id":3}}}',
        [1, 3],
        [("not_json", "It is not JSON: Expecting value at byte 6 of it.")],
    ),
    "a bare map cut": (
        b'{"7":{"id":1},"8":{"id":2},"9":{"id"',
        [1, 2],
        [("truncated", CUT.format(2))],
    ),
    "records in a row, one damaged": (
        b'{"id":1}{"id":2,"x":"}{"id":3}',
        [1, 3],
        [("truncated", "It has no end: the text stops within it.")],
    ),
    "a damaged page in a list of pages": (
        b'[{"data":[{"id":1},{"id":}]},{"data":[{"id":3}]}]',
        [1, 3],
        [("not_json", "It is not JSON: Expecting value at byte 6 of it.")],
    ),
    "a list of lists, one damaged": (
        b'[[{"id":1},{"id":}],[{"id":3}]]',
        [1, 3],
        [("not_json", "It is not JSON: Expecting value at byte 6 of it.")],
    ),
    "junk before a record": (
        b'[\\.{"t":[{"x":1},{"x":2}],"id":1},{"id":2}]',
        [1, 2],
        [("not_json", "It is not JSON: Expecting value at byte 0 of it.")],
    ),
    "junk before a value": (
        b'[{"id":1,[\\:{"id":9,"bot":true},"x":1},{"id":2}]',
        [2],
        [
            ("not_json", "It is not JSON: Expecting ',' delimiter at byte 7 of it."),
            ("truncated", CUT.format(0)),
            ("not_json", "It is not JSON: Expecting value at byte 0 of it."),
        ],
    ),
    "NUL in the second place": (
        b'{\0"id":1}\n{"id":2}\n{"id":3}',
        [2, 3],
        [
            (
                "not_json",
                "It is not JSON: Expecting property name enclosed in double quotes "
                "at byte 1 of it.",
            ),
        ],
    ),
    "a record cut that holds a list": (
        b'{"id":1,"status":"open","data":[{"x":1}],"y":',
        [],
        [("truncated", "It has no end: the text stops within it.")],
    ),
    "nested too deeply on a line": (
        b'{"id":1}\n{"x":' + b"[" * 100_000 + b"]" * 100_000 + b'}\n{"id":3}',
        [1, 3],
        [("unreadable", "It is nested too deeply.")],
    ),
    "trailing comma": (b'[{"id":1},{"id":2},]', [1, 2], []),
    "null in a list": (
        b'[{"id":1},null,{"id":3}]',
        [1, 3],
        [("not_a_record", "It is null where a record was expected.")],
    ),
    "number on a line": (
        b'{"id":1}\n42\n{"id":3}\n{"id":4}',
        [1, 3, 4],
        [("not_a_record", "It is a number where a record was expected.")],
    ),
    "text and truth in a list": (
        b'["a",true,{"id":3}]',
        [3],
        [
            ("not_a_record", "It is text where a record was expected."),
            ("not_a_record", "It is true or false where a record was expected."),
        ],
    ),
    "data is null": (
        b'{"data":null}',
        [],
        [("not_a_record", "It is null where a record was expected.")],
    ),
    "data is text": (
        b'{"data":"[2023] Ada: hi"}',
        [],
        [("transcript", "It is a transcript as text, without ids.")],
    ),
    "error beside data": (
        b'{"data":[{"id":1}],"errors":[{"type":"x"}]}',
        [1],
        [("error_reply", "It holds an error of Drift's beside its data.")],
    ),
    "empty": (b"", [], [("not_json", "It is empty.")]),
    "blank": (b" \n\n", [], [("not_json", "It is empty.")]),
    "HTML": (
        b"\n<!DOCTYPE html><html>",
        [],
        [("not_drift", "It is HTML or XML, not JSON: often a page to log in.")],
    ),
    "transcript": (
        b"Nov 2, 12:48:26 PM PDT Ada: hi",
        [],
        [("transcript", "It is a transcript in plain text, without years or ids.")],
    ),
    "Parquet": (b"PAR1rest", [], [("unreadable", "It is Parquet, which is not read.")]),
    "nested too deeply": (
        b"[" * 100_000,
        [],
        [("truncated", CUT.format(0))],
    ),
    "nested too deeply, but ended": (
        b'[{"id":1},{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        [1],
        [("unreadable", "It is nested too deeply.")],
    ),
    "plain text": (
        b"good morning",
        [],
        [("not_json", "It is not JSON: Expecting value at byte 0 of it.")],
    ),
}


@pytest.mark.parametrize(("data", "good", "bad"), DAMAGED.values(), ids=list(DAMAGED))
def test_damage_is_named_and_what_is_sound_is_kept(
    data: bytes, good: list[int], bad: list[tuple[str, str]]
) -> None:
    found = framed(data)
    assert ids(found) == good
    assert problems(found) == bad
    for f in found:
        assert data[f.byte_offset :].startswith(f.raw)
        assert f.line == data[: f.byte_offset].count(b"\n") + 1


def test_damage_within_a_known_record_names_its_kind() -> None:
    data = b'[{"id":1,"conversationId":2,"body":"\\udc00"},{"id":1,"conversationId":2,"body":NaN}]'
    assert [f.problem.record_type for f in framed(data) if f.problem] == ["message", "message"]


records = st.dictionaries(
    st.text(min_size=1, max_size=4).filter(lambda key: key != "data" and not key.isdecimal()),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(records, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_any_records_come_back_as_they_were(
    items: list[dict[str, Any]],
    indent: int | None,
    ascii_only: bool,  # noqa: FBT001 - hypothesis gives it by its place
) -> None:
    texts = [json.dumps(item, indent=indent, ensure_ascii=ascii_only) for item in items]
    page = json.dumps({"data": items}, indent=indent, ensure_ascii=ascii_only)
    for text in ("[" + ",".join(texts) + "]", page, "\n".join(texts) if texts else "[]"):
        found = framed(text.encode("utf-8", "surrogatepass"))
        assert [f.value for f in found] == items


@settings(max_examples=100, deadline=None)
@given(st.lists(records, min_size=1, max_size=5), st.data())
def test_a_list_cut_anywhere_keeps_every_whole_record(
    items: list[dict[str, Any]], data: st.DataObject
) -> None:
    texts = [json.dumps(item).encode() for item in items]
    whole = b"[" + b",".join(texts) + b"]"
    end = data.draw(st.integers(1, len(whole) - 1))
    found = framed(whole[:end])
    starts = [1 + sum(len(t) + 1 for t in texts[:n]) for n in range(len(texts))]
    complete = [i for i, s, t in zip(items, starts, texts, strict=True) if s + len(t) <= end]
    assert [f.value for f in found if f.problem is None] == complete
    assert [f.problem.reason for f in found if f.problem] == ["truncated"]
