from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from polars.testing import assert_frame_equal

from drift_analysis.errors import ApiError, Incomplete
from drift_analysis.sources.api.client import Retry
from sources.loopback import (
    LIST,
    Drift,
    FakeTime,
    Fault,
    Raw,
    changed,
    drip,
    half,
    instead,
    organisation,
    quick,
    reset,
    serving,
    short,
    silent,
    status,
)

if TYPE_CHECKING:
    import polars as pl

    from drift_analysis.sources.api.client import DriftClient


Make = Callable[[bytes], Raw]
MESSAGES = "/conversations/5/messages"
USERS = "/users/list"
PLAYBOOKS = "/playbooks/list"
AGAIN = "Try: again later, or DriftClient(retry=Retry(...)) with more patience."
PASSING: dict[str, tuple[Make, str]] = {
    "429": (status(429), "status 429"),
    "500": (status(500), "status 500"),
    "503": (status(503), "status 503"),
    "no content": (status(202), "status 202"),
    "reset": (reset, "ReadError"),
    "short body": (short, "RemoteProtocolError"),
    "half a body": (half, "something else, or half a body, instead of JSON"),
    "empty body": (instead(b""), "something else, or half a body, instead of JSON"),
    "deep": (instead(b"[" * 100_000), "something else, or half a body, instead of JSON"),
    "HTML": (instead(b" <html>Please log in</html>"), "HTML instead of JSON"),
    "errors": (instead({"errors": [{"type": "x"}]}), "an error inside a reply with status 200"),
    "error": (
        instead({"error": {"type": "rate_limit"}, "data": []}),
        "an error inside a reply with status 200",
    ),
    "data null": (instead({"data": None}), "a reply without records"),
    "null": (instead(None), "a reply without records"),
    "number": (instead(7), "a reply without records"),
    "other data": (instead({"data": {"token": "x"}}), "a reply without records"),
    "empty page, more": (
        instead({"data": [], "pagination": {"more": True, "next": "9"}}),
        "an empty page that promises more",
    ),
    "empty page, link": (
        instead({"data": [], "links": {"next": "https://a.example/?page_token=b"}}),
        "an empty page that promises more",
    ),
    "more, no cursor": (
        instead({"data": [{"id": 1}], "pagination": {"more": True}}),
        "a page that promises more and does not say where",
    ),
    "link, no cursor": (
        instead({"data": [{"id": 1}], "links": {"next": "https://a.example/"}}),
        "a page that promises more and does not say where",
    ),
}


passing = pytest.mark.parametrize("make", [make for make, _ in PASSING.values()], ids=PASSING)


@passing
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_fault_of_a_list_that_passes_costs_nothing_but_a_request(make: Make, nth: int) -> None:
    drift = organisation(5, faults=[Fault(LIST, make, nth=nth, times=2)])

    with serving(drift) as url, quick(url) as client:
        table = client.fetch_conversations(details=False)

    assert table["conversation_id"].to_list() == [1, 2, 3, 4, 5]
    assert drift.counts[LIST] == 6


FETCH: dict[str, Callable[[DriftClient], pl.DataFrame]] = {
    "/conversations/5": lambda client: client.fetch_conversations(),
    MESSAGES: lambda client: client.fetch_messages(5),
    USERS: lambda client: client.fetch_users(),
    PLAYBOOKS: lambda client: client.fetch_playbooks(),
}


def fetched(drift: Drift, path: str) -> pl.DataFrame:
    with serving(drift) as url, quick(url) as client:
        return FETCH[path](client).drop("fetched_at", "source", strict=False)


@cache
def undisturbed(path: str) -> tuple[pl.DataFrame, int]:
    drift = organisation(5)
    return fetched(drift, path), drift.counts[path]


@passing
@pytest.mark.parametrize("path", FETCH)
def test_a_fault_of_anything_else_that_passes_costs_nothing_but_a_request(
    make: Make, path: str
) -> None:
    drift = organisation(5, faults=[Fault(path, make, times=1)])

    table, (expected, requests) = fetched(drift, path), undisturbed(path)

    assert_frame_equal(table, expected)
    assert drift.counts[path] == requests + 1


@pytest.mark.parametrize(("make", "said"), PASSING.values(), ids=PASSING)
def test_a_fault_that_stays_is_named(make: Make, said: str) -> None:
    drift = organisation(5, faults=[Fault(USERS, make)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_users()

    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        f"  the users: Asked 3 times; the last time: {said}.\n{AGAIN}"
    )
    assert caught.value.missing == (f"the users: Asked 3 times; the last time: {said}.",)
    assert caught.value.partial.is_empty()
    assert drift.counts[USERS] == 3


def test_a_list_that_breaks_off_gives_what_it_gave_in_detail() -> None:
    drift = organisation(6, faults=[Fault(LIST, status(500), nth=3)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations()

    assert caught.value.partial["conversation_id"].to_list() == [3, 4, 5, 6]
    assert caught.value.partial["is_detail"].all()
    assert caught.value.status == 500
    assert caught.value.missing == (
        "the list of conversations, after 2 page(s): Asked 3 times; the last time: status 500.",
    )


def test_one_conversation_that_fails_is_named_and_stops_no_other() -> None:
    drift = organisation(5, faults=[Fault("/conversations/4", status(500))])
    drift.faults.append(Fault("/conversations/2", status(404)))

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations()

    partial = caught.value.partial
    assert partial["conversation_id"].to_list() == [1, 2, 3, 4, 5]
    assert partial["is_detail"].to_list() == [True, False, True, False, True]
    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        "  conversation 4: Asked 3 times; the last time: status 500.\n"
        "  conversation 2: There is nothing there for this token.\n"
        "Try: an id from Drift's own list."
    )


def test_messages_that_break_off_give_the_pages_before() -> None:
    drift = organisation(5, faults=[Fault(MESSAGES, short, nth=2)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_messages(5)

    assert caught.value.partial["message_id"].to_list() == [5000, 5001]
    assert caught.value.missing == (
        "the messages of conversation 5, after 1 page(s): Asked 3 times; "
        "the last time: RemoteProtocolError.",
    )


def test_a_drift_that_is_down_is_not_asked_for_everything() -> None:
    drift = organisation(9)
    drift.faults = [Fault(f"/conversations/{i}", reset) for i in range(1, 10)]

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations()

    assert sum(drift.counts[f"/conversations/{i}"] for i in range(1, 10)) == 3 * 3
    assert caught.value.partial.height == len(caught.value.missing) == 9
    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        "  conversation 9: Asked 3 times; the last time: ReadError.\n"
        "  conversation 8: Asked 3 times; the last time: ReadError.\n"
        "  conversation 7: Asked 3 times; the last time: ReadError.\n"
        "  conversation 6: not asked for any more.\n"
        "  conversation 5: not asked for any more.\n"
        f"  and 4 more, all in `.missing`.\n{AGAIN}"
    )


def test_a_drift_that_is_not_there_is_named() -> None:
    with quick("http://127.0.0.1:9") as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations()

    assert caught.value.missing == (
        "the list of conversations: Asked 3 times; the last time: ConnectError.",
    )
    assert caught.value.status is None


@pytest.mark.parametrize(
    ("code", "evidence", "remedy"),
    [
        (
            401,
            "The token is wrong, has expired or was revoked.",
            "a new token from Drift's developer settings, in DRIFT_TOKEN.",
        ),
        (
            403,
            "The token is wrong, or may not read this.",
            "a new token with the scopes conversation_read, user_read and playbook_read.",
        ),
        (404, "There is nothing there for this token.", "an id from Drift's own list."),
        (
            400,
            "It takes the request for a wrong one.",
            "the newest drift_analysis; Drift may have changed.",
        ),
        (
            302,
            "It points elsewhere; that is not followed, so that the token goes nowhere else.",
            "base_url= with the address that Drift's documentation gives now.",
        ),
    ],
)
def test_a_refusal_is_asked_for_once_and_explained(code: int, evidence: str, remedy: str) -> None:
    drift = organisation(faults=[Fault(LIST, status(code))])

    with serving(drift) as url, quick(url) as client, pytest.raises(ApiError) as caught:
        client.fetch_conversations()

    assert not isinstance(caught.value, Incomplete)
    assert caught.value.status == code
    assert str(caught.value) == f"Drift answered {code} to {url}{LIST}.\n{evidence}\nTry: {remedy}"
    assert drift.counts[LIST] == 1


def test_a_token_that_is_revoked_midway_ends_everything() -> None:
    drift = organisation(5, faults=[Fault("/conversations/4", status(401))])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations()

    assert caught.value.status == 401
    assert caught.value.partial["is_detail"].to_list() == [False, False, False, False, True]
    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        "  conversation 4: The token is wrong, has expired or was revoked.\n"
        "  conversation 3: not asked for any more.\n"
        "  conversation 2: not asked for any more.\n"
        "  conversation 1: not asked for any more.\n"
        "Try: a new token from Drift's developer settings, in DRIFT_TOKEN."
    )
    assert len(drift.asked) == 4 + 2


def test_a_redirect_to_another_origin_is_not_followed() -> None:
    other = Drift()

    with serving(other) as elsewhere:
        moved = status(307, ("Location", f"{elsewhere}{LIST}"))
        drift = organisation(faults=[Fault(LIST, moved)])
        with serving(drift) as url, quick(url) as client, pytest.raises(ApiError, match="307"):
            client.fetch_conversations()

    assert other.asked == []


def next_is(cursor: str) -> Make:
    return changed(lambda page: {**page, "pagination": {"more": True, "next": cursor}})


def test_a_cursor_that_repeats_ends_in_an_error() -> None:
    drift = organisation(6, faults=[Fault(LIST, next_is("2"), nth=2, times=1)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_conversations(details=False)

    assert caught.value.partial["conversation_id"].to_list() == [3, 4, 5, 6]
    assert str(caught.value) == (
        f"Not everything could be had from {url}. Missing:\n"
        "  the list of conversations, after 2 page(s): "
        "Its cursor was used before, and yet more is promised.\n"
        "Try: once more later; if it stays, what was got is in `.partial`."
    )


def test_cursors_that_go_in_a_circle_end_in_an_error() -> None:
    drift = organisation(6, faults=[Fault(MESSAGES.replace("5", "6"), next_is("2"), nth=3)])

    with serving(drift) as url, quick(url) as client, pytest.raises(Incomplete) as caught:
        client.fetch_messages(6)

    assert caught.value.partial.height == 6
    assert caught.value.missing == (
        "the messages of conversation 6, after 3 page(s): "
        "Its cursor was used before, and yet more is promised.",
    )


@pytest.mark.parametrize("record", [{"id": None}, {"id": [1]}, 7, None])
def test_new_cursors_that_bring_nothing_new_end_in_an_error(record: Any) -> None:
    calls: list[bytes] = []

    def same(good: bytes) -> Raw:
        calls.append(good)
        cursor = str(1000 + len(calls))
        return instead({"data": [record], "pagination": {"more": True, "next": cursor}})(good)

    with (
        serving(organisation(6, faults=[Fault(USERS, same)])) as url,
        quick(url) as client,
        pytest.warns(UserWarning, match="rejected"),
        pytest.raises(Incomplete) as caught,
    ):
        client.fetch_users()

    assert len(calls) == 21
    assert caught.value.missing == (
        "the users, after 21 page(s): 20 pages in a row brought nothing new, "
        "and yet more is promised.",
    )


@pytest.mark.parametrize("asked", ["7", " 7 "])
def test_retry_after_in_seconds_is_waited_for(asked: str) -> None:
    time = FakeTime()
    drift = organisation(faults=[Fault(USERS, status(429, ("Retry-After", asked)), times=2)])

    with serving(drift) as url, quick(url, retry=time.retry(base=0.001)) as client:
        client.fetch_users()

    assert [round(seconds) for seconds in time.slept] == [7, 7]


def test_retry_after_as_a_date_is_waited_for() -> None:
    time, moment = FakeTime(), datetime.now(UTC) + timedelta(seconds=90)
    header = ("Retry-After", format_datetime(moment, usegmt=True))
    drift = organisation(faults=[Fault(USERS, status(503, header), times=1)])

    with serving(drift) as url, quick(url, retry=time.retry(base=0.001)) as client:
        client.fetch_users()

    assert len(time.slept) == 1
    assert 80 < time.slept[0] <= 90


@pytest.mark.parametrize("asked", ["soon", "", "-5", "7.5", "Thu, 01 Jan 1970 00:00:00 GMT", "0"])
def test_waits_grow_by_themselves_with_chance_in_them(asked: str) -> None:
    time = FakeTime()
    drift = organisation(faults=[Fault(USERS, status(429, ("Retry-After", asked)), times=5)])

    with serving(drift) as url, quick(url, retry=time.retry(longest=3.0)) as client:
        client.fetch_users()

    most = (0.5, 1.0, 2.0, 3.0, 3.0)
    assert all(m / 2 * 0.9 <= s <= m for s, m in zip(time.slept, most, strict=True))
    assert len(set(time.slept)) == 5


def test_a_pause_beyond_the_budget_is_not_cut_short() -> None:
    time = FakeTime()
    drift = organisation(faults=[Fault(USERS, status(429, ("Retry-After", "3600")))])

    with serving(drift) as url, quick(url, retry=time.retry(budget=100)) as client:
        with pytest.raises(Incomplete) as first:
            client.fetch_users()
        with pytest.raises(Incomplete) as second:
            client.fetch_playbooks()

    assert time.slept == []
    assert len(drift.asked) == 1
    assert first.value.missing == (
        "the users: Asked once; the last time: status 429; "
        "Drift wants a pause of 3600 s, longer than the budget.",
    )
    assert second.value.missing == (
        "the playbooks: Not asked; Drift wants a pause of 3600 s, longer than the budget.",
    )


def test_the_budget_is_for_all_waits_of_a_request_together() -> None:
    time = FakeTime()
    drift = organisation(faults=[Fault(USERS, status(429, ("Retry-After", "40")))])

    with (
        serving(drift) as url,
        quick(url, retry=time.retry(budget=100)) as client,
        pytest.raises(Incomplete) as caught,
    ):
        client.fetch_users()

    assert sum(time.slept) <= 100
    assert caught.value.missing == (
        "the users: Asked 3 times; the last time: status 429; "
        "Drift wants a pause of 40 s, longer than the budget.",
    )


def test_a_pause_holds_for_the_requests_after_it() -> None:
    time = FakeTime()
    drift = organisation(faults=[Fault(USERS, status(429, ("Retry-After", "40")))])

    with serving(drift) as url, quick(url, retry=time.retry(attempts=1)) as client:
        with pytest.raises(Incomplete):
            client.fetch_users()
        client.fetch_playbooks()

    assert [round(seconds) for seconds in time.slept] == [40]


def test_silence_is_not_waited_for() -> None:
    drift = organisation(faults=[Fault(USERS, silent, times=1)])

    with serving(drift) as url, quick(url, timeout=0.1) as client:
        assert client.fetch_users().height == 1

    assert drift.counts[USERS] == 2


def test_a_reply_that_drips_for_ever_is_given_up() -> None:
    drift = organisation(faults=[Fault(USERS, drip)], users=[{"id": 5, "name": "Ada " * 100}])

    with (
        serving(drift) as url,
        quick(url, timeout=0.2, retry=Retry(attempts=1)) as client,
        pytest.raises(Incomplete) as caught,
    ):
        client.fetch_users()

    assert caught.value.missing == (
        "the users: Asked once; the last time: a reply that would not end.",
    )
