from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from charts.tables import AS_OF, caption, encodings, row_count, rows_with, subtitle, tags, title
from drift_analysis import charts
from drift_analysis.charts.color import GREY
from drift_analysis.errors import InputError
from drift_analysis.schemas import TagFrequency


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
        ("no tag", None, "30 % · 30"),
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
    assert rows[-1] == ("20 other tags", None, "up to 40 each")


def test_the_finding_is_only_what_the_intervals_bear() -> None:
    def says(*rows: dict[str, Any]) -> str:
        return title(charts.tag_frequency(tags(*rows), as_of=AS_OF).to_dict())

    assert (
        says(tag("a", 40), tag("b", 10)) == "“a” is the most frequent tag: on 40 % of conversations"
    )
    assert (
        says(tag("a", 40), tag("b", 38)) == "“a” and “b” lead, each on about 40 % of conversations"
    )
    assert says(tag("a", 40), tag("b", 38), tag("c", 37)) == (
        "“a”, “b” and “c” lead, each on about 40 % of conversations"
    )


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
    assert [row["each"] for row in rows_with(spec, "each")] == ["●●", "●", "●"]
    assert [value for _, _, value in drawn(spec)] == ["2 of 4", "1 of 4", "1 of 4"]
    assert all(row["share"] is None for row in rows_with(spec, "each"))


def test_a_tag_with_several_rows_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        charts.tag_frequency(tags(tag("a", 2), tag("a", 1)), as_of=AS_OF)

    assert str(raised.value) == (
        "A tag has several rows.\n"
        "2 rows for 1 tags.\n"
        "Try: charts.tag_trend(...) for periods, or filter the table to one period and group."
    )


def test_nothing_is_a_calm_sentence() -> None:
    for nothing in (TagFrequency.empty(), tags(tag("a", 0))):
        spec = charts.tag_frequency(nothing, as_of=AS_OF).to_dict()

        assert spec["vconcat"][0]["mark"]["text"] == ["No tags on these conversations."]


def test_many_tags_become_few_rows() -> None:
    table = pl.concat([tags(tag("a", 60))] * 12_000).with_columns(
        tag=pl.format("tag {}", pl.int_range(pl.len()))
    )

    assert row_count(charts.tag_frequency(table, as_of=AS_OF).to_dict()) <= 30
