from __future__ import annotations

import errno
import json
import os
import resource
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.errors import InputError, SourceError
from drift_analysis.sources.archive.layout import ARCHIVED, BUCKETS, schema_version
from drift_analysis.sources.checks import CODES
from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
T = 1_780_000_000_000
FIRST_DAY = datetime(2026, 6, 1, 10, tzinfo=UTC)
ANEW = "Try: writing a new archive from the exports, or the drift_analysis that wrote it."


@pytest.fixture(scope="module")
def sample() -> da.Dataset[pl.DataFrame]:
    return da.load(SAMPLE)


def conversation(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int = 1, **more: Any) -> dict[str, Any]:
    author = {"type": "contact", "id": 9}
    base = {"id": number, "conversationId": 1, "type": "chat", "body": "hi", "createdAt": T + 5}
    return base | {"author": author} | more


def edit(number: int, target: int, body: str) -> dict[str, Any]:
    return message(
        number, type="edit", editedMessageId=target, editType="REPLACE_BODY", body=body
    ) | {"createdAt": T + number}


def day(n: int) -> datetime:
    return FIRST_DAY + timedelta(days=n)


def export(n: int, records: list[dict[str, Any]]) -> Document:
    return Document(f"day{n}.json", json.dumps(records).encode(), fetched_at=day(n))


def archived(path: Path) -> dict[str, pl.DataFrame]:
    dataset = da.scan_archive(path)
    return {name: sort(name, getattr(dataset, name).collect()) for name in ARCHIVED}


def sort(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(ARCHIVED[name].primary_key() or ARCHIVED[name].column_names())


def assert_holds(path: Path, dataset: da.Dataset[pl.DataFrame]) -> None:
    of_states = pl.col("code").is_in(["contradicting_repeats", "contradicting_exports"])
    for name, frame in archived(path).items():
        expected = sort(name, getattr(dataset, name))
        if name == "issues":
            frame, expected = (each.filter(~of_states) for each in (frame, expected))
        assert_frame_equal(frame, expected)
    assert da.scan_archive(path).as_of == dataset.as_of


def files(path: Path) -> dict[str, bytes]:
    found = (file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}


def change_manifest(path: Path, **values: Any) -> None:
    manifest = json.loads((path / "archive.json").read_bytes())
    (path / "archive.json").write_text(json.dumps(manifest | values), encoding="utf-8")


def test_what_was_loaded_comes_back_whole(sample: da.Dataset[pl.DataFrame], tmp_path: Path) -> None:
    da.write_archive(sample, tmp_path / "new" / "archive")

    assert_holds(tmp_path / "new" / "archive", sample)


def test_nothing_at_all_comes_back_as_empty_tables(tmp_path: Path) -> None:
    nothing = tables_of([])

    da.write_archive(nothing, tmp_path)

    assert_holds(tmp_path, nothing)


def test_an_archive_can_be_named_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    da.write_archive(da.load([{"id": 1, "status": "open", "createdAt": 1_600_000_000_000}]), "here")

    assert da.scan_archive("here").conversations.collect().height == 1
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_an_archive_is_not_loaded_as_an_export_and_it_says_what_reads_it(tmp_path: Path) -> None:
    da.write_archive(da.load([{"id": 1, "status": "open", "createdAt": T}]), tmp_path)
    with pytest.raises(SourceError) as caught:
        da.load(str(tmp_path))
    assert str(caught.value) == f"{tmp_path}: it is an archive.\nTry: da.scan_archive(path)."


def test_writing_the_same_again_changes_no_byte(
    sample: da.Dataset[pl.DataFrame], tmp_path: Path
) -> None:
    da.write_archive(sample, tmp_path)
    before = files(tmp_path)

    da.write_archive(sample, tmp_path)
    again = files(tmp_path)
    da.write_archive(da.scan_archive(tmp_path), tmp_path)

    assert again == before
    assert files(tmp_path) == before


def test_all_rows_of_a_conversation_lie_in_the_same_partition_of_plain_parquet(
    sample: da.Dataset[pl.DataFrame], tmp_path: Path
) -> None:
    da.write_archive(sample, tmp_path)

    for name in ("conversations", "messages", "status_events", "participant_events", "goals"):
        parts = {
            int(folder.name.removeprefix("bucket=")): pl.read_parquet(
                folder / "*.parquet", hive_partitioning=False
            )
            for folder in (tmp_path / name).iterdir()
        }
        for number, part in parts.items():
            assert set(part["conversation_id"] % BUCKETS) == {number}
            assert part.columns == [*ARCHIVED[name].column_names(), "_fetched_at"]
        assert sum(part.height for part in parts.values()) == getattr(sample, name).height


def test_metrics_of_the_archive_are_those_of_the_frames(
    sample: da.Dataset[pl.DataFrame], tmp_path: Path
) -> None:
    da.write_archive(sample, tmp_path)
    lazy, as_of = da.scan_archive(tmp_path), sample.as_of
    assert as_of is not None

    def all_metrics(d: Any) -> list[Any]:
        intervals = da.status_intervals(
            d.conversations, messages=d.messages, status_events=d.status_events, as_of=as_of
        )
        return [
            intervals,
            da.time_in_status(intervals),
            da.first_response(d.messages, as_of=as_of),
            da.response_turns(d.messages, as_of=as_of),
            da.tag_frequency(d.conversations, every="1w"),
            da.playbook_attribution(
                d.conversations,
                messages=d.messages,
                playbooks=d.playbooks,
                meetings=d.meetings,
                goals=d.goals,
                as_of=as_of,
            ),
        ]

    for plan, frame in zip(all_metrics(lazy), all_metrics(sample), strict=True):
        assert isinstance(plan, pl.LazyFrame)
        assert_frame_equal(plan.collect(), frame)
        assert_frame_equal(plan.collect(engine="streaming"), frame)


def test_daily_exports_leave_older_states_as_evidence(tmp_path: Path) -> None:
    states = ("open", "pending", "closed")
    for n, status in enumerate(states):
        changed = int(day(n).timestamp() * 1000) - 3_600_000
        da.write_archive(
            tables_of([export(n, [conversation(status=status, updatedAt=changed)])]), tmp_path
        )

    archive = da.scan_archive(tmp_path)
    hour = timedelta(hours=1)
    assert archive.conversations.select("status", "fetched_at").collect().rows() == [
        ("closed", day(2))
    ]
    assert archive.status_events.select(
        "status", "source", "earliest_at", "latest_at"
    ).collect().rows() == [
        ("open", "snapshot", day(0) - hour, day(0)),
        ("pending", "snapshot", day(1) - hour, day(1)),
    ]


def test_an_edit_changes_a_message_that_was_written_before(tmp_path: Path) -> None:
    da.write_archive(tables_of([export(0, [message(1), message(2)])]), tmp_path)
    da.write_archive(tables_of([export(1, [edit(3, 1, "<b>hello</b>")])]), tmp_path)
    da.write_archive(tables_of([export(2, [message(1)])]), tmp_path)

    texts = da.scan_archive(tmp_path).messages.select("message_id", "body", "text", "n_edits")
    assert texts.collect().sort("message_id").rows() == [
        (1, "hi", "hello", 1),
        (2, "hi", "hi", 0),
        (3, "<b>hello</b>", "hello", 0),
    ]


def test_a_state_that_only_a_webhook_told_stays_one(tmp_path: Path) -> None:
    told = {"orgId": 5, "type": "new_conversation", "data": conversation(status="pending")}
    webhook = Document("log.json", json.dumps(told).encode())
    listed = export(0, [conversation()])

    da.write_archive(tables_of([webhook]), tmp_path)
    da.write_archive(tables_of([webhook]), tmp_path)
    assert_holds(tmp_path, tables_of([webhook]))
    da.write_archive(tables_of([listed]), tmp_path)

    assert_holds(tmp_path, tables_of([webhook, listed]))


def test_rejects_and_repairs_are_kept_once_and_suspicions_worked_out_anew(tmp_path: Path) -> None:
    odd = Document(
        "odd.json", json.dumps([message(7), {"id": 2}, conversation(3, status="x")]).encode()
    )
    rest = Document("rest.json", json.dumps([conversation(1)]).encode())

    for document in (odd, odd, rest):
        da.write_archive(tables_of([document]), tmp_path)

    tables = archived(tmp_path)
    assert tables["rejects"].select("source", "index", "raw").rows() == [
        ("odd.json", 1, b'{"id": 2}')
    ]
    assert tables["issues"]["code"].to_list() == ["unknown_status"]


def test_every_suspicion_is_known_by_its_code() -> None:
    late = message(1, createdAt=T - 1)
    page = [message(n, conversationId=2) for n in range(100, 150)]
    records = [conversation(updatedAt=T - 5), late, edit(900, 800, "x"), *page]

    found = da.load(records).issues["code"].to_list()

    assert sorted(found) == sorted(CODES)


def test_a_value_that_came_back_is_the_newest_in_the_archive_and_when_loaded(
    tmp_path: Path,
) -> None:
    found = [export(n, [conversation(note=note)]) for n, note in enumerate("aba")]

    for document in found:
        da.write_archive(tables_of([document]), tmp_path)

    together = tables_of(found)
    assert together.conversations["extra"].to_list() == ['{"note":"a"}']
    assert_holds(tmp_path, together)


def test_states_that_lie_in_one_file_as_they_once_did_are_read(tmp_path: Path) -> None:
    first = [export(n, [conversation(status=s)]) for n, s in enumerate(["open", "pending"])]
    for document in first:
        da.write_archive(tables_of([document]), tmp_path)
    states = json.loads((tmp_path / "archive.json").read_bytes())["states"]
    moved = [name.replace("/bucket=01", "") for name in states["conversations"]]
    for name, to in zip(states["conversations"], moved, strict=True):
        (tmp_path / name).rename(tmp_path / to)
    change_manifest(tmp_path, states=states | {"conversations": moved})

    third = export(2, [conversation(status="closed")])
    da.write_archive(tables_of([third]), tmp_path)

    assert moved != states["conversations"]
    assert_holds(tmp_path, tables_of([*first, third]))


@st.composite
def exports(draw: st.DrawFn) -> list[Document]:
    """Several exports of different days, in each of which a thing has one state."""
    found = []
    for n in range(draw(st.integers(1, 3))):
        records: list[dict[str, Any]] = []
        for number in draw(st.sets(st.integers(1, 3))):
            state = conversation(
                number,
                status=draw(st.sampled_from(["open", "closed", "pending"])),
                updatedAt=T + 1000 * draw(st.integers(0, 3)),
            )
            if draw(st.booleans()):
                state["conversationTags"] = [{"name": draw(st.sampled_from("ab"))}]
            records.append(state)
        for number in draw(st.sets(st.integers(1, 3))):
            more: dict[str, Any] = draw(st.sampled_from([{}, {"orgId": 5}, {"body": "other"}]))
            records.append(message(number, conversationId=number, **more))
        body = draw(st.sampled_from(["x", "y"]))
        records += [edit(n, n - 10, body) for n in draw(st.sets(st.integers(11, 12)))]
        for number in draw(st.sets(st.integers(1, 2))):
            name = draw(st.sampled_from(["Ada", "Bob"]))
            records.append({"id": number, "attributes": {"name": name}})
        found.append(export(n, records))
    return found


@settings(max_examples=15, deadline=None)
@given(exports(), st.randoms())
def test_writing_exports_in_any_order_is_loading_them_together(
    found: list[Document], chance: Any
) -> None:
    written = [*found, *found[:1]]
    chance.shuffle(written)

    with TemporaryDirectory() as folder:
        for document in written:
            da.write_archive(tables_of([document]), folder)

        assert_holds(Path(folder), tables_of(found))


def test_a_path_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere", SAMPLE / "users.json"):
        with pytest.raises(SourceError) as caught:
            da.scan_archive(path)

        assert str(caught.value) == (
            f"'{path}' is no archive.\n"
            "There is no archive.json in it.\n"
            "Try: the folder that write_archive(dataset, path) made, or load(path) for JSON."
        )


def test_a_manifest_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.json").write_text('{"name": "mine"}', encoding="utf-8")

    with pytest.raises(SourceError) as caught:
        da.scan_archive(tmp_path)

    assert str(caught.value) == (
        f"'{tmp_path}' is no archive.\n"
        "Its archive.json is not one that write_archive wrote.\n"
        "Try: copying the archive again, or writing it anew from the exports."
    )


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.json").mkdir()

    with pytest.raises(SourceError) as caught:
        da.scan_archive(tmp_path)

    assert str(caught.value) == (
        f"The archive '{tmp_path}' cannot be read.\n"
        f"The system says: {os.strerror(errno.EISDIR)}.\n"
        "Try: with the right to read all of the folder."
    )


def test_another_format_is_refused(tmp_path: Path) -> None:
    da.write_archive(tables_of([]), tmp_path)
    change_manifest(tmp_path, format=2)

    with pytest.raises(SourceError) as caught:
        da.scan_archive(tmp_path)

    assert str(caught.value) == (
        f"The archive '{tmp_path}' has another format.\n"
        f"It has format 2; this drift_analysis reads format 1.\n{ANEW}"
    )


@pytest.mark.parametrize("have", ["0123456789ab", None])
def test_another_schema_is_refused_and_nothing_written(have: str | None, tmp_path: Path) -> None:
    da.write_archive(tables_of([]), tmp_path)
    versions = {name: schema_version(table) for name, table in ARCHIVED.items()}
    if have:
        change_manifest(tmp_path, schemas=versions | {"messages": have})
    else:
        change_manifest(tmp_path, schemas={"conversations": versions["conversations"]})
    before = files(tmp_path)

    for attempt in (da.scan_archive, lambda path: da.write_archive(tables_of([]), path)):
        with pytest.raises(SourceError) as caught:
            attempt(tmp_path)

        assert str(caught.value) == (
            f"The archive '{tmp_path}' was written with another schema of messages.\n"
            f"Its schema version is {have or 'missing'}; "
            f"this drift_analysis has {versions['messages']}.\n{ANEW}"
        )
    assert files(tmp_path) == before


def test_a_file_that_is_gone_or_damaged_is_said(tmp_path: Path) -> None:
    dataset = tables_of([export(0, [conversation()])])
    da.write_archive(dataset, tmp_path)
    part = next((tmp_path / "conversations" / "bucket=01").iterdir())

    part.write_bytes(b"PAR1 no more")
    with pytest.raises(SourceError) as damaged:
        da.write_archive(dataset, tmp_path)
    part.unlink()
    with pytest.raises(SourceError) as gone:
        da.scan_archive(tmp_path)

    assert str(damaged.value) == (
        f"The archive '{tmp_path}' cannot be read.\n"
        "One of its Parquet files is damaged.\n"
        "Try: copying the archive again, or writing it anew from the exports."
    )
    assert str(gone.value) == (
        f"The archive '{tmp_path}' is not whole.\n"
        f"1 of its files are missing, such as '{part.relative_to(tmp_path).as_posix()}'.\n"
        "Try: copying the archive again, or writing it anew from the exports."
    )


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError) as caught:
        da.write_archive(tables_of([]), tmp_path)

    assert str(caught.value) == (
        f"The folder '{tmp_path}' is neither empty nor an archive.\n"
        "There is no archive.json in it.\n"
        "Try: a new folder."
    )
    assert files(tmp_path) == {"thesis.txt": b"mine"}


def test_what_a_kill_left_is_removed_by_the_next_write_and_nothing_else(tmp_path: Path) -> None:
    left = ["messages/bucket=01/.0123456789abcdef.parquet.part", "users/0123456789abcdef.parquet"]
    mine = ["users/mine.parquet", "messages/bucket=01/notes.part"]
    for name in [*left, *mine]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"half")

    da.write_archive(tables_of([export(0, [conversation()])]), tmp_path)

    assert not any((tmp_path / name).exists() for name in left)
    assert all((tmp_path / name).exists() for name in mine)


def test_a_folder_that_may_not_be_written_to_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        da.write_archive(tables_of([]), "/proc/nowhere")

    assert str(caught.value) == (
        "Cannot write to the archive '/proc/nowhere'.\n"
        f"The system says: {os.strerror(errno.ENOENT)}. What was in it before is whole.\n"
        "Try: again with a disk that has room, in a folder that you may write to."
    )


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take away the right to write to a folder and all in it, also from root."""
    inside = [folder, *folder.rglob("*")]
    is_root = os.geteuid() == 0
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_an_archive_that_may_only_be_read_is_read_and_stays_as_it_is() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        da.write_archive(tables_of([export(0, [conversation()])]), folder)
        before = files(folder)
        with read_only(folder):
            assert da.scan_archive(folder).conversations.collect().height == 1
            for change in (
                lambda: da.write_archive(tables_of([export(1, [conversation(2)])]), folder),
                lambda: da.load_archive([conversation(2)], folder),
                lambda: da.erase(folder, contact_id=3),
            ):
                with pytest.raises(SourceError) as caught:
                    change()
                assert str(caught.value) == (
                    f"Cannot write to the archive '{folder}'.\n"
                    f"The system says: {os.strerror(errno.EACCES)}. "
                    "What was in it before is whole.\n"
                    "Try: again with a disk that has room, in a folder that you may write to."
                )
        assert files(folder) == before


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Set a limit that makes the same kind of error as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("limit", [100, 12_000])
def test_a_full_disk_leaves_the_archive_as_it_was(
    limit: int, sample: da.Dataset[pl.DataFrame], tmp_path: Path
) -> None:
    first = tables_of([export(0, [conversation()])])
    da.write_archive(first, tmp_path)

    with no_file_larger_than(limit), pytest.raises(SourceError) as caught:
        da.write_archive(sample, tmp_path)

    assert str(caught.value) == (
        f"Cannot write to the archive '{tmp_path}'.\n"
        f"The system says: {os.strerror(errno.EFBIG)}. What was in it before is whole.\n"
        "Try: again with a disk that has room, in a folder that you may write to."
    )
    assert_holds(tmp_path, first)


@pytest.mark.parametrize("limit", [2000, 30_000])
def test_a_full_disk_while_loading_leaves_the_archive_as_it_was(limit: int, tmp_path: Path) -> None:
    first = tables_of([export(0, [conversation()])])
    da.write_archive(first, tmp_path)
    before = files(tmp_path)

    with no_file_larger_than(limit), pytest.raises(SourceError) as caught:
        da.load_archive(SAMPLE, tmp_path)

    assert str(caught.value) == (
        f"Cannot write to the archive '{tmp_path}'.\n"
        f"The system says: {os.strerror(errno.EFBIG)}. What was in it before is whole.\n"
        "Try: again with a disk that has room, in a folder that you may write to."
    )
    assert files(tmp_path) == before


def test_a_full_disk_at_the_switch_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    first = tables_of([export(0, [])])
    da.write_archive(first, tmp_path)

    with no_file_larger_than(500), pytest.raises(SourceError):
        da.write_archive(first, tmp_path)

    assert_holds(tmp_path, first)


def test_two_writers_at_once_are_not_let_in(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    da.write_archive(tables_of([]), tmp_path)

    with (tmp_path / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SourceError) as caught:
            da.write_archive(tables_of([]), tmp_path)

    assert str(caught.value) == (
        f"The archive '{tmp_path}' is being written to.\n"
        "Another process, or another thread, is adding to it or erasing from it.\n"
        "Try: again when that is done."
    )


def test_files_of_before_that_cannot_be_removed_are_said(tmp_path: Path) -> None:
    da.write_archive(tables_of([]), tmp_path)
    (tmp_path / "users" / "0123456789abcdef.parquet").mkdir(parents=True)

    with pytest.raises(SourceError) as caught:
        da.write_archive(tables_of([]), tmp_path)

    assert str(caught.value) == (
        f"The archive '{tmp_path}' was written, but still holds files of before.\n"
        f"The system says: {os.strerror(errno.EISDIR)}.\n"
        "Try: writing or erasing once more, with the right to remove files."
    )
