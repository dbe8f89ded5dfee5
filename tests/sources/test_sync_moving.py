from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources.staged import Stage, is_whole, organisation, staged, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drift_analysis.demo import Demo

SCHEDULES = int(os.environ.get("DRIFT_ANALYSIS_SCHEDULES", "30"))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


MOVES = st.tuples(
    st.integers(1, 40), st.sampled_from(["says", "closed", "open", "begins"]), st.integers(0, 9)
)


def move(demo: Demo, what: str, which: int) -> None:
    """Let something change: a message, a status, or a new conversation."""
    known = sorted(demo.world.conversations)
    if what == "begins" or not known:
        demo.world.begin(says=which % 3)
    elif what == "says":
        demo.world.change(known[which % len(known)], says=1)
    else:
        demo.world.change(known[which % len(known)], status=what)


@settings(
    max_examples=SCHEDULES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    n=st.integers(0, 9),
    size=st.integers(1, 4),
    generation=st.sampled_from([1, 2]),
    schedule=st.lists(MOVES, max_size=12),
)
@example(
    n=7,
    size=1,
    generation=1,
    schedule=[
        *((4, "says", 0), (16, "says", 0), (40, "says", 0), (4, "begins", 0), (12, "says", 0)),
        *((7, "says", 0), (16, "says", 0), (31, "says", 0), (5, "says", 9)),
    ],
)
def test_what_moves_while_it_is_read_is_complete_and_there_once(
    stage: Stage, n: int, size: int, generation: int, schedule: list[tuple[int, str, int]]
) -> None:
    demo = stage.set(organisation(n), size=size, generation=generation)

    def meanwhile(_path: str, _number: int) -> None:
        for at, what, which in schedule:
            if at == len(demo.asked):
                move(demo, what, which)

    demo.meanwhile = meanwhile
    before = set(demo.world.conversations)
    with TemporaryDirectory() as folder:
        archive = Path(folder)
        stage.sync(archive)
        found: dict[str, Any] = tables(archive)
        ids = found["conversations"]["conversation_id"].to_list()
        assert before <= set(ids)
        assert len(ids) == len(set(ids))

        demo.meanwhile = None
        stage.sync(archive)
        assert is_whole(archive, demo.world)
        demo.asked.clear()
        stage.sync(archive)
        assert len(demo.asked) == 1
