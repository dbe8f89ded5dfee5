from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_analysis.sources import load
from drift_analysis.sources.masking import masked

T = 1_567_922_759_384
SECRET = "abcSECRETxyz"
CONVERSATION = {"id": 1, "status": "open", "createdAt": T}

TEXTS = {
    "whole": (b'{"token": "abcSECRETxyz", "a": 1}', b'{"token": "***", "a": 1}'),
    "cut off": (b'{"a": 1, "token": "abcSECRETxy', b'{"a": 1, "token": "***"'),
    "cut within an escape": (b'{"token": "abcSECRET\\', b'{"token": "***"'),
    "escaped quote": (b'{"token": "a\\"SECRET", "a": 1}', b'{"token": "***", "a": 1}'),
    "escaped key": (b'{"t\\u006Fken":"abcSECRET"}', b'{"t\\u006Fken":"***"}'),
    "object": (b'{"token": {"v": "SECRET"}, "a": 1}', b'{"token": "***", "a": 1}'),
    "object without end": (b'{"token": {"v": "SECRET", "a"', b'{"token": "***"'),
    "list": (b'{"access_token": ["SECRET"], "a": 1}', b'{"access_token": "***", "a": 1}'),
    "number": (b'{"refresh_token": 12345}', b'{"refresh_token": "***"}'),
    "nested": (b'{"a": {"token": "SECRET"}}', b'{"a": {"token": "***"}}'),
    "text in text": (
        b'{"d": "{\\"token\\": \\"SECRET\\", \\"a\\": 1}"}',
        b'{"d": "{\\"token\\": \\"***\\", \\"a\\": 1}"}',
    ),
    "inside out": (b'SECRE", "token": "SECRET", "', b'SECRE", "token": "***", "'),
    "a header": (
        b'[{"name":"Authorization","value":"Bearer abcSECRETabcSECRETabcSECRET"}]',
        b'[{"name":"Authorization","value":"Bearer ***"}]',
    ),
    "no header": (b'{"a": "a bearer of good news"}', b'{"a": "a bearer of good news"}'),
    "no key": (b'{"a": "token", "tokens": 3}', b'{"a": "token", "tokens": 3}'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_tokens_are_hidden_and_nothing_else_is(name: str) -> None:
    text, hidden = TEXTS[name]
    assert masked(text) == hidden
    assert masked(hidden) in (hidden, hidden + b"")


@given(
    st.recursive(
        st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=3) | st.just("token"), inner, max_size=3)
        ),
    ),
    st.sampled_from(["token", "access_token", "refresh_token"]),
    st.integers(0, 400),
)
def test_no_part_of_a_token_survives_wherever_the_text_is_cut(
    value: Any, key: str, cut: int
) -> None:
    text = json.dumps({"x": value, key: [SECRET, {"y": SECRET}], "z": {key: SECRET}}).encode()
    assert b"SECRET" not in masked(text)
    assert b"SECRET" not in masked(text[:cut])


def test_tokens_are_neither_in_rejects_nor_in_extra() -> None:
    webhook = {"orgId": 1, "type": "new_conversation", "token": {"v": SECRET}, "data": {}}
    kept = CONVERSATION | {"token": SECRET, "more": {"access_token": SECRET, "a": 1}}
    text = json.dumps(webhook) + "\n" + json.dumps(kept) + '\n{"id": 2, "token": "' + SECRET
    found = load(text.encode())
    assert found.conversations["extra"].to_list() == [
        '{"token":"***","more":{"access_token":"***","a":1}}'
    ]
    assert [b"SECRET" in raw for raw in found.rejects["raw"]] == [False, False]
    assert found.rejects["raw"][1] == b'{"id": 2, "token": "***"'
