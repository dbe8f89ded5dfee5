from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import drift_analysis as da
from drift_analysis.sources.archive import load, piles, shares, touched

if TYPE_CHECKING:
    from pathlib import Path

T = 1_780_000_000_000
MANY = range(1, 17)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a partition have several files, and no archive be so small that all is merged."""
    monkeypatch.setattr(piles, "FILE_BYTES", 150)
    monkeypatch.setattr(shares, "SHARE_BYTES", 600_000)
    monkeypatch.setattr(load, "BUCKETS", 2)


def conversation(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "status": "open", "createdAt": T, "updatedAt": T + 1000} | more


def message(number: int, conversation: int, **more: Any) -> dict[str, Any]:
    base = {"id": number, "conversationId": conversation, "type": "chat", "body": "hi"}
    return base | {"author": {"type": "contact", "id": 9}, "createdAt": T + 5} | more


def edit(number: int, target: int, conversation: int) -> dict[str, Any]:
    more = {"type": "edit", "editType": "REPLACE_BODY", "editedMessageId": target, "body": "ho"}
    return message(number, conversation, **more, createdAt=T + 9)


def parquet(path: Path) -> dict[str, int]:
    """Return the files that hold rows, and which file on the disk each of them is."""
    found = {file.relative_to(path).as_posix(): file for file in path.rglob("*.parquet")}
    return {name: file.stat().st_ino for name, file in found.items()}


def many(path: Path) -> None:
    da.load_archive([*map(conversation, MANY), *(message(n, n) for n in MANY)], path)


@pytest.mark.parametrize(("number", "rewritten"), [(2, 4), (8, 2), (16, 0)])
def test_a_write_leaves_the_files_before_what_it_touches(
    tmp_path: Path, number: int, rewritten: int
) -> None:
    told = [conversation(number, status="closed", updatedAt=T + 9000), message(9000, number)]
    many(tmp_path / "parts")
    before = parquet(tmp_path / "parts")

    da.load_archive(told, tmp_path / "parts")

    after = parquet(tmp_path / "parts")
    gone = before.keys() - after.keys()
    assert gone
    assert all("/bucket=00/" in file for file in gone)
    assert {file: before[file] for file in before.keys() & after.keys()}.items() <= after.items()
    of_messages = [file for file in before if file.startswith("messages/bucket=00/")]
    assert len(of_messages) == 4
    assert len(gone.intersection(of_messages)) == rewritten
    da.load_archive(
        [*map(conversation, MANY), *told, *(message(n, n) for n in MANY)], tmp_path / "all"
    )
    for name in ("messages", "issues"):
        one, other = (getattr(da.scan_archive(tmp_path / each), name) for each in ("parts", "all"))
        assert one.collect().equals(other.collect())


def test_a_write_of_much_gives_what_a_write_of_little_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        conversation(7, status="closed", updatedAt=T + 9000),
        message(9000, 7),
        edit(9001, 8, 7),
    ]
    for name, few in (("little", 3), ("much", 0)):
        monkeypatch.setattr(touched, "_FEW", few)
        many(tmp_path / name)
        da.load_archive(told, tmp_path / name)

    assert parquet(tmp_path / "little").keys() == parquet(tmp_path / "much").keys()


def test_a_table_of_which_nothing_is_told_stays(tmp_path: Path) -> None:
    users = [{"id": 5, "name": "Ada Invented", "bot": False, "availability": "OFFLINE"}]
    many(tmp_path)
    da.load_archive(users, tmp_path)
    before = parquet(tmp_path)

    da.load_archive([message(9000, 8)], tmp_path)

    gone = before.keys() - parquet(tmp_path).keys()
    assert {file.split("/")[0] for file in gone} == {"messages"}


def text(path: Path, number: int) -> str:
    messages = da.scan_archive(path).messages.filter(pl.col("message_id") == number)
    return str(messages.select("text").collect().item())


@pytest.mark.parametrize("again", [[message(1, 1)], [conversation(2), edit(9001, 1, 2)]])
def test_an_edit_still_changes_a_message_elsewhere_of_which_one_is_told_again(
    tmp_path: Path, again: list[dict[str, Any]]
) -> None:
    many(tmp_path)
    da.load_archive([edit(9001, 1, 2)], tmp_path)
    assert text(tmp_path, 1) == "ho"

    da.load_archive([*again, message(9002, 3)], tmp_path)

    assert (text(tmp_path, 1), text(tmp_path, 2)) == ("ho", "hi")


def test_an_edit_that_was_there_before_its_target_changes_it_when_it_comes(tmp_path: Path) -> None:
    many(tmp_path)
    da.load_archive([edit(9001, 8000, 2)], tmp_path)
    codes = da.scan_archive(tmp_path).issues.collect()["code"].to_list()
    assert codes == ["edit_without_target"]

    da.load_archive([message(8000, 3)], tmp_path)

    assert text(tmp_path, 8000) == "ho"
    assert da.scan_archive(tmp_path).issues.collect().is_empty()


def test_a_webhook_alone_leaves_the_evidence_of_syncs_as_it_was(tmp_path: Path) -> None:
    many(tmp_path / "parts")
    newer = conversation(7, status="closed", updatedAt=T + 9000)
    event = {"conversationId": 7, "status": "pending", "changedAt": T + 5000}
    webhook = {"orgId": 5, "type": "conversation_status_updated", "data": event}
    da.load_archive([newer], tmp_path / "parts", fetched_at=datetime(2026, 9, 1, tzinfo=UTC))
    before = da.scan_archive(tmp_path / "parts").status_events.collect()
    assert before.select("status", "source").rows() == [("open", "snapshot")]

    da.load_archive([webhook], tmp_path / "parts")

    after = da.scan_archive(tmp_path / "parts").status_events.sort("changed_at").collect()
    assert after.head(1).equals(before)
    assert after.select("status", "source").rows() == [("open", "snapshot"), ("pending", "webhook")]


def test_a_message_that_is_told_with_another_conversation_moves_there(tmp_path: Path) -> None:
    many(tmp_path)
    newer = message(16, 7, attributes={"x": 1}, body=None)

    da.load_archive([newer], tmp_path)

    messages = da.scan_archive(tmp_path).messages.filter(pl.col("message_id") == 16).collect()
    assert messages.height == 1
    issues = da.scan_archive(tmp_path).issues.filter(pl.col("code") == "contradicting_exports")
    assert issues.select("n", "message_id").collect().rows() == [(1, 16)]


def test_contradictions_of_before_are_still_told_when_something_else_is_written(
    tmp_path: Path,
) -> None:
    many(tmp_path)
    da.load_archive([conversation(5, status="closed"), message(6, 6, body="other")], tmp_path)
    said = da.scan_archive(tmp_path).issues.collect()
    assert said.select("code", "table", "n").rows() == [
        ("contradicting_exports", "conversations", 1),
        ("contradicting_exports", "messages", 1),
    ]

    da.load_archive([conversation(17)], tmp_path)

    assert da.scan_archive(tmp_path).issues.collect().equals(said)
