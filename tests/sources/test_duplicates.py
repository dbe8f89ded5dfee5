from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.sources import load
from drift_analysis.sources.framing.duplicates import duplicates_in, repeated_key

C = b'{"id":1,"status":"open","createdAt":1567922759384}'
SENTENCE = "`{}` stands more than once, with different values: all are kept in `extra`."


def with_more(more: bytes) -> bytes:
    return C[:-1] + more + b"}"


KEPT = {
    "known": (b',"inboxId":4,"inboxId":5', "inboxId", {"inboxId": {"given": [4, 5]}}),
    "three times": (
        b',"inboxId":4,"inboxId":5,"inboxId":4',
        "inboxId",
        {"inboxId": {"given": [4, 5]}},
    ),
    "unknown": (b',"x":1,"x":true', "x", {"x": {"given": [1, True]}}),
    "deep": (b',"x":[{"y":1,"y":"1"}]', "y", {"x": [{"y": {"given": [1, "1"]}}]}),
    "objects": (b',"x":{"a":1},"x":{"a":2}', "x", {"x": {"given": [{"a": 1}, {"a": 2}]}}),
    "no name": (b',"ada@example.com":1,"ada@example.com":2', "a key", None),
}


@pytest.mark.parametrize(("more", "key", "extra"), KEPT.values(), ids=list(KEPT))
def test_no_value_of_a_repeated_key_wins_and_all_are_kept(
    more: bytes, key: str, extra: dict[str, Any] | None
) -> None:
    dataset = load(with_more(more))
    row = dataset.conversations.row(0, named=True)
    assert row["inbox_id"] is None
    if extra is not None:
        assert json.loads(row["extra"]) == extra
    assert dataset.issues.rows(named=True) == [
        {
            "severity": "warning",
            "code": "duplicate_key",
            "table": "conversations",
            "conversation_id": 1,
            "message_id": None,
            "n": 1,
            "detail": SENTENCE.format(key),
        }
    ]


def test_equal_values_of_a_repeated_key_are_one_value() -> None:
    dataset = load(with_more(b',"inboxId":4,"inboxId":4'))
    assert dataset.conversations["inbox_id"].item() == 4
    assert dataset.issues.is_empty()


def test_a_repeated_key_that_is_required_rejects_its_record_whole() -> None:
    data = with_more(b',"status":"closed"')
    row = load(data).rejects.row(0, named=True)
    assert (row["reason"], row["detail"]) == ("wrong_type", "`status` is not given only once.")
    assert row["raw"] == data


def test_many_repeated_keys_take_no_time() -> None:
    more = b"".join(b',"k":%d,"k%d":0' % (n, n) for n in range(50_000))
    assert (
        len(json.loads(load(with_more(more)).conversations["extra"].item())["k"]["given"]) == 50_000
    )


class Pairs(list[Any]):
    pass


keys = st.sampled_from(["a", "b", "c:", '"', "\u00e9", ":"])
leaves = st.integers(0, 2) | st.sampled_from(["", ":", "a:b", '":'])
pairs = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=2) | st.lists(st.tuples(keys, inner), max_size=3).map(Pairs)
    ),
    max_leaves=8,
)


def written(value: Any, *, ascii_only: bool) -> str:
    if isinstance(value, Pairs):
        inside = ",".join(
            f"{json.dumps(k, ensure_ascii=ascii_only)}: {written(v, ascii_only=ascii_only)}"
            for k, v in value
        )
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(item, ascii_only=ascii_only) for item in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only).replace(":", "\\u003a" if ascii_only else ":")


def ambiguous(value: Any) -> bool:
    if isinstance(value, Pairs):
        texts = {
            key: {written(v, ascii_only=False) for k, v in value if k == key} for key, _ in value
        }
        return any(len(t) > 1 for t in texts.values()) or any(ambiguous(v) for _, v in value)
    return isinstance(value, list) and any(ambiguous(item) for item in value)


@settings(max_examples=100, deadline=None)
@given(value=pairs, ascii_only=st.booleans())
def test_ambiguous_keys_are_found_at_any_depth(value: Any, ascii_only: bool) -> None:  # noqa: FBT001
    raw = written(Pairs([("x", value)]), ascii_only=ascii_only).encode()
    assert (duplicates_in(raw, json.loads(raw)) is not None) == ambiguous(value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b'{"data":[1],"x":2}', None),
        (b' { "data" : [ 1 ], "x" : 2 } ', None),
        (b'{"data":[1],"data":[1]}', "data"),
        (b'{ "data": [1],\n "d\\u0061ta": [2] }', "data"),
        (b'{ "\\u0064ata": [1] }', None),
    ],
)
def test_a_key_that_stands_twice_around_records_is_found(text: bytes, key: str | None) -> None:
    found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    assert repeated_key(text, found) == key
