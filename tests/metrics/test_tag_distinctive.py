"""Tags that set groups apart: cases worked out by hand, a plain reference, and laws."""

from __future__ import annotations

from datetime import timedelta
from math import log
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import metrics.references.tags as slow
from builders import NOON, tagged
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import tag_distinctive
from drift_analysis.schemas import Conversations, TagDistinctive

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = pl.col("inbox_id") == 1

names = st.sampled_from(["demo", "Demo", " demo", "price", "PRICE", "bug", "vip"])
sides = st.lists(
    st.tuples(st.none() | st.lists(names, max_size=4), st.sampled_from([1, 2])), max_size=14
)


def sided(rows: Sequence[tuple[slow.Tags, int | None]]) -> pl.DataFrame:
    return tagged(*(tags for tags, _ in rows), inbox_id=[inbox for _, inbox in rows])


def distinctive(frame: pl.DataFrame, **options: Any) -> pl.DataFrame:
    return TagDistinctive.checked(tag_distinctive(frame, **{"first": OURS, **options}))


def test_the_odds_are_worked_out_by_hand() -> None:
    # Three uses on our side, two of demo; one on the other, of price. Of a prior of 4 uses, demo
    # has 4 * 2/4 = 2, and so has price.
    frame = sided([(["demo"], 1), (["demo", "price"], 1), (["price"], 2)])

    found = distinctive(frame, prior=4)

    demo = found.row(0, named=True)
    assert (demo["tag"], demo["first"], demo["second"], demo["prior"]) == ("demo", 2, 0, 2)
    assert (demo["n_first"], demo["n_second"], demo["n_unknown"]) == (2, 1, 0)
    assert demo["log_odds"] == pytest.approx(log((2 + 2) / (1 + 2)) - log((0 + 2) / (1 + 2)))
    assert demo["variance"] == pytest.approx(1 / 4 + 1 / 3 + 1 / 2 + 1 / 3)
    assert demo["z"] == pytest.approx(demo["log_odds"] / demo["variance"] ** 0.5)
    assert found["log_odds"][1] == pytest.approx(-demo["log_odds"])


def test_the_variance_formula_is_named_and_can_be_that_of_the_leading_terms() -> None:
    frame = sided([(["demo"], 1), (["demo", "price"], 1), (["price"], 2)])

    full, leading = distinctive(frame, prior=4), distinctive(frame, prior=4, variance="leading")

    assert full["variance_formula"].to_list() == ["full", "full"]
    assert leading["variance_formula"].to_list() == ["leading", "leading"]
    assert leading["variance"][0] == pytest.approx(1 / 4 + 1 / 2)
    assert_frame_equal(full.select("tag", "log_odds"), leading.select("tag", "log_odds"))


def test_two_periods_can_be_compared_and_what_is_in_neither_is_left_out() -> None:
    days = [NOON + timedelta(days=n) for n in range(4)]
    frame = tagged(["a"], ["b"], None, ["c"], created_at=days)
    at = pl.col("created_at")

    found = distinctive(frame, first=at < days[1], second=at.is_between(days[1], days[2]))

    assert found.select("tag", "first", "second").rows() == [("a", 1, 0), ("b", 0, 1)]
    assert found.select("n_first", "n_second", "n_unknown").row(0) == (1, 1, 1)


def test_what_is_on_both_sides_or_on_no_known_one_is_left_out() -> None:
    frame = sided([(["a"], 1), (["b"], 2), (["both"], 3), (["neither"], 4)])

    overlapping = distinctive(
        frame, first=pl.col("inbox_id").is_in([1, 3]), second=pl.col("inbox_id").is_in([2, 3])
    )
    null = distinctive(sided([(["a"], 1), (["b"], None)]))

    assert overlapping["tag"].to_list() == ["a", "b"]
    assert null.select("tag", "first", "second").rows() == [("a", 1, 0), ("b", 0, 1)]


def test_a_single_tag_has_no_odds() -> None:
    found = distinctive(sided([(["a"], 1), (["a"], 2)]))

    assert found.select("tag", "first", "log_odds", "variance", "z").rows() == [
        ("a", 1, None, None, None)
    ]


@given(sides, st.sampled_from([0.5, 10, 200]), st.sampled_from(["full", "leading"]))
@settings(deadline=None, max_examples=50)
def test_the_log_odds_are_those_of_the_plain_reference(
    rows: list[tuple[slow.Tags, int]], prior: float, variance: str
) -> None:
    found = distinctive(sided(rows), prior=prior, variance=variance)

    ours, theirs = ([tags for tags, inbox in rows if inbox == side] for side in (1, 2))
    uses = {slow.folded(tag) for tags, _ in rows for tag in tags or []}
    assert {slow.folded(tag) for tag in found["tag"]} == uses
    if len(uses) > 1:
        expected = slow.distinctive(ours, theirs, prior, variance)
        for row in found.iter_rows(named=True):
            wanted = expected[slow.folded(row["tag"])]
            assert {name: row[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)
        assert found["z"].is_sorted(descending=True)


@given(sides)
@settings(deadline=None, max_examples=20)
def test_the_other_side_sees_the_mirror_image(rows: list[tuple[slow.Tags, int]]) -> None:
    found, mirrored = distinctive(sided(rows)), distinctive(sided(rows), first=~OURS)

    other = mirrored.with_columns(-pl.col("log_odds"), -pl.col("z")).rename(
        {"first": "second", "second": "first", "n_first": "n_second", "n_second": "n_first"}
    )
    assert_frame_equal(other.select(found.columns).sort("tag"), found.sort("tag"))


@given(sides)
@settings(deadline=None, max_examples=20)
def test_neither_order_nor_repeats_nor_the_engine_matter(
    rows: list[tuple[slow.Tags, int]],
) -> None:
    frame = sided(rows)
    found = distinctive(frame)

    assert_frame_equal(distinctive(frame.sample(fraction=1, shuffle=True, seed=7)), found)
    assert_frame_equal(distinctive(pl.concat([frame, frame])), found)
    lazy = tag_distinctive(frame.lazy(), first=OURS)
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), found)


@pytest.mark.parametrize("frame", [Conversations.empty(), tagged([]), tagged(None)])
def test_no_tags_give_the_whole_schema_and_no_rows(frame: pl.DataFrame) -> None:
    assert_frame_equal(tag_distinctive(frame, first=OURS), TagDistinctive.empty())


def refusal(frame: pl.DataFrame, **options: Any) -> str:
    with pytest.raises((InputError, SchemaError)) as caught:
        tag_distinctive(frame, **{"first": OURS, **options})
    return str(caught.value)


@pytest.mark.parametrize("prior", [0, -1, float("nan"), float("inf"), "10"])
def test_a_prior_that_is_no_number_above_0_is_refused(prior: Any) -> None:
    assert refusal(tagged([]), prior=prior) == (
        f"prior={prior!r} is not a number above 0.\n"
        "It is how many uses of tags the prior is worth.\n"
        "Try: prior=10."
    )


def test_other_arguments_that_mean_nothing_are_refused() -> None:
    assert refusal(tagged([]), variance="short") == (
        "variance='short' is not a choice.\nTry: one of 'full', 'leading'."
    )
    assert refusal(tagged([]), first=pl.col("inbox_id")) == (
        "first is no condition on the conversations.\n"
        "It gives Int64.\n"
        "Try: pl.col('inbox_id') == 7."
    )
    assert refusal(tagged([]), second=pl.col("team") == 1) == (
        "second is no condition on the conversations.\n"
        "It cannot be computed: ColumnNotFoundError.\n"
        "Try: pl.col('inbox_id') == 7."
    )
    assert refusal(tagged([]).drop("tags")).startswith("Conversations: missing 'tags'.")
