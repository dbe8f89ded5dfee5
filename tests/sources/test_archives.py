from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from drift_analysis.errors import SourceError
from drift_analysis.sources import load
from drift_analysis.sources.framing import archives, unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from pathlib import Path

T = 1_567_922_759_384
LARGER = "Try: a larger limit if you trust the file, or unpack it yourself and load the result."
CUT = "The archive is damaged within this member; what came before was read."


def record(number: int) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + number}


def lines(*numbers: int) -> bytes:
    return b"".join(json.dumps(record(number)).encode() + b"\n" for number in numbers)


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def conversations(data: bytes) -> list[tuple[int, str]]:
    return load(data).conversations.select("conversation_id", "source").rows()


def rejected(data: bytes) -> list[tuple[str, str, str]]:
    return load(data).rejects.select("source", "reason", "detail").rows()


def refusal(source: Any) -> str:
    with pytest.raises(SourceError) as caught:
        load(source)
    return str(caught.value)


MEMBERS = {"a.json": lines(1), "deep/er/b.ndjson": lines(2, 3), "../x.json": lines(4)}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(zipped(MEMBERS), id="zip"),
        pytest.param(zipped(MEMBERS, zipfile.ZIP_STORED), id="zip-stored"),
        pytest.param(zipped(MEMBERS, zipfile.ZIP_BZIP2), id="zip-bzip2"),
        pytest.param(zipped(MEMBERS, zipfile.ZIP_LZMA), id="zip-lzma"),
        pytest.param(tarred(MEMBERS), id="tar"),
        pytest.param(tarred(MEMBERS, "w:gz"), id="tar.gz"),
        pytest.param(zstd.compress(tarred(MEMBERS)), id="tar.zst"),
        pytest.param(gzip.compress(zipped(MEMBERS)), id="zip.gz"),
    ],
)
def test_the_members_of_an_archive_are_read_under_its_name(data: bytes, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "all.zip").write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    for source in (inside, inside / "all.zip"):
        name = f"{inside}/all.zip!"
        assert load(source).conversations.select("conversation_id", "source").rows() == [
            (1, name + "a.json"),
            (2, name + "deep/er/b.ndjson"),
            (3, name + "deep/er/b.ndjson"),
            (4, name + "../x.json"),
        ]
    assert sorted(tmp_path.rglob("*")) == before


def test_zstandard_is_unpacked_also_in_several_frames() -> None:
    packed = zstd.compress(lines(1)) + zstd.compress(b"") + zstd.compress(lines(2))
    assert conversations(packed) == [(1, "bytes"), (2, "bytes")]


def test_zstandard_that_is_cut_off_gives_what_it_held() -> None:
    dataset = load(zstd.compress(lines(*range(0, 500 * 7919, 7919)) * 3 + lines(9) * 4000)[:-20])
    assert dataset.conversations.height > 0
    assert dataset.rejects["detail"].to_list()[-1] == (
        "The zstandard data has no end; what it held was read."
    )


SKIPPED = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"


@pytest.mark.parametrize(
    ("behind", "bad"),
    [
        (b"junk", "The last 4 byte(s) of the packed data are no zstandard data."),
        (b"\x28\xb5", "The last 2 byte(s) of the packed data are no zstandard data."),
        (SKIPPED[:-1], "The zstandard data has no end; what it held was read."),
        (b"\0" * 8, None),
        (SKIPPED, None),
    ],
)
def test_bytes_behind_the_last_frame_of_zstandard_are_named(behind: bytes, bad: str | None) -> None:
    dataset = load(SKIPPED + zstd.compress(lines(1)) + behind)
    assert dataset.conversations.height == 1
    assert dataset.rejects["detail"].to_list() == ([bad] if bad else [])


def test_damaged_zstandard_gives_what_came_before() -> None:
    damaged = bytearray(zstd.compress(lines(2)))
    damaged[4] |= 8
    data = zstd.compress(lines(1)) + damaged
    assert conversations(data) == [(1, "bytes")]
    assert rejected(data) == [
        ("bytes", "truncated", "The zstandard data is damaged; what came before was read.")
    ]


def test_archives_within_archives_are_read() -> None:
    data = zipped(
        {"in.zip": zipped({"c.json": lines(1)}), "b.tgz": tarred({"d": lines(2)}, "w:gz")}
    )
    assert conversations(data) == [(1, "bytes!in.zip!c.json"), (2, "bytes!b.tgz!d")]


def test_packed_members_are_unpacked() -> None:
    data = tarred({"a.json.gz": gzip.compress(lines(1)), "b.zst": zstd.compress(lines(2))})
    assert conversations(data) == [(1, "bytes!a.json.gz"), (2, "bytes!b.zst")]


def test_a_manifest_in_an_archive_tells_when_its_members_were_fetched() -> None:
    told = {"files": {"d/a.json": {"fetched_at": "2026-06-01T10:00:00Z"}}}
    members = {"x/manifest.json": json.dumps(told).encode(), "x/d/a.json": lines(1)}
    for data in (zipped(members | {"b.json": lines(2)}), tarred(members | {"b.json": lines(2)})):
        dataset = load(data)
        fetched = [datetime(2026, 6, 1, 10, tzinfo=UTC), None]
        assert dataset.conversations["fetched_at"].to_list() == fetched
        assert dataset.rejects.is_empty()


def test_another_manifest_in_an_archive_is_a_member_like_any() -> None:
    assert rejected(zipped({"manifest.json": b"{", "a.json": lines(1)})) == [
        ("bytes!manifest.json", "truncated", "It has no end: the text stops within it.")
    ]


def test_members_of_another_kind_are_counted_and_hidden_ones_are_not() -> None:
    data = zipped(
        {
            "a.json": lines(1),
            "p.png": b"\x89",
            "q.PNG": b"\x89",
            "ada.lovelace at example": b"x",
            ".git/x.json": b"{",
            "__MACOSX/._a.json": b"\0",
        }
    )
    dataset = load(data)
    assert dataset.rejects.is_empty()
    assert dataset.issues.rows(named=True) == [
        {
            "severity": "warning",
            "code": "file_skipped",
            "table": "rejects",
            "conversation_id": None,
            "message_id": None,
            "n": 3,
            "detail": "Files that were not read, by their ending: 2 .png, 1 another ending.",
        }
    ]


def test_skipped_files_of_a_folder_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(1))
    (tmp_path / "b.docx").write_bytes(b"x")
    (tmp_path / ".hidden.png").write_bytes(b"x")
    assert load(tmp_path).issues.select("code", "n", "detail").rows() == [
        ("file_skipped", 1, "Files that were not read, by their ending: 1 .docx.")
    ]


def test_a_name_that_does_not_print_is_shown_with_question_marks() -> None:
    assert conversations(zipped({"a\x1b[31m\n.json": lines(1)})) == [(1, "bytes!a?[31m?.json")]


def test_an_archive_without_anything_to_read_is_refused() -> None:
    for data in (zipped({"a.png": b"x"}), tarred({"a.png": b"x"})):
        assert refusal(data) == (
            "bytes: It is an archive of 1 file(s), none of them JSON.\n"
            "Try: the JSON in it, unpacked; without strict, the other records are loaded."
        )
    assert refusal(zipped({})).startswith("bytes: It is an archive of 0 file(s), none of them")


def test_links_and_devices_of_a_tar_are_no_members() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, target in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.CHRTYPE, "")):
            info = tarfile.TarInfo("link.json")
            info.type, info.linkname = kind, target
            archive.addfile(info)
        info = tarfile.TarInfo("a.json")
        info.size = len(lines(1))
        archive.addfile(info, io.BytesIO(lines(1)))
    assert conversations(buffer.getvalue()) == [(1, "bytes!a.json")]


def test_a_zip_without_its_list_of_members_is_refused_and_harms_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines(1))
    (tmp_path / "b.zip").write_bytes(zipped(MEMBERS)[:-30])
    dataset = load(tmp_path)
    assert dataset.conversations.height == 1
    assert dataset.rejects.select("source", "reason", "detail").rows() == [
        (
            f"{tmp_path}/b.zip",
            "unreadable",
            "It is a zip archive without its list of members: damaged, or cut off.",
        )
    ]


def test_a_damaged_member_gives_what_came_before_and_harms_no_other() -> None:
    data = bytearray(zipped({"a.json": lines(1), "b.json": lines(2)}, zipfile.ZIP_STORED))
    at = data.index(b'"open"', data.index(b"b.json"))
    data[at + 1 : at + 5] = b"OPEN"
    assert conversations(bytes(data)) == [(1, "bytes!a.json")]
    assert rejected(bytes(data)) == [("bytes!b.json", "truncated", CUT)]


def test_a_locked_member_is_named() -> None:
    data = bytearray(zipped({"a.json": lines(1), "b.json": lines(2)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert conversations(bytes(data)) == [(1, "bytes!a.json")]
    assert rejected(bytes(data)) == [
        ("bytes!b.json", "unreadable", "It is encrypted within the archive.")
    ]


def test_a_member_packed_in_an_unknown_way_is_named() -> None:
    data = bytearray(zipped({"a.json": lines(1), "b.json": lines(2)}))
    for mark, place in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        at = data.rindex(mark)
        data[at + place] = 6
    assert rejected(bytes(data)) == [
        ("bytes!b.json", "unreadable", "It is packed in a way that Python cannot unpack.")
    ]


def test_a_tar_that_is_cut_off_gives_what_it_held() -> None:
    members = {"a.json": lines(1), "b.json": lines(*range(2, 40))}
    whole = tarred(members)
    within = whole[: 512 * 3 + 600]
    dataset = load(within)
    assert 0 < dataset.conversations.height < 39
    assert dataset.rejects["reason"].unique().to_list() == ["truncated"]
    assert dataset.rejects.filter(pl.col("source") == "bytes")["detail"].to_list() == [
        "The tar archive has no end; 2 member(s) of it were found."
    ]


def test_a_tar_cut_between_two_members_says_so() -> None:
    data = tarred({"a.json": lines(1), "b.json": lines(2)})[:1024]
    assert conversations(data) == [(1, "bytes!a.json")]
    assert rejected(data) == [
        ("bytes", "truncated", "The tar archive has no end; 1 member(s) of it were found.")
    ]


def test_a_gzip_cut_off_around_a_tar_says_so() -> None:
    data = gzip.compress(tarred({"a.json": lines(*range(2000))}))[:-1000]
    details = load(data).rejects["detail"].to_list()
    assert details[-1] == "The tar archive has no end; 1 member(s) of it were found."


BLANK = b" " * 80 * 2**20


@pytest.mark.parametrize(
    ("bomb", "name"),
    [
        (zipped({"a.json": BLANK}), "bytes!a.json"),
        (zipped({f"{n}.json": BLANK[: 8 * 2**20] for n in range(9)}), "bytes!8.json"),
        (zipped({"in.zip": zipped({"a.json": BLANK})}), "bytes!in.zip!a.json"),
        (tarred({"a.json": BLANK}, "w:gz"), "bytes"),
        (zstd.compress(BLANK), "bytes"),
        (zipped({"a.json.bz2.gz": gzip.compress(BLANK)}), "bytes!a.json.bz2.gz"),
    ],
    ids=["zip", "many-members", "zip-in-zip", "tar.gz", "zst", "gz-in-zip"],
)
def test_what_unpacks_to_too_much_is_refused(bomb: bytes, name: str) -> None:
    assert len(bomb) < 300_000
    assert refusal(bomb) == (
        f"{name}: it unpacks to more than 250 times its packed size.\n"
        "The limit is drift_analysis.sources.framing.unpack.MAX_RATIO.\n"
        f"{LARGER}"
    )


def test_a_sparse_file_that_claims_terabytes_is_refused() -> None:
    info = tarfile.TarInfo("a.json")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(2**42)}
    info.pax_headers |= {"GNU.sparse.minor": "0", "GNU.sparse.name": "a.json"}
    sparse_map = b"1\n0\n0\n".ljust(512, b"\0")
    info.size = len(sparse_map)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(sparse_map))
    assert refusal(buffer.getvalue()).startswith(
        "bytes!a.json: it unpacks to more than 250 times its packed size.\n"
    )


def test_the_bytes_of_all_members_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MAX_BYTES", 150)
    assert refusal(zipped({"a.json": lines(1), "b.json": lines(2)})) == (
        "bytes!b.json: it unpacks to more than 150 bytes.\n"
        "The limit is drift_analysis.sources.framing.unpack.MAX_BYTES.\n"
        f"{LARGER}"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"PK\x01\x02" * (archives.MAX_MEMBERS + 1),
        tarred({"a": b"ustar" * (archives.MAX_MEMBERS + 1)}),
    ],
    ids=["zip", "tar"],
)
def test_too_many_members_are_refused(data: bytes) -> None:
    assert refusal(data) == (
        "bytes: it has more than 100_000 members.\n"
        "The limit is drift_analysis.sources.framing.archives.MAX_MEMBERS.\n"
        f"{LARGER}"
    )


def test_archives_that_lie_too_deep_in_one_another_are_refused() -> None:
    data = lines(1)
    for name in ("a.json", "b.zip", "c.zip"):
        data = zipped({name: data})
    assert conversations(data) == [(1, "bytes!c.zip!b.zip!a.json")]
    assert refusal(zipped({"d.zip": data})) == (
        "bytes!d.zip!c.zip!b.zip: archives lie 4 deep in it.\n"
        "The limit is drift_analysis.sources.framing.archives.MAX_NESTED.\n"
        f"{LARGER}"
    )


def test_progress_ends_with_everything_done_for_archives(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(MEMBERS))
    (tmp_path / "b.tar.gz").write_bytes(tarred(MEMBERS, "w:gz"))
    seen: list[tuple[int, int]] = []
    load(tmp_path, progress=lambda done, total: seen.append((done, total)))
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
