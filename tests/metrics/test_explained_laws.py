"""Who is behind every number of every metric: laws over worlds of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings

from drift_analysis.metrics.explained.registry import EXPLANATIONS
from drift_analysis.metrics.explained.stage import ID, REASON, Part, Stage
from drift_analysis.schemas import LeftOut
from worlds import CALLS, a_world, worlds

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
@settings(max_examples=4, deadline=None)
def test_numbers_are_sums_over_conversations_and_nobody_is_lost(
    name: str, world: dict[str, Any]
) -> None:
    found = CALLS[name](world)
    stage = stage_of(found)
    for part in stage.parts:
        for number in part.numbers:
            assert_sums(found, keys_of(stage, part), number)
    assert_nobody_is_lost(found, stage)
    assert_rows_are_found_again(found, stage)


def assert_sums(found: da.Explained[Any], keys: list[str], number: str) -> None:
    behind = found.behind_number(number)
    each = list(dict.fromkeys([*keys, ID]))
    assert behind.columns == [*each, number]
    assert not behind.select(each).is_duplicated().any()
    assert number in OF_SEVERAL or (behind.get_column(number) == 1).all()
    told = found.table.select(*keys, number, _all=0).unique(maintain_order=True)
    sums = behind.with_columns(_all=0).group_by("_all", *keys).agg(got=pl.col(number).sum())
    both = told.join(sums, on=["_all", *keys], how="left", nulls_equal=True)
    want = both.get_column(number).cast(pl.Int64).fill_null(0)
    assert both.get_column("got").fill_null(0).to_list() == want.to_list(), number


def assert_nobody_is_lost(found: da.Explained[Any], stage: Stage) -> None:
    fates = stage.fates.collect()
    assert not fates.get_column(ID).is_duplicated().any()
    left_out = LeftOut.checked(found.left_out)
    assert found.counted + left_out.get_column("conversations").sum() == fates.height
    for reason, n, _ in left_out.iter_rows():
        assert len(found.ids(reason=reason)) == n
    given_ids = set(fates.get_column(ID))
    entered = pl.concat([part.rows.select(pl.col(ID).drop_nulls()) for part in stage.parts])
    told = set(entered.collect().get_column(ID))
    assert told | set(fates.drop_nulls(REASON).get_column(ID)) == given_ids
    assert told <= given_ids


def assert_rows_are_found_again(found: da.Explained[Any], stage: Stage) -> None:
    some = found.table.reverse().gather_every(2)
    if stage.keys:
        kept = found.behind.join(some, on=stage.keys, how="semi", nulls_equal=True)
        assert found.ids(some).to_list() == sorted(set(kept.get_column(ID)))
    assert found.ids(found.table).equals(found.ids())


@pytest.mark.parametrize("name", CALLS)
def test_lazy_frames_are_explained_alike_and_stay_plans(name: str) -> None:
    eager = CALLS[name](a_world())
    lazy = CALLS[name]({table: frame.lazy() for table, frame in a_world().items()})
    assert isinstance(lazy.table, pl.LazyFrame)
    assert isinstance(lazy.behind, pl.LazyFrame)
    assert lazy.table.collect().equals(eager.table)
    assert lazy.behind.collect().equals(eager.behind)
    assert lazy.ids().equals(eager.ids())
    assert repr(lazy) == repr(eager)
