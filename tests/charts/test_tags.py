from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from builders import conversations
from charts.tables import (
    AS_OF,
    calm_sentence,
    caption,
    encodings,
    row_count,
    rows_with,
    subtitle,
    tags,
    title,
)
from drift_analysis import charts, metrics
from drift_analysis.charts.kit.color import GREY
from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, TagFrequency


def tag(name: str, conversations: int, **more: Any) -> dict[str, Any]:
    return {"tag": name, "conversations": conversations, **more}


def drawn(spec: dict[str, Any]) -> list[tuple[str, float | None, str]]:
    rows = rows_with(spec, "full_name")
    return [(row["full_name"], row["share"], row["value"]) for row in rows]


def test_tags_stand_by_their_use_with_share_and_n() -> None:
    table = tags(tag("demo", 10), tag("pricing", 40), n_untagged=30)
    spec = charts.tag_frequency(table, as_of=AS_OF).to_dict()

    assert drawn(spec) == [
        ("pricing", 0.4, "40 % · 40"),
        ("demo", 0.1, "10 % · 10"),
        ("no tag", 0.3, "30 % · 30"),
    ]
    assert [row["row"] for row in rows_with(spec, "full_name")] == [0, 1, 3]


def test_tags_wear_their_own_colours_where_these_can_be_seen() -> None:
    table = tags(tag("a", 3, color="0176FF"), tag("b", 2, color="FFEE00"), tag("c", 1))
    spec = charts.tag_frequency(table, as_of=AS_OF).to_dict()

    colors = [row["color"] for row in rows_with(spec, "color")]
    assert colors == ["#0176FF", charts.readable("FFEE00"), GREY]
    assert all(color["scale"] is None for color in encodings(spec, "color"))


def test_the_tail_is_folded_and_counted() -> None:
    table = tags(*(tag(f"t{n}", 50 - n) for n in range(30)))
    spec = charts.tag_frequency(table, as_of=AS_OF).to_dict()

    rows = drawn(spec)
    assert len(rows) == 11
    assert rows[-1] == ("20 other tags", 0.4, "up to 40 each")


def test_the_finding_is_only_what_the_intervals_bear() -> None:
    def says(*rows: dict[str, Any]) -> str:
        return title(charts.tag_frequency(tags(*rows), as_of=AS_OF).to_dict())

    assert (
        says(tag("a", 40), tag("b", 10)) == "“a” is the most frequent tag: on 40 % of conversations"
    )
    assert says(tag("Pricing", 13), tag("Demo", 10)) == (
        "“Pricing” leads with 13 %, “Demo” follows with 10 % (too close to rank)"
    )
    assert says(tag("a", 40), tag("b", 38), tag("c", 38), tag("d", 37)) == (
        "“a” leads with 40 %, “b” and “c” follow with 38 % (too close to rank)"
    )


def test_one_number_stands_for_several_tags_only_where_they_are_a_point_apart() -> None:
    def says(*uses: int) -> str:
        rows = [tag("abcdefghijklmno"[n], used) for n, used in enumerate(uses)]
        return title(charts.tag_frequency(tags(*rows), as_of=AS_OF, limit=2).to_dict())

    assert says(40, 39) == "“a” and “b” lead, each on about 40 % of conversations"
    assert says(40, 40, 39) == "“a”, “b” and “c” lead, each on about 40 % of conversations"
    assert says(40, 40, 40, 40, 39) == (
        "“a”, “b” and 3 others lead, each on about 40 % of conversations"
    )
    assert says(13, 10, 10, 10, 10) == (
        "“a” leads with 13 %, “b”, “c” and 2 others follow with 10 % (too close to rank)"
    )
    assert says(2, 1) == "“a” leads with 2 %, “b” follows with 1 % (too close to rank)"
    assert says(40, 10) == "“a” is the most frequent tag: on 40 % of conversations"


def test_no_tag_and_the_rest_have_pale_bars_and_a_mark_where_they_leave_the_scale() -> None:
    def others(untagged: int) -> tuple[list[tuple[Any, ...]], str]:
        table = tags(tag("a", 40), tag("b", 10), tag("c", 5), n_untagged=untagged)
        spec = charts.tag_frequency(table, as_of=AS_OF, limit=1).to_dict()
        rows = rows_with(spec, "full_name")
        return [(row["share"], row["opacity"], row["break"]) for row in rows], caption(spec)

    fits, said = others(50)
    assert fits == [(0.4, 1.0, ""), (0.1, 0.35, ""), (0.5, 0.35, "")]
    assert "Pale: no tag and of the other tags the most frequent." in said

    beyond, said = others(90)
    assert beyond == [(0.4, 1.0, ""), (0.1, 0.35, ""), (0.45, 0.35, "//")]
    assert "the most frequent; // goes beyond the scale." in said


def test_the_words_say_what_is_known_and_what_is_not() -> None:
    table = tags(tag("a", 40, n_colors=2), n_unknown=7)
    chart = charts.tag_frequency(table, as_of=AS_OF)
    spec = chart.to_dict()

    assert subtitle(spec) == (
        "Share of conversations with each tag, and how many · line: 95 % interval"
        " · 1 Mar to 31 Mar 2026"
    )
    assert caption(spec) == (
        "n = 100 conversations whose tags are known; one can have several. Left out: "
        "7 conversations whose tags are unknown. 1 tag with several colours: the most frequent is "
        "shown. Drift keeps no time for a tag: the dates are those of the conversations. "
        "As of 31 Mar 2026, 12:00 (UTC)."
    )
    assert chart.description == (
        "Bar chart, one bar per tag; x: share of conversations. “a” is the most frequent tag: on "
        "40 % of conversations. a 40 % · 40."
    )


def test_below_five_counts_take_the_place_of_shares() -> None:
    table = tags(tag("a", 2), tag("b", 1), n_known=4, n_untagged=1)
    spec = charts.tag_frequency(table, as_of=AS_OF).to_dict()

    assert title(spec) == "“a” is on 2 of 4 conversations"
    assert "Pale" not in caption(spec)
    assert [row["each"] for row in rows_with(spec, "each")] == ["●●", "●", "●"]
    assert [value for _, _, value in drawn(spec)] == ["2 of 4", "1 of 4", "1 of 4"]
    assert all(row["share"] is None for row in rows_with(spec, "each"))


def test_a_tie_of_few_names_all_of_them() -> None:
    spec = charts.tag_frequency(
        tags(tag("a", 2), tag("b", 2), tag("c", 1), n_known=4), as_of=AS_OF
    ).to_dict()

    assert title(spec) == "“a” and “b” are each on 2 of 4 conversations"


def test_a_tag_with_several_rows_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        charts.tag_frequency(tags(tag("a", 2), tag("a", 1)), as_of=AS_OF)

    assert str(raised.value) == (
        "A tag has several rows.\n"
        "2 rows for 1 tags.\n"
        "Try: charts.tag_trend(...) for periods, or filter the table to one period and group."
    )


def test_nothing_is_a_calm_sentence() -> None:
    spec = charts.tag_frequency(TagFrequency.empty(), as_of=AS_OF).to_dict()

    assert calm_sentence(spec) == "No tag is known on any conversation."


@pytest.mark.parametrize(
    ("known", "unknown", "said"),
    [
        (0, 0, "No conversations"),
        (0, 1, "Tags of this conversation are unknown (list records only)"),
        (0, 21, "Tags of these 21 conversations are unknown (list records only)"),
        (1, 0, "The conversation has no tag"),
        (1_200, 21, "None of the 1,200 conversations has a tag"),
    ],
)
def test_no_tag_and_tags_that_are_unknown_are_told_apart(
    known: int, unknown: int, said: str
) -> None:
    records = [{"conversation_id": n, "tags": []} for n in range(known)]
    records += [{"conversation_id": n, "tags": None} for n in range(known, known + unknown)]
    every = conversations(*records) if records else Conversations.empty()
    frequency = metrics.tag_frequency(every)
    chart = charts.tag_frequency(frequency, as_of=AS_OF, conversations=every.lazy())
    spec = chart.to_dict()

    assert frequency.is_empty()
    assert title(spec) == said
    assert calm_sentence(spec) == f"{said}."
    assert ("whose tags are unknown." in caption(spec)) == (unknown > 0)
    assert f"{said[1:]}, until 31 Mar 2026." in str(chart.description)


def test_a_table_with_rows_tells_by_itself_that_tags_are_unknown() -> None:
    elsewhere = tags({**tag("a", 0), "share": None}, n_known=1, n_unknown=21)
    spec = charts.tag_frequency(
        elsewhere.with_columns(n_known=pl.lit(0, pl.UInt32)), as_of=AS_OF
    ).to_dict()

    assert title(spec) == "Tags of these 21 conversations are unknown (list records only)"
    assert "Left out: 21 conversations whose tags are unknown." in caption(spec)


def test_many_tags_become_few_rows() -> None:
    table = pl.concat([tags(tag("a", 60))] * 12_000).with_columns(
        tag=pl.format("tag {}", pl.int_range(pl.len()))
    )

    assert row_count(charts.tag_frequency(table, as_of=AS_OF).to_dict()) <= 30
