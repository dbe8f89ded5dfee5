from __future__ import annotations

import logging
import os
import pickle
import random
import time
import traceback
from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

import drift_analysis as da
from drift_analysis.demo import KINDS, Demo, Fault, World
from drift_analysis.errors import ApiError, DriftAnalysisError, Incomplete
from drift_analysis.sources.api.client import DriftClient
from sources.loopback import FakeTime
from sources.staged import LIST, TOKEN, Stage, is_whole, organisation, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCALE = int(os.environ.get("DRIFT_ANALYSIS_SOAK", "1"))
SEED = 20_261_122
ENDS = {"401", "403", "404", "redirect"}
"""What Drift means, so that asking again is useless."""
LEADS_NOWHERE = {"same-cursor", "cycle", "nothing-new"}
"""A page that is right but for where it leads; whether all was seen then cannot be known."""
PLACES: dict[str, tuple[str, int]] = {
    "list, first page": (LIST, 1),
    "list, middle page": (LIST, 2),
    "list, last page": (LIST, 3),
    "detail, first": ("/conversations/6", 1),
    "detail, middle": ("/conversations/3", 1),
    "detail, last": ("/conversations/1", 1),
    "messages, first page": ("/conversations/4/messages", 1),
    "messages, middle page": ("/conversations/4/messages", 2),
    "messages, last page": ("/conversations/4/messages", 3),
    "users": ("/users/list", 1),
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


@cache
def small() -> World:
    world = organisation(6)
    world.change(4, says=1)
    world.conversations[4]["updatedAt"] -= 1
    return world


def patient(stage: Stage, *, slow: bool = False) -> DriftClient:
    return stage.client(
        retry=FakeTime().retry(attempts=6),
        timeout=0.3 if slow else 5.0,
    )


Told = dict[str, list[Any]]


def fetched(client: DriftClient, path: str) -> tuple[Told, list[ApiError]]:
    """Fetch the table that a path is for, and return the ids that were told, and the errors."""
    errors: list[ApiError] = []

    def taken(fetch: Callable[[], Any], key: str) -> list[Any]:
        try:
            table = fetch()
        except ApiError as error:
            errors.append(error)
            table = error.partial if isinstance(error, Incomplete) else None
        return [] if table is None else list(table[key])

    if path == "/users/list":
        return {"users": taken(client.fetch_users, "user_id")}, errors
    if path.endswith("/messages"):
        return {"messages": taken(lambda: client.fetch_messages(4), "message_id")}, errors
    return {"conversations": taken(client.fetch_conversations, "conversation_id")}, errors


def asked_for(world: World, path: str) -> World:
    """Return a world with the messages of one conversation, if it is those that are asked for."""
    is_of_one = path.endswith("/messages")
    return replace(world, messages={4: world.messages[4]}) if is_of_one else world


def wanted(world: World) -> Told:
    return {
        "conversations": sorted(world.conversations),
        "users": [user["id"] for user in world.users],
        "messages": sorted(m["id"] for each in world.messages.values() for m in each),
    }


def check(told: Told, errors: list[ApiError], world: World) -> None:
    """Nothing twice, nothing that is not there, and nothing lost without a word."""
    for name, ids in wanted(world).items():
        if name not in told:
            continue
        assert len(told[name]) == len(set(told[name]))
        assert set(told[name]) <= set(ids)
        assert errors or sorted(told[name]) == sorted(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_at_every_place_is_recovered_or_named(stage: Stage, kind: str) -> None:
    world = small()
    for place, (path, nth) in PLACES.items():
        fault = Fault(kind, path, nth=nth, times=2)
        stage.set(world, faults=[fault], drip=1.0)

        with patient(stage, slow=kind == "slow") as client:
            told, errors = fetched(client, path)

        check(told, errors, asked_for(world, path))
        assert stage.demo.counts[path] >= nth, place
        if kind not in ENDS | LEADS_NOWHERE:
            assert errors == [], (place, errors)
        if kind in ENDS:
            assert errors, place


def records(client: DriftClient, world: World) -> tuple[Told, list[ApiError]]:
    """Iterate over all there is, and return the ids that were told, and the errors."""
    errors: list[ApiError] = []
    told: Told = {"conversations": [], "users": [], "messages": []}

    def take(name: str, found: Iterator[dict[str, Any]]) -> None:
        try:
            for record in found:
                told[name].append(record["id"])
        except ApiError as error:
            errors.append(error)

    take("conversations", client.iter_conversations())
    take("users", client.iter_users())
    for number in world.conversations:
        take("messages", client.iter_messages(number))
    return told, errors


def seeded(seed: int) -> tuple[World, dict[str, Any]]:
    """Return a small organisation, and what goes wrong with it."""
    chance = random.Random(seed)
    world = organisation(chance.randint(1, 5))
    number = chance.choice(list(world.conversations))
    paths = [LIST, f"/conversations/{number}", f"/conversations/{number}/messages", "/users/list"]
    kinds = sorted(set(KINDS) - {"slow"})
    faults = [
        Fault(chance.choice(kinds), chance.choice(paths), chance.randint(1, 3), times)
        for times in chance.choices([1, 2, 3, 1000], k=chance.randint(1, 3))
    ]
    size, generation = chance.randint(1, 4), chance.randint(1, 2)
    return world, {"faults": faults, "size": size, "generation": generation}


@pytest.mark.parametrize("part", range(9))
def test_of_many_runs_with_seeded_faults_none_loses_doubles_or_hangs(
    stage: Stage, part: int
) -> None:
    for run in range(50 * SCALE):
        world, options = seeded(SEED + 1_000_000 * part + run)
        stage.set(world, **options)
        began = time.monotonic()

        with stage.client(retry=FakeTime().retry(attempts=3), timeout=5.0) as client:
            told, errors = records(client, world)

        assert time.monotonic() - began < 30
        assert len(stage.demo.asked) < 400
        check(told, errors, world)


def test_of_many_syncs_with_seeded_faults_none_loses_doubles_or_hangs(
    stage: Stage, tmp_path: Path
) -> None:
    for run in range(50 * SCALE):
        world, options = seeded(SEED + 99_000_000 + run)
        stage.set(world, **options)
        archive = tmp_path / str(run)
        retry = FakeTime().retry(attempts=3)

        with stage.client(retry=retry, timeout=5.0) as client:
            try:
                da.sync(client, archive)
            except ApiError:
                stage.demo.faults = []
                da.sync(client, archive)
        if not any(fault.kind == "404" for fault in options["faults"]):
            assert is_whole(archive, world), (run, options)


@pytest.mark.parametrize(("kind", "generation"), [*zip(KINDS, cycle((1, 2)), strict=False)])
def test_a_sync_recovers_from_every_fault_at_every_place_or_names_it(
    stage: Stage, tmp_path: Path, kind: str, generation: int
) -> None:
    world = small()
    faults = [Fault(kind, path, nth=nth, times=1) for path, nth in PLACES.values()]
    demo = stage.set(world, faults=faults, drip=0.4, generation=generation)

    with patient(stage, slow=kind == "slow") as client:
        errors = []
        try:
            da.sync(client, tmp_path)
        except ApiError as error:
            errors.append(error)
            demo.faults = []
            da.sync(client, tmp_path)

    assert not errors or kind in ENDS | LEADS_NOWHERE
    assert errors or kind not in ENDS
    if kind != "404":
        assert is_whole(tmp_path, world)


def everything_in(thing: Any, depth: int = 6) -> Iterator[str]:
    """Show a thing and all that its variables and slots hold."""
    yield repr(thing)
    yield str(thing)
    names = [n for kind in type(thing).__mro__ for n in getattr(kind, "__slots__", ())]
    held = [*getattr(thing, "__dict__", {}).values()]
    held += [getattr(thing, name) for name in names if hasattr(thing, name)]
    for inner in held if depth else ():
        yield from everything_in(inner, depth - 1)


@pytest.mark.parametrize("kind", [*sorted(set(KINDS) - {"slow"}), "none"])
def test_the_token_of_a_sync_shows_nowhere(
    stage: Stage, kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    places = [
        (LIST, 2),
        ("/conversations/2", 1),
        ("/conversations/3/messages", 2),
        ("/users/list", 1),
    ]
    faults = [Fault(kind, path, nth) for path, nth in places if kind != "none"]
    stage.set(organisation(4), faults=faults)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    with stage.client(retry=FakeTime().retry(attempts=2), timeout=5.0) as client:
        for attempt in (lambda: da.sync(client, tmp_path), lambda: pickle.dumps(client)):
            try:
                shown += everything_in(attempt())
            except DriftAnalysisError as error:
                shown += everything_in(error)
                text = traceback.TracebackException.from_exception(error, capture_locals=True)
                shown += text.format()
        shown += everything_in(client)

    shown += [f"{record.getMessage()} {record.args}" for record in caplog.records]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 1
    assert not [text for text in shown if TOKEN in text]
    assert not [content for content in files if TOKEN.encode() in content]


def test_the_demo_takes_no_other_token(stage: Stage) -> None:
    assert isinstance(stage.set(organisation(1)), Demo)

    with (
        DriftClient("another", base_url=stage.url) as client,
        pytest.raises(ApiError, match="401"),
    ):
        client.fetch_users()
