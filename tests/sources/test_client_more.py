from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from polars.testing import assert_frame_equal

import drift_analysis as da
from drift_analysis.demo import Fault, World
from drift_analysis.errors import ApiError, Incomplete, InputError
from drift_analysis.sample import generate
from drift_analysis.schemas import Contacts, Meetings, ReportMetrics
from drift_analysis.sources.api import directory
from drift_analysis.sources.api.client import Retry
from sources.loopback import FakeTime
from sources.staged import TOKEN, Stage, organisation, staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
SAMPLE = generate(60, oddities=False)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


def test_contacts_are_the_table_that_loading_their_replies_gives(stage: Stage) -> None:
    world = World.of(SAMPLE)
    demo = stage.set(world)
    wanted = list(world.contacts)

    with stage.client() as client:
        table = client.fetch_contacts([*wanted, wanted[0]])

    expected = da.load_contacts([{"data": record} for record in world.contacts.values()])
    assert_frame_equal(Contacts.checked(table).drop("source"), expected.drop("source"))
    assert len(demo.asked) == len(wanted)


def test_contacts_that_drift_does_not_have_are_named_and_the_others_are_given(
    stage: Stage,
) -> None:
    world = World.of(SAMPLE)
    stage.set(world)
    known = next(iter(world.contacts))

    with stage.client() as client, pytest.raises(Incomplete) as caught:
        client.fetch_contacts([known, 1])

    assert caught.value.missing == ("contact 1: There is nothing there for this token.",)
    assert caught.value.partial["contact_id"].to_list() == [known]
    with stage.client() as client, pytest.raises(InputError, match="contact_id is not a whole"):
        client.fetch_contacts(["../users/list"])  # type: ignore[list-item]


def test_meetings_are_the_table_that_loading_their_reply_gives(stage: Stage) -> None:
    world = World.of(SAMPLE)
    stage.set(world)

    with stage.client() as client:
        table = client.fetch_meetings(START, END)

    expected = da.load_meetings({"data": world.meetings})
    assert world.meetings
    assert_frame_equal(Meetings.checked(table).drop("source"), expected.drop("source"))


def test_more_meetings_than_a_reply_may_hold_are_asked_for_in_halves(stage: Stage) -> None:
    first = 1_780_000_000_000
    meetings = [{"eventId": f"e{n}", "slug": "m", "slotStart": first + n} for n in range(2500)]
    demo = stage.set(World(meetings=meetings))

    with stage.client() as client:
        table = client.fetch_meetings(START, END)

    assert sorted(table["event_id"]) == sorted(f"e{n}" for n in range(2500))
    assert 5 < len(demo.asked) < 100


def test_more_meetings_at_one_moment_than_a_reply_may_hold_are_missing(stage: Stage) -> None:
    meetings = [
        {"eventId": f"e{n}", "slug": "m", "slotStart": 1_780_000_000_000} for n in range(1001)
    ]
    stage.set(World(meetings=meetings))

    with stage.client() as client, pytest.raises(Incomplete) as caught:
        client.fetch_meetings(START, END)

    assert caught.value.partial.height == 1000
    assert caught.value.missing[0].endswith(
        ": It tells of 1000 that begin at one moment, and there may be more."
    )
    assert str(caught.value).endswith(
        "Try: `.partial` for those that it told; the others cannot be asked for."
    )


def test_the_reading_of_meetings_ends_where_halves_no_longer_help(stage: Stage) -> None:
    stage.set(World(meetings=[{"eventId": f"e{n}", "slotStart": 5} for n in range(1001)]))

    with stage.client() as client, pytest.raises(Incomplete) as caught:
        list(directory.meetings(client.get, 5, 5))

    assert str(caught.value) == (
        "More meetings begin at one moment than Drift tells of at once.\n"
        "It tells of 1000 that begin at one moment, and there may be more.\n"
        "Try: `.partial` for those that it told; the others cannot be asked for."
    )


def test_meetings_that_would_end_before_they_start_are_refused(stage: Stage) -> None:
    with stage.client() as client, pytest.raises(InputError) as caught:
        client.fetch_meetings(END, START)

    assert str(caught.value) == (
        "These meetings would end before they start.\n"
        "Got 2027-01-01 00:00:00+00:00 and 2026-01-01 00:00:00+00:00.\n"
        "Try: a start, and an end after it."
    )


@pytest.mark.parametrize("generation", [1, 2])
def test_records_come_one_after_another_as_drift_sends_them(stage: Stage, generation: int) -> None:
    world = organisation(5)
    world.teams = [{"id": 1, "name": "Sales", "members": [5]}]
    world.landing_pages = [{"playbookId": 9, "landingPageUrl": "https://a.example/b"}]
    world.accounts = {f"{n}_a.example": {"accountId": f"{n}_a.example"} for n in range(150)}
    stage.set(world, generation=generation)

    with stage.client() as client:
        assert list(client.iter_conversations()) == world.listed()
        assert list(client.iter_conversations(statuses=["closed"])) == []
        assert list(client.iter_messages(4)) == world.messages[4]
        assert list(client.iter_users()) == world.users
        assert list(client.iter_playbooks()) == world.playbooks
        assert list(client.iter_landing_pages()) == world.landing_pages
        assert list(client.iter_teams()) == world.teams
        assert list(client.iter_accounts()) == list(world.accounts.values())


def test_of_pages_that_repeat_each_record_comes_once(stage: Stage) -> None:
    world = organisation(4)
    stage.set(world, faults=[Fault("nothing-new", "/conversations/4/messages", times=1)])

    with stage.client() as client:
        assert list(client.iter_messages(4)) == world.messages[4]


def test_of_the_address_of_further_accounts_only_the_index_is_taken() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        data: dict[str, Any] = {"accounts": [{"accountId": f"a{len(asked)}"}]}
        if len(asked) == 1:
            data["next"] = "https://elsewhere.example/accounts?index=1&size=9&token=x"
        return httpx.Response(200, json={"data": data})

    with da.DriftClient(TOKEN, transport=httpx.MockTransport(answer)) as client:
        assert [each["accountId"] for each in client.iter_accounts()] == ["a1", "a2"]

    assert asked == [
        "https://driftapi.com/accounts?index=0&size=65",
        "https://driftapi.com/accounts?index=1&size=65",
    ]


def test_an_address_of_further_accounts_without_an_index_is_a_fault() -> None:
    reply = {"data": {"accounts": [{"accountId": "a"}], "next": "/accounts"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=reply))
    retry = Retry(attempts=1)

    with (
        da.DriftClient(TOKEN, transport=transport, retry=retry) as client,
        pytest.raises(Incomplete, match="promises more and does not say where"),
    ):
        list(client.iter_accounts())


def test_stats_count_statuses(stage: Stage) -> None:
    world = organisation(3)
    world.change(1, status="closed")
    stage.set(world)

    with stage.client() as client:
        assert client.fetch_stats() == {"closed": 1, "open": 2, "pending": 0}


def test_a_report_has_a_column_for_each_metric_and_null_for_nan(stage: Stage) -> None:
    world = organisation(2)
    world.conversations[2]["numBotMessages"] = 3
    stage.set(world)

    with stage.client() as client:
        report = client.fetch_report(["numBotMessages", "updatedAt"])

    moments = [world.conversations[n]["updatedAt"] for n in (1, 2)]
    ReportMetrics.checked(report)
    assert report["conversation_id"].to_list() == [1, 2]
    assert report["bot_messages"].to_list() == [None, 3]
    assert report["updated_at"].dt.epoch("ms").to_list() == moments
    assert report["source"].unique().to_list() == ["/reports/conversations"]


def test_a_bare_nan_is_null_too_and_the_question_is_what_drift_documents() -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, content=b'{"data": [{"conversationId": 7, "metrics": [NaN]}]}')

    wanted = {"property": "status", "operation": "IN", "values": ["closed"]}
    with da.DriftClient(TOKEN, transport=httpx.MockTransport(answer)) as client:
        report = client.fetch_report("endUserId", filters=[wanted])
    assert report.select("conversation_id", "contact_id").row(0) == (7, None)

    body = {"filters": [wanted], "metrics": ["endUserId"]}
    assert asked == [("POST", "/reports/conversations", body)]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ({"count": 2, "data": []}, "fewer rows than it counts"),
        ({"data": None}, "a reply without the numbers that were asked for"),
        ({"data": [7]}, "a reply without the numbers that were asked for"),
        (
            {"data": [{"conversationId": 7, "metrics": [1, 2]}]},
            "a reply without the numbers that were asked for",
        ),
    ],
)
def test_a_report_that_is_not_one_is_named(reply: object, said: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=reply))
    retry = Retry(attempts=1)

    with (
        da.DriftClient(TOKEN, transport=transport, retry=retry) as client,
        pytest.raises(Incomplete) as caught,
    ):
        client.fetch_report(["updatedAt"])

    assert str(caught.value).splitlines()[1] == f"Asked once; the last time: {said}."


@pytest.mark.parametrize("metrics", [[], ["a", "a"]])
def test_a_report_without_metrics_of_its_own_is_refused(stage: Stage, metrics: list[str]) -> None:
    with stage.client() as client, pytest.raises(InputError) as caught:
        client.fetch_report(metrics)

    assert str(caught.value) == (
        "A report needs metrics, each once.\n"
        f"Got {len(metrics)}.\n"
        'Try: fetch_report(["timeToCloseMillis", "numAgentMessages"]).'
    )


def test_reports_are_asked_for_once_a_second_at_most() -> None:
    time, reply = FakeTime(), {"data": list[int]()}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=reply))
    with da.DriftClient(TOKEN, transport=transport, retry=time.retry()) as client:
        for _ in range(3):
            assert client.fetch_report(["updatedAt"]).equals(ReportMetrics.empty())

    assert sum(time.slept) > 2


def test_a_transcript_is_text(stage: Stage) -> None:
    stage.set(organisation(3))

    with stage.client() as client:
        assert client.fetch_transcript(2).count("site visitor: ") == 2
        with pytest.raises(ApiError, match="404"):
            client.fetch_transcript(99)


@pytest.mark.parametrize(
    ("content", "text"), [(b'{"data": "Hello"}', "Hello"), (b"Agent: 7", "Agent: 7")]
)
def test_a_transcript_in_an_envelope_is_text_too(content: bytes, text: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))

    with da.DriftClient(TOKEN, transport=transport) as client:
        assert client.fetch_transcript(7) == text


@pytest.mark.parametrize("kind", ["html-200", "error-200", "null-200"])
def test_a_transcript_that_is_none_is_named(stage: Stage, kind: str) -> None:
    stage.set(organisation(3), faults=[Fault(kind)])

    with stage.client() as client, pytest.raises(Incomplete):
        client.fetch_transcript(2)


def test_all_that_a_client_offers_reads() -> None:
    offered = {name for name in dir(da.DriftClient) if not name.startswith("_")}

    verbs = {name for name in offered if name.startswith(("fetch_", "iter_"))}
    assert offered - verbs == {"ask", "base_url", "close", "get"}
