from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

import drift_analysis as da
from drift_analysis.demo import Fault, Limit
from drift_analysis.sources.api.client import Retry
from sources.staged import Stage, is_whole, organisation, staged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from drift_analysis.demo import Demo


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


def most_in_a_window(demo: Demo, window: float) -> int:
    """Return the most requests that came within so many seconds, wherever they begin."""
    moments = [each.at for each in demo.asked]
    return max(sum(begin <= at < begin + window for at in moments) for begin in moments)


@contextmanager
def stalls() -> Iterator[list[float]]:
    """Measure for how long this machine left us without a turn: it makes requests come late."""
    found, over = [0.0], threading.Event()

    def beat() -> None:
        while not over.is_set():
            began = time.monotonic()
            time.sleep(0.01)
            found[0] = max(found[0], time.monotonic() - began - 0.01)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def test_a_long_sync_uses_the_rate_and_never_more(stage: Stage, tmp_path: Path) -> None:
    demo = stage.set(organisation(38), size=50, limit=Limit(40, window=4.0))

    with stage.client(requests_per_second=10) as client, stalls() as stalled:
        done = da.sync(client, tmp_path)

    moments = [each.at for each in demo.asked]
    used = (len(moments) - 1) / (moments[-1] - moments[0])
    print(f"{done.requests} requests, {used:.1f} a second of 10 allowed")  # noqa: T201
    assert most_in_a_window(demo, 4.0 - stalled[0]) <= 40
    assert demo.limit is not None
    assert demo.limit.refused == 0
    assert used >= 0.9 * 10


def test_nothing_is_asked_for_during_a_pause(stage: Stage, tmp_path: Path) -> None:
    demo = stage.set(organisation(12), size=50)
    # A date names a whole second, so its pause is what is left of the second that runs.
    demo.faults = [
        Fault("429", "/conversations/9", times=1),
        Fault("429-date", "/conversations/4", times=2),
    ]

    with stage.client(retry=Retry(), requests_per_second=100) as client:
        da.sync(client, tmp_path)

    wall = time.time() - time.monotonic()
    refused = [each for each in demo.asked if each.status == 429]
    assert [each.path for each in refused].count("/conversations/4") == 2
    assert len(refused) == 3
    for each in refused:
        is_date = each.path == "/conversations/4"
        until = math.floor(each.at + wall + 1) - wall if is_date else each.at + 1
        on_the_way = each.at + 0.2
        assert not [one for one in demo.asked if on_the_way < one.at < until - 0.01]
    assert is_whole(tmp_path, demo.world)


def test_a_drift_that_allows_less_than_is_asked_for_gets_its_way(
    stage: Stage, tmp_path: Path
) -> None:
    demo = stage.set(organisation(12), size=50, limit=Limit(10, window=0.5))

    with stage.client(retry=Retry(attempts=20), requests_per_second=100) as client:
        da.sync(client, tmp_path)

    assert demo.limit is not None
    assert demo.limit.refused > 0
    assert is_whole(tmp_path, demo.world)
