"""The rules that Drift keeps hold in every simulated history."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from drift_analysis.sample import Sample, generate, snapshots
from drift_analysis.sample.clock import local

SEEDS = [1, 2, 3, 20_260_302]


@cache
def simulated(seed: int) -> Sample:
    return generate(250, seed=seed, log_after_weeks=0, oddities=False)


def ms(moment: Any) -> int:
    return int(moment.timestamp() * 1_000)


def truth(sample: Sample) -> dict[int, list[tuple[int, str]]]:
    history: dict[int, list[tuple[int, str]]] = {}
    for conversation, at, status in sample.status_history:
        history.setdefault(conversation, []).append((at, status))
    return history


def messages(sample: Sample) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for page in sample.message_pages:
        for message in page["data"]["messages"]:
            found.setdefault(message["conversationId"], []).append(message)
    return found


def from_contact(written: list[dict[str, Any]]) -> list[int]:
    return [m["createdAt"] for m in written if m["author"]["type"] == "contact"]


def events(sample: Sample, kind: str) -> list[dict[str, Any]]:
    return [event["data"] for event in sample.webhooks if event["type"] == kind]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_conversation_begins_open_or_as_sent_by_a_playbook(seed: int) -> None:
    sample = simulated(seed)
    history = truth(sample)

    for reply in sample.details:
        record = reply["data"]
        begins_at, begins_as = history[record["id"]][0]
        assert begins_at == record["createdAt"]
        assert begins_as == "open" or (begins_as == "bulk_sent" and "relatedPlaybookId" in record)
        assert all(status != "bulk_sent" for _, status in history[record["id"]][1:])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_of_status_is_a_change_and_comes_later(seed: int) -> None:
    for changes in truth(simulated(seed)).values():
        for (before, was), (after, becomes) in pairwise(changes):
            assert before < after
            assert was != becomes


@pytest.mark.parametrize("seed", SEEDS)
def test_a_contact_ends_bulk_sent_at_once_and_reopens_within_two_seconds(seed: int) -> None:
    sample = simulated(seed)
    history = truth(sample)
    reopened = 0

    for conversation, written in messages(sample).items():
        for at in from_contact(written):
            status = [s for changed, s in history[conversation] if changed <= at][-1]
            assert status != "bulk_sent"
            if status == "closed":
                later = [(t, s) for t, s in history[conversation] if t > at]
                # The export may come within the two seconds.
                assert not later or (later[0][1] == "open" and later[0][0] <= at + 2_000)
                reopened += 1

    assert reopened > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_bulk_sent_lasts_until_the_first_message_of_the_contact(seed: int) -> None:
    sample = simulated(seed)
    written = messages(sample)

    for conversation, changes in truth(sample).items():
        if changes[0][1] == "bulk_sent":
            first = from_contact(written[conversation])[:1]
            assert first == [at for at, _ in changes[1:2]]


@pytest.mark.parametrize("seed", SEEDS)
def test_messages_and_changes_of_status_alone_move_updated_at(seed: int) -> None:
    sample = simulated(seed)
    history, written = truth(sample), messages(sample)

    for reply in sample.details:
        record = reply["data"]
        moves = [at for at, _ in history[record["id"]]]
        moves += [message["createdAt"] for message in written.get(record["id"], [])]
        assert record["updatedAt"] == max(moves)
        assert record["status"] == history[record["id"]][-1][1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_list_has_everything_once_newest_change_first(seed: int) -> None:
    sample = simulated(seed)
    records = [record for page in sample.conversation_pages for record in page["data"]]

    moved = [record["updatedAt"] for record in records]

    assert moved == sorted(moved, reverse=True)
    assert sorted(r["id"] for r in records) == sorted(r["data"]["id"] for r in sample.details)
    assert [len(page["data"]) for page in sample.conversation_pages] == [50] * 5
    assert ["pagination" in page for page in sample.conversation_pages] == [True] * 4 + [False]


@pytest.mark.parametrize("seed", SEEDS)
def test_messages_are_in_order_and_their_ids_go_up_with_time(seed: int) -> None:
    everything = [m for written in messages(simulated(seed)).values() for m in written]

    for written in messages(simulated(seed)).values():
        assert written == sorted(written, key=lambda m: (m["createdAt"], m["id"]))
    by_id = sorted(everything, key=lambda m: m["id"])
    assert all(a["createdAt"] <= b["createdAt"] for a, b in pairwise(by_id))
    assert len({m["id"] for m in everything}) == len(everything)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_edit_names_an_earlier_message_of_the_same_author(seed: int) -> None:
    everything = {m["id"]: m for written in messages(simulated(seed)).values() for m in written}
    edits = [m for m in everything.values() if m["type"] == "edit"]

    assert edits
    for edit in edits:
        edited = everything[edit["editedMessageId"]]
        assert edited["createdAt"] < edit["createdAt"]
        assert edited["author"] == edit["author"]
        assert edited["conversationId"] == edit["conversationId"]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_known_that_happened_after_the_export(seed: int) -> None:
    sample = simulated(seed)
    end = ms(sample.fetched_at)

    assert max(at for _, at, _ in sample.status_history) <= end
    assert max(m["createdAt"] for written in messages(sample).values() for m in written) <= end
    assert max(r["data"]["updatedAt"] for r in sample.details) <= end
    for meeting in sample.meetings["data"]:
        assert meeting["updatedAt"] <= end


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_from_the_first_moment_tells_the_whole_truth(seed: int) -> None:
    sample = simulated(seed)
    told = {r["data"]["id"]: [truth(sample)[r["data"]["id"]][0]] for r in sample.details}

    for change in events(sample, "conversation_status_updated"):
        told[change["conversationId"]].append((change["changedAt"], change["status"]))

    assert told == truth(sample)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_that_begins_later_is_the_end_of_the_whole_log(seed: int) -> None:
    late = generate(250, seed=seed, log_after_weeks=4, oddities=False)

    whole = simulated(seed).webhooks

    assert 0 < len(late.webhooks) < len(whole)
    assert late.webhooks == whole[-len(late.webhooks) :]
    assert late.status_history == simulated(seed).status_history
    changes = events(late, "conversation_status_updated")
    assert min(change["changedAt"] for change in changes) >= ms(late.log_start)
    expected = sum(at >= ms(late.log_start) for life in truth(late).values() for at, _ in life[1:])
    assert len(changes) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_conversation_is_told_only_when_the_visitor_began_it(seed: int) -> None:
    sample = simulated(seed)
    first = {conversation: written[0] for conversation, written in messages(sample).items()}

    told = {event["id"] for event in events(sample, "new_conversation")}

    assert told == {c for c, message in first.items() if message["author"]["type"] == "contact"}


@pytest.mark.parametrize("seed", SEEDS)
def test_participants_are_who_came_and_did_not_leave(seed: int) -> None:
    sample = simulated(seed)
    present: dict[int, list[int]] = {reply["data"]["id"]: [] for reply in sample.details}
    for event in sample.webhooks:
        data = event["data"]
        if event["type"] == "conversation_participant_added":
            present[data["conversationId"]] += data["addedParticipants"]
        elif event["type"] == "conversation_participant_removed":
            present[data["conversationId"]].remove(*data["removedParticipants"])

    assert present == {r["data"]["id"]: r["data"]["participants"] for r in sample.details}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_snapshot_tells_the_status_of_its_day(seed: int) -> None:
    sample = simulated(seed)
    half_way = sample.started_at + (sample.fetched_at - sample.started_at) / 2
    history = truth(sample)

    pages = snapshots(sample, [half_way])[half_way]

    records = [record for page in pages for record in page["data"]]
    begun = {c for c, changes in history.items() if changes[0][0] <= ms(half_way)}
    assert {record["id"] for record in records} == begun
    for record in records:
        known = [s for at, s in history[record["id"]] if at <= ms(half_way)]
        assert record["status"] == known[-1]
        assert record["updatedAt"] <= ms(half_way)


def test_people_answer_in_office_hours_and_bots_at_any_time() -> None:
    sample = simulated(1)
    everything = [m for written in messages(sample).values() for m in written]
    first_human: dict[int, int] = {}
    bots = []
    for message in everything:
        if message["author"]["type"] == "user" and not message["author"]["bot"]:
            first_human.setdefault(message["conversationId"], message["createdAt"])
        elif message["author"]["type"] == "user":
            bots.append(message["createdAt"])

    assert len(first_human) > 50
    in_daytime = [8 <= local(at).hour < 21 for at in first_human.values()]
    assert all(in_daytime)
    assert any(local(at).hour < 7 for at in bots)
