"""Evidence that contradicts itself in every way: the result must still keep its promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON, conversations, messages, table
from drift_analysis.metrics.status.status import status_intervals, time_in_status
from drift_analysis.schemas import STATUSES, StatusEvents, StatusIntervals

AS_OF = NOON + timedelta(minutes=10)
IDS = st.sampled_from([2**53 + 1, 2**53 + 2])
MOMENTS = st.integers(-5, 15).map(lambda minute: NOON + timedelta(minutes=minute))
MAYBE = st.none() | MOMENTS

RECORDS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "created_at": st.integers(0, 11).map(lambda minute: NOON + timedelta(minutes=minute)),
        "updated_at": MAYBE,
        "fetched_at": MAYBE,
        "is_detail": st.booleans(),
        "playbook_id": st.sampled_from([None, 5]),
    }
)
WRITTEN = st.fixed_dictionaries(
    {
        "conversation_id": IDS,
        "created_at": MOMENTS,
        "author_kind": st.sampled_from(["contact", "human"]),
        "type": st.sampled_from(["chat", "edit"]),
    }
)
EVENTS = st.fixed_dictionaries(
    {
        "conversation_id": IDS,
        "changed_at": MOMENTS,
        "status": st.sampled_from(STATUSES),
        "source": st.sampled_from(["webhook", "snapshot"]),
        "earliest_at": MOMENTS,
        "latest_at": MOMENTS,
    }
)


def distinct(events: list[dict[str, Any]]) -> pl.DataFrame:
    keys = ("conversation_id", "changed_at", "status", "source")
    once = {tuple(event[key] for key in keys): event for event in events}
    return table(StatusEvents, [{**e, "status_raw": e["status"]} for e in once.values()])


@settings(deadline=None, max_examples=200)
@given(
    st.tuples(RECORDS, RECORDS),
    st.none() | st.lists(WRITTEN, max_size=4),
    st.none() | st.lists(EVENTS, max_size=5),
    MAYBE,
    MAYBE,
)
def test_the_estimate_is_possible_and_lives_are_tiled_whatever_the_evidence(
    records: tuple[dict[str, Any], ...],
    written: list[dict[str, Any]] | None,
    events: list[dict[str, Any]] | None,
    log_start: datetime | None,
    log_end: datetime | None,
) -> None:
    numbered = [{"conversation_id": 2**53 + n, **record} for n, record in enumerate(records, 1)]
    intervals = status_intervals(
        conversations(*numbered),
        messages=None if written is None else messages(*written),
        status_events=None if events is None else distinct(events),
        as_of=AS_OF,
        log_start=log_start,
        log_end=log_end,
    )
    StatusIntervals.checked(intervals)
    assert intervals.filter(~pl.col("possible").list.contains(pl.col("status"))).height == 0
    assert intervals.filter(pl.col("possible").list.n_unique() == 0).height == 0
    for record in numbered:
        mine = intervals.filter(pl.col("conversation_id") == record["conversation_id"])
        if record["created_at"] > AS_OF:
            assert mine.height == 0
            continue
        assert mine["entered_at"].to_list() == [record["created_at"], *mine["left_at"][:-1]]
        assert mine["left_at"][-1] == AS_OF
    times = time_in_status(intervals)
    between = pl.col("duration").is_between(pl.col("duration_min"), pl.col("duration_max"))
    assert times.filter(~between).height == 0
