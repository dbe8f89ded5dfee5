"""Sets of tags: cases worked out by hand, a counter, and laws."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.proportion import proportion_confint

import metrics.references.tags as slow
from builders import tagged
from drift_analysis.errors import InputError
from drift_analysis.metrics import tag_sets
from drift_analysis.schemas import Conversations, TagSets

names = st.sampled_from(["demo", "Demo", " demo", "price", "PRICE", "bug"])
rows_of = st.lists(st.none() | st.lists(names, max_size=4), max_size=14)


def sets(*tags: list[str] | None) -> pl.DataFrame:
    return TagSets.checked(tag_sets(tagged(*tags)))


def test_conversations_with_the_same_tags_are_counted_together() -> None:
    found = sets(["b", "A"], ["A", "b", "B "], ["a"], [], [], None)

    assert found.select("tags", "n_tags", "conversations", "share").rows() == [
        ([], 0, 2, 0.4),
        (["A", "b"], 2, 2, 0.4),
        (["A"], 1, 1, 0.2),
    ]
    assert found.select("n_known", "n_unknown").unique().rows() == [(5, 1)]
    for row in found.iter_rows(named=True):
        theirs = proportion_confint(row["conversations"], 5, method="wilson")
        assert (row["share_lo"], row["share_hi"]) == pytest.approx(theirs, abs=1e-12)


def test_no_tag_at_all_is_the_empty_set_and_unknown_is_none() -> None:
    assert sets([], None)["tags"].to_list() == [[]]
    assert_frame_equal(sets(None), TagSets.empty())
    assert_frame_equal(tag_sets(Conversations.empty()), TagSets.empty())


@given(rows_of)
@settings(deadline=None, max_examples=50)
def test_counts_are_those_of_a_counter_and_shares_add_up(rows: list[slow.Tags]) -> None:
    found = sets(*rows)

    spelling = slow.shown(rows)
    expected = Counter(tuple(spelling[tag] for tag in sorted(tags)) for tags in slow.known(rows))
    assert {tuple(tags): n for tags, n in found.select("tags", "conversations").rows()} == expected
    assert found["share"].sum() == pytest.approx(1 if expected else 0)
    assert found["conversations"].is_sorted(descending=True)


@given(rows_of, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_neither_other_groups_nor_order_nor_repeats_nor_the_engine_matter(
    rows: list[slow.Tags], random: Any
) -> None:
    frame = tagged(*rows, inbox_id=[random.choice([1, 2, None]) for _ in rows])

    together = tag_sets(frame, by="inbox_id")

    for inbox in frame["inbox_id"].unique():
        alone = tag_sets(frame.filter(pl.col("inbox_id").eq_missing(inbox)))
        mine = together.filter(pl.col("inbox_id").eq_missing(inbox)).drop("inbox_id", "tags")
        assert_frame_equal(mine, alone.drop("tags"))
    assert_frame_equal(
        tag_sets(frame.sample(fraction=1, shuffle=True, seed=7), by="inbox_id"), together
    )
    assert_frame_equal(tag_sets(pl.concat([frame, frame]), by="inbox_id"), together)
    lazy = tag_sets(frame.lazy(), by="inbox_id")
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), together)


def test_a_group_that_is_needed_here_is_refused() -> None:
    with pytest.raises(InputError, match=r"^by='tags' is a name that is needed here"):
        tag_sets(tagged([]), by="tags")
