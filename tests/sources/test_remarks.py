from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from drift_analysis.sources import load
from drift_analysis.sources.framing import replies

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

T = 1_567_922_759_384
PAGE = "The last page that was read says that there is another one, which was not read."


def conversation(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int = 1, conversation_id: int = 1, **more: Any) -> dict[str, Any]:
    base = {"id": number, "conversationId": conversation_id, "type": "chat", "createdAt": T}
    return base | {"body": "hi", "author": {"type": "contact", "id": 9}} | more


def page(*records: Any, more: bool | None = None) -> dict[str, Any]:
    held: Any = {"messages": records} if records and "author" in records[0] else records
    return {"data": held} | ({} if more is None else {"pagination": {"more": more, "next": "7"}})


def remarked(*values: Any) -> list[tuple[Any, ...]]:
    data = "\n".join(json.dumps(value) for value in values).encode()
    columns = ("severity", "code", "table", "conversation_id", "message_id", "n", "detail")
    return load(data).issues.select(columns).rows()


def test_a_last_page_that_promises_another_is_remarked() -> None:
    lists = [page(conversation(1), more=True), page(conversation(2), more=True)]
    assert remarked(*lists) == [
        ("warning", "page_missing", "conversations", None, None, 1, PAGE),
    ]
    assert remarked(*lists, page(conversation(3))) == []
    assert remarked(*lists, page(conversation(3), more=False)) == []
    assert remarked(*lists, {"data": []}) == []


def test_pages_of_messages_are_followed_for_each_conversation() -> None:
    known = [conversation(1), conversation(2), conversation(3)]
    pages = [page(message(n, n), more=True) for n in (1, 2, 3)]
    assert remarked(*known, *pages, page(message(4, 1)), page(message(5, 3))) == [
        ("warning", "page_missing", "messages", 2, None, 1, PAGE)
    ]
    assert remarked(*known, *pages, page(message(4, 1))) == [
        ("warning", "page_missing", "messages", None, None, 2, PAGE)
    ]


def test_pages_in_files_are_followed_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, more in (("page-1.json", True), ("page-2.json", True), ("page-3.json", None)):
        (tmp_path / name).write_text(json.dumps(page(conversation(len(name)), more=more)))
    assert load(tmp_path).issues.is_empty()
    (tmp_path / "page-3.json").unlink()
    assert load(tmp_path).issues["code"].to_list() == ["page_missing"]


def test_repeats_of_a_conversation_that_deny_one_another_are_remarked() -> None:
    words = "Repeats with the same `updated_at` differ: which of them is right is not told."
    expected = [("warning", "contradicting_repeats", "conversations", 1, None, 1, words)]
    assert remarked(conversation(), conversation(status="closed")) == expected
    assert remarked(conversation(contactId=1), conversation(contactId=2)) == expected
    assert remarked(conversation(), conversation(contactId=2)) == []
    assert remarked(conversation(), conversation(status="closed", updatedAt=T + 2000)) == []
    assert remarked({**conversation(), "updatedAt": None}, conversation(status="closed")) == []


def test_repeats_of_a_message_that_deny_one_another_are_remarked() -> None:
    words = "Repeats of the same message differ: which of them is right is not told."
    assert remarked(conversation(), message(), message(body="ho")) == [
        ("warning", "contradicting_repeats", "messages", 1, 1, 1, words)
    ]
    assert remarked(conversation(), message(), message(attributes={"x": 1})) == []


def test_a_record_beyond_the_limit_is_a_reject_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replies, "MAX_RECORD", 200)
    data = json.dumps([conversation(1), conversation(2, x="y" * 200), conversation(3)]).encode()
    dataset = load(data)
    assert dataset.conversations["conversation_id"].to_list() == [1, 3]
    assert dataset.rejects.select("reason", "detail", "byte_offset").rows() == [
        (
            "unreadable",
            "It takes more than 200 bytes, "
            "the limit drift_analysis.sources.framing.replies.MAX_RECORD.",
            data.index(b'{"id": 2'),
        )
    ]


HEAD = (
    "convo_id,assignee_id,link_to_full_conversation,company_name,updatedat_date,createdat_date,"
    "participant,transcriptObject,total_messages\n"
)
ROW = (
    "1,7,https://app.drift.com/conversations/1,Example,2019-09-08T06:05:59.000Z,"
    '2019-09-08T06:00:00.000Z,"ada@example.com, bo@example.com","Sep 8: ""hi""\nthere",2\n'
)


def test_the_bulk_export_gives_closed_conversations_and_keeps_the_rest_beside() -> None:
    dataset = load((HEAD + ROW).encode())
    row = dataset.conversations.row(0, named=True)
    assert (row["conversation_id"], row["status"], row["status_raw"]) == (1, "closed", "closed")
    assert row["created_at"] == datetime(2019, 9, 8, 6, tzinfo=UTC)
    assert row["updated_at"] == datetime(2019, 9, 8, 6, 5, 59, tzinfo=UTC)
    assert (row["participants"], row["tags"], row["is_detail"]) == (None, None, False)
    assert json.loads(row["extra"]) == {
        "assignee_id": "7",
        "link_to_full_conversation": "https://app.drift.com/conversations/1",
        "company_name": "Example",
        "participant": "ada@example.com, bo@example.com",
        "transcriptObject": 'Sep 8: "hi"\nthere',
        "total_messages": "2",
    }
    assert dataset.issues.is_empty()
    assert dataset.rejects.is_empty()


def test_the_bulk_export_completes_what_other_replies_tell(tmp_path: Path) -> None:
    moments = {"createdAt": "2019-09-08T06:00:00Z", "updatedAt": "2019-09-08T06:01:00Z"}
    older = json.dumps({"id": 1, "status": "open", "contactId": 5, **moments})
    (tmp_path / "a.csv").write_text(HEAD + ROW)
    (tmp_path / "b.json").write_text(older)
    dataset = load(tmp_path)
    row = dataset.conversations.row(0, named=True)
    assert (row["status"], row["contact_id"]) == ("closed", 5)
    assert dataset.status_events.select("status", "source").rows() == [("open", "snapshot")]
