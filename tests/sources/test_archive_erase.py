from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import drift_analysis as da
from drift_analysis.errors import InputError, SourceError
from drift_analysis.sources.archive.layout import ARCHIVED
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of

if TYPE_CHECKING:
    from pathlib import Path

T = 1_780_000_000_000
ADA = 9_000_000_001
ADA_AGAIN = 9_000_000_002
BOB = 9_000_000_003


def conversation(number: int, contact: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "contactId": contact, "createdAt": T} | more


def message(number: int, conversation: int, body: str, author: int, **more: Any) -> dict[str, Any]:
    kind = "contact" if author > 100 else "user"
    return {
        "id": number,
        "conversationId": conversation,
        "type": "chat",
        "body": body,
        "author": {"type": kind, "id": author},
        "createdAt": T + number,
    } | more


def contact(number: int, email: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "attributes": {"email": email} | more}


def event(conversation: int) -> dict[str, Any]:
    data = {"conversationId": conversation, "status": "closed", "changedAt": T + 50}
    return {"orgId": 5, "type": "conversation_status_updated", "data": data}


RECORDS: list[dict[str, Any]] = [
    contact(ADA, "ada@example.com", first="Ada"),
    contact(BOB, "nada@example.com", knows=ADA, likes=[ADA, ADA]),
    conversation(1, ADA),
    conversation(2, BOB, note=f"like {ADA}"),
    message(11, 1, "I am Ada", ADA),
    message(12, 1, "Hello", 7),
    message(21, 2, "Write to ADA@example.com, to x.", BOB),
    message(
        22,
        2,
        "<a href='mailto:ada@example.com'>her</a>",
        7,
        context={"href": f"https://x.example/?who=ada%40example.com&id={ADA}"},
        buttons=[{"label": f"Ask {ADA}", "value": "v", "type": "reply"}],
    ),
    message(31, 3, "Only messages of this one were read", ADA),
    event(1),
    event(2),
    {"conversationId": 1, "addedParticipants": [7], "changedAt": T},
    {"conversationId": 2, "addedParticipants": [7], "changedAt": T},
    {"eventId": "e1", "conversationId": 4, "schedulerId": ADA, "status": "ACTIVE"},
    {"eventId": "e2", "conversationId": 2, "schedulerId": BOB, "status": "ACTIVE"},
    {"conversationId": 5, "goalId": "g", "contactId": ADA_AGAIN, "contactEmail": "Ada@example.com"},
    {"conversationId": 2, "goalId": "g", "contactId": BOB, "contactEmail": "nada@example.com"},
    conversation(5, BOB),
    {"id": 7, "name": "Agent", "email": "ada@example.com", "bot": False, "role": "agent"},
    {"phoneNumber": "1", "conversationId": 2, "email": "ADA@example.com"},
    {"phoneNumber": "1", "conversationId": 2, "endUserId": ADA},
    {"phoneNumber": "1", "conversationId": 2, "endUserId": BOB},
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    older = [contact(ADA, "ada.lovelace@example.com"), conversation(1, ADA, updatedAt=T + 1)]
    da.write_archive(tables_of([Document("old.json", json.dumps(older).encode())]), tmp_path)
    text = json.dumps(RECORDS)
    document = Document(f"exports/{ADA}.json", text.encode())
    da.write_archive(tables_of([document]), tmp_path)
    return tmp_path


def everything(archive: Path) -> str:
    """What the files hold, packed as they are, and unpacked."""
    parts = []
    for file in sorted(archive.rglob("*")):
        if file.is_file():
            parts.append(file.read_bytes().decode("latin-1"))
            if file.suffix == ".parquet":
                frame = pl.read_parquet(io.BytesIO(file.read_bytes()))
                parts += [repr(row) for row in frame.rows()]
    return "\n".join(parts).lower()


def rows(archive: Path, name: str, *columns: str) -> list[tuple[Any, ...]]:
    frame: pl.DataFrame = getattr(da.scan_archive(archive), name).select(columns).collect()
    return sorted(frame.rows())


@pytest.mark.parametrize(
    "who",
    [{"contact_id": ADA}, {"email": " ADA@example.com "}, {"email": "ada.lovelace@example.com"}],
)
def test_a_person_is_nowhere_in_the_files_after_they_were_erased(
    who: dict[str, Any], archive: Path
) -> None:
    hers = (str(ADA), str(ADA_AGAIN), "ada.lovelace@example.com", "ada%40example.com")
    assert all(mention in everything(archive) for mention in hers)

    report = da.erase(archive, **who)

    left = everything(archive)
    assert [mention for mention in hers if mention in left] == []
    assert left.count("ada@example.com") == left.count("nada@example.com") > 0
    assert "lovelace" not in left
    assert report.rows() == [
        ("conversations", 2, 1),
        ("messages", 3, 2),
        ("status_events", 1, 0),
        ("playbooks", 0, 0),
        ("users", 0, 1),
        ("contacts", 1, 1),
        ("meetings", 1, 1),
        ("goals", 1, 1),
        ("participant_events", 1, 1),
        ("rejects", 2, 1),
        ("issues", 1, 0),
    ]


def test_what_is_left_is_whole(archive: Path) -> None:
    da.erase(archive, contact_id=ADA)

    assert rows(archive, "conversations", "conversation_id", "contact_id") == [(2, BOB)]
    assert rows(archive, "conversations", "extra") == [('{"note":"like 0"}',)]
    assert rows(archive, "messages", "message_id", "text", "context_href") == [
        (21, "Write to ***, to x.", None),
        (22, "her", "https://x.example/?who=***&id=0"),
    ]
    assert da.scan_archive(archive).messages.select("body", "buttons").collect().row(1) == (
        "<a href='mailto:***'>her</a>",
        [
            {
                "label": "Ask 0",
                "value": "v",
                "type": "reply",
                "style": None,
                "reaction_type": None,
                "reaction_message": None,
            }
        ],
    )
    assert rows(archive, "contacts", "contact_id", "email", "extra") == [
        (BOB, "nada@example.com", '{"attributes":{"knows":0,"likes":[0,0]}}')
    ]
    assert rows(archive, "users", "email", "source") == [("***", "exports/0.json")]
    assert rows(archive, "meetings", "event_id") == [("e2",)]
    assert rows(archive, "goals", "conversation_id", "contact_email") == [(2, "nada@example.com")]
    assert [json.loads(raw)["endUserId"] for (raw,) in rows(archive, "rejects", "raw")] == [BOB]


def test_metrics_run_on_what_is_left(archive: Path) -> None:
    da.erase(archive, contact_id=ADA)
    left = da.scan_archive(archive)
    assert left.as_of is not None

    waits = da.first_response(left.messages, as_of=left.as_of).collect()

    assert waits["conversation_id"].to_list() == [2]


def test_whoever_is_not_known_is_erased_without_a_change(archive: Path) -> None:
    before = {file: file.read_bytes() for file in archive.rglob("*") if file.is_file()}

    report = da.erase(archive, contact_id=BOB + 1, email="nobody@example.org")

    assert report["table"].to_list() == list(ARCHIVED)
    assert report.select("removed", "redacted").sum().row(0) == (0, 0)
    assert {file: file.read_bytes() for file in archive.rglob("*") if file.is_file()} == before


def test_an_address_is_not_a_pattern(tmp_path: Path) -> None:
    records = [
        contact(ADA, "a.d+a$[1]@example.com", note="a.d+a$[1]@example.com; axd+a$[1]@example.com"),
        contact(BOB, "b@example.com", note="axd+a$[1]@example.com, ...a.d+a$[1]@example.com"),
    ]
    da.write_archive(da.load(records), tmp_path)

    da.erase(tmp_path, email="a.d+a$[1]@example.com")

    assert rows(tmp_path, "contacts", "extra") == [
        ('{"attributes":{"note":"axd+a$[1]@example.com, ...***"}}',)
    ]


@pytest.mark.parametrize(
    "raw",
    [
        '{"nothing": "ADA@example.com"}'.encode("utf-16"),
        '{"nothing": "ada@example.com"}'.encode("utf-16-be"),
        b'{"nothing": "ada\\u0040example.com"}',
        b'{"nothing": "\\nada@example.com"}',
        b'{"nothing": "a=%3Dada%40example.com"}',
        b'{"nothing": "ada@exam\xffple.com, ada@example.com',
        b'{"nothing": {"id": 9000000001}}',
        b'{"nothing": "9000000001"}',
        b'{"nothing": "?who=%209000000001"}',
    ],
)
def test_rejects_are_searched_in_every_spelling(raw: bytes, tmp_path: Path) -> None:
    known = Document("a.json", json.dumps(contact(ADA, "ada@example.com")).encode())
    other = Document("b.json", b'{"nothing": "90000000012 nada@example.com"}')
    da.write_archive(tables_of([known, other, Document("c.json", raw)]), tmp_path)
    assert len(rows(tmp_path, "rejects", "source")) == 2

    da.erase(tmp_path, contact_id=ADA)

    assert rows(tmp_path, "rejects", "source") == [("b.json",)]


@pytest.mark.parametrize("who", [{}, {"email": " "}])
def test_nobody_is_not_erased(who: dict[str, Any], archive: Path) -> None:
    with pytest.raises(InputError) as caught:
        da.erase(archive, **who)

    assert str(caught.value) == (
        "Nobody to erase was named.\nTry: contact_id=... or email=..., or both."
    )


def test_a_folder_that_is_no_archive_is_not_made_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        da.erase(tmp_path, contact_id=1)

    assert str(caught.value) == (
        f"'{tmp_path}' is no archive.\n"
        "There is no archive.json in it.\n"
        "Try: the folder that write_archive(dataset, path) made, or load(path) for JSON."
    )
    assert list(tmp_path.iterdir()) == []


def test_conversations_of_the_bulk_export_are_told_by_their_address(tmp_path: Path) -> None:
    head = b"convo_id,createdat_date,updatedat_date,participant,transcriptObject\n"
    moments = b"2019-09-08T06:00:00.000Z,2019-09-08T06:05:59.000Z"
    whose = (b"Ada@example.com", b"nada@example.com", b"joe@example.com ada@example.com")
    text = b"".join(b'%d,%s,%s,"I am Ada"\n' % (n, moments, who) for n, who in enumerate(whose))
    da.write_archive(tables_of([Document("export.csv", head + text)]), tmp_path)

    report = da.erase(tmp_path, email="ada@example.com")

    assert report.filter(pl.col("removed") > 0).rows() == [("conversations", 2, 0)]
    assert rows(tmp_path, "conversations", "conversation_id") == [(1,)]
    assert "joe@example.com" not in everything(tmp_path)
