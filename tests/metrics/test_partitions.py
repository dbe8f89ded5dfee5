"""Parts of a data set give what the whole gives: rows of their own, or counts that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import drift_analysis as da
from builders import NOON, hours
from drift_analysis.schemas import Flow
from worlds import AS_OF, a_world, worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    World = dict[str, pl.DataFrame]
    Metric = Callable[[World], pl.DataFrame]

ID, WHO = "conversation_id", "contact_id"
BEFORE = NOON - hours(30)


def intervals(world: World) -> pl.DataFrame:
    return da.status_intervals(
        world["conversations"], messages=world["messages"], as_of=AS_OF, log_start=NOON
    )


def waits(world: World) -> pl.DataFrame:
    return da.first_response(
        world["messages"], conversations=world["conversations"], as_of=AS_OF, kind="any"
    )


def contained(world: World) -> pl.DataFrame:
    return da.bot_containment(world["conversations"], messages=world["messages"], as_of=AS_OF)


def inboxes(world: World) -> pl.DataFrame:
    return world["conversations"].select(ID, "inbox_id")


def lower(frame: pl.DataFrame) -> pl.DataFrame:
    """Call tags by what their spellings have in common: which is shown depends on the others."""
    return frame.with_columns(pl.col("^tag(_a|_b)?$").str.to_lowercase())


OF_A_CONVERSATION: dict[str, Metric] = {
    "status_intervals": intervals,
    "time_in_status": lambda w: da.time_in_status(intervals(w)),
    "time_to_close": lambda w: da.time_to_close(
        intervals(w), clock="first_contact", messages=w["messages"], idle=hours(1)
    ),
    "reopens": lambda w: da.reopens(intervals(w), messages=w["messages"]),
    "response_turns": lambda w: da.response_turns(
        w["messages"], conversations=w["conversations"], as_of=AS_OF
    ),
    "first_response": waits,
    "bot_containment": contained,
    "reconcile": lambda w: da.reconcile(
        w["conversations"], metric="first_response", messages=w["messages"], as_of=AS_OF
    ),
}
"""Those whose every row is about one conversation."""

ADDED: dict[str, tuple[Metric, str, str]] = {
    "flow": (
        lambda w: da.flow(intervals(w), since=BEFORE, every="1d", tz="Asia/Tokyo"),
        "period is_complete",
        " ".join(name for name in Flow.column_names() if name not in ("period", "is_complete")),
    ),
    "flow by": (
        lambda w: da.flow(intervals(w), since=BEFORE, by=inboxes(w)),
        "inbox_id period",
        "arrivals closes reopens net_flow open_min backlog backlog_max cumulative_closes",
    ),
    "transitions": (
        lambda w: da.transitions(intervals(w)),
        "from_status to_status",
        "n conversations n_certain n_loops",
    ),
    "variants": (lambda w: da.variants(intervals(w)), "variant", "conversations n_certain"),
    "time_in_status by": (
        lambda w: da.time_in_status(intervals(w), by=inboxes(w)),
        "inbox_id status",
        "n n_censored total total_min total_max",
    ),
    "sla_attainment": (
        lambda w: da.sla_attainment(waits(w), target=[hours(1), hours(5)]),
        "target",
        "n n_met n_missed n_undecided n_excluded",
    ),
    "containment_rates": (
        lambda w: da.containment_rates(contained(w)),
        "outcome",
        "conversations n_judged n_open n_not_engaged n_unknown",
    ),
    "load_by_hour": (
        lambda w: da.load_by_hour(w["messages"], tz="Europe/Berlin", since=BEFORE, as_of=AS_OF),
        "weekday hour observed",
        "messages conversations",
    ),
    "workload": (
        lambda w: da.workload(w["messages"], tz="UTC", as_of=AS_OF),
        "user_id",
        "conversations messages notes first_responses",
    ),
    "playbook_attribution": (
        lambda w: da.playbook_attribution(as_of=AS_OF, **w),
        "playbook_id attribution",
        "conversations bulk_sent engaged human_handled closed meetings goals",
    ),
    "tag_frequency": (
        lambda w: lower(da.tag_frequency(w["conversations"])),
        "tag",
        "conversations",
    ),
    "tag_cooccurrence": (
        lambda w: lower(da.tag_cooccurrence(w["conversations"])),
        "tag_a tag_b",
        "n_ab",
    ),
}
"""Those that count conversations: what computes them, their keys, and which numbers add up."""


def parts(world: World, ids: set[int]) -> list[World]:
    """Cut a world in two: these conversations with all that hangs on them, and the others."""
    here = pl.col(ID).is_in(list(ids))
    return [
        {name: frame.filter(cut) if ID in frame.columns else frame for name, frame in world.items()}
        for cut in (here, ~here)
    ]


SOME = st.sets(st.integers(0, 7))


@pytest.mark.parametrize("name", [*OF_A_CONVERSATION, *ADDED])
def test_the_parts_of_a_world_in_which_everything_happens_give_the_whole(name: str) -> None:
    assert_parts_give_the_whole(name, a_world(), {1, 3, 4})


@given(st.sampled_from([*OF_A_CONVERSATION, *ADDED]), worlds(), SOME)
@settings(max_examples=15, deadline=None)
def test_the_parts_of_any_world_give_the_whole(name: str, world: World, ids: set[int]) -> None:
    assert_parts_give_the_whole(name, world, ids)


def assert_parts_give_the_whole(name: str, world: World, ids: set[int]) -> None:
    if metric := OF_A_CONVERSATION.get(name):
        whole, apart = metric(world), pl.concat(metric(part) for part in parts(world, ids))
        assert_frame_equal(*(each.sort(ID, maintain_order=True) for each in (apart, whole)))
        return
    metric, keys, numbers = ADDED[name]
    whole, apart = metric(world), pl.concat(metric(part) for part in parts(world, ids))
    assert summed(apart, keys.split(), numbers.split()) == summed(
        whole, keys.split(), numbers.split()
    )


def summed(found: pl.DataFrame, keys: list[str], numbers: list[str]) -> dict[Any, Any]:
    """Return the sums by key of the rows in which anything was counted."""
    counts = pl.col(numbers).to_physical().cast(pl.Int64)
    rows = found.select(pl.lit(0).alias("all"), *(pl.col(key) for key in keys), counts)
    sums = rows.group_by("all", *keys).agg(pl.col(numbers).sum())
    counted = sums.filter(pl.any_horizontal(pl.col(numbers) != 0))
    return {row[: len(keys) + 1]: row[len(keys) + 1 :] for row in counted.rows()}


@given(world=worlds(), ids=SOME)
@settings(max_examples=5, deadline=None)
def test_parts_that_begin_at_one_moment_have_the_same_periods(world: World, ids: set[int]) -> None:
    metric = ADDED["flow"][0]
    whole = metric(world).select("period", "is_complete")
    for part in parts(world, ids):
        assert intervals(part).is_empty() or metric(part).select(whole.columns).equals(whole)


@given(world=worlds(), contacts=st.sets(st.integers(1, 2)))
@settings(max_examples=5, deadline=None)
def test_journeys_need_no_other_contact(world: World, contacts: set[int]) -> None:
    def walked(conversations: pl.DataFrame) -> pl.DataFrame:
        booked = world["meetings"].join(conversations, on=ID, how="semi")
        return da.journeys(conversations, converted=booked, lookback=hours(9), as_of=AS_OF)

    known = world["conversations"].drop_nulls(WHO)
    here = pl.col(WHO).is_in(list(contacts))
    apart = pl.concat([walked(known.filter(here)), walked(known.filter(~here))])
    assert_frame_equal(apart.sort(WHO, maintain_order=True), walked(known))
