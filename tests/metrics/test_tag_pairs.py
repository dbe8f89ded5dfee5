"""Tags that occur together: the oracle, mlxtend, a plain reference, and laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import apriori, association_rules
from polars.testing import assert_frame_equal
from statsmodels.stats.multitest import multipletests

import metrics.references.tags as slow
from builders import tagged
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import tag_cooccurrence
from drift_analysis.schemas import Conversations, TagCooccurrence

ORACLE = json.loads(Path("tests/oracles/vectors_competing_risks_and_tags.json").read_text())
TRANSACTIONS: list[list[str]] = ORACLE["arules_vignette_transactions"]

names = st.sampled_from(["demo", "Demo", " demo", "price", "PRICE", "bug", "vip"])
rows_of = st.lists(st.none() | st.lists(names, max_size=4), max_size=14)


def pairs(*tags: list[str] | None, **columns: list[Any]) -> pl.DataFrame:
    return TagCooccurrence.checked(tag_cooccurrence(tagged(*tags, **columns)))


def pair_of(found: pl.DataFrame, a: str, b: str) -> dict[str, Any]:
    return found.row(by_predicate=(pl.col("tag_a") == a) & (pl.col("tag_b") == b), named=True)


def test_the_oracle_of_eight_baskets_is_met() -> None:
    found = pairs(*TRANSACTIONS)

    assert found.height == len(ORACLE["arules_pairs"])
    for pair in ORACLE["arules_pairs"]:
        mine = pair_of(found, pair["a"], pair["b"])
        theirs = {name: value for name, value in pair.items() if name not in ("a", "b")}
        assert {name: mine[name] for name in theirs} == pytest.approx(theirs, abs=1e-12)


def test_rules_are_those_of_mlxtend() -> None:
    baskets = pd.DataFrame(
        [
            {tag: tag in tags for tag in ("coffee", "cookies", "milk", "tea")}
            for tags in TRANSACTIONS
        ]
    )
    rules = association_rules(
        apriori(baskets, min_support=0.01, use_colnames=True), metric="support", min_threshold=0.01
    )
    found = pairs(*TRANSACTIONS)

    looked_at = 0
    for rule in rules.to_dict("records"):
        if len(rule["antecedents"]) > 1 or len(rule["consequents"]) > 1:
            continue
        (a,), (b,) = sorted([rule["antecedents"], rule["consequents"]], key=min)
        mine = pair_of(found, a, b)
        way = "confidence_ab" if a in rule["antecedents"] else "confidence_ba"
        assert mine[way] == pytest.approx(rule["confidence"], abs=1e-9)
        for name in ("support", "lift", "leverage", "jaccard"):
            assert mine[name] == pytest.approx(rule[name], abs=1e-9)
        looked_at += 1
    assert looked_at == 10


def test_tags_that_never_meet_are_there_all_the_same() -> None:
    found = pairs(["demo"], ["price"], [], None).row(0, named=True)

    assert [found[name] for name in ("tag_a", "tag_b", "n_a", "n_b", "n_ab")] == [
        "demo",
        "price",
        1,
        1,
        0,
    ]
    assert (found["n_known"], found["n_unknown"]) == (3, 1)
    assert (found["pmi"], found["npmi"], found["lift"], found["phi"]) == (None, -1, 0, -0.5)


def test_tags_that_are_never_apart_have_an_npmi_of_one() -> None:
    found = pairs(["demo", "price"], []).row(0, named=True)

    assert (found["pmi"], found["npmi"], found["phi"], found["jaccard"]) == (1, 1, 1, 1)


def test_what_is_on_all_conversations_is_correlated_with_nothing() -> None:
    everywhere = pairs(["demo", "price"], ["demo", "price"]).row(0, named=True)
    one_of_them = pairs(["demo", "price"], ["demo"]).row(0, named=True)

    assert (everywhere["pmi"], everywhere["npmi"], everywhere["phi"]) == (0, None, None)
    assert (one_of_them["npmi"], one_of_them["phi"], one_of_them["fisher_p"]) == (0, None, 1)


def test_spellings_are_one_tag_and_count_once_for_a_conversation() -> None:
    found = pairs(["Demo", "demo ", "Price"], ["Demo", "price", "PRICE"], ["price"])

    assert found.select("tag_a", "tag_b", "n_a", "n_b", "n_ab").rows() == [
        ("Demo", "price", 2, 3, 2)
    ]


@given(rows_of)
@settings(deadline=None, max_examples=50)
def test_every_measure_is_that_of_the_plain_reference(rows: list[slow.Tags]) -> None:
    found = pairs(*rows)

    expected, spelling = slow.pairs(rows), slow.shown(rows)
    mine = {
        (slow.folded(r["tag_a"]), slow.folded(r["tag_b"])): r for r in found.iter_rows(named=True)
    }
    assert mine.keys() == expected.keys()
    for pair, theirs in expected.items():
        assert (mine[pair]["tag_a"], mine[pair]["tag_b"]) == tuple(spelling[t] for t in pair)
        assert {name: mine[pair][name] for name in theirs} == pytest.approx(theirs, abs=1e-12)
    if expected:
        q = multipletests(found["fisher_p"].to_list(), method="fdr_bh")[1]
        assert found["q"].to_list() == pytest.approx(list(q), rel=1e-9)
    assert found["n_ab"].is_sorted(descending=True)


@given(rows_of, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_neither_other_groups_nor_order_nor_repeats_nor_the_engine_matter(
    rows: list[slow.Tags], random: Any
) -> None:
    frame = tagged(*rows, inbox_id=[random.choice([1, 2, None]) for _ in rows])

    together = tag_cooccurrence(frame, by="inbox_id")

    for inbox in frame["inbox_id"].unique():
        alone = tag_cooccurrence(frame.filter(pl.col("inbox_id").eq_missing(inbox)))
        mine = together.filter(pl.col("inbox_id").eq_missing(inbox))
        assert_frame_equal(mine.drop("inbox_id", "tag_a", "tag_b"), alone.drop("tag_a", "tag_b"))
    assert_frame_equal(
        tag_cooccurrence(frame.sample(fraction=1, shuffle=True, seed=7), by="inbox_id"), together
    )
    assert_frame_equal(tag_cooccurrence(pl.concat([frame, frame]), by="inbox_id"), together)
    lazy = tag_cooccurrence(frame.lazy(), by="inbox_id")
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(engine="streaming"), together)


@pytest.mark.parametrize("frame", [Conversations.empty(), tagged([]), tagged(None), tagged(["a"])])
def test_no_pairs_give_the_whole_schema_and_no_rows(frame: pl.DataFrame) -> None:
    assert_frame_equal(tag_cooccurrence(frame), TagCooccurrence.empty())


def test_arguments_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InputError) as clash:
        tag_cooccurrence(tagged([]).with_columns(lift=1), by="lift")
    with pytest.raises(SchemaError) as missing:
        tag_cooccurrence(tagged([]).drop("tags"))

    assert str(clash.value) == (
        "by='lift' is a name that is needed here.\n"
        "Two columns cannot have one name.\n"
        "Try: frame.rename(...) first."
    )
    assert str(missing.value).startswith("Conversations: missing 'tags'.")
