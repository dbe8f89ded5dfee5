from __future__ import annotations

import json
from typing import Any

import pytest

from drift_analysis.sources import load
from drift_analysis.sources.kinds import kind_of

T = 1_567_922_759_384


def conversation(number: int = 1, **more: Any) -> dict[str, Any]:
    base = {"id": number, "status": "open", "contactId": 2, "createdAt": T, "updatedAt": T + 1000}
    return base | {"inboxId": 3} | more


def message(number: int = 1, **more: Any) -> dict[str, Any]:
    author = {"type": "contact", "id": 9}
    base = {"id": number, "conversationId": 1, "type": "chat", "body": "hi", "createdAt": T}
    return base | {"author": author} | more


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "bundle",
    [
        {"conversations": [conversation(1)], "users": [{"id": 7, "bot": True}], "messages": []},
        {"data": [conversation(1)], "users": [{"id": 7, "bot": True}]},
        {"users": [{"id": 7, "bot": True}], "data": [conversation(1)]},
        {"data": {"users": [{"id": 7, "bot": True}], "conversations": [conversation(1)]}},
        {"data": conversation(1), "users": [{"id": 7, "bot": True}]},
    ],
)
def test_every_list_of_a_bundle_is_read(bundle: dict[str, Any]) -> None:
    found = load(as_bytes(bundle))
    assert found.conversations["conversation_id"].to_list() == [1]
    assert found.users["user_id"].to_list() == [7]
    assert found.rejects.height == found.issues.height == 0


def test_what_stands_in_a_second_list_is_rejected_in_its_place() -> None:
    text = b'{"data": [%s], "users": [5]}' % as_bytes(conversation())
    found = load(text)
    assert found.conversations.height == 1
    assert found.rejects.select("reason", "byte_offset", "raw").rows() == [
        ("not_a_record", text.index(b"5]"), b"5")
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'{"data": [%s], "data": [%s]}',
        b'{"1": %s, "1": %s}',
        b'{"users": [%s], "users": [%s]}',
    ],
)
def test_lists_under_the_same_key_are_rejected_with_their_bytes(text: bytes) -> None:
    text %= (as_bytes(conversation(1)), as_bytes(conversation(2)))
    whole = text + b"\n" + as_bytes(conversation(3))
    found = load(whole)
    assert found.conversations["conversation_id"].to_list() == [3]
    assert found.rejects["raw"].to_list() == [text]


def test_a_record_with_a_key_called_data_is_no_envelope() -> None:
    kept = conversation(1, data=[])
    lines = [message(5, data={"x": 1}), {"data": [kept, conversation(2, data={"a": 1})]}]
    found = load(b"\n".join(map(as_bytes, lines)))
    assert found.conversations.select("conversation_id", "extra").rows() == [
        (1, '{"data":[]}'),
        (2, '{"data":{"a":1}}'),
    ]
    assert found.messages.select("message_id", "extra").rows() == [(5, '{"data":{"x":1}}')]
    assert found.rejects.height == 0


def test_a_rejected_record_with_a_key_called_data_keeps_its_own_bytes() -> None:
    bad = as_bytes(conversation(data=[1]) | {"id": "x"})
    found = load(b'{"data": [%s, %s]}' % (bad, as_bytes(conversation(2))))
    assert found.conversations["conversation_id"].to_list() == [2]
    assert found.rejects.select("reason", "raw").rows() == [("wrong_type", bad)]


@pytest.mark.parametrize(
    "key",
    [
        {"attributes": {}},
        {"goals": []},
        {"error": None},
        {"errors": []},
        {"access_token": "x"},
        {"landingPageUrl": "u"},
        {"accountId": 1},
        {"workspaceId": 1},
        {"addedParticipants": []},
        {"verified": True},
        {"data": []},
    ],
)
def test_one_more_key_does_not_turn_a_record_into_another_kind(key: dict[str, Any]) -> None:
    assert kind_of(conversation() | key) == "conversation"
    assert kind_of(message() | key) == "message"


def test_records_of_other_kinds_stay_what_they_are() -> None:
    user = {"id": 7, "name": "A", "email": "a@b.test", "createdAt": T, "updatedAt": T}
    assert kind_of(user | {"bot": False, "status": "x"}) == "user"
    assert kind_of({"error": {"type": "x", "message": "y"}}) == "error reply"
    assert kind_of({"id": 3, "name": "P", "interactionId": 4, "createdAt": T}) == "playbook"
    assert kind_of({"id": 3, "attributes": {}, "createdAt": T}) == "contact"


@pytest.mark.parametrize("none", [None, [], {}, "", False])
def test_a_page_that_says_that_there_was_no_error_holds_none(none: Any) -> None:
    found = load(as_bytes({"data": [conversation()], "error": none, "errors": none}))
    assert (found.conversations.height, found.rejects.height) == (1, 0)


def test_the_author_of_a_message_is_no_user() -> None:
    author = {"id": 9, "type": "contact", "bot": False}
    found = load([author, {"id": 7, "type": "x", "bot": True, "name": "Bot"}])
    assert found.users["user_id"].to_list() == [7]
    assert found.rejects["detail"].to_list() == [
        "It is of the kind `author`, for which there is no table."
    ]


def test_a_page_with_an_error_says_so() -> None:
    found = load(as_bytes({"data": [conversation()], "errors": ["x"]}))
    assert (found.conversations.height, found.rejects["reason"].to_list()) == (1, ["error_reply"])


@pytest.mark.parametrize("n", [9, 800, 20_000])
def test_lists_that_lie_too_deep_in_one_another_are_rejected_in_their_place(n: int) -> None:
    whole = as_bytes(conversation()) + b"\n"
    found = load(whole + b'{"data":[' * n)
    assert found.conversations.height == 1
    assert found.rejects.select("reason", "byte_offset", "raw").rows() == [
        ("unreadable", len(whole) + 8 * 9, b'{"data":[' * (n - 8))
    ]
    assert found.rejects["detail"].item() == (
        "Lists without end lie more than 8 deep in one another, the limit "
        "drift_analysis.sources.framing.salvage.MAX_DEPTH."
    )


def test_records_in_lists_without_end_are_read_up_to_the_limit() -> None:
    found = load(b'{"data":[' * 8 + as_bytes(conversation()))
    assert found.conversations.height == 1
    assert found.rejects["reason"].to_list() == ["truncated"]
