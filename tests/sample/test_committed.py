"""What lies in data/ is what the generator writes, and as odd as data/README.md says."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path
from typing import Any

from drift_analysis.sample import Sample, generate, write, write_truth
from drift_analysis.sample.texts import HOSTILE

DATA = Path(__file__).parents[2] / "data"
FOLDER = DATA / "sample"
LISTS = FOLDER / "conversations"
DOCUMENTATION = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


@cache
def default() -> Sample:
    return generate()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): unpacked(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def lines(name: str) -> list[dict[str, Any]]:
    content = unpacked(FOLDER / name).decode()
    return [json.loads(line) for line in content.split("\n") if line]


def replies_about_messages() -> list[dict[str, Any]]:
    months = sorted((FOLDER / "messages").iterdir())
    return [reply for month in months for reply in lines(f"messages/{month.name}")]


def details() -> list[dict[str, Any]]:
    content = (FOLDER / "conversations" / "details.ndjson").read_text(encoding="utf-8")
    return [json.loads(line)["data"] for line in content.splitlines()[:-1]]


def listed() -> dict[int, dict[str, Any]]:
    pages = [json.loads(path.read_bytes()) for path in sorted(LISTS.glob("list-2026-06-01*"))]
    return {record["id"]: record for page in pages for record in page["data"]}


def test_the_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    again = write(default(), tmp_path / "sample")

    assert contents(again) == contents(FOLDER)


def test_the_truth_is_what_the_generator_writes(tmp_path: Path) -> None:
    again = write_truth(default(), tmp_path / "truth.csv")

    assert again.read_bytes() == (DATA / "truth" / "status_history.csv").read_bytes()


def test_the_sample_is_below_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_000_000


def test_the_packed_log_carries_no_name_and_no_time() -> None:
    header = (FOLDER / "webhooks.ndjson.gz").read_bytes()[:8]

    assert header == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def test_the_manifest_describes_every_reply_as_it_lies_there() -> None:
    files = json.loads((FOLDER / "manifest.json").read_bytes())["files"]

    assert set(contents(FOLDER)) - set(files) == {"manifest.json", "webhooks.ndjson.gz"}
    for name, entry in files.items():
        content = (FOLDER / name).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["status"] == 200
        day = "05-31" if "05-31" in name else "06-01"
        assert entry["fetched_at"] == f"2026-{day}T10:00:00.000+00:00"


def test_every_address_in_it_is_invented() -> None:
    text = "\n".join(content.decode() for content in contents(FOLDER).values())

    hosts = re.findall(r"[\w.+-]+@([\w.-]+\w)", text)
    hosts += re.findall(r"https?://([\w.-]+)", text)
    assert len(hosts) > 100
    assert [h for h in hosts if not re.search(r"(^|\.)example\.(com|org|net)$", h)] == []
    addresses = set(re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text))
    assert len(addresses) > 100
    for address in addresses:
        assert any(ip_address(address) in network for network in DOCUMENTATION)
    assert set(re.findall(r'"token":"(.*?)"', text)) == {"INVENTED"}


def test_a_few_conversations_are_in_the_list_only() -> None:
    list_only = set(listed()) - {record["id"] for record in details()}

    assert len(list_only) == 10


def test_of_two_conversations_no_message_can_be_found_anywhere() -> None:
    heard = {
        message["conversationId"]
        for reply in replies_about_messages()
        for message in reply["data"]["messages"]
    }
    logged = {
        event["data"]["conversationId"]
        for event in lines("webhooks.ndjson.gz")
        if event["type"] == "new_message"
    }

    assert len(set(listed()) - heard - logged) == 2
    assert len(set(listed()) - heard) == 2


def test_one_conversation_stops_at_fifty_messages_although_more_was_promised() -> None:
    pages: dict[int, list[tuple[int, bool]]] = {}
    for reply in replies_about_messages():
        messages = reply["data"]["messages"]
        page = (len(messages), reply["pagination"]["more"])
        pages.setdefault(messages[0]["conversationId"], []).append(page)

    long = [found for found in pages.values() if found[0][0] == 50]

    assert [found for found in long if found[-1][1]] == [[(50, True)]]
    assert sorted(len(found) for found in long) == [1, 2, 3]


def test_pages_repeat_their_neighbours_and_one_is_a_day_old() -> None:
    newest = sorted(LISTS.glob("list-2026-06-01*"))
    pages = [json.loads(path.read_bytes())["data"] for path in newest]
    older = json.loads((LISTS / "list-2026-05-31T1000-0001.json").read_bytes())["data"]

    assert all(left[-2:] == right[:2] for left, right in pairwise(pages))
    changed = [record for record in older if listed()[record["id"]] != record]
    assert changed
    assert all(record["updatedAt"] < listed()[record["id"]]["updatedAt"] for record in changed)


def test_one_status_is_unknown_to_drift() -> None:
    odd = [r for r in listed().values() if r["status"] not in ("open", "pending", "closed")]

    assert {r["status"] for r in odd} == {"bulk_sent", "snoozed"}
    assert sum(r["status"] == "snoozed" for r in odd) == 1
    assert any(r["status"] == "pending" for r in listed().values())


def test_the_last_line_of_the_details_breaks_off() -> None:
    content = (FOLDER / "conversations" / "details.ndjson").read_text(encoding="utf-8")

    assert re.fullmatch(
        r'\{"data": \{"status": "closed", "id": \d+, "conta', content.splitlines()[-1]
    )


def test_every_hostile_body_is_in_it() -> None:
    bodies = {m["body"] for reply in replies_about_messages() for m in reply["data"]["messages"]}

    assert set(HOSTILE) <= bodies


def test_every_type_of_message_is_in_it_but_suggestions() -> None:
    found = [m for reply in replies_about_messages() for m in reply["data"]["messages"]]

    assert {m["type"] for m in found} == {"chat", "private_note", "private_prompt", "edit"}
    assert {m["editType"] for m in found if m["type"] == "edit"} == {"replace", "delete"}
    for key in ("buttons", "context", "attachments"):
        assert any(key in m for m in found)
    assert any("preMessages" in m["attributes"] for m in found)


def test_tags_are_spelled_and_coloured_carelessly() -> None:
    tags = [tag for record in details() for tag in record["conversationTags"]]

    assert {"Pricing", "pricing "} <= {tag["name"] for tag in tags}
    assert {tag["color"] for tag in tags if tag["name"] == "Demo"} == {"7695A5", "D35400"}
    assert {"color" in tag for tag in tags if tag["name"] == "Feature request"} == {False}
    twice = [{"Pricing", spelled} for spelled in ("pricing ", "pricing", "PRICING")]
    names = [{tag["name"] for tag in record["conversationTags"]} for record in details()]
    assert any(both <= found for both in twice for found in names)
    assert {"FAFAF5", "0B0B0D"} <= {tag.get("color") for tag in tags}


def test_some_users_and_a_playbook_are_no_longer_listed() -> None:
    users = {user["id"] for user in json.loads((FOLDER / "users.json").read_bytes())["data"]}
    listed_playbooks = json.loads((FOLDER / "playbooks.json").read_bytes())
    interactions = {playbook["interactionId"] for playbook in listed_playbooks}

    took_part = {user for record in details() for user in record["participants"]}
    began = {record["relatedPlaybookId"] for record in details() if "relatedPlaybookId" in record}

    assert len(took_part - users) == 2
    assert len(began - interactions) == 1
    assert max(len(playbook["name"]) for playbook in listed_playbooks) >= 60


def test_meetings_reach_back_thirty_days_and_the_log_further() -> None:
    meetings = json.loads((FOLDER / "meetings.json").read_bytes())["data"]
    booked = [e["data"] for e in lines("webhooks.ndjson.gz") if e["type"] == "new_meeting"]
    month = 30 * 24 * 3_600_000
    end = int(default().fetched_at.timestamp() * 1_000)

    assert meetings
    assert all(meeting["scheduledAt"] >= end - month for meeting in meetings)
    assert {m["eventId"] for m in meetings} < {m["eventId"] for m in booked}


def test_every_table_can_be_filled_from_the_log() -> None:
    kinds = {event["type"] for event in lines("webhooks.ndjson.gz")}

    assert kinds == {
        "new_conversation",
        "new_message",
        "conversation_status_updated",
        "conversation_participant_added",
        "conversation_participant_removed",
        "contact_identified",
        "playbook_goal_met",
        "new_meeting",
        "meeting_updated",
    }
