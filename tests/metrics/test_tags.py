"""Tag frequencies: cases worked out by hand, a plain reference, and laws."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.proportion import proportion_confint

from builders import conversations
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import tag_frequency
from drift_analysis.schemas import Conversations, TagFrequency

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)

Tags = list[tuple[str, str | None]] | None


def tagged(*rows: Tags, **columns: list[Any]) -> pl.DataFrame:
    return conversations(
        *(
            {
                "conversation_id": n,
                "created_at": MONDAY,
                "tags": None if tags is None else [{"name": t, "color": c} for t, c in tags],
                **{name: values[n - 1] for name, values in columns.items()},
            }
            for n, tags in enumerate(rows, 1)
        )
    )


def days(*numbers: float) -> list[datetime]:
    return [MONDAY + timedelta(days=n) for n in numbers]


def test_a_tag_is_counted_once_for_each_conversation_that_has_it() -> None:
    frame = tagged(
        [("demo", "0960C5"), ("demo", "0960C5")], [("demo", None), ("price", "7695A5")], [], None
    )

    found = TagFrequency.checked(tag_frequency(frame))

    assert found.select("tag", "color", "conversations", "rank", "n_colors").rows() == [
        ("demo", "0960C5", 2, 1, 1),
        ("price", "7695A5", 1, 2, 1),
    ]
    assert found.select("n_known", "n_untagged", "n_unknown").unique().rows() == [(3, 1, 1)]
    assert found["share"].to_list() == pytest.approx([2 / 3, 1 / 3])
    for row in found.iter_rows(named=True):
        theirs = proportion_confint(row["conversations"], 3, method="wilson")
        assert (row["share_lo"], row["share_hi"]) == pytest.approx(theirs, abs=1e-12)


def test_a_list_record_is_unknown_and_in_no_denominator() -> None:
    known = tagged([("demo", None)], [])

    with_unknown = tag_frequency(tagged([("demo", None)], [], None, None))

    assert_frame_equal(with_unknown.drop("n_unknown"), tag_frequency(known).drop("n_unknown"))
    assert with_unknown["n_unknown"].to_list() == [2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Demo", "demo"),
        ("demo ", " demo"),
        ("book a  demo", "book a\tdemo"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδοσ"),
        ("café", "cafe\u0301"),
        ("a\u00a0b", "A B"),
    ],
)
def test_spellings_that_differ_in_case_and_spaces_are_one_tag(one: str, other: str) -> None:
    found = tag_frequency(tagged([(one, None)], [(other, None), (one, None)]))

    assert found["conversations"].to_list() == [2]
    assert found["variants"].to_list() == [sorted([one, other])]


@pytest.mark.parametrize(
    ("one", "other"), [("demo", "demos"), ("a b", "ab"), ("ı", "i"), ("é", "e")]
)
def test_other_differences_are_other_tags(one: str, other: str) -> None:
    assert tag_frequency(tagged([(one, None), (other, None)])).height == 2


def test_the_most_frequent_spelling_is_shown_and_of_several_the_first_in_the_alphabet() -> None:
    most = tagged([("Demo", None)], [("demo", None)], [(" demo ", None)])
    tie = tagged([("demo", None)], [("Demo", None)])

    assert tag_frequency(most)["tag"].to_list() == ["demo"]
    assert tag_frequency(tie)["tag"].to_list() == ["Demo"]


def test_the_most_frequent_colour_is_shown_and_others_are_counted() -> None:
    frame = tagged(
        [("demo", "bbbbbb")], [("demo", "BBBBBB")], [("Demo", "AAAAAA")], [("demo", None)]
    )

    assert tag_frequency(frame).select("color", "n_colors").rows() == [("BBBBBB", 2)]
    assert tag_frequency(tagged([("demo", None)])).select("color", "n_colors").rows() == [(None, 0)]


def test_equal_tags_share_a_rank_and_stand_in_the_order_of_the_alphabet() -> None:
    frame = tagged([("b", None), ("a", None)], [("c", None), ("b", None), ("a", None)])

    found = tag_frequency(frame)

    assert found.select("tag", "rank").rows() == [("a", 1), ("b", 1), ("c", 3)]


def test_periods_without_the_tag_are_present_with_0_and_empty_ones_have_no_share() -> None:
    created = days(0, 1, 15)
    frame = tagged([("demo", None)], [], [("price", None)], created_at=created)

    found = tag_frequency(frame, every="1w")

    assert found.select("period", "tag", "conversations", "n_known", "share", "rank").rows() == [
        (date(2026, 1, 5), "demo", 1, 2, 0.5, 1),
        (date(2026, 1, 5), "price", 0, 2, 0.0, 2),
        (date(2026, 1, 12), "demo", 0, 0, None, 1),
        (date(2026, 1, 12), "price", 0, 0, None, 1),
        (date(2026, 1, 19), "price", 1, 1, 1.0, 1),
        (date(2026, 1, 19), "demo", 0, 1, 0.0, 2),
    ]
    seen = found.select("first_seen", "last_seen").rows()
    assert seen == [(created[0],) * 2, *[(None, None)] * 3, (created[2],) * 2, (None, None)]


@pytest.mark.parametrize(
    ("every", "periods"),
    [
        ("1d", [date(2026, 1, 31), date(2026, 2, 1)]),
        ("1w", [date(2026, 1, 26)]),
        ("1mo", [date(2026, 1, 1), date(2026, 2, 1)]),
        ("1q", [date(2026, 1, 1)]),
        ("1y", [date(2026, 1, 1)]),
    ],
)
def test_periods_begin_where_people_expect_them(every: str, periods: list[date]) -> None:
    created = [datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 2, 1, 9, tzinfo=UTC)]
    frame = tagged([("demo", None)], [("demo", None)], created_at=created)

    assert tag_frequency(frame, every=every)["period"].to_list() == periods


def test_days_begin_in_the_zone_that_was_asked_for() -> None:
    frame = tagged([("demo", None)], created_at=[datetime(2026, 1, 5, 2, tzinfo=UTC)])

    assert tag_frequency(frame, every="1d")["period"].item() == date(2026, 1, 5)
    there = tag_frequency(frame, every="1d", tz="America/New_York")
    assert there["period"].item() == date(2026, 1, 4)


def test_a_day_whose_midnight_never_came_is_a_day_like_any_other() -> None:
    created = [datetime(2024, 4, 26, 12, tzinfo=UTC), datetime(2024, 4, 25, 12, tzinfo=UTC)]
    frame = tagged([("demo", None)], [("demo", None)], created_at=created)

    found = tag_frequency(frame, every="1d", tz="Africa/Cairo")

    assert found["period"].to_list() == [date(2024, 4, 25), date(2024, 4, 26)]


def test_groups_have_denominators_of_their_own_and_null_is_one_of_them() -> None:
    frame = tagged([("demo", None)], [], [], None, inbox_id=[1, 1, None, None])

    found = tag_frequency(frame, by="inbox_id")

    columns = ("inbox_id", "tag", "conversations", "n_known", "n_untagged", "n_unknown")
    assert found.select(columns).rows() == [(1, "demo", 1, 2, 1, 0), (None, "demo", 0, 1, 1, 1)]


def test_columns_that_were_joined_can_group_whatever_they_are_called() -> None:
    frame = tagged([("demo", None)], []).with_columns(name=pl.lit("x"), period=pl.lit("y"))

    found = tag_frequency(frame, by=["name", "period"])

    assert found.columns == ["name", "period", *TagFrequency.column_names()]
    assert found.height == 1


names = st.sampled_from(["demo", "Demo", " demo", "price", "PRICE", "bug"])
colors = st.sampled_from([None, "aaaaaa", "AAAAAA", "0960C5"])
some_tags = st.none() | st.lists(st.tuples(names, colors), max_size=4)
sets = st.lists(
    st.tuples(some_tags, st.integers(0, 20), st.sampled_from([1, 2, None])), max_size=12
)


def as_frame(rows: list[tuple[Tags, int, int | None]]) -> pl.DataFrame:
    return tagged(
        *(tags for tags, _, _ in rows),
        created_at=days(*(day for _, day, _ in rows)),
        inbox_id=[inbox for _, _, inbox in rows],
    )


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def plainly(rows: list[tuple[Tags, int, int | None]]) -> dict[str, tuple[Any, ...]]:
    """Count with a dictionary."""
    known = [tags for tags, _, _ in rows if tags is not None]
    spelled: dict[str, Counter[str]] = {}
    for tags in known:
        for clean in {" ".join(name.split()) for name, _ in tags}:
            spelled.setdefault(clean.casefold(), Counter())[clean] += 1
    found = {}
    for tag, spellings in spelled.items():
        having = [day for tags, day, _ in rows if tags and tag in {folded(n) for n, _ in tags}]
        raw = sorted({n for tags in known for n, _ in tags if folded(n) == tag})
        shown = min(spellings, key=lambda name: (-spellings[name], name))
        found[shown] = (len(having), len(having) / len(known), min(having), max(having), raw)
    return found


@given(sets)
@settings(deadline=None, max_examples=60)
def test_counts_are_those_of_a_reader_with_a_pencil(
    rows: list[tuple[Tags, int, int | None]],
) -> None:
    found = TagFrequency.checked(tag_frequency(as_frame(rows)))

    first = (pl.col("first_seen") - MONDAY).dt.total_days()
    last = (pl.col("last_seen") - MONDAY).dt.total_days()
    mine = found.select("tag", "conversations", "share", first, last, "variants").rows()
    assert {tag: tuple(rest) for tag, *rest in mine} == plainly(rows)
    assert found["conversations"].is_sorted(descending=True)


@given(sets)
@settings(deadline=None, max_examples=30)
def test_periods_and_groups_add_up_to_the_whole(rows: list[tuple[Tags, int, int | None]]) -> None:
    frame = as_frame(rows)
    parts = tag_frequency(frame, every="1w", by="inbox_id")

    columns = ("conversations", "n_known", "n_untagged", "n_unknown")
    total = parts.group_by("tag").agg(pl.col(columns).sum()).sort("tag")
    assert_frame_equal(total, tag_frequency(frame).select("tag", *columns).sort("tag"))
    looks = ("tag", "color", "variants", "n_colors")
    assert_frame_equal(
        parts.select(looks).unique().sort("tag"), tag_frequency(frame).select(looks).sort("tag")
    )


@given(sets)
@settings(deadline=None, max_examples=25)
def test_neither_order_nor_repeats_nor_the_engine_matter(
    rows: list[tuple[Tags, int, int | None]],
) -> None:
    frame = as_frame(rows)

    def metric(frame: Any) -> Any:
        return tag_frequency(frame, every="1w", by="inbox_id", tz="Europe/Berlin")

    expected = metric(frame)
    assert_frame_equal(metric(frame.sample(fraction=1, shuffle=True, seed=7)), expected)
    assert_frame_equal(metric(pl.concat([frame, frame])), expected)
    assert_frame_equal(metric(frame.lazy()).collect(), expected)
    assert_frame_equal(metric(frame.lazy()).collect(engine="streaming"), expected)


@pytest.mark.parametrize("frame", [Conversations.empty(), tagged([]), tagged(None)])
def test_no_tags_give_the_whole_schema_and_no_rows(frame: pl.DataFrame) -> None:
    assert_frame_equal(tag_frequency(frame), TagFrequency.empty())
    assert tag_frequency(frame, every="1mo", by="status").columns == [
        *("period", "status"),
        *TagFrequency.column_names(),
    ]


def refusal(call: Callable[[], object], error: type[Exception] = InputError) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize("every", ["week", "1h", "0d", "-1w", "1", ""])
def test_a_period_that_means_nothing_is_refused(every: str) -> None:
    assert refusal(lambda: tag_frequency(tagged([]), every=every)) == (
        f"every={every!r} is not the length of a period.\n"
        "It is a number and one of d, w, mo, q, y.\n"
        "Try: '1d', '1w' or '1mo'."
    )


def test_other_arguments_that_mean_nothing_are_refused() -> None:
    frame = tagged([])

    assert refusal(lambda: tag_frequency(frame, tz="Mars/Olympus")).startswith(
        "tz='Mars/Olympus' is not a time zone."
    )
    assert refusal(lambda: tag_frequency(frame, by="team")).startswith("There is no column 'team'.")
    assert refusal(lambda: tag_frequency(frame.with_columns(tag=1), by="tag")).startswith(
        "by='tag' is a name that is needed here."
    )
    assert refusal(lambda: tag_frequency(frame.drop("tags")), SchemaError).startswith(
        "Conversations: missing 'tags'."
    )
