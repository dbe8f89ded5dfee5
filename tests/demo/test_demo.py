from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from drift_analysis.demo import KINDS, Demo, Fault, Limit, World, made, serving
from drift_analysis.errors import InputError, MissingExtra
from drift_analysis.sample import generate

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = generate(60, oddities=False)
LIST = "/conversations/list"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Demo, httpx.Client]]:
    demo = Demo(World.of(SAMPLE))
    with (
        serving(demo) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer demo"}) as client,
    ):
        yield demo, client


@pytest.fixture
def demo(served: tuple[Demo, httpx.Client]) -> Demo:
    demo = served[0]
    for name, value in vars(Demo(World.of(SAMPLE))).items():
        setattr(demo, name, value)
    return demo


@pytest.fixture
def client(served: tuple[Demo, httpx.Client], demo: Demo) -> httpx.Client:
    assert demo is served[0]
    return served[1]


def test_the_list_is_newest_first_and_lacks_what_only_details_tell(client: httpx.Client) -> None:
    page = client.get(LIST, params={"limit": 50}).json()

    moments = [record["updatedAt"] for record in page["data"]]
    assert len(moments) == 50
    assert moments == sorted(moments, reverse=True)
    assert page["pagination"] == {"more": True, "next": "50"}
    assert not {"participants", "conversationTags"} & set(page["data"][0])
    last = client.get(LIST, params={"limit": 50, "next": "50"}).json()
    assert len(last["data"]) == 10
    assert "pagination" not in last


@pytest.mark.parametrize(("limit", "asked"), [({}, 25), ({"limit": 99}, 50)])
def test_the_first_generation_has_its_own_limits(
    client: httpx.Client, limit: dict[str, int], asked: int
) -> None:
    assert len(client.get(LIST, params=limit).json()["data"]) == asked


def test_a_link_of_the_second_generation_remembers_the_first_question(
    client: httpx.Client, demo: Demo
) -> None:
    demo.generation = 2
    first = client.get(LIST, params={"limit": 7, "statusId": [2, 3], "page_token": ""}).json()

    link = httpx.URL(first["links"]["next"])
    second = client.get(LIST, params={"page_token": link.params["page_token"]}).json()
    assert link.host == "api.drift.com"
    assert len(second["data"]) == 7
    assert {record["status"] for record in first["data"] + second["data"]} <= {"closed", "pending"}
    assert not {r["id"] for r in first["data"]} & {r["id"] for r in second["data"]}


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/nowhere", 404, "not_found"),
        ("/conversations/1", 404, "not_found"),
        ("/conversations/1/messages", 404, "not_found"),
        ("/conversations/1/transcript", 404, "not_found"),
        ("/contacts/1", 404, "not_found"),
        ("/users/meetings/org", 400, "validation_error"),
    ],
)
def test_errors_are_those_that_drift_documents(
    client: httpx.Client, path: str, status: int, kind: str
) -> None:
    reply = client.get(path)

    assert reply.status_code == status
    assert reply.json()["error"]["type"] == kind


def test_another_token_is_refused(client: httpx.Client) -> None:
    reply = client.get(LIST, headers={"Authorization": "Bearer another"})

    assert (reply.status_code, reply.json()["error"]["type"]) == (401, "authentication_error")


def test_a_bucket_that_is_empty_says_how_long_to_pause(client: httpx.Client, demo: Demo) -> None:
    demo.limit = Limit(2, window=10)

    replies = [client.get("/users/list") for _ in range(4)]

    assert [reply.status_code for reply in replies] == [200, 200, 429, 429]
    assert replies[2].headers["Retry-After"] == "5"
    assert replies[2].json()["error"]["type"] == "rate_limit"
    assert (demo.limit.refused, demo.limit.in_pause) == (2, 1)
    assert [each.status for each in demo.asked] == [200, 200, 429, 429]


def test_what_changes_comes_to_the_head_of_the_list(client: httpx.Client, demo: Demo) -> None:
    last = demo.world.listed()[-1]["id"]
    before = len(demo.world.messages.get(last, []))

    demo.world.change(last, status="pending", says=2)
    new = demo.world.begin(says=0)

    head = client.get(LIST, params={"limit": 2}).json()["data"]
    assert [record["id"] for record in head] == [new, last]
    assert head[1]["status"] == "pending"
    messages = client.get(f"/conversations/{last}/messages").json()["data"]["messages"]
    assert len(messages) == before + 2
    assert client.get(f"/conversations/{new}/messages").json() == {
        "data": {"messages": []},
        "pagination": {"more": False},
    }


WHOLE = {"wrong-type", "slow", "same-cursor", "cycle", "nothing-new", "empty-page", "no-cursor"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_comes_when_it_is_wanted_and_then_no_more(
    client: httpx.Client, demo: Demo, kind: str
) -> None:
    demo.drip = 0
    demo.faults = [Fault(kind, "/users/list", nth=2, times=1)]

    def ask() -> Any:
        try:
            reply = client.get("/users/list")
        except httpx.HTTPError as error:
            return type(error).__name__
        return reply.status_code, reply.content, reply.headers["Content-Type"]

    first, wrong, last = ask(), ask(), ask()
    assert first == last
    assert (wrong != first) == (kind != "slow")


def test_a_connection_that_breaks_off_was_promised_more(client: httpx.Client, demo: Demo) -> None:
    demo.faults = [Fault("short")]

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        client.get("/users/list")


def test_nobody_is_waited_for_who_has_hung_up(client: httpx.Client, demo: Demo) -> None:
    demo.drip = 0.05
    demo.faults = [Fault("slow", "/users/list")]

    with pytest.raises(httpx.ReadTimeout):
        client.get("/users/list", timeout=0.01)

    assert client.get("/playbooks/list").status_code == 200


def test_a_port_that_is_taken_is_named() -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(InputError) as caught, serving(Demo(), port=port):
            pass

    assert str(caught.value) == (
        f"Port {port} cannot be served at.\nSomething else is there.\nTry: another port."
    )


def test_a_demo_can_be_made_of_words() -> None:
    demo = made(20, 2, 600, ["429:/users/list:2:1", "slow"], moving=True)

    assert demo.generation == 2
    assert demo.limit == Limit(600)
    assert demo.faults == [Fault("429", "/users/list", 2, 1), Fault("slow")]
    assert demo.meanwhile is not None
    before = {number: dict(record) for number, record in demo.world.conversations.items()}
    for number in range(60):
        demo.note("/users/list", {})
        assert demo.counts["/users/list"] == number + 1
    assert len(demo.world.conversations) > len(before)
    assert any(demo.world.conversations[n] != record for n, record in before.items())


@pytest.mark.parametrize("text", ["418", "429:/users/list:x"])
def test_what_is_no_fault_is_named(text: str) -> None:
    with pytest.raises(InputError) as caught:
        made(1, faults=[text])

    assert str(caught.value).splitlines()[::2] == [
        f"{text!r} is no fault.",
        "Try: KIND, KIND:PATH, KIND:PATH:NTH or KIND:PATH:NTH:TIMES, such as 429:/users/list:1:2.",
    ]


@pytest.mark.parametrize("module", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(module: str) -> None:
    code = f"""
import sys
sys.modules[{module!r}] = None
from drift_analysis.demo import Demo, serving
from drift_analysis.errors import MissingExtra
try:
    with serving(Demo()):
        pass
except MissingExtra as error:
    print(error)
"""
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert issubclass(MissingExtra, ImportError)
    assert shown.stdout == (
        "The demo server needs starlette and uvicorn, which is not installed.\n"
        "Try: pip install 'drift_analysis[demo]'\n"
    )
