from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.errors import SourceError
from drift_analysis.sources import rounds
from drift_analysis.sources.archive import piles, shares, spill, strays
from drift_analysis.sources.archive.build import build
from drift_analysis.sources.archive.layout import ARCHIVED, HOMES
from drift_analysis.sources.archive.spill import Spill
from drift_analysis.sources.framing.frames import Placing
from drift_analysis.sources.framing.pieces import pieces
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of
from drift_analysis.sources.reading import Reading

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
T = 1_780_000_000_000
FETCHED = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put every document aside by itself, and work on every conversation by itself."""
    monkeypatch.setattr(rounds, "AT_ONCE", 1)
    monkeypatch.setattr(spill, "CHUNK_BYTES", 1)
    monkeypatch.setattr(shares, "SHARE_BYTES", 1)
    monkeypatch.setattr(strays, "_AT_ONCE", 3)


def archived(path: Path) -> dict[str, pl.DataFrame]:
    dataset = da.scan_archive(path)
    return {
        name: getattr(dataset, name).collect().sort(table.primary_key() or table.column_names())
        for name, table in ARCHIVED.items()
    }


def files(path: Path) -> dict[str, bytes]:
    found = (file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}


def saved(folder: Path, *documents: Any) -> Path:
    """Write documents as files: one list each, every second one a record per line."""
    folder.mkdir(parents=True)
    for number, found in enumerate(documents):
        text = "\n".join(map(json.dumps, found)) if number % 2 else json.dumps(found)
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    return folder


def as_written(source: Any, path: Path, **options: Any) -> dict[str, bytes]:
    """Load and then write, all at once; return the files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "SHARE_BYTES", 2**30)
        da.write_archive(da.load(source, **options), path)
    return files(path)


def conversation(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int, conversation: int, **more: Any) -> dict[str, Any]:
    base = {"id": number, "conversationId": conversation, "type": "chat", "body": "hi"}
    return base | {"author": {"type": "contact", "id": 9}, "createdAt": T + 5} | more


USER = {"id": 5, "name": "Ada Invented", "bot": False, "availability": "OFFLINE"}


def edit(number: int, target: int, conversation: int, **more: Any) -> dict[str, Any]:
    return message(number, conversation, type="edit", editedMessageId=target, **more) | {
        "createdAt": T + number
    }


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Records of few things, so that they repeat, contradict and change one another."""
    few = st.sampled_from([1, 2, 17, 33])  # of 16 partitions, three lie in one
    moments = st.integers(0, 3).map(lambda n: T + 1000 * n)
    kinds = [
        st.builds(
            conversation,
            few,
            status=st.sampled_from(["open", "closed", "strange"]),
            updatedAt=st.one_of(st.none(), moments),
            createdAt=moments,
            note=st.sampled_from("ab"),
        ),
        st.builds(message, st.integers(1, 6), few, body=st.sampled_from("xy"), createdAt=moments),
        st.builds(
            edit,
            st.integers(5, 8),
            st.integers(1, 9),
            few,
            editType=st.sampled_from(["REPLACE_BODY", "DELETE"]),
            body=st.sampled_from("xy"),
        ),
        st.builds(
            lambda n, status, at: {
                "orgId": 5,
                "type": "conversation_status_updated",
                "data": {"conversationId": n, "status": status, "changedAt": at},
            },
            few,
            st.sampled_from(["open", "closed"]),
            moments,
        ),
        st.builds(
            lambda n, status: {
                "orgId": 5,
                "type": "new_conversation",
                "data": conversation(n, status=status),
            },
            few,
            st.sampled_from(["open", "closed"]),
        ),
        st.builds(
            lambda n, name: {"id": n, "attributes": {"name": name}}, few, st.sampled_from("ab")
        ),
        st.builds(
            lambda n, c: {
                "eventId": f"e{n}",
                "conversationId": c,
                "schedulerId": 9,
                "status": "ACTIVE",
            },
            few,
            st.one_of(st.none(), few),
        ),
        st.builds(lambda n: {"id": n}, few),
    ]
    return draw(st.lists(st.one_of(kinds), max_size=9))


@settings(max_examples=10, deadline=None)
@given(
    new=st.lists(records(), min_size=1, max_size=4),
    before=st.lists(records(), max_size=2),
    fetched_at=st.sampled_from([None, FETCHED]),
    small=st.booleans(),
)
@pytest.mark.usefixtures("tiny")
def test_loading_into_an_archive_is_loading_and_then_writing(
    new: list[list[dict[str, Any]]],
    before: list[list[dict[str, Any]]],
    fetched_at: datetime | None,
    *,
    small: bool,
) -> None:
    with TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        folder = Path(temporary)
        source = saved(folder / "new", *new, [USER])
        if small:
            patch.setattr(piles, "FILE_BYTES", 400)
        if any(before):
            export = [*(record for found in before for record in found), conversation(2)]
            assert as_written(export, folder / "one") == as_written(export, folder / "other")
        expected = as_written(source, folder / "one", fetched_at=fetched_at)

        da.load_archive(source, folder / "other", fetched_at=fetched_at)

        one, other = archived(folder / "one"), archived(folder / "other")
        for name in ARCHIVED:
            assert_frame_equal(other[name], one[name])
        assert files(folder / "other") == expected


def test_the_sample_comes_out_the_same_to_the_byte_however_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = as_written(SAMPLE, tmp_path / "whole")
    monkeypatch.setattr(spill, "CHUNK_BYTES", 300_000)
    monkeypatch.setattr(shares, "SHARE_BYTES", 700_000)

    da.load_archive(SAMPLE, tmp_path / "parts")
    loaded = files(tmp_path / "parts")
    da.load_archive(SAMPLE, tmp_path / "parts")
    again = files(tmp_path / "parts")
    da.write_archive(da.scan_archive(tmp_path / "parts"), tmp_path / "parts")
    rewritten = files(tmp_path / "parts")
    da.write_archive(da.load(SAMPLE), tmp_path / "written")

    assert loaded == again == rewritten == files(tmp_path / "written") == expected


def test_it_returns_what_scanning_the_archive_gives(tmp_path: Path) -> None:
    archive = da.load_archive([conversation(1)], tmp_path, fetched_at=FETCHED)

    assert isinstance(archive.conversations, pl.LazyFrame)
    assert archive.conversations.select("conversation_id", "fetched_at").collect().rows() == [
        (1, FETCHED)
    ]
    assert archive.as_of == FETCHED


@pytest.mark.usefixtures("tiny")
def test_a_message_told_with_two_conversations_is_one_row(tmp_path: Path) -> None:
    source = saved(tmp_path / "new", [message(7, 1)], [message(7, 2, orgId=5)], [conversation(3)])

    messages = da.load_archive(source, tmp_path / "archive").messages

    expected = da.load(source).messages
    assert expected.select("message_id", "conversation_id").rows() == [(7, 2)]
    assert_frame_equal(messages.collect(), expected)


@pytest.mark.usefixtures("tiny")
def test_an_edit_changes_a_message_of_another_conversation(tmp_path: Path) -> None:
    da.load_archive([message(1, 1), message(2, 2)], tmp_path / "archive")
    change = edit(8, 1, 2, editType="REPLACE_BODY", body="<b>new</b>")

    archive = da.load_archive([change, edit(9, 99, 3, body="x")], tmp_path / "archive")

    assert archive.messages.select("message_id", "text", "n_edits").collect().sort(
        "message_id"
    ).rows() == [(1, "new", 1), (2, "hi", 0), (8, "new", 0), (9, "x", 0)]
    assert archive.issues.select("code", "message_id", "n").collect().rows() == [
        ("edit_without_target", 9, 1)
    ]


@pytest.mark.usefixtures("tiny")
def test_a_reply_that_was_put_aside_in_parts_still_tells_one_moment(tmp_path: Path) -> None:
    at_once = [conversation(n, updatedAt=T + 1000 * n) for n in (1, 2, 3)]
    over_time = [conversation(n, updatedAt=T + 10_000 + n) for n in (1, 1, 2, 3)]
    over_time[1]["updatedAt"] = T + 20_000
    last = [conversation(n, updatedAt=T + 90_000) for n in (1, 2, 3)]
    documents = [
        Document(f"{n}.json", json.dumps(found).encode())
        for n, found in enumerate([at_once, over_time, last])
    ]
    reading, spilled = Reading(), Spill(tmp_path, 16)

    placing = Placing()
    for document in documents:
        reading.begin(document)
        for piece in pieces(document):
            for framed in placing.each(piece):
                reading.take(document, framed)
                spilled.watch(reading)
    assert placing.number == 10
    spilled.end(reading)
    build(tmp_path, [spilled], 16)

    expected = tables_of(documents).status_events
    assert expected["latest_at"].n_unique() == 5
    assert_frame_equal(archived(tmp_path)["status_events"], expected)


@pytest.mark.usefixtures("tiny")
def test_what_is_said_of_the_whole_load_is_counted_over_all_of_it(tmp_path: Path) -> None:
    page = {"data": [conversation(4), {"id": 5}], "pagination": {"more": True, "next": "7"}}
    late = [conversation(n, updatedAt=T - 5, createdAt=T) for n in (1, 2, 3)]
    source = saved(tmp_path / "new", late, [conversation(1, status="new")], page)
    (tmp_path / "new" / "notes.docx").write_bytes(b"")

    archive = da.load_archive(source, tmp_path / "archive")

    issues = da.load(source).issues
    assert issues.filter(code="updated_before_created")["n"].to_list() == [2]
    assert {"page_missing", "file_skipped", "unknown_status"} <= set(issues["code"])
    assert_frame_equal(archive.issues.collect(), issues, check_row_order=False)
    assert archive.rejects.collect().height == 1


@pytest.mark.parametrize("share_bytes", [1, 2**24])
def test_exports_that_contradict_each_other_are_reported_when_they_meet(
    share_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "SHARE_BYTES", share_bytes)
    da.load_archive([conversation(1), message(7, 1), message(8, 1)], tmp_path)
    other = [conversation(1, status="closed"), message(7, 2), message(8, 1, body="other")]
    for _ in range(2):
        da.load_archive([*other, conversation(2)], tmp_path)

    issues = da.scan_archive(tmp_path).issues.filter(code="contradicting_exports")

    assert issues.select("severity", "table", "conversation_id", "n").collect().rows() == [
        ("warning", "conversations", 1, 1),
        ("warning", "messages", None, 2),
    ]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("share", [0.2, 0.8])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, ZeroDivisionError])
def test_a_load_that_is_stopped_leaves_the_archive_as_it_was(
    share: float, kind: type[BaseException], tmp_path: Path
) -> None:
    da.load_archive([conversation(1)], tmp_path / "archive")
    before = files(tmp_path / "archive")
    source = saved(tmp_path / "new", *([conversation(n), message(n, n)] for n in range(20)))
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append(set(files(tmp_path / "archive")) - set(before))
        if done >= share * total:
            raise kind

    with pytest.raises(kind):
        da.load_archive(source, tmp_path / "archive", progress=stop)

    assert any(seen)
    assert files(tmp_path / "archive") == before
    assert not (tmp_path / "archive" / ".spill").exists()


def test_the_first_half_of_progress_is_reading_and_the_second_writing(tmp_path: Path) -> None:
    source = saved(tmp_path / "new", *([conversation(n)] for n in range(3)))
    size = sum(map(len, files(source).values()))
    told: list[tuple[int, int]] = []

    da.load_archive(source, tmp_path / "archive", progress=lambda *pair: told.append(pair))

    assert told == sorted(told)
    assert {total for _, total in told} == {2 * size}
    assert (size, 2 * size) in told
    assert told[-1] == (2 * size, 2 * size)


@pytest.mark.parametrize(
    ("label", "load"),
    [
        ("Archiving", lambda folder: da.load_archive([conversation(1)], folder, progress=True)),
        ("Reading", lambda _: da.load([conversation(1)], progress=True)),
    ],
)
def test_a_bar_is_shown_if_asked_for(
    label: str, load: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path)

    assert label in capsys.readouterr().err


@pytest.mark.usefixtures("tiny")
def test_a_source_with_nothing_of_drift_is_refused_in_the_words_of_load(tmp_path: Path) -> None:
    source = saved(tmp_path / "new", [{"name": "Ada"}], [{"name": "Bob"}])
    with pytest.raises(SourceError) as of_load:
        da.load(source)

    with pytest.raises(SourceError) as of_archive:
        da.load_archive(source, tmp_path / "archive")

    assert str(of_archive.value) == str(of_load.value)
    assert list(files(tmp_path / "archive")) == [".lock"]


def test_strict_stops_at_the_first_reject_and_adds_nothing(tmp_path: Path) -> None:
    da.load_archive([conversation(1)], tmp_path)
    before = files(tmp_path)
    with pytest.raises(SourceError) as of_load:
        da.load([conversation(2), {"id": 3}], strict=True)

    with pytest.raises(SourceError) as of_archive:
        da.load_archive([conversation(2), {"id": 3}], tmp_path, strict=True)

    assert str(of_archive.value) == str(of_load.value)
    assert files(tmp_path) == before


def test_what_a_kill_left_of_a_load_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".spill" / "messages-07-000012.parquet"
    left.parent.mkdir()
    left.write_bytes(b"half")

    da.load_archive([conversation(1)], tmp_path)

    assert not left.parent.exists()


WEIGHTS = st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 5), st.integers(0, 9)), max_size=12)


@settings(deadline=None)
@given(WEIGHTS, WEIGHTS)
def test_every_row_is_in_exactly_one_share(
    talks: list[tuple[int, int, int]], people: list[tuple[int, int, int]]
) -> None:
    def weighed(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
        return pl.DataFrame(rows, schema=shares.NO_SAMPLES.schema, orient="row")

    weights = dict.fromkeys(HOMES, shares.NO_SAMPLES)
    weights["messages"] = weighed(talks)
    weights["users"] = weighed([(0, home, size) for _, home, size in people])
    rows = {
        "meetings": pl.DataFrame({"conversation_id": [None, *range(-9, 20)]}),
        "messages": pl.DataFrame({"conversation_id": range(-9, 20)}),
        "users": pl.DataFrame({"user_id": range(-9, 20)}),
    }

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "SHARE_BYTES", 10)
        found = shares.shares_of(weights, 4)

    for name, frame in rows.items():
        holds = [share.holds(name, 4) for share in found if name in share.tables]
        counts = pl.sum_horizontal(each.cast(pl.Int8) for each in holds)
        assert frame.with_columns(_n=counts)["_n"].to_list() == [1] * frame.height
