from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from builders import conversations, table
from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    description,
    encodings,
    row_count,
    rows_with,
    stays_text,
    tags,
    title,
    weekly,
)
from drift_analysis import charts, metrics
from drift_analysis.errors import InputError
from drift_analysis.schemas import (
    TagCooccurrence,
    TagDistinctive,
    TagFrequency,
    TagSets,
    TagSurvival,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def tagged(*sets: tuple[Sequence[str], int], unknown: int = 0) -> pl.DataFrame:
    """Build conversations from sets of tags, and how many have each."""
    lists: list[Any] = [
        [{"name": name} for name in names] for names, count in sets for _ in range(count)
    ]
    lists += [None] * unknown
    return conversations(*({"conversation_id": n, "tags": each} for n, each in enumerate(lists)))


MANY = tagged(*(((f"t{n}", f"t{n + 1}"), 6) for n in range(40)))


def pairs_of(given: pl.DataFrame, **options: Any) -> dict[str, Any]:
    pairs = metrics.tag_cooccurrence(given)
    found: dict[str, Any] = charts.tag_cooccurrence(pairs, as_of=AS_OF, **options).to_dict()
    return found


def sets_of(given: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.tag_sets(
        metrics.tag_sets(given), as_of=AS_OF, **options
    ).to_dict()
    return found


TOGETHER = tagged((("a", "b"), 30), (("c",), 30), (("a", "c"), 1), (("d",), 4), unknown=3)


def test_a_cell_is_the_lift_of_its_pair_below_the_diagonal() -> None:
    spec = pairs_of(TOGETHER)

    # Of 65: a 31, b 30, both 30: 30 * 65 / (31 * 30).
    cells = [
        row for rows in spec["datasets"].values() for row in rows if row.get("pair") == "a + b"
    ]
    assert [(cell["told"], cell["clear"], cell["both"]) for cell in cells] == [("2.1", True, "30")]
    assert title(spec) == "“a” and “b” go together: 2.1 times as often as by chance"
    assert "n = 65 conversations whose tags are known." in caption(spec)
    assert "Left out: 3 conversations whose tags are unknown." in caption(spec)
    assert "Tags on at least 5 conversations. 1 other tag not drawn." in caption(spec)
    assert description(spec).endswith("Clear: a and b 2.1, a and c 0.07, b and c 0.")


def test_similar_tags_stand_beside_each_other() -> None:
    names = [row["name"] for row in rows_with(pairs_of(TOGETHER), "number")]
    assert abs(names.index("a") - names.index("b")) == 1
    assert set(names) == {"a", "b", "c"}


def test_pairs_that_only_avoid_each_other_or_neither_are_told() -> None:
    apart = tagged((("a",), 40), (("b",), 40))
    assert title(pairs_of(apart)) == "“a” and “b” avoid each other: 0 times as often as by chance"
    even = tagged((("a",), 5), (("b",), 5), (("a", "b"), 5), ((), 5))
    assert title(pairs_of(even)) == (
        "No two tags clearly go together, or avoid each other, more than by chance"
    )


def test_pairs_are_few_one_per_row_and_calm_where_there_are_none() -> None:
    assert row_count(pairs_of(MANY)) <= 120
    assert "29 other tags not drawn." in caption(pairs_of(MANY))
    none = charts.tag_cooccurrence(TagCooccurrence.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "No two tags are on 5 conversations each."
    twice = pl.concat([metrics.tag_cooccurrence(TOGETHER)] * 2)
    with pytest.raises(InputError) as raised:
        charts.tag_cooccurrence(twice, as_of=AS_OF)
    assert str(raised.value) == (
        "A pair of tags has several rows.\n12 rows.\nTry: filter the table to one group."
    )


def test_a_set_is_a_column_with_its_tags_as_dots() -> None:
    spec = sets_of(tagged((("a", "b"), 6), (("a",), 3), ((), 1)))

    bars = rows_with(spec, "said", "foot")
    assert [(bar["tags"], bar["said"]) for bar in bars] == [
        ("a + b", "60 %\n6"),
        ("a", "30 %\n3"),
        ("no tag", "10 %\n1"),
    ]
    heights = [bar["foot"] - bar["top"] for bar in bars]
    assert heights[0] / heights[1] == pytest.approx(2)
    dots = [row for row in rows_with(spec, "size") if row["size"] > 50]
    assert sorted((dot["tag"], round(dot["x"])) for dot in dots) == sorted(
        [("a", round(bars[0]["x"])), ("b", round(bars[0]["x"])), ("a", round(bars[1]["x"]))]
    )
    assert title(spec) == "60 % of conversations have several tags, most often “a” and “b”"


def test_sets_wear_the_colours_of_tags_and_count_alone_below_five() -> None:
    given = tagged((("a", "b"), 2), (("a",), 1))
    known = tags({"tag": "a", "conversations": 3, "color": "0176FF"})
    spec = sets_of(given, frequency=known)

    colors = {row["tag"]: row["color"] for row in rows_with(spec, "size") if row["size"] > 50}
    assert colors == {"a": "#0176FF", "b": "#7A7F87"}
    assert [bar["said"] for bar in rows_with(spec, "said", "foot")] == ["2", "1"]
    assert title(spec) == "2 of 3 conversations have several tags, most often “a” and “b”"
    assert title(sets_of(tagged((("a",), 9)))) == "No conversation has more than one tag"


def test_sets_are_few_and_one_per_column_and_calm_where_there_are_none() -> None:
    assert row_count(sets_of(MANY)) <= 150
    assert "30 rarer sets not drawn (180 conversations)." in caption(sets_of(MANY))
    none = charts.tag_sets(TagSets.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "No conversation has known tags."
    with pytest.raises(InputError) as raised:
        charts.tag_sets(pl.concat([metrics.tag_sets(TOGETHER)] * 2), as_of=AS_OF)
    assert str(raised.value).startswith("A set of tags has several rows.\n")


def distinct(*rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Draw tags whose log of odds has a variance of a quarter."""
    common = {"n_first": 100, "n_second": 50, "n_unknown": 2, "prior": 10.0, "variance": 0.25}
    filled = [{"z": row["log_odds"] / 0.5, "first": 9, "second": 3, **row} for row in rows]
    given = table(TagDistinctive, filled, variance_formula="full", **common)
    found: dict[str, Any] = charts.tag_distinctive(given, as_of=AS_OF, **options).to_dict()
    return found


def test_tags_stand_from_the_first_to_the_second_with_their_interval() -> None:
    spec = distinct(
        {"tag": "less", "log_odds": -1.5},
        {"tag": "more", "log_odds": 2.0},
        {"tag": "same", "log_odds": 0.1},
        sides=("March", "February"),
    )

    rows = rows_with(spec, "full_name")
    assert [(row["full_name"], row["value"], row["hollow"]) for row in rows] == [
        ("more", "7.4 x · 9 : 3", False),
        ("same", "1.1 x · 9 : 3", True),
        ("less", "1/4.5 x · 9 : 3", False),
    ]
    assert (rows[0]["lo"], rows[0]["hi"]) == (pytest.approx(1.02), pytest.approx(2.98))
    assert title(spec) == "Most distinctive: “more” for March, “less” for February"
    assert "n = 100 conversations of March, 50 conversations of February" in caption(spec)
    domain = next(x["scale"]["domain"] for x in encodings(spec, "x") if "scale" in x)
    assert domain == [pytest.approx(-2.48), pytest.approx(2.98)]


def test_the_least_distinctive_are_counted_and_none_is_said() -> None:
    spec = distinct(*({"tag": f"t{n}", "log_odds": n / 1000} for n in range(200)))
    assert title(spec) == "No tag stands out between the first and the second"
    assert "190 tags closer together not drawn." in caption(spec)
    assert row_count(spec) <= 30
    none = charts.tag_distinctive(TagDistinctive.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "There are no tags to compare."


def survival(*rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    common = {"n_rest": 60, "n_unknown": 0, "expected": 9.0, "median_all": timedelta(hours=2)}
    given = table(TagSurvival, list(rows), **common)
    found: dict[str, Any] = charts.tag_survival(given, as_of=AS_OF, **options).to_dict()
    return found


def tag_of(name: str, n: int, hours: float | None, **more: Any) -> dict[str, Any]:
    median = None if hours is None else timedelta(hours=hours)
    low = None if median is None else median / 2
    return {"tag": name, "n": n, "events": n, "median": median, "median_lo": low, **more}


SLOW = tag_of("bug", 40, 9, q=0.01, hazard_ratio=0.4)


def test_tags_stand_by_their_median_beside_that_of_all_with_the_warning() -> None:
    spec = survival(tag_of("demo", 50, 1, q=0.4, hazard_ratio=1.2), SLOW, tag_of("x", 9, None))

    rows = rows_with(spec, "full_name")
    assert [(row["full_name"], row["at"], row["value"], row["hollow"]) for row in rows] == [
        ("x", None, "not reached · 9", True),
        ("bug", 32_400, "9 h · 40", False),
        ("demo", 3_600, "1 h · 50", True),
    ]
    assert [{"at": 7_200.0}] in spec["datasets"].values()
    assert title(spec) == (
        "Tagged “bug” takes longer: half 9 h, of all 2 h (tags come after the fact)"
    )
    assert "Tags come after the fact: a tag may be there because it took long" in caption(spec)


def test_survival_says_shorter_unclear_few_and_none() -> None:
    fast = tag_of("fast", 40, 1, q=0.01, hazard_ratio=3.0)
    assert title(survival(fast)).startswith("Tagged “fast” takes shorter: half 1 h, of all 2 h")
    few = survival(tag_of("few", 3, 1))
    assert rows_with(few, "full_name")[0]["value"] == "3 of 3 ended"
    assert title(few) == (
        "No tag clearly goes with a longer or shorter time (tags come after the fact)"
    )
    assert "Dashed" not in caption(few)
    many = survival(*(tag_of(f"t{n}", 50, 1) for n in range(300)))
    assert row_count(many) <= 30
    none = charts.tag_survival(TagSurvival.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "No conversation has a tag."


def ranks(given: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.tag_ranks(given, as_of=AS_OF, **options).to_dict()
    return found


def test_ranks_are_those_of_each_period_and_ties_keep_the_order_of_all() -> None:
    spec = ranks(
        weekly({"a": [0.5, 0.5, 0.1], "b": [0.2, 0.5, 0.6], "c": [0.1, 0.1, 0.1]}, [100] * 3)
    )

    rows = rows_with(spec, "place_in", "told")
    found = {name: [r["place_in"] for r in rows if r["full_name"] == name] for name in "abc"}
    assert found == {"b": [2, 1, 1], "a": [1, 2, 2], "c": [3, 3, 3]}
    assert title(spec) == "“a” fell from rank 1 to rank 2"
    y = next(y["scale"]["domain"] for y in encodings(spec, "y") if "scale" in y)
    assert y == [3.5, 0.5]


def test_ranks_leave_out_small_periods_and_say_which_are_not_over() -> None:
    shares = {"a": [0.5] * 5, "b": [0.2] * 5}
    spec = ranks(weekly(shares, [100, 4, 100, 100, 100]))

    assert len(rows_with(spec, "place_in", "told")) == 8
    assert "Left out: 1 week with fewer than 5 conversations." in caption(spec)
    assert "Hollow: a week that is not known to be over." in caption(spec)
    assert title(spec) == "No tag has clearly changed its rank"
    young = weekly({"a": [0.5, 0.5]}, [100, 100]).with_columns(pl.col("period").dt.offset_by("8w"))
    assert title(ranks(young)) == "Fewer than two weeks are over: no change can be seen"
    one = ranks(weekly({"a": [0.5]}, [100]))
    assert calm_sentence(one) == "Fewer than two periods have known tags on 5 conversations."
    empty = ranks(TagFrequency.empty().with_columns(period=pl.lit(None, pl.Date)))
    assert calm_sentence(empty) == "Fewer than two periods have known tags on 5 conversations."


def test_hostile_tags_stay_text_in_every_picture() -> None:
    given = tagged((HOSTILE[:2], 9), (HOSTILE[2:], 9), (HOSTILE, 2))
    first = {"tag": HOSTILE[0], "log_odds": 2.0}

    assert stays_text(pairs_of(given))
    assert stays_text(sets_of(given))
    assert stays_text(distinct(first, {"tag": HOSTILE[1], "log_odds": -2.0}), *HOSTILE[:2])
    assert stays_text(survival(*(tag_of(name, 9, 1) for name in HOSTILE)), *HOSTILE)
    assert stays_text(ranks(weekly({name: [0.5, 0.2] for name in HOSTILE}, [100, 100])), *HOSTILE)
