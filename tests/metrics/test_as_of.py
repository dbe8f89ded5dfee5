"""The moment at which the world is cut: what every metric says then is all that was known then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from builders import NOON, conversations, hours, messages, table
from drift_analysis.metrics import (
    bot_containment,
    cohort_trend,
    first_response,
    flow,
    journeys,
    load_by_hour,
    playbook_attribution,
    response_turns,
    status_intervals,
    workload,
)
from drift_analysis.schemas import STATUSES, Meetings
from worlds import AS_OF, CALLS, worlds

TIMELESS = ("tag_", "playbook_match", "reconcile_report")
"""What looks at tags, ids or a saved report: Drift keeps no time for them."""


def cut(world: dict[str, Any]) -> dict[str, Any]:
    """Forget what came after `AS_OF`: whole rows, and what a later change did to a record."""
    known = world["conversations"].filter(pl.col("created_at") <= AS_OF)
    later = (pl.col("updated_at") > AS_OF) & (pl.col("status") != "bulk_sent")
    was = pl.when(later).then(pl.lit("pending")).otherwise(pl.col("status").cast(pl.String))
    return {
        **world,
        "conversations": known.with_columns(was.cast(pl.Enum(STATUSES)).alias("status")),
        "messages": world["messages"].filter(pl.col("created_at") <= AS_OF),
        "meetings": world["meetings"].filter(pl.col("scheduled_at") <= AS_OF),
    }


@pytest.mark.parametrize("name", [name for name in CALLS if not name.startswith(TIMELESS)])
@given(world=worlds())
@settings(max_examples=2, deadline=None)
def test_cutting_at_as_of_equals_not_knowing_the_rest(name: str, world: dict[str, Any]) -> None:
    whole, known = (CALLS[name](each).table for each in (world, cut(world)))

    assert_frame_equal(whole, known)


LATE = timedelta(milliseconds=1)
ASKED = {"created_at": NOON}
EDGES = pytest.mark.parametrize(("later", "seen"), [(0 * LATE, True), (LATE, False)])
"""What happens at `as_of` is seen, and what happens a millisecond later is not."""


TEN = NOON + hours(10)


def answered(later: timedelta) -> pl.DataFrame:
    """Give a question at noon, and its answer ten hours later or a little more."""
    end = {"created_at": TEN + later, "author_kind": "human", "author_id": 3}
    return messages(ASKED, end)


@EDGES
def test_an_answer_at_as_of_is_one(later: timedelta, *, seen: bool) -> None:
    closed = {"status": "closed", "updated_at": TEN + later}
    talk, known = answered(later), conversations({"conversation_id": 1, **closed})

    waits = first_response(talk, as_of=TEN)
    assert (waits["outcome"].item(), waits["wait"].item()) == (
        "answered" if seen else "waiting",
        hours(10),
    )
    assert response_turns(talk, as_of=TEN)["end_reason"].item() == ("answered" if seen else "as_of")
    assert workload(talk, tz="UTC", as_of=TEN)["messages"].to_list() == [1] * seen
    handled = bot_containment(known, messages=talk, as_of=TEN)
    assert handled["outcome"].item() == ("human_only" if seen else None)
    alone = first_response(messages(ASKED), conversations=known, as_of=TEN)
    assert alone["outcome"].item() == ("closed" if seen else "waiting")


@EDGES
def test_what_begins_at_as_of_is_there(later: timedelta, *, seen: bool) -> None:
    known = conversations({"conversation_id": 1, "created_at": TEN + later, "contact_id": 5})
    asked = messages({"created_at": TEN + later})
    none = pl.DataFrame({"conversation_id": []}, schema={"conversation_id": pl.Int64})

    assert playbook_attribution(known, as_of=TEN).height == seen
    assert status_intervals(known, as_of=TEN).height == seen
    assert flow(status_intervals(known, as_of=TEN))["arrivals"].sum() == seen
    assert first_response(asked, as_of=TEN).height == seen
    assert load_by_hour(asked, tz="UTC", as_of=TEN)["messages"].sum() == seen
    found = journeys(known, converted=none, lookback=hours(1), as_of=TEN)
    assert found.height == seen
    lasting = {"start": [TEN + later], "wait": [hours(1)], "running": [False]}
    trend = cohort_trend(
        pl.DataFrame(lasting).cast({"start": pl.Datetime("ms", "UTC")}),
        start="start",
        duration="wait",
        censored="running",
        horizon=hours(2),
        every="1d",
        as_of=TEN,
    )
    assert trend["n"].to_list() == [1] * seen


@EDGES
def test_a_meeting_at_as_of_is_booked_and_converts(later: timedelta, *, seen: bool) -> None:
    known = conversations({"conversation_id": 1, "contact_id": 5, "playbook_id": 7})
    row = {"event_id": "1", "conversation_id": 1, "scheduled_at": TEN + later}
    booked = table(Meetings, [row], source="test")

    found = playbook_attribution(known, meetings=booked, as_of=TEN)
    assert found["meetings"].item() == seen
    met = journeys(known, converted=booked, lookback=hours(10), as_of=TEN)
    assert met["converted"].to_list() == [seen]
    # The lookback has passed at its very end, and reaches to it.
    assert met["is_mature"].to_list() == [True]
    young = journeys(known, converted=booked, lookback=hours(10) + LATE, as_of=TEN)
    assert young["is_mature"].to_list() == [seen]
    far = journeys(known, converted=booked, lookback=hours(10) - LATE, as_of=TEN)
    assert far["touches"].list.len().to_list() == ([1, 0] if seen else [1])


@EDGES
def test_an_address_and_a_close_at_as_of_are_known(later: timedelta, *, seen: bool) -> None:
    closed = {"status": "closed", "updated_at": TEN + later, "playbook_id": 7}
    known = conversations({"conversation_id": 1, **closed})
    told = messages(ASKED, {"created_at": TEN + later, "text": "ann@example.com"})

    found = playbook_attribution(known, messages=told, as_of=TEN)
    assert (found["emails_captured"].item(), found["closed"].item()) == (seen, seen)


def test_what_happens_at_since_is_counted_and_what_came_before_is_not() -> None:
    for since, n in ((NOON, 1), (NOON + LATE, 0)):
        found = load_by_hour(messages(ASKED), tz="UTC", since=since, as_of=TEN)
        assert found["messages"].sum() == n


def test_the_responder_is_who_answered_first() -> None:
    said = [("contact", 1, 0), ("human", 3, 1), ("human", 4, 2)]
    talk = messages(
        *(
            {"author_kind": kind, "author_id": who, "created_at": NOON + hours(hour)}
            for kind, who, hour in said
        )
    )
    assert first_response(talk, as_of=TEN)["responder_id"].item() == 3
