"""Who is behind every number of every metric: laws over worlds of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings

from drift_analysis.metrics.explained.registry import EXPLANATIONS
from drift_analysis.metrics.explained.stage import ID, REASON, Part, Stage
from drift_analysis.schemas import LeftOut
from worlds import CALLS, worlds

if TYPE_CHECKING:
    import drift_analysis as da

OF_SEVERAL = {"n", "n_certain", "n_loops", "messages", "notes", "closes", "reopens", "net_flow"}
"""What one conversation may add several of."""


def stage_of(found: da.Explained[Any]) -> Stage:
    assert found.stage is not None
    return found.stage


def keys_of(stage: Stage, part: Part) -> list[str]:
    return [name for name in stage.keys if name != ID or ID in part.keys]


def test_every_metric_is_explained_and_tried() -> None:
    tried = {name.split(" ")[0] for name in CALLS}
    assert tried == {metric.__name__ for metric in EXPLANATIONS}


@pytest.mark.parametrize("name", CALLS)
@given(world=worlds())
@settings(max_examples=8, deadline=None)
def test_what_conversations_add_is_what_the_table_says(name: str, world: dict[str, Any]) -> None:
    found = CALLS[name](world)
    stage = stage_of(found)
    for part in stage.parts:
        keys = keys_of(stage, part)
        for number in part.numbers:
            behind = found.behind_number(number)
            assert behind.columns == [*dict.fromkeys([*keys, ID]), number]
            assert not behind.select(dict.fromkeys([*keys, ID])).is_duplicated().any()
            assert number in OF_SEVERAL or (behind.get_column(number) == 1).all()
            told = found.table.select(*keys, number, _all=0).unique(maintain_order=True)
            sums = behind.with_columns(_all=0).group_by("_all", *keys).agg(got=pl.col(number).sum())
            both = told.join(sums, on=["_all", *keys], how="left", nulls_equal=True)
            want = both.get_column(number).cast(pl.Int64).fill_null(0)
            assert both.get_column("got").fill_null(0).to_list() == want.to_list(), number


@pytest.mark.parametrize("name", CALLS)
@given(world=worlds())
@settings(max_examples=8, deadline=None)
def test_every_conversation_given_is_behind_a_number_or_left_out_for_a_reason(
    name: str, world: dict[str, Any]
) -> None:
    found = CALLS[name](world)
    stage = stage_of(found)
    fates = stage.fates.collect()
    assert not fates.get_column(ID).is_duplicated().any()
    left_out = LeftOut.checked(found.left_out)
    assert found.counted + left_out.get_column("conversations").sum() == fates.height
    told = {reason: found.ids(reason=reason) for reason in left_out.get_column("reason")}
    assert {r: len(ids) for r, ids in told.items()} == dict(
        left_out.select("reason", "conversations").iter_rows()
    )
    given_ids = set(fates.get_column(ID))
    behind = set(found.ids()).union(*(found.ids(number=number) for number in stage.numbers))
    assert behind <= given_ids
    if not found.table.is_empty():
        assert behind | set(fates.drop_nulls(REASON).get_column(ID)) == given_ids


@pytest.mark.parametrize("name", CALLS)
@given(world=worlds())
@settings(max_examples=3, deadline=None)
def test_lazy_frames_are_explained_alike_and_stay_plans(name: str, world: dict[str, Any]) -> None:
    eager = CALLS[name](world)
    lazy = CALLS[name]({table: frame.lazy() for table, frame in world.items()})
    assert isinstance(lazy.table, pl.LazyFrame)
    assert isinstance(lazy.behind, pl.LazyFrame)
    assert lazy.table.collect().equals(eager.table)
    assert lazy.behind.collect().equals(eager.behind)
    assert lazy.ids().equals(eager.ids())
    assert lazy.left_out.equals(eager.left_out)
    assert repr(lazy) == repr(eager)
