from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.sources import load
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of
from drift_analysis.sources.tables import TABLES

if TYPE_CHECKING:
    from drift_analysis.schemas import Dataset

T = 1_567_922_759_384
DAY = 86_400_000
OPEN = {"id": 1, "status": "open", "createdAt": T, "updatedAt": T + 1000}


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def document(*records: Any, fetched_at: int | None = None, name: str = "x") -> Document:
    when = None if fetched_at is None else at(fetched_at)
    return Document(name, json.dumps(list(records)).encode(), fetched_at=when)


def message(number: int = 1, **more: Any) -> dict[str, Any]:
    author = {"type": "user", "id": 3, "bot": False}
    base = {"id": number, "conversationId": 1, "type": "chat", "body": "hi", "createdAt": T + 5}
    return base | {"author": author} | more


def issues(dataset: Dataset[pl.DataFrame]) -> list[tuple[Any, ...]]:
    return dataset.issues.select("severity", "code", "table", "n", "detail").rows()


def test_unknown_keys_are_kept_at_every_level() -> None:
    record = message(
        mood="good",
        author={"type": "contact", "id": 9, "bot": False, "nick": "A"},
        buttons=[{"label": "a"}, {"label": "b", "hue": 1, "reaction": {"type": "delete", "x": 2}}],
        attributes={"preMessages": {}, "own": {"deep": [1, None]}},
        context={"location": {"city": "Boston", "planet": "Earth"}, "ip": None},
    )
    row = load([record]).messages.row(0, named=True)
    assert json.loads(row["extra"]) == {
        "mood": "good",
        "author": {"nick": "A"},
        "buttons": [{}, {"hue": 1, "reaction": {"x": 2}}],
        "attributes": {"own": {"deep": [1, None]}},
        "context": {"location": {"planet": "Earth"}},
    }
    assert row["context_city"] == "Boston"
    assert [button["reaction_type"] for button in row["buttons"]] == [None, "delete"]


def test_extra_keeps_numbers_of_any_size() -> None:
    extra = load([OPEN | {"big": 2**70}]).conversations["extra"].item()
    assert json.loads(extra) == {"big": 2**70}


def test_an_unfit_field_is_kept_aside_and_reported_while_its_record_stays() -> None:
    record = OPEN | {
        "inboxId": "main",
        "conversationTags": [{"color": "0960C5"}],
        "participants": [1, "x"],
    }
    dataset = load([record])
    row = dataset.conversations.row(0, named=True)
    assert (row["inbox_id"], row["tags"], row["participants"]) == (None, None, None)
    assert json.loads(row["extra"]) == {
        "inboxId": "main",
        "conversationTags": [{"color": "0960C5"}],
        "participants": [1, "x"],
    }
    found = [
        ("conversationTags", "a list of objects with name"),
        ("inboxId", "a whole number"),
        ("participants", "a whole number"),
    ]
    assert sorted(issues(dataset)) == [
        (
            "warning",
            "unfit_value",
            "conversations",
            1,
            f"`{key}` is not {wanted}: it has no column.",
        )
        for key, wanted in found
    ]


def test_objects_that_are_none_are_kept_aside() -> None:
    row = load([message(context="x", buttons={"label": "a"})]).messages.row(0, named=True)
    assert json.loads(row["extra"]) == {"context": "x", "buttons": {"label": "a"}}


def test_a_column_that_two_keys_want_takes_the_first_and_keeps_the_second() -> None:
    record = message(attachment=[{"url": "a"}], attachments=[{"url": "b"}])
    record["context"] = {"ip": "203.0.113.9", "IP": ""}
    row = load([record]).messages.row(0, named=True)
    assert [file["url"] for file in row["attachments"]] == ["a"]
    assert row["context_ip"] == "203.0.113.9"
    assert json.loads(row["extra"]) == {"attachments": [{"url": "b"}], "context": {"IP": ""}}


def test_colors_lose_their_hash_and_what_is_no_color_is_kept_aside() -> None:
    tags = [{"name": "a", "color": "#0960c5"}, {"name": "b", "color": "red"}, {"name": "c"}]
    row = load([OPEN | {"conversationTags": tags}]).conversations.row(0, named=True)
    assert [tag["color"] for tag in row["tags"]] == ["0960c5", None, None]
    assert json.loads(row["extra"]) == {"conversationTags": [{}, {"color": "red"}, {}]}


def test_what_is_new_to_us_is_read_as_such_and_reported() -> None:
    records = [
        OPEN | {"status": "Snoozed"},
        OPEN | {"id": 2, "status": "CLOSED "},
        message(type="sticker"),
        message(2, author={"type": "robot"}),
    ]
    dataset = load(records)
    assert dataset.conversations.select("status", "status_raw").rows() == [
        ("unknown", "Snoozed"),
        ("closed", "CLOSED "),
    ]
    assert dataset.messages.select("type", "type_raw", "author_kind", "author_type").rows() == [
        ("other", "sticker", "human", "user"),
        ("chat", "chat", "unknown", "robot"),
    ]
    assert issues(dataset)[:3] == [
        (
            "warning",
            "unknown_status",
            "conversations",
            1,
            "A status that is new to us: kept in `status_raw`, and read as `unknown`.",
        ),
        (
            "warning",
            "unknown_author",
            "messages",
            1,
            "A type of author that is new to us: kept in `author_type`.",
        ),
        (
            "warning",
            "unknown_type",
            "messages",
            1,
            "A type that is new to us: kept in `type_raw`, and read as `other`.",
        ),
    ]


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        ({"type": "contact", "id": 1}, "contact"),
        ({"type": "contact", "id": 1, "bot": True}, "contact"),
        ({"type": "user", "id": 1, "bot": True}, "bot"),
        ({"type": "user", "id": 1, "bot": False}, "human"),
        ({"type": "user", "id": 1}, "unknown"),
        ({"type": "user", "id": 1, "bot": "yes"}, "unknown"),
    ],
)
def test_who_wrote_it_is_told_by_the_author(author: dict[str, Any], kind: str) -> None:
    assert load([message(author=author)]).messages["author_kind"].item() == kind


def test_messages_shown_before_are_kept_whole_whatever_their_shape() -> None:
    shapes: list[Any] = [
        [{"body": "Hello", "author": {"type": "user", "id": 3}}, {"text": "x"}, "hi", None],
        {"body": 7, "author": {"id": 2**80}},
        [],
    ]
    records = [message(n, attributes={"preMessages": shape}) for n, shape in enumerate(shapes)]
    rows = load(records).messages["pre_messages"].to_list()
    assert rows[0] == [
        {
            "body": "Hello",
            "author_type": "user",
            "author_id": 3,
            "json": '{"body":"Hello","author":{"type":"user","id":3}}',
        },
        {"body": None, "author_type": None, "author_id": None, "json": '{"text":"x"}'},
        {"body": "hi", "author_type": None, "author_id": None, "json": '"hi"'},
    ]
    assert [item["author_id"] for item in rows[1]] == [None]
    assert rows[2] is None


def test_landing_pages_join_their_playbook() -> None:
    pages = [
        {"playbookId": 1, "playbookName": "old name", "landingPageUrl": "https://example.com/b"},
        {"playbookId": 1, "playbookName": "old name", "landingPageUrl": "https://example.com/a"},
        {"playbookId": 2, "playbookName": "only page", "landingPageUrl": "https://example.com/c"},
    ]
    playbook = {"id": 1, "name": "new name", "updatedAt": T, "goals": [{"id": "g"}]}
    other = {"id": 3, "name": "no page", "interactionId": 30}
    table = load([pages[0], playbook, *pages[1:], other]).playbooks
    assert table.select("playbook_id", "name", "landing_pages").rows() == [
        (1, "new name", ["https://example.com/a", "https://example.com/b"]),
        (2, "only page", ["https://example.com/c"]),
        (3, "no page", None),
    ]
    assert table["goals"].to_list()[0] == [{"goal_id": "g", "message": None}]


def test_the_newest_state_counts_and_a_detail_fills_what_it_lacks() -> None:
    detail = {"data": OPEN | {"conversationTags": [{"name": "a"}], "relatedPlaybookId": 5}}
    newer = OPEN | {"status": "closed", "updatedAt": T + 2000, "mine": 1}
    table = load([newer, detail, OPEN]).conversations
    row = table.row(0, named=True)
    assert table.height == 1
    assert (row["status"], row["playbook_id"], row["is_detail"]) == ("closed", 5, True)
    assert row["tags"] == [{"name": "a", "color": None}]
    assert row["extra"] == '{"mine":1}'


def test_what_is_kept_beside_several_states_is_joined() -> None:
    older = OPEN | {"a": {"x": 1, "y": 1}, "b": 1}
    newer = OPEN | {"updatedAt": T + 2000, "a": {"x": 2}, "c": 3}
    extra = load([newer, older]).conversations["extra"].item()
    assert json.loads(extra) == {"a": {"x": 2, "y": 1}, "b": 1, "c": 3}


def test_fetched_at_is_that_of_the_state_which_counts() -> None:
    newer = OPEN | {"updatedAt": T + DAY}
    replies = [
        document(newer, fetched_at=T + 2 * DAY),
        document(newer, fetched_at=T + 3 * DAY),
        document(OPEN, fetched_at=T + 4 * DAY),
    ]
    assert tables_of(replies).conversations["fetched_at"].item() == at(T + 3 * DAY)
    unknown = [document(newer), document(OPEN, fetched_at=T + 2000)]
    assert tables_of(unknown).conversations["fetched_at"].item() is None


def test_without_updated_at_the_state_fetched_last_counts() -> None:
    old = {"id": 1, "status": "open", "contactId": 2, "createdAt": T}
    replies = [
        document(old | {"status": "closed"}, fetched_at=T + 2 * DAY),
        document(old | {"contactId": 2, "inboxId": 3}, fetched_at=T + DAY),
    ]
    row = tables_of(replies).conversations.row(0, named=True)
    assert (row["status"], row["inbox_id"]) == ("closed", 3)


def states(dataset: Dataset[pl.DataFrame]) -> list[tuple[Any, ...]]:
    columns = ("changed_at", "status", "source", "earliest_at", "latest_at")
    return dataset.status_events.select(columns).rows()


def test_an_older_state_is_kept_as_evidence_until_it_was_fetched() -> None:
    closed = OPEN | {"status": "closed", "updatedAt": T + 3 * DAY}
    replies = [document(OPEN, fetched_at=T + DAY), document(closed, fetched_at=T + 4 * DAY)]
    expected = [(at(T + 1000), "open", "snapshot", at(T + 1000), at(T + DAY))]
    assert states(tables_of(replies)) == expected
    assert states(tables_of(replies[::-1] * 2)) == expected


def test_without_a_fetch_the_latest_moment_of_the_reply_stands_in() -> None:
    other = {"id": 2, "status": "open", "createdAt": T + DAY, "updatedAt": T + DAY}
    closed = OPEN | {"status": "closed", "updatedAt": T + 3 * DAY}
    replies = [document(OPEN, other), document(closed)]
    assert states(tables_of(replies)) == [
        (at(T + 1000), "open", "snapshot", at(T + 1000), at(T + DAY))
    ]


def test_a_reply_that_was_put_together_over_time_is_no_bound() -> None:
    closed = OPEN | {"status": "closed", "updatedAt": T + 3 * DAY}
    expected = [(at(T + 1000), "open", "snapshot", at(T + 1000), at(T + 1000))]
    assert states(tables_of([document(OPEN, closed)])) == expected


def test_a_state_is_no_evidence_behind_the_next_one() -> None:
    closed = OPEN | {"status": "closed", "updatedAt": T + DAY}
    replies = [document(OPEN, fetched_at=T + 2 * DAY), document(closed, fetched_at=T + 3 * DAY)]
    assert states(tables_of(replies))[0][4] == at(T + DAY)


def test_a_webhook_saw_its_conversation_when_it_was_new() -> None:
    hook = {"type": "new_conversation", "orgId": 1, "data": OPEN}
    closed = OPEN | {"status": "closed", "updatedAt": T + DAY}
    log = document(hook, message(), fetched_at=T + 2 * DAY)
    found = states(tables_of([log, document(closed)]))
    assert found == [(at(T + 1000), "open", "snapshot", at(T + 1000), at(T + 1000))]


def edit(number: int, kind: str, when: int, body: str = "", target: int = 1) -> dict[str, Any]:
    more = {"type": "edit", "editType": kind, "editedMessageId": target, "body": body}
    return message(number, createdAt=when, **more)


def told(records: list[dict[str, Any]]) -> tuple[Any, ...]:
    table = load(records).messages.filter(pl.col("message_id") == 1)
    return table.select("text", "is_visible", "is_deleted", "edited_at", "n_edits").row(0)


def test_a_message_that_was_never_edited_is_as_it_was_sent() -> None:
    assert told([message(body="<p>a</p>")]) == ("a", True, False, None, 0)
    assert told([message(body=None)]) == (None, True, False, None, 0)
    assert told([message(type="private_note")]) == ("hi", False, False, None, 0)


def test_edits_change_the_text_in_order_of_time() -> None:
    records = [
        edit(9, "replace", T + 50, "<b>second</b>"),
        edit(8, "replace_body", T + 70, "third"),
        message(),
        edit(7, "REPLACE", T + 30, "first"),
        edit(6, "replace_buttons", T + 90),
    ]
    assert told(records) == ("third", True, False, at(T + 90), 4)
    assert load(records).messages.filter(pl.col("message_id") == 1)["body"].item() == "hi"


def test_a_deletion_takes_a_message_out_of_sight_at_its_own_moment() -> None:
    records = [message(), edit(2, "delete", T + 50), edit(3, "replace", T + 70, "late")]
    assert told(records)[1:] == (False, True, at(T + 50), 2)


def test_edits_are_no_visible_messages_and_may_lack_their_target() -> None:
    dataset = load([message(), edit(2, "delete", T + 50, target=99)])
    assert dataset.messages["is_visible"].to_list() == [True, False]
    assert ("warning", "edit_without_target", "messages", 1) in [i[:4] for i in issues(dataset)]


def test_suspicions_are_counted_and_one_alone_is_named() -> None:
    records = [
        OPEN | {"updatedAt": T - 1},
        {"id": 2, "status": "open", "createdAt": T},
        message(1, createdAt=T - 5),
        message(2, conversationId=3),
        message(3, conversationId=4),
        *(message(100 + n, conversationId=2, createdAt=T + n) for n in range(50)),
    ]
    dataset = load(records)
    columns = ("code", "table", "conversation_id", "message_id", "n", "detail")
    assert dataset.issues.select(columns).rows() == [
        (
            "updated_before_created",
            "conversations",
            1,
            None,
            1,
            "`updated_at` lies before `created_at`.",
        ),
        (
            "message_before_conversation",
            "messages",
            1,
            1,
            1,
            "The message was sent before its conversation was created.",
        ),
        (
            "stops_at_one_page",
            "messages",
            2,
            None,
            1,
            "Conversations with exactly 50 messages, one page: there may be more of them.",
        ),
        (
            "conversation_not_read",
            "messages",
            None,
            None,
            2,
            "Conversations that have messages, but were not read themselves.",
        ),
    ]


def test_many_rows_are_packed_as_they_come() -> None:
    table = load([{"id": n, "name": "A", "bot": False} for n in range(20_001)]).users
    assert table["user_id"].to_list() == list(range(20_001))


conversations = st.fixed_dictionaries(
    {
        "id": st.integers(1, 3),
        "status": st.sampled_from(["open", "closed", "pending", "new"]),
        "createdAt": st.just(T),
    },
    optional={
        "updatedAt": st.integers(T, T + 5),
        "contactId": st.integers(1, 2**40),
        "relatedPlaybookId": st.none() | st.integers(1, 9),
        "participants": st.lists(st.integers(1, 9), max_size=2),
        "conversationTags": st.lists(
            st.fixed_dictionaries({"name": st.text(max_size=3)}), max_size=2
        ),
        "note": st.integers(0, 3),
    },
)
replies = st.lists(
    st.tuples(st.lists(conversations, max_size=3), st.none() | st.integers(T, T + 9)), max_size=4
)


@settings(max_examples=40, deadline=None)
@given(replies, st.randoms())
def test_the_order_of_replies_changes_nothing_and_neither_does_reading_them_twice(
    given_replies: list[tuple[list[dict[str, Any]], int | None]], random: Any
) -> None:
    documents = [document(*records, fetched_at=when) for records, when in given_replies]
    again = documents * 2
    random.shuffle(again)
    once, twice = tables_of(documents), tables_of(again)
    assert once.conversations.equals(twice.conversations)
    assert once.status_events.equals(twice.status_events)
    assert once.as_of == twice.as_of


@settings(max_examples=40, deadline=None)
@given(conversations)
def test_a_list_record_completed_by_its_detail_is_the_detail(record: dict[str, Any]) -> None:
    keys = ("id", "status", "contactId", "createdAt", "updatedAt")
    listed = {key: record[key] for key in keys if key in record}
    detail = {"data": record}
    assert load([listed, detail]).conversations.equals(load([detail]).conversations)


texts = st.none() | st.text(max_size=6)


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "id": st.integers(-(2**63), 2**63 - 1),
            "conversationId": st.integers(-(2**63), 2**63 - 1),
            "type": st.sampled_from(["chat", "private_note", "edit"]),
            "createdAt": st.integers(10**11, 9_214_646_399_999),
            "author": st.fixed_dictionaries({"type": st.just("user")}, optional={"id": st.just(3)}),
        },
        optional={
            "body": texts,
            "context": st.fixed_dictionaries({}, optional={"ip": texts, "title": texts}),
            "own": st.recursive(
                st.integers(-(2**66), 2**66) | st.text(max_size=5),
                lambda inner: st.lists(inner, max_size=2),
                max_leaves=4,
            ),
        },
    )
)
def test_what_goes_in_comes_out(record: dict[str, Any]) -> None:
    dataset = load([record])
    assert dataset.rejects.is_empty()
    row = dataset.messages.row(0, named=True)
    context = record.get("context", {})
    created_ms = dataset.messages["created_at"].dt.epoch("ms").item()
    assert (row["message_id"], row["conversation_id"]) == (record["id"], record["conversationId"])
    assert (row["type"], created_ms) == (record["type"], record["createdAt"])
    assert row["author_id"] == record["author"].get("id")
    assert row["body"] == record.get("body")
    assert (row["context_ip"], row["context_title"]) == (context.get("ip"), context.get("title"))
    assert json.loads(row["extra"] or "{}") == {k: record[k] for k in ("own",) if k in record}


def test_every_table_keeps_its_promise_for_none_one_and_many() -> None:
    for n in (0, 1, 3):
        records = [OPEN | {"id": k} for k in range(n)] + [message(k) for k in range(n)]
        dataset = load(records)
        for name, table in TABLES.items():
            frame = getattr(dataset, name)
            assert frame.schema == table.schema()
            assert table.checked(frame).equals(frame)
