from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from drift_analysis.errors import InputError, SourceError
from drift_analysis.sources import load

if TYPE_CHECKING:
    from collections.abc import Iterator

T = 1_567_922_759_384
CONVERSATION = {"id": 1, "status": "open", "createdAt": T}
JSON_TEXT = (
    "This looks like JSON text, and a text is taken for the name of a file.\n"
    "Try: da.load(json.loads(text)) or da.load(text.encode())."
)


def refused(source: Any) -> str:
    with pytest.raises(SourceError) as caught:
        load(source)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


@contextmanager
def without_rights() -> Iterator[None]:
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    "text",
    [
        '{"data": [{"id": 1, "email": "joe@mail.test"}]}',
        ' [{"id": 1, "email": "joe@mail.test"}]',
        '[\n  {"body": "' + "x" * 5000 + '"}]',
        '{"email": "joe@mail.test*?\\0"}',
        '{"email": "joe@mail.test\0"}',
        '["joe@mail.test"]',
        "[]",
        "{}",
    ],
)
def test_json_text_is_recognised_and_not_shown(text: str) -> None:
    assert refused(text) == JSON_TEXT


def test_what_does_not_look_like_a_path_is_not_shown() -> None:
    assert refused('/no/{"email": "joe@mail.test", "b": [1]}').startswith("(text): no file fits")
    assert refused("x" * 5000).startswith("(text): it cannot be looked for.\nThe system says: ")


def test_names_that_no_file_can_have_are_refused(tmp_path: Path) -> None:
    unfit = "it cannot be looked for.\nNo file can have this name."
    remedy = "Try: an absolute path that you may read."
    assert refused("~nosuchuser/x") == f"~nosuchuser/x: {unfit}\n{remedy}"
    assert refused(f"{tmp_path}/a**b").startswith(f"{tmp_path}/a**b: ")
    assert refused("a\0b").startswith("(text): there is no such file or folder.")


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_name_is_not_the_current_folder(text: str) -> None:
    sentence = "An empty text names no file.\nTry: a path, or '.' for all in the current folder."
    assert refused(text) == sentence


def test_text_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"\xff\xfe\xfa[")
    remedy = "Try: its path, or open(path, 'rb')."
    with path.open(encoding="utf-8") as file:
        evidence = "It was opened as text, and is no utf-8 text."
        assert refused(file) == f"{path}: the open file cannot be read.\n{evidence}\n{remedy}"
    closed = io.BytesIO(b"{}")
    closed.close()
    evidence = "It is closed, or not open for reading."
    assert refused(closed) == f"file: the open file cannot be read.\n{evidence}\n{remedy}"

    class Silent:
        def read(self) -> None:
            return None

    evidence = "Its read() gave NoneType, not bytes or text."
    assert refused(Silent()) == f"file: the open file cannot be read.\n{evidence}\n{remedy}"


def test_a_subfolder_that_cannot_be_opened_is_named_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.json").write_text(json.dumps([CONVERSATION]))
        shut = folder / "shut"
        shut.mkdir()
        (shut / "b.json").write_text("[]")
        folder.chmod(0o755)
        shut.chmod(0)
        try:
            with without_rights():
                found = load(folder, progress=lambda *_: None)
                inside = refused(shut / "b.json")
                itself = refused(shut)
        finally:
            shut.chmod(0o755)
    sentence = "It is a folder that cannot be opened: no permission."
    assert found.conversations.height == 1
    assert found.rejects.select("source", "reason", "detail").rows() == [
        (str(shut), "unreadable", sentence)
    ]
    evidence = "it cannot be looked for.\nThe system says: Permission denied."
    assert inside.startswith(f"{shut / 'b.json'}: {evidence}")
    assert itself.startswith(f"{shut}: {evidence}")


def test_a_file_that_cannot_be_read_beside_others_is_named_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        good, shut = folder / "a.json", folder / "b.json"
        good.write_text(json.dumps([CONVERSATION]))
        shut.write_text("[]")
        shut.chmod(0)
        with without_rights():
            found = [load(source) for source in (folder, f"{folder}/*.json", [good, shut])]
            alone = refused(shut)
    sentence = "It is a file that cannot be read. The system says: Permission denied."
    for dataset in found:
        assert dataset.conversations.height == 1
        assert dataset.rejects.select("source", "line", "index", "reason", "detail").rows() == [
            (str(shut), None, 0, "unreadable", sentence)
        ]
    assert alone == (
        f"{shut}: the file cannot be read.\n"
        "The system says: Permission denied.\n"
        "Try: reading it as the user who may, or a copy of it."
    )


@pytest.mark.parametrize("year", [1, 1960, 2262, 9999])
def test_a_fetch_at_a_moment_that_no_table_holds_is_refused(year: int) -> None:
    with pytest.raises(InputError) as caught:
        load([CONVERSATION], fetched_at=datetime(year, 1, 1, tzinfo=UTC))
    assert str(caught.value) == (
        f"fetched_at is in the year {year}.\n"
        "Tables hold moments from 1971 to 2260.\n"
        "Try: the moment at which Drift answered, or None if it is not known."
    )


@pytest.mark.parametrize(
    "content",
    [
        '{"files": {"a.json": {"fetched_at": "0001-01-01T00:00:00+14:00"}}}',
        '{"files": {"a.json": {"fetched_at": "9999-12-31T23:59:59-14:00"}}}',
        '{"files": {"a.json": {"fetched_at": "1950-01-01T00:00:00+00:00"}}}',
        '{"files": {"a.json": {"fetched_at": "2262-01-01T00:00:00+00:00"}}}',
        '{"files": {"a.json": {"fetched_at": 5}}}',
    ],
)
def test_a_manifest_with_an_impossible_moment_tells_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CONVERSATION]))
    (tmp_path / "manifest.json").write_text(content)
    found = load(tmp_path)
    assert found.conversations.select("conversation_id", "fetched_at").rows() == [(1, None)]
    assert found.rejects.height == 0


def test_a_manifest_nested_too_deeply_is_none_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CONVERSATION]))
    nested = "[" * 100_000 + "]" * 100_000
    (tmp_path / "manifest.json").write_text(f'{{"files": {{"a.json": {nested}}}}}')
    found = load(tmp_path)
    assert found.conversations.height == 1
    assert [row["reason"] for row in found.rejects.to_dicts()] == ["unreadable"]


def test_a_name_that_is_no_text_is_spelled(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xfe.json"
    try:
        Path(os.fsdecode(name)).write_bytes(json.dumps([CONVERSATION, 5]).encode())
    except OSError:
        pytest.skip("this system has no such names")
    dataset = load(tmp_path)
    assert dataset.conversations["source"].to_list() == [rf"{tmp_path}/\udcff\udcfe.json"]
    assert dataset.rejects["source"].to_list() == [rf"{tmp_path}/\udcff\udcfe.json"]
    other = os.fsdecode(name + b"x")
    assert refused(other).startswith(rf"{tmp_path}/\udcff\udcfe.jsonx: there is no such file")


def test_a_link_that_leads_nowhere_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CONVERSATION]))
    (tmp_path / "b.json").symlink_to(tmp_path / "gone.json")
    dataset = load(tmp_path)
    assert dataset.conversations.height == 1
    assert dataset.rejects.select("source", "reason", "detail").rows() == [
        (
            f"{tmp_path}/b.json",
            "unreadable",
            "It is a file that cannot be read. The system says: No such file or directory.",
        )
    ]


def test_the_address_of_a_page_is_not_looked_for() -> None:
    assert refused("https://driftapi.com/conversations") == (
        "https://driftapi.com/conversations: it is the address of a page, which is not fetched.\n"
        "Try: da.DriftClient for Drift's replies, or the file that you saved."
    )
