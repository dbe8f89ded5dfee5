from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from subprocess import run
from typing import Any

import pytest

from drift_analysis.errors import Incomplete, InputError
from drift_analysis.schemas import Conversations, Messages, Playbooks, Users
from drift_analysis.sources.api.client import DriftClient, Retry
from sources.loopback import (
    LIST,
    TOKEN,
    Drift,
    FakeTime,
    Fault,
    changed,
    conversation,
    message,
    organisation,
    quick,
    serving,
    status,
)


def ids(client: DriftClient, **options: Any) -> list[int]:
    return client.fetch_conversations(**options)["conversation_id"].to_list()


@pytest.mark.parametrize("generation", [1, 2])
def test_every_page_of_both_generations_is_read(generation: int) -> None:
    drift = organisation(5, generation=generation)

    with serving(drift) as url, quick(url) as client:
        table = client.fetch_conversations()

    assert Conversations.checked(table)["conversation_id"].to_list() == [1, 2, 3, 4, 5]
    assert table["is_detail"].all()
    assert table["playbook_id"].to_list() == [9] * 5
    assert table["source"].to_list() == [f"/conversations/{i}" for i in range(1, 6)]
    assert table["fetched_at"].null_count() == 0


@pytest.mark.parametrize("n", [0, 1, 2])
def test_one_page_costs_one_request(n: int) -> None:
    drift = organisation(n)

    with serving(drift) as url, quick(url) as client:
        assert ids(client, details=False) == list(range(1, n + 1))

    assert drift.asked == [(LIST, {"limit": ["50"]})]


def test_several_pages_cost_one_more_look_at_the_head_of_the_list() -> None:
    drift = organisation(6)

    with serving(drift) as url, quick(url) as client:
        ids(client, details=False)

    assert [query.get("next") for _, query in drift.asked] == [None, ["2"], ["4"], None]


def test_without_details_what_a_list_lacks_is_unknown() -> None:
    with serving(organisation(3)) as url, quick(url) as client:
        table = client.fetch_conversations(details=False)

    assert not table["is_detail"].any()
    assert table["tags"].null_count() == 3
    assert table["source"].unique().to_list() == [LIST]


def test_of_a_link_to_another_host_only_the_cursor_is_taken() -> None:
    drift = organisation(4, generation=2)

    with serving(drift) as url, quick(url) as client:
        ids(client, details=False)

    assert [query for _, query in drift.asked] == [
        {"limit": ["50"]},
        {"page_token": ["t_2_"]},
        {"limit": ["50"]},
    ]


@pytest.mark.parametrize("generation", [1, 2])
def test_statuses_are_asked_for_by_their_ids(generation: int) -> None:
    statuses = ["open", "closed", "pending", "bulk_sent", "closed", "pending"]
    listed = [conversation(i, status) for i, status in enumerate(statuses, 1)]
    drift = Drift(listed, generation=generation, size=2)

    with serving(drift) as url, quick(url) as client:
        assert ids(client, statuses=["closed", "pending"]) == [2, 3, 5, 6]
        assert ids(client, statuses="open", details=False) == [1]

    assert drift.asked[0] == (LIST, {"limit": ["50"], "statusId": ["2", "3"]})


def test_a_server_that_ignores_the_statuses_does_not_get_its_way() -> None:
    drift = Drift([conversation(1, "OPEN"), conversation(2, "closed")], knows_statuses=False)

    with serving(drift) as url, quick(url) as client:
        assert ids(client, statuses=["open"]) == [1]

    assert drift.counts["/conversations/2"] == 0


@pytest.mark.parametrize(("statuses", "shown"), [(["bulk_sent"], "bulk_sent"), ([], "")])
def test_statuses_without_an_id_are_refused(statuses: list[str], shown: str) -> None:
    with quick("http://127.0.0.1:9") as client, pytest.raises(InputError) as caught:
        client.fetch_conversations(statuses=statuses)

    assert str(caught.value) == (
        f"statuses={shown!r} is not a choice.\nTry: one of 'open', 'closed', 'pending'."
    )


def test_the_list_is_not_read_beyond_updated_since() -> None:
    drift = organisation(20)
    since = datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(seconds=17)

    with serving(drift) as url, quick(url) as client:
        assert ids(client, updated_since=since) == [17, 18, 19, 20]

    assert [query.get("next") for path, query in drift.asked if path == LIST] == [
        None,
        ["2"],
        ["4"],
        None,
    ]
    assert sum(path != LIST for path, _ in drift.asked) == 4


def test_a_list_out_of_order_is_read_to_its_end() -> None:
    drift = organisation(6, order=lambda record: record["id"] != 1)
    since = datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(seconds=6)

    with serving(drift) as url, quick(url) as client:
        assert ids(client, updated_since=since, details=False) == [6]


def test_conversations_that_do_not_say_when_they_changed_are_kept() -> None:
    drift = organisation(5)
    for record in drift.conversations:
        del record["updatedAt"]

    with serving(drift) as url, quick(url) as client:
        found = ids(client, updated_since=datetime(2030, 1, 1, tzinfo=UTC), details=False)

    assert found == [1, 2, 3, 4, 5]


def test_updated_since_needs_a_time_zone() -> None:
    with quick("http://127.0.0.1:9") as client, pytest.raises(InputError) as caught:
        client.fetch_conversations(updated_since=datetime(2026, 1, 1))  # noqa: DTZ001

    assert str(caught.value) == (
        "updated_since has no time zone.\n"
        "A moment without one is another instant on every machine.\n"
        "Try: datetime(..., tzinfo=datetime.UTC), or updated_since=dataset.as_of."
    )


@pytest.mark.parametrize("generation", [1, 2])
def test_a_conversation_that_moves_to_the_head_meanwhile_is_not_lost(generation: int) -> None:
    drift = organisation(6, generation=generation)

    def bump(path: str, nth: int) -> None:
        if path == LIST and nth == 2:
            drift.conversations[0]["updatedAt"] = 1_700_000_100_000

    drift.meanwhile = bump

    with serving(drift) as url, quick(url) as client:
        assert ids(client, details=False) == [1, 2, 3, 4, 5, 6]


def test_conversations_that_come_while_the_list_is_read_are_read_too() -> None:
    drift = organisation(6)

    def come(path: str, nth: int) -> None:
        if path == LIST and nth in (2, 3, 5):
            drift.conversations += [conversation(10 * nth + i) for i in range(2)]

    drift.meanwhile = come

    with serving(drift) as url, quick(url) as client:
        assert set(ids(client, details=False)) >= {1, 2, 3, 4, 5, 6, 20, 21, 30, 31}


def test_messages_come_in_pages() -> None:
    drift = organisation(5)

    with serving(drift) as url, quick(url) as client:
        table = client.fetch_messages(5)

    assert Messages.checked(table)["message_id"].to_list() == [5000, 5001, 5002, 5003, 5004]
    assert table["source"].unique().to_list() == ["/conversations/5/messages"]
    assert [query for _, query in drift.asked] == [
        {"limit": ["50"]},
        {"limit": ["50"], "next": ["2"]},
        {"limit": ["50"], "next": ["4"]},
    ]


def test_a_conversation_without_messages_has_an_empty_table() -> None:
    drift = Drift([conversation(1)])

    with serving(drift) as url, quick(url) as client:
        assert client.fetch_messages(1).equals(Messages.empty())


@pytest.mark.parametrize("wrong", ["7", 7.0, None, "../users/list"])
def test_an_id_must_be_a_whole_number(wrong: Any) -> None:
    with quick("http://127.0.0.1:9") as client, pytest.raises(InputError) as caught:
        client.fetch_messages(wrong)

    assert str(caught.value) == (
        "conversation_id is not a whole number.\n"
        f"Got {type(wrong).__name__}.\n"
        "Try: an id from the column conversation_id."
    )


def test_users_and_playbooks_are_read_with_the_landing_pages() -> None:
    with serving(organisation()) as url, quick(url) as client:
        users, playbooks = client.fetch_users(), client.fetch_playbooks()

    assert Users.checked(users)["user_id"].to_list() == [5]
    assert Playbooks.checked(playbooks)["playbook_id"].to_list() == [9]
    assert playbooks["landing_pages"].to_list() == [["https://a.example/b"]]


def test_a_drift_without_landing_pages_has_playbooks_all_the_same() -> None:
    with serving(organisation(landing_pages=None)) as url, quick(url) as client:
        playbooks = client.fetch_playbooks()

    assert playbooks["playbook_id"].to_list() == [9]
    assert playbooks["landing_pages"].to_list() == [None]


def test_playbooks_without_a_good_answer_for_landing_pages_are_incomplete() -> None:
    drift = organisation(faults=[Fault("/playbooks/clp", status(403))])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_playbooks()

    assert caught.value.partial["playbook_id"].to_list() == [9]
    assert caught.value.missing == (
        "the playbooks, after 1 page(s): The token is wrong, or may not read this.",
    )


def test_ids_as_text_or_with_a_fraction_of_zero_are_read_too() -> None:
    drift = organisation(2)
    told = changed(
        lambda page: {
            "data": [
                {**c, "id": kind(c["id"])}
                for c, kind in zip(page["data"], (str, float), strict=True)
            ]
        }
    )
    drift.faults = [Fault(LIST, told)]

    with serving(drift) as url, quick(url) as client:
        table = client.fetch_conversations()

    assert table["conversation_id"].to_list() == [1, 2]
    assert table["is_detail"].all()


def test_records_that_fit_no_table_are_warned_of() -> None:
    drift = Drift([{**conversation(1), "createdAt": "soon"}], users=[{"id": None, "bot": True}])

    with serving(drift) as url, quick(url) as client:
        with pytest.warns(UserWarning, match="rejected") as of_conversations:
            assert client.fetch_conversations().is_empty()
        with pytest.warns(UserWarning, match="rejected") as of_users:
            assert client.fetch_users().is_empty()

    assert [str(warning.message) for warning in (*of_conversations, *of_users)] == [
        "2 record(s) of Drift's were rejected; fetch(...) and load(...) locate them.",
        "1 record(s) of Drift's were rejected; fetch(...) and load(...) locate them.",
    ]
    assert {warning.filename for warning in (*of_conversations, *of_users)} == {__file__}


def test_no_more_requests_are_sent_in_a_second_than_allowed() -> None:
    time, drift = FakeTime(), organisation(6)

    with (
        serving(drift) as url,
        quick(url, retry=time.retry(), requests_per_second=0.5) as client,
    ):
        ids(client, details=False)

    assert len(time.slept) == len(drift.asked) - 1 == 3
    assert all(1.6 < seconds <= 2 / 0.95 for seconds in time.slept)


def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", f"{TOKEN}\n")

    with serving(organisation()) as url, DriftClient(base_url=url) as client:
        assert client.fetch_users().height == 1


def test_there_must_be_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFT_TOKEN", raising=False)

    with pytest.raises(InputError) as caught:
        DriftClient()

    assert str(caught.value) == (
        "There is no token for Drift.\n"
        "None was given, and DRIFT_TOKEN is not set.\n"
        "Try: DRIFT_TOKEN=... in the environment, or DriftClient(token)."
    )


@pytest.mark.parametrize("token", ["Bearer abc", "ab\ncd", "tökén", "a\x00b"])
def test_what_cannot_be_a_token_is_refused(token: str) -> None:
    with pytest.raises(InputError) as caught:
        DriftClient(token)

    assert str(caught.value) == (
        "The token for Drift cannot be one.\n"
        "It holds a space, a line break or a letter beyond ASCII.\n"
        "Try: the token alone, without `Bearer` and without quotes around it."
    )


@pytest.mark.parametrize(
    "base_url",
    [
        "http://driftapi.com",
        "http://127.0.0.1.example",
        "ftp://driftapi.com",
        "driftapi.com",
        "https://",
        "https://user:word@driftapi.com",
        "https://driftapi.com?a=b",
        "https://driftapi.com#a",
        "https://driftapi.com:port",
        "",
        None,
    ],
)
def test_a_token_is_not_sent_to_just_anywhere(base_url: Any) -> None:
    with pytest.raises(InputError) as caught:
        DriftClient(TOKEN, base_url=base_url)

    assert str(caught.value) == (
        "base_url is not where a token may be sent.\n"
        "It must be https, with a host and at most a path.\n"
        'Try: base_url="https://driftapi.com", the default.'
    )


@pytest.mark.parametrize("option", ["timeout", "requests_per_second"])
def test_seconds_and_rates_are_above_zero(option: str) -> None:
    with pytest.raises(InputError) as caught:
        quick("https://driftapi.com", **{option: 0})

    timeout, rate = ("0", "10000.0") if option == "timeout" else ("2.0", "0")
    assert str(caught.value) == (
        "timeout and requests_per_second must be above zero.\n"
        f"Got {timeout} and {rate}.\n"
        "Try: the defaults, 30 seconds and 5 a second."
    )


def test_a_path_in_the_address_is_kept() -> None:
    drift = organisation()

    with serving(drift) as url, quick(f"{url}/v1/") as client:
        assert repr(client) == f"DriftClient(base_url='{url}/v1')"
        with pytest.raises(Exception, match="404"):
            client.fetch_users()

    assert drift.asked == [("/v1/users/list", {})]


def test_retry_tells_its_numbers_and_no_functions() -> None:
    assert repr(Retry()) == "Retry(attempts=6, base=0.5, longest=60.0, budget=300.0)"


def test_importing_the_sources_does_not_import_httpx() -> None:
    code = "import sys, drift_analysis.sources; assert not {'httpx'} & sys.modules.keys()"

    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_large_number_of_messages_is_read_whole() -> None:
    drift = Drift([conversation(1)], {1: [message(i, 1) for i in range(1, 231)]})

    with serving(drift) as url, quick(url) as client:
        assert client.fetch_messages(1).height == 230

    assert len(drift.asked) == 5
