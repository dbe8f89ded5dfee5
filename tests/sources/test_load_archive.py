from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.errors import InputError, SourceError
from drift_analysis.sources.archive import piles, shares, spill, strays
from drift_analysis.sources.archive.layout import ARCHIVED

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
T = 1_780_000_000_000
FETCHED = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put every document aside by itself, and work on every conversation by itself."""
    monkeypatch.setattr(spill, "CHUNK_BYTES", 1)
    monkeypatch.setattr(shares, "SHARE_BYTES", 1)
    monkeypatch.setattr(strays, "_AT_ONCE", 3)
    yield


def archived(path: Path) -> dict[str, pl.DataFrame]:
    dataset = da.scan_archive(path)
    tables = {name: getattr(dataset, name).collect() for name in ARCHIVED}
    return {
        name: frame.sort(pl.all()) if name != "messages" else frame.sort("message_id")
        for name, frame in tables.items()
    }


def files(path: Path) -> dict[str, bytes]:
    found = (file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}


def conversation(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int, conversation: int, **more: Any) -> dict[str, Any]:
    base = {"id": number, "conversationId": conversation, "type": "chat", "body": "hi"}
    return base | {"author": {"type": "contact", "id": 9}, "createdAt": T + 5} | more


def edit(number: int, target: int, conversation: int, **more: Any) -> dict[str, Any]:
    return message(number, conversation, type="edit", editedMessageId=target, **more) | {
        "createdAt": T + number
    }


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Records of few things, so that they repeat, contradict and change one another."""
    few = st.integers(1, 3)
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


def written(folder: Path, documents: list[list[dict[str, Any]]]) -> Path:
    """Write documents as files: one list each, or one record per line."""
    folder.mkdir()
    for number, found in enumerate(documents):
        lines = number % 2
        text = "\n".join(map(json.dumps, found)) if lines else json.dumps(found)
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    return folder


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(
    st.lists(records(), min_size=1, max_size=4),
    st.lists(records(), max_size=2),
    st.sampled_from([None, FETCHED]),
    st.booleans(),
)
@pytest.mark.usefixtures("tiny")
def test_loading_into_an_archive_is_loading_and_then_writing(
    new: list[list[dict[str, Any]]],
    before: list[list[dict[str, Any]]],
    fetched_at: datetime | None,
    small: bool,  # noqa: FBT001
) -> None:
    with TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        folder = Path(temporary)
        exports = written(folder / "new", [*new, [conversation(1)]])
        one, other = folder / "one", folder / "other"
        if any(before):
            dataset = da.load([record for found in before for record in found] + [conversation(2)])
            da.write_archive(dataset, one)
            da.write_archive(dataset, other)
        loaded = da.load(exports, fetched_at=fetched_at)

        with patch.context() as whole:
            whole.setattr(shares, "SHARE_BYTES", 2**30)
            da.write_archive(loaded, one)
        if small:
            patch.setattr(piles, "FILE_BYTES", 400)
        archive = da.load_archive(exports, other, fetched_at=fetched_at)

        expected, found = archived(one), archived(other)
        for name in ARCHIVED:
            assert_frame_equal(found[name], expected[name])
        assert archive.as_of == da.scan_archive(one).as_of
        if not small:
            assert files(other) == files(one)
