"""Tags against time: cases worked out by hand, lifelines, the log-rank test, and laws."""

from __future__ import annotations

from datetime import timedelta
from math import exp
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import logrank_test
from polars.testing import assert_frame_equal
from statsmodels.stats.multitest import multipletests

import metrics.references.tags as slow
from builders import messages, tagged
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import first_response, log_rank, survival_quantiles, tag_survival
from drift_analysis.schemas import TagSurvival

TESTS = ("hazard_ratio", "hazard_ratio_lo", "hazard_ratio_hi", "chi2", "p", "q")

Row = tuple[list[str] | None, int, bool]

names = st.sampled_from(["demo", "Demo", " demo", "price", "bug"])
some_tags = st.none() | st.lists(names, max_size=3)
rows_of = st.lists(st.tuples(some_tags, st.integers(0, 9), st.booleans()), max_size=30)


def waited(rows: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Build waits in milliseconds, and the conversations that they belong to."""
    waits = pl.DataFrame(
        {
            "conversation_id": range(1, len(rows) + 1),
            "wait": [t for _, t, _ in rows],
            "censored": [running for *_, running in rows],
        },
        schema={"conversation_id": pl.Int64, "wait": pl.Int64, "censored": pl.Boolean},
    )
    return waits.with_columns(pl.col("wait").cast(pl.Duration("ms"))), tagged(
        *(t for t, *_ in rows)
    )


def found_of(rows: list[Row]) -> pl.DataFrame:
    return TagSurvival.checked(tag_survival(*waited(rows)))


def sides(rows: list[Row], tag: str) -> tuple[list[tuple[int, bool]], list[tuple[int, bool]]]:
    known = [({slow.folded(n) for n in tags}, (t, r)) for tags, t, r in rows if tags is not None]
    return [w for tags, w in known if tag in tags], [w for tags, w in known if tag not in tags]


def test_three_ends_with_the_tag_before_three_without() -> None:
    # Expected of them: 3/6 + 2/5 + 1/4 = 1.15 of 3; variance 1/4 + 6/25 + 3/16 = 0.6775.
    found = found_of([(["vip"] if t < 4 else [], t, False) for t in range(1, 7)]).row(0, named=True)

    counts = ("tag", "n", "n_rest", "n_unknown", "events")
    assert [found[name] for name in counts] == ["vip", 3, 3, 0, 3]
    assert found["expected"] == pytest.approx(1.15)
    assert found["chi2"] == pytest.approx(1.85**2 / 0.6775)
    reach = 1.959963984540054 / 0.6775**0.5
    assert found["hazard_ratio"] == pytest.approx(exp(1.85 / 0.6775))
    assert found["hazard_ratio_lo"] == pytest.approx(exp(1.85 / 0.6775 - reach))
    assert found["hazard_ratio_hi"] == pytest.approx(exp(1.85 / 0.6775 + reach))
    assert (found["median"], found["median_all"]) == (
        timedelta(milliseconds=2),
        timedelta(milliseconds=3),
    )


def test_unknown_tags_are_neither_with_nor_without() -> None:
    rows: list[Row] = [(["vip"], 1, False), ([], 2, False), (["vip"], 3, True), ([], 4, False)]

    found = found_of([*rows, (None, 1, False), (None, 9, False)])

    assert_frame_equal(found.drop("n_unknown"), found_of(rows).drop("n_unknown"))
    assert found["n_unknown"].to_list() == [2]


def test_a_conversation_that_was_not_loaded_is_unknown() -> None:
    waits, conversations = waited([(["vip"], 1, False), ([], 2, False), ([], 3, False)])

    found = tag_survival(waits, conversations.head(2))

    assert found.select("n", "n_rest", "n_unknown").row(0) == (1, 1, 1)


def test_what_is_not_known_to_have_ended_or_how_long_it_took_is_not_at_risk() -> None:
    rows: list[Row] = [(["vip"], 1, False), ([], 2, False), ([], 3, True)]
    waits, conversations = waited(
        [*rows, (["vip"], 1, False), (["bug"], -1, False), ([], 1, False)]
    )
    unclear = waits.with_columns(
        pl.when(pl.col("conversation_id") != 4).then(pl.col("censored")),
        pl.when(pl.col("conversation_id") != 6).then(pl.col("wait")),
    )

    assert_frame_equal(tag_survival(unclear, conversations), found_of(rows))


def test_a_tag_on_everything_has_no_rest_to_compare_with() -> None:
    found = found_of([(["all"], t, False) for t in range(1, 9)])

    assert found.select("n", "n_rest", "events").row(0) == (8, 0, 8)
    assert found["expected"].item() == pytest.approx(8)
    assert found.select(TESTS).row(0) == (None,) * 6


@given(rows_of)
@settings(deadline=None, max_examples=60)
def test_every_tag_is_tested_as_in_fractions_and_by_the_log_rank_test(rows: list[Row]) -> None:
    found = found_of(rows)

    tags = {slow.folded(name) for names, *_ in rows for name in names or []}
    assert {slow.folded(tag) for tag in found["tag"]} == tags
    for row in found.iter_rows(named=True):
        mine, rest = sides(rows, slow.folded(row["tag"]))
        expected = slow.against_rest(mine, rest)
        assert (row["n"], row["n_rest"]) == (len(mine), len(rest))
        assert row["events"] == sum(not running for _, running in mine)
        assert row["expected"] == pytest.approx(float(expected["expected"]), abs=1e-9)
        lives = [(*each, 0) for each in mine] + [(*each, 1) for each in rest]
        frame = pl.DataFrame(lives, schema=["t", "running", "side"], orient="row")
        frame = frame.with_columns(pl.col("t").cast(pl.Duration("ms")))
        test = log_rank(frame, duration="t", censored="running", group="side")
        same = test.row(0, named=True)
        assert (row["chi2"] is None) == (expected["variance"] == 0) == (same["chi2"] is None)
        if row["chi2"] is not None:
            assert row["chi2"] == pytest.approx(same["chi2"], rel=1e-8, abs=1e-9)
            assert row["p"] == pytest.approx(same["p"], rel=1e-8)
            score = row["events"] - float(expected["expected"])
            ratio = exp(score / float(expected["variance"]))
            assert row["hazard_ratio"] == pytest.approx(ratio, rel=1e-8)
        medians = survival_quantiles(frame, duration="t", censored="running", by="side", q=[0.5])
        bounds = medians.select("p50", "p50_lo", "p50_hi").row(0)
        assert (row["median"], row["median_lo"], row["median_hi"]) == bounds
        everyone = survival_quantiles(frame, duration="t", censored="running", q=[0.5])
        assert row["median_all"] == everyone["p50"].item()
    asked = found.drop_nulls("p")
    if asked.height:
        q = multipletests(asked["p"].to_list(), method="fdr_bh")[1]
        assert asked["q"].to_list() == pytest.approx(list(q), rel=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50), st.booleans()), max_size=40))
@settings(deadline=None, max_examples=20)
def test_the_test_is_that_of_lifelines(lives: list[tuple[bool, int, bool]]) -> None:
    lives = [*lives, (True, 1, False), (True, 60, True), (False, 60, True)]
    found = found_of([(["vip"] if has else [], t, r) for has, t, r in lives])

    mine, rest = ([(t, not r) for has, t, r in lives if has == side] for side in (True, False))
    theirs = logrank_test(
        [t for t, _ in mine], [t for t, _ in rest], [e for _, e in mine], [e for _, e in rest]
    )
    assert found["chi2"].item() == pytest.approx(theirs.test_statistic, rel=1e-9, abs=1e-9)
    assert found["p"].item() == pytest.approx(theirs.p_value, rel=1e-9)


@given(rows_of)
@settings(deadline=None, max_examples=20)
def test_neither_order_nor_repeats_nor_the_engine_matter(rows: list[Row]) -> None:
    waits, conversations = waited(rows)
    found = tag_survival(waits, conversations)

    shuffled = (each.sample(fraction=1, shuffle=True, seed=7) for each in (waits, conversations))
    assert_frame_equal(tag_survival(*shuffled), found)
    repeated = tag_survival(pl.concat([waits, waits]), pl.concat([conversations, conversations]))
    assert_frame_equal(repeated, found)
    lazy = tag_survival(waits.lazy(), conversations.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), found)


def test_it_takes_the_first_responses_as_they_are() -> None:
    conversations = tagged(["vip"], [])
    talk = messages({"conversation_id": 1}, {"conversation_id": 2})
    as_of = talk["created_at"][0] + timedelta(hours=1)
    waits = first_response(talk, conversations=conversations, as_of=as_of)

    found = tag_survival(waits, conversations)

    assert found.select("tag", "n", "n_rest", "events", "median").rows() == [("vip", 1, 1, 0, None)]


def test_nothing_in_gives_the_whole_schema_out() -> None:
    assert_frame_equal(found_of([]), TagSurvival.empty())
    assert_frame_equal(found_of([([], 1, False), (None, 2, True)]), TagSurvival.empty())


def refusal(waits: pl.DataFrame, conversations: pl.DataFrame, **options: Any) -> str:
    with pytest.raises((InputError, SchemaError)) as caught:
        tag_survival(waits, conversations, **options)
    return str(caught.value)


def test_arguments_that_mean_nothing_are_refused() -> None:
    waits, conversations = waited([])

    assert refusal(waits, conversations, duration="life").startswith("There is no column 'life'.")
    assert refusal(waits.drop("conversation_id"), conversations).startswith(
        "There is no column 'conversation_id'."
    )
    text = waits.cast({"conversation_id": pl.String})
    assert refusal(text, conversations) == (
        "'conversation_id' holds no ids of conversations.\n"
        "Its dtype is String.\n"
        "Try: pl.col('conversation_id').cast(pl.Int64)."
    )
    assert refusal(waits, conversations, duration="censored").startswith(
        "duration='censored' holds no lengths of time."
    )
    assert refusal(waits, conversations, censored="wait").startswith(
        "censored='wait' does not tell true from false."
    )
    assert refusal(waits, conversations.drop("tags")).startswith("Conversations: missing 'tags'.")
