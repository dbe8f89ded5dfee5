from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis import sources
from drift_analysis.errors import InputError, SourceError
from drift_analysis.schemas.loading import REASONS
from drift_analysis.sources import load, load_conversations, load_messages
from drift_analysis.sources.framing import unpack
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read, tables_of
from drift_analysis.sources.refusals import REMEDIES
from drift_analysis.sources.tables import TABLES

T = 1_567_922_759_384
FETCHED = datetime(2026, 6, 1, 10, tzinfo=UTC)


def conversation(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int = 1, **more: Any) -> dict[str, Any]:
    author = {"type": "contact", "id": 9}
    base = {"id": number, "conversationId": 1, "type": "chat", "body": "hi", "createdAt": T + 5}
    return base | {"author": author} | more


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def rejected(source: Any) -> list[tuple[Any, ...]]:
    return load(source).rejects.select("reason", "record_type", "detail").rows()


def test_every_kind_of_source_gives_the_same(tmp_path: Path) -> None:
    page = {"data": [conversation(1), conversation(2)]}
    data = as_bytes(page)
    file = tmp_path / "page.json"
    file.write_bytes(data)
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "page.json.gz").write_bytes(gzip.compress(data))
    sources_: list[Any] = [
        data,
        bytearray(data),
        page,
        page["data"],
        [page],
        file,
        str(file),
        [file],
        [str(file), file],
        tmp_path / "*.json",
        f"{tmp_path}/p*.json",
        packed,
        io.BytesIO(data),
        io.StringIO(data.decode()),
        gzip.compress(data),
        gzip.compress(data[:40]) + gzip.compress(data[40:]),
    ]
    for source in sources_:
        assert load(source).conversations["conversation_id"].to_list() == [1, 2]


def test_sources_are_named() -> None:
    assert load(b"[1,{}]\n" + as_bytes([conversation()])).conversations["source"].item() == "bytes"
    assert load([conversation()]).conversations["source"].item() == "records"
    assert load(io.BytesIO(as_bytes([conversation()]))).conversations["source"].item() == "file"


def test_an_open_file_goes_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(as_bytes([conversation()]))
    with path.open("rb") as file:
        assert load(file).conversations["source"].item() == str(path)


def test_records_in_memory_have_no_line_and_no_byte() -> None:
    row = load([conversation(), {"id": 2, "status": "open"}]).rejects.row(0, named=True)
    assert (row["line"], row["index"], row["byte_offset"]) == (None, 1, None)


def test_a_reject_tells_its_place() -> None:
    data = as_bytes(conversation()) + b"\n\n" + b'  {"id": 2, "status": "open"}\n'
    row = load(data).rejects.row(0, named=True)
    assert (row["line"], row["index"]) == (3, 1)
    assert data[row["byte_offset"] :].startswith(row["raw"])
    assert row["raw"] == b'{"id": 2, "status": "open"}'


def test_hidden_files_and_files_of_another_kind_are_left_aside(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.json").write_bytes(b"{")
    (tmp_path / ".page.json.part").write_bytes(b"{")
    (tmp_path / "chart.png").write_bytes(b"\x89PNG")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.ndjson").write_bytes(as_bytes(conversation()))
    dataset = load(tmp_path)
    assert dataset.conversations.height == 1
    assert dataset.rejects.is_empty()


def refusal(source: Any, **options: Any) -> str:
    with pytest.raises(SourceError) as caught:
        load(source, **options)
    return str(caught.value)


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.json") == (
        f"{tmp_path}/none.json: there is no such file or folder.\n"
        f"Looked in {Path.cwd()}.\n"
        "Try: an absolute path; for JSON in a variable, text.encode() or the parsed value."
    )


def test_text_that_is_no_path_is_not_repeated() -> None:
    assert refusal('{"data": "secret@example.com"}').startswith("This looks like JSON text")


def test_a_pattern_that_fits_nothing_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "*.json") == (
        f"{tmp_path}/*.json: no file fits this pattern.\nTry: the folder itself, to read all in it."
    )


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"x")
    assert refusal(tmp_path) == (
        f"{tmp_path}: nothing in this folder can be read.\n"
        "It holds 1 file(s), none of them JSON.\n"
        "Try: the folder with Drift's replies: .json, .jsonl, .ndjson, .log, .txt, also packed."
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_a_file_that_cannot_be_read_is_refused() -> None:
    assert refusal("/proc/self/mem") == (
        "/proc/self/mem: the file cannot be read.\n"
        "The system says: Input/output error.\n"
        "Try: reading it as the user who may, or a copy of it."
    )


def test_what_is_no_json_value_is_refused() -> None:
    assert refusal({"data": {1, 2}}) == (
        "A dict is nothing that can be loaded.\n"
        "Only what JSON can hold is read from memory.\n"
        "Try: a path, bytes, or what json.load(...) gave."
    )


REFUSED = {
    "empty": (b"", "It is empty.", "not_json"),
    "text": (b"hello", "It is not JSON: Expecting value at byte 0 of it.", "not_json"),
    "HTML": (
        b"<html>",
        "It is HTML or XML, not JSON: often a page to log in.",
        "not_drift",
    ),
    "unknown": (
        b'{"a": 1, "b c": 2, "d": 3}',
        "Its keys fit no kind of record: `a`, `d`.",
        "unknown_kind",
    ),
    "no keys": (b"{}", "Its keys fit no kind of record: no keys.", "unknown_kind"),
    "number": (b"7", "It is a number where a record was expected.", "not_a_record"),
    "zip": (
        b"PK\x03\x04",
        "It is a zip archive without its list of members: damaged, or cut off.",
        "unreadable",
    ),
    "webhook": (
        b'{"type":"conversation_push","orgId":1,"data":{}}',
        "It is a webhook of `conversation_push`, which is not known.",
        "unknown_kind",
    ),
    "odd webhook": (
        b'{"type":"ada@example.com","orgId":1,"data":{}}',
        "It is a webhook of a new type, which is not known.",
        "unknown_kind",
    ),
    "webhook without data": (
        b'{"type":"new_message","orgId":1,"data":null}',
        "`data` of the webhook is no object.",
        "not_a_record",
    ),
}


@pytest.mark.parametrize(("data", "words", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_holds_nothing_of_drift_is_refused_in_the_words_of_its_reject(
    data: bytes, words: str, reason: str, tmp_path: Path
) -> None:
    assert refusal(data) == f"bytes: {words}\nTry: {REMEDIES[reason]}"
    (tmp_path / "a.json").write_bytes(as_bytes([conversation()]))
    (tmp_path / "b.json").write_bytes(data)
    rejects = load(tmp_path).rejects
    assert rejects.select("source", "reason", "detail").rows() == [
        (str(tmp_path / "b.json"), reason, words)
    ]


def test_several_sources_with_nothing_are_counted() -> None:
    assert refusal([{"a": 1}, {"b": 2}, {"c": 3}]) == (
        "records: Its keys fit no kind of record: `a`.\n"
        "Nothing of Drift's was found here or in 2 other record(s).\n"
        f"Try: {REMEDIES['unknown_kind']}"
    )


UNFIT = {
    "no id": (
        {"status": "open", "contactId": 1, "createdAt": T},
        "missing_field",
        "`id` is missing.",
    ),
    "null id": (conversation() | {"id": None}, "missing_field", "`id` is missing."),
    "text id": (conversation() | {"id": "x"}, "wrong_type", "`id` is not a whole number."),
    "true id": (conversation() | {"id": True}, "wrong_type", "`id` is not a whole number."),
    "half id": (conversation() | {"id": 1.5}, "wrong_type", "`id` is not a whole number."),
    "large id": (
        conversation() | {"id": 2**63},
        "wrong_type",
        "`id` is not a whole number within 64 bits.",
    ),
    "rounded id": (conversation() | {"id": 1e18}, "wrong_type", "`id` is not a whole number."),
    "no status": (
        {"id": 1, "contactId": 1, "createdAt": T},
        "missing_field",
        "`status` is missing.",
    ),
    "odd status": (conversation() | {"status": 1}, "wrong_type", "`status` is not text."),
    "no moment": (
        conversation() | {"createdAt": "yesterday"},
        "wrong_type",
        "`createdAt` is not a moment.",
    ),
    "moment zero": (
        conversation() | {"createdAt": 0},
        "wrong_type",
        "`createdAt` is not a moment between 1973 and 2262.",
    ),
    "odd author": (message() | {"author": "bot"}, "wrong_type", "`author` is not an object."),
    "author without type": (
        message() | {"author": {"id": 1}},
        "missing_field",
        "`author.type` is missing.",
    ),
    "nobody added": (
        {"conversationId": 1, "addedParticipants": [], "changedAt": T},
        "missing_field",
        "The list of users is empty.",
    ),
}


@pytest.mark.parametrize(("record", "reason", "detail"), UNFIT.values(), ids=list(UNFIT))
def test_a_required_field_that_is_unfit_rejects_its_record(
    record: dict[str, Any], reason: str, detail: str
) -> None:
    rows = rejected([record, conversation(2)])
    assert [(row[0], row[2]) for row in rows] == [(reason, detail)]
    assert load([record, conversation(2)]).conversations["conversation_id"].to_list() == [2]


STRICT: dict[str, tuple[bytes, str]] = {
    "not_json": (
        b'{"id": NaN}',
        "It holds NaN, which is no JSON.\n"
        "Reason: not_json.\n"
        "Try: saving the reply again, byte for byte.",
    ),
    "not_drift": (
        b"<html>",
        "It is HTML or XML, not JSON: often a page to log in.\n"
        "Reason: not_drift.\n"
        "Try: fetching it again with a valid token; DriftClient does.",
    ),
    "truncated": (
        b'[{"id": 1',
        "The list has no end: the text stops behind 0 whole record(s).\n"
        "Reason: truncated.\n"
        "Try: fetching or copying it again; without strict, the whole records are kept.",
    ),
    "bad_encoding": (
        b'{"id": "\xff"}',
        "It holds bytes that are not UTF-8, the first at byte 8 of it.\n"
        "Reason: bad_encoding.\n"
        "Try: saving the reply again, byte for byte; without strict, the rest is loaded.",
    ),
    "not_a_record": (
        b"[null]",
        "It is null where a record was expected.\n"
        "Reason: not_a_record.\n"
        "Try: the list or the object that holds the records.",
    ),
    "missing_field": (
        b'{"id": 1, "status": "open"}',
        "`createdAt` is missing.\n"
        "Reason: missing_field, record type conversation.\n"
        "Try: the reply as Drift sent it; without strict, the other records are loaded.",
    ),
    "wrong_type": (
        b'{"id": "x", "status": "open"}',
        "`id` is not a whole number.\n"
        "Reason: wrong_type, record type conversation.\n"
        "Try: the reply as Drift sent it; without strict, the other records are loaded.",
    ),
    "unknown_kind": (
        b'{"a": 1}',
        "Its keys fit no kind of record: `a`.\n"
        "Reason: unknown_kind.\n"
        "Try: conversations, messages or another of Drift's own replies.",
    ),
    "no_table": (
        b'{"accountId": "a"}',
        "It is of the kind `account`, for which there is no table.\n"
        "Reason: no_table, record type account.\n"
        "Try: without strict, the other records are loaded.",
    ),
    "request_body": (
        b'{"body": "hi", "type": "chat"}',
        "It is the body of a message request, not a reply.\n"
        "Reason: request_body, record type message request.\n"
        "Try: what Drift answered to it.",
    ),
    "error_reply": (
        b'{"error": {"type": "not_found"}}',
        "It is an error that Drift answered with.\n"
        "Reason: error_reply, record type error reply.\n"
        "Try: fetching it again; the reply itself says what was wrong.",
    ),
    "transcript": (
        b'{"data": "hi"}',
        "It is a transcript as text, without ids.\n"
        "Reason: transcript.\n"
        "Try: the messages of the conversation: GET /conversations/{id}/messages.",
    ),
    "unreadable": (
        b'{"id": 1e400}',
        "A number in it is too large to be held.\n"
        "Reason: unreadable.\n"
        "Try: the JSON in it, unpacked; without strict, the other records are loaded.",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_strict_raises_the_first_reject_in_its_own_words(reason: str) -> None:
    data, message = STRICT[reason]
    with pytest.raises(SourceError) as caught:
        read([Document("x.json", data)], strict=True)
    assert str(caught.value) == f"x.json, line 1, record 0: {message}"


def test_strict_names_no_line_where_there_is_none() -> None:
    assert refusal([conversation(), {"id": 2, "status": "open"}], strict=True) == (
        "records, record 1: `createdAt` is missing.\n"
        "Reason: missing_field, record type conversation.\n"
        f"Try: {REMEDIES['missing_field']}"
    )


def test_no_records_are_an_empty_data_set_with_every_column() -> None:
    empty: list[Any] = [{"data": []}, b"[]", []]
    for source in empty:
        dataset = load(source)
        for name, table in TABLES.items():
            assert getattr(dataset, name).schema == table.schema()
        assert dataset.rejects.is_empty()
        assert dataset.issues.is_empty()
        assert dataset.as_of is None


def test_a_truncated_gzip_gives_what_it_held() -> None:
    data = "\n".join(json.dumps(conversation(n)) for n in range(2000)).encode()
    packed = gzip.compress(data)[:-1000]
    dataset = load(packed)
    assert 0 < dataset.conversations.height < 2000
    assert dataset.rejects.select("reason", "detail").rows()[-1] == (
        "truncated",
        "The gzip data has no end; what it held was read.",
    )


def test_damaged_gzip_gives_what_came_before() -> None:
    whole = gzip.compress(as_bytes([conversation()]))
    dataset = load(whole + b"\x1f\x8b\x08damage")
    assert dataset.conversations.height == 1
    assert dataset.rejects["detail"].to_list() == [
        f"The gzip data is damaged at byte {len(whole) + 3}; what came before was read."
    ]


def test_a_bomb_is_refused_by_the_name_of_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b" " * 80 * 2**20)
    assert refusal(bomb) == (
        "bytes: it unpacks to more than 250 times its packed size.\n"
        "The limit is drift_analysis.sources.framing.unpack.MAX_RATIO.\n"
        "Try: a larger limit if you trust the file, or unpack it yourself and load the result."
    )
    monkeypatch.setattr(unpack, "MAX_BYTES", 1000)
    assert refusal(bomb) == (
        "bytes: it unpacks to more than 1_000 bytes.\n"
        "The limit is drift_analysis.sources.framing.unpack.MAX_BYTES.\n"
        "Try: a larger limit if you trust the file, or unpack it yourself and load the result."
    )


def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(as_bytes([conversation(n) for n in range(3000)]))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(as_bytes([conversation(1)])))
    seen: list[tuple[int, int]] = []
    load(tmp_path, progress=lambda done, total: seen.append((done, total)))
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) > 2


def test_progress_of_bytes_knows_their_number() -> None:
    seen: list[tuple[int, int]] = []
    data = as_bytes([conversation()])
    load(data, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(data), len(data))


def test_fetched_at_needs_a_time_zone() -> None:
    with pytest.raises(InputError) as caught:
        load([conversation()], fetched_at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert str(caught.value).startswith("fetched_at has no time zone.")
    with pytest.raises(InputError) as caught:
        load([conversation()], fetched_at="2026-01-01")  # type: ignore[arg-type]
    assert str(caught.value).startswith("fetched_at is no moment.\nGot str;")


def test_fetched_at_is_null_unless_known() -> None:
    assert load([conversation()]).conversations["fetched_at"].to_list() == [None]
    assert load([conversation()], fetched_at=FETCHED).conversations["fetched_at"].item() == FETCHED


def test_as_of_is_the_latest_moment_witnessed() -> None:
    assert load([conversation()]).as_of == datetime.fromtimestamp((T + 1000) / 1000, UTC)
    assert load([conversation()], fetched_at=FETCHED).as_of == FETCHED
    meeting = {"eventId": "e", "slotStart": T + 10**9, "scheduledAt": T}
    assert load([meeting]).as_of == datetime.fromtimestamp(T / 1000, UTC)


def test_as_of_sees_what_came_later_from_a_source_of_unknown_time() -> None:
    later = int(FETCHED.timestamp() * 1000) + 60_000
    replies = [
        Document("a", as_bytes([conversation()]), fetched_at=FETCHED),
        Document("b", as_bytes([message(createdAt=later)])),
    ]
    assert tables_of(replies).as_of == datetime.fromtimestamp(later / 1000, UTC)


def test_a_manifest_tells_when_files_were_fetched_and_is_no_record(tmp_path: Path) -> None:
    manifest = {
        "files": {
            "deep/a.json": {"fetched_at": "2026-06-01T12:00:00.000+02:00"},
            "b.json": {"fetched_at": "2026-06-01T10:00:00"},
            "c.json": {"fetched_at": "whenever"},
        }
    }
    (tmp_path / "manifest.json").write_bytes(as_bytes(manifest))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.json").write_bytes(as_bytes([conversation(1)]))
    (tmp_path / "b.json").write_bytes(as_bytes([conversation(2)]))
    (tmp_path / "c.json").write_bytes(as_bytes([conversation(3)]))
    for source in (tmp_path, tmp_path / "**/*.json"):
        dataset = load(source)
        assert dataset.conversations["fetched_at"].to_list() == [FETCHED, FETCHED, None]
        assert dataset.rejects.is_empty()
    alone = load(tmp_path / "deep" / "a.json").conversations
    assert alone["fetched_at"].to_list() == [FETCHED]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"files": []}', b'{"name": "mine"}'])
def test_another_manifest_is_a_file_like_any(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    (tmp_path / "a.json").write_bytes(as_bytes([conversation()]))
    dataset = load(tmp_path)
    assert dataset.conversations["fetched_at"].to_list() == [None]
    assert dataset.rejects.height == (content != b"[]")


def test_one_table_of_a_source_that_holds_others_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        load_conversations([message(), {"accountId": "a"}])
    assert str(caught.value) == (
        "what was given: no conversations in it.\n"
        "Found: 1 messages, 1 rejected (no_table).\n"
        "Try: load_messages(...), load(...) for what it does hold."
    )


def test_one_table_of_nothing_is_empty() -> None:
    assert load_conversations({"data": []}).is_empty()


def test_one_table_warns_of_the_records_it_lacks() -> None:
    with pytest.warns(UserWarning, match="rejected") as caught:
        table = load_messages(as_bytes([message(), {"id": 2, "author": {}}]))
    assert table.height == 1
    assert str(caught[0].message) == "bytes: 1 record was rejected; load(...).rejects lists them."
    assert caught[0].filename == __file__


def test_every_table_has_its_own_function() -> None:
    for name in TABLES:
        assert getattr(sources, f"load_{name}")({"data": []}).schema == TABLES[name].schema()


pages = st.lists(
    st.one_of(
        st.builds(conversation, st.integers(1, 4)),
        st.builds(message, st.integers(1, 4)),
        st.sampled_from(
            [
                {"id": 1, "status": "open"},
                {"accountId": "a"},
                {"a": 1},
                {"conversationId": 1, "addedParticipants": [1, 2], "changedAt": T},
                {"conversationId": 1, "status": "closed", "changedAt": T},
            ]
        ),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(pages, st.integers(0, 60))
def test_every_record_is_a_row_or_merged_or_rejected(
    records: list[dict[str, Any]], cut: int
) -> None:
    data = as_bytes(records)
    reading = read([Document("x", data[: max(1, len(data) - cut)])])
    assert reading.records == sum(reading.accepted.values()) + len(reading.rejects)
    for name in ("conversations", "messages", "status_events"):
        rows = reading.rows[name].frame()
        assert rows.height == reading.accepted[name]
        key = TABLES[name].primary_key()
        assert rows.unique(key).height <= reading.accepted[name]
    if not cut:
        assert reading.records == len(records)


@settings(max_examples=30, deadline=None)
@given(pages, st.randoms())
def test_neither_order_nor_repetition_changes_the_tables(
    records: list[dict[str, Any]], random: Any
) -> None:
    once = tables_of([Document("x", as_bytes(records))])
    shuffled = records * 2
    random.shuffle(shuffled)
    again = tables_of([Document("x", as_bytes(shuffled))])
    for name in TABLES:
        left, right = getattr(once, name), getattr(again, name)
        assert isinstance(left, pl.DataFrame)
        assert left.equals(right), name


def test_one_table_names_the_path_it_was_not_in(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(as_bytes([message()]))
    with pytest.raises(SourceError) as caught:
        load_conversations(path)
    assert str(caught.value).startswith(f"{path}: no conversations in it.\nFound: 1 messages.\n")


def test_what_a_webhook_tells_of_the_organisation_never_overrides_its_record() -> None:
    hook = {"type": "new_message", "orgId": 1, "data": message(orgId=2)}
    row = load([hook]).messages.row(0, named=True)
    assert (row["org_id"], row["extra"]) == (2, '{"webhook":{"orgId":1}}')


def test_a_webhook_whose_type_is_no_text_is_not_known() -> None:
    assert rejected([conversation(), {"type": 7, "orgId": 1, "data": {}}]) == [
        ("unknown_kind", None, "It is a webhook of a new type, which is not known.")
    ]
