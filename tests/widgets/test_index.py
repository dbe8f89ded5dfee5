from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.widgets.asked.index import Index

rows = st.lists(st.none() | st.lists(st.integers(1, 4), max_size=4), max_size=8)


@given(lists=rows, asked=st.lists(st.none() | st.integers(0, 5), max_size=3), seed=st.integers())
@settings(max_examples=100, deadline=None)
def test_it_holds_and_counts_what_the_lists_do(
    lists: list[list[int] | None], asked: list[int | None], seed: int
) -> None:
    index = Index.of(pl.Series(lists, dtype=pl.List(pl.Int64)))
    held = [set(each or ()) for each in lists]
    passing = [bool(seed >> n & 1) for n in range(len(lists))]

    assert index.holding(asked).to_list() == [bool(each & set(asked)) for each in held]
    assert index.counts() == Counter(value for each in held for value in each)
    kept = Counter(
        value for each, fits in zip(held, passing, strict=True) if fits for value in each
    )
    assert index.counts(pl.Series(passing, dtype=pl.Boolean)) == kept


def test_the_most_frequent_value_comes_first_and_ties_in_order() -> None:
    index = Index.of(pl.Series([[3, 2], [2], [1]]))

    assert list(index.counts().items()) == [(2, 2), (1, 1), (3, 1)]
