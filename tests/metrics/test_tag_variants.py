"""Tags that look alike, and merging them: cases by hand, a plain reference, and laws."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from builders import tagged
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import merge_tags, tag_frequency, tag_variants
from drift_analysis.schemas import Conversations, TagVariants
from drift_analysis.schemas.tags import tag_key
from metrics.references import tag_variants as plain

NAMES = (
    *("Pricing", " pricing ", "PRICING", "pricings", "Pricng", "pricin", "prciing", "pri-cing"),
    *("Follow-up", "follow up", "followups", "Q1 plan", "Q2 plan", "q1-plan", "box", "boxes"),
    *("query", "queries", "class", "classes", "bug", "bag", "-", "", "Straße", "STRASSEN"),
)
rows = st.lists(st.none() | st.lists(st.sampled_from(NAMES), max_size=4), max_size=12)


def names(frame: pl.DataFrame) -> list[list[str] | None]:
    return [
        None if tags is None else [tag["name"] for tag in tags] for tags in frame["tags"].to_list()
    ]


def keys(frame: pl.DataFrame) -> list[set[str] | None]:
    found = frame.select(pl.col("tags").list.eval(tag_key(pl.element().struct.field("name"))))
    return [None if each is None else set(each) for each in found.to_series().to_list()]


def test_alike_spellings_are_proposed_with_the_reason() -> None:
    frame = tagged(
        *[["Follow-up"]] * 3,
        [" Follow-up", "FOLLOW-UP"],
        ["follow up", "Follow-ups"],
        ["Folow-up", "Fololw-up", "Bug"],
        ["Demo"],
        None,
    )

    found = TagVariants.checked(tag_variants(frame))

    assert found["into"].unique().to_list() == ["Follow-up"]
    assert found.select("spelling", "reason", "conversations").rows() == [
        ("Follow-up", None, 3),
        (" Follow-up", "spaces", 1),
        ("FOLLOW-UP", "case", 1),
        ("Follow-ups", "plural", 1),
        ("Fololw-up", "letter", 1),
        ("Folow-up", "letter", 1),
        ("follow up", "hyphens", 1),
    ]
    assert found.select("group", "group_conversations").unique().rows() == [(1, 6)]
    assert_frame_equal(tag_variants(frame.lazy()).collect(), found)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("query", "queries", "plural"),
        ("box", "boxes", "plural"),
        ("class", "classes", "plural"),
        ("ID", "ids", "plural"),
        ("hand over", "handover", "hyphens"),
        ("hand\u2013over", "hand_over", "hyphens"),
        ("Integration", "Integrations ", "plural"),
        ("Integration", "Integartion", "letter"),
        ("Integration", "Integratoin!", None),
        ("Q1 plan", "Q2 plan", None),
        ("v10 beta", "v1 beta", None),
        ("bug", "bag", None),
        ("plan", "plane", None),
        ("news", "newest", None),
        ("-", "_", None),
    ],
)
def test_two_tags_are_alike_or_not(one: str, other: str, reason: str | None) -> None:
    found = tag_variants(tagged([one], [one], [other]))

    assert [row for row in found["reason"].to_list() if row] == [reason] * (reason is not None)


def test_what_is_like_a_spelling_that_is_given_up_itself_is_left_alone() -> None:
    frame = tagged(*[["pricing"]] * 3, *[["pricin"]] * 2, ["prici"])

    assert tag_variants(frame)["spelling"].to_list() == ["pricing", "pricin"]


@given(rows)
@settings(max_examples=15, deadline=None)
def test_the_proposals_are_those_of_comparing_every_two(given_rows: list[Any]) -> None:
    found = TagVariants.checked(tag_variants(tagged(*given_rows)))

    columns = ["into", "spelling", "reason", "conversations", "group_conversations"]
    assert found.select(columns).rows() == plain.variants(given_rows)
    assert (
        found["group"].to_list()
        == (found["into"].rle_id() + 1 if found.height else found["group"]).to_list()
    )


def test_a_conversation_that_had_both_counts_once_and_unknown_stays_unknown() -> None:
    frame = tagged(["Demo", "demos"], ["DEMOS "], ["Bug", "bug"], [], None)

    merged = merge_tags(frame, {"demos": "Demo", "gone": "Bug"})

    assert names(merged) == [["Demo"], ["Demo"], ["Bug", "bug"], [], None]
    assert tag_frequency(merged).select("tag", "conversations", "n_known", "n_unknown").rows() == [
        ("Demo", 2, 4, 1),
        ("Bug", 1, 4, 1),
    ]
    assert_frame_equal(merged.drop("tags"), frame.drop("tags"))


def test_names_are_followed_to_the_last_and_a_tag_can_be_spelled_anew() -> None:
    frame = tagged(["a"], ["B"], ["c "], [" pricing", "PRICING"])

    merged = merge_tags(frame, {"a": "b", "b": "c", "c": "C", "PRICING": "Pricing"})

    assert names(merged) == [["C"], ["C"], ["C"], ["Pricing"]]


def test_a_tag_keeps_its_colour() -> None:
    frame = tagged([]).with_columns(
        pl.Series("tags", [[{"name": "demos", "color": "FF0000"}]], Conversations.tags.dtype)
    )

    merged = merge_tags(frame, {"demos": "Demo"})

    assert merged["tags"].to_list() == [[{"name": "Demo", "color": "FF0000"}]]


@st.composite
def mappings(draw: st.DrawFn) -> dict[str, str]:
    """Draw a mapping that leads nowhere in a circle."""
    order = draw(st.permutations(sorted({plain.key_of(name) for name in NAMES if name})))
    steps = draw(st.lists(st.tuples(st.sampled_from(order), st.sampled_from(order)), max_size=5))
    return {old: new.title() for old, new in steps if order.index(old) < order.index(new)}


@given(rows, mappings())
@settings(max_examples=15, deadline=None)
def test_merging_is_idempotent_invents_no_tag_and_loses_none(
    given_rows: list[Any], mapping: dict[str, str]
) -> None:
    frame = tagged(*given_rows)
    merged = Conversations.checked(merge_tags(frame, mapping))

    assert_frame_equal(merge_tags(merged, mapping), merged)
    assert_frame_equal(merge_tags(frame.lazy(), mapping).collect(), merged)
    assert_frame_equal(merge_tags(frame, json.loads(json.dumps(mapping))), merged)

    def last(key: str) -> str:
        steps = {plain.key_of(old): plain.key_of(new) for old, new in mapping.items()}
        return last(steps[key]) if steps.get(key, key) != key else key

    expected = [
        None if tags is None else {last(plain.key_of(name)) for name in tags} for tags in given_rows
    ]
    assert keys(merged) == expected


@given(rows)
@settings(max_examples=12, deadline=None)
def test_a_mapping_of_names_to_themselves_changes_nothing(given_rows: list[Any]) -> None:
    frame = tagged(*given_rows)

    assert_frame_equal(merge_tags(frame, {name: name for name in NAMES}), frame)
    assert_frame_equal(merge_tags(frame, {}), frame)


@given(rows)
@settings(max_examples=12, deadline=None)
def test_after_all_proposals_are_taken_each_group_is_one_tag(given_rows: list[Any]) -> None:
    frame = tagged(*given_rows)
    proposed = tag_variants(frame)
    taken = dict(proposed.filter(pl.col("reason").is_not_null()).select("spelling", "into").rows())
    groups = dict(proposed.select("into", "group_conversations").rows())

    counts = dict(tag_frequency(merge_tags(frame, taken)).select("tag", "conversations").rows())

    assert {into: counts[into] for into in groups} == groups


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"a": "b", "b": "a"},
            "The mapping leads in a circle.\n2 names lead to one another.\n"
            "Try: a mapping in which one of them is no old name.",
        ),
        (
            {"a": "b", "A ": "c"},
            "The mapping gives one tag two new names.\n"
            "1 of 1 tags; spellings that differ in case and spaces are one.\n"
            "Try: one new name for each tag.",
        ),
        (
            {"a": " "},
            "A tag cannot be given a blank name.\n1 of 1.\nTry: a name, or leave the entry out.",
        ),
        (
            ["a"],
            "mapping= takes the new name for each old one.\nGot list.\n"
            "Try: mapping={'demos': 'Demo'}.",
        ),
        (
            {"a": None},
            "mapping= takes the new name for each old one.\nGot values that are no texts.\n"
            "Try: mapping={'demos': 'Demo'}.",
        ),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(mapping: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        merge_tags(tagged(["a"]), mapping)

    assert str(caught.value) == message


def test_another_table_is_refused() -> None:
    nothing = pl.DataFrame({"tags": []})
    with pytest.raises(SchemaError, match="Conversations: missing"):
        tag_variants(nothing)
    with pytest.raises(SchemaError, match="Conversations: missing"):
        merge_tags(nothing, {"a": "b"})
