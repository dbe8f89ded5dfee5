"""Explanations as they stand under pictures."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl
import pytest

import drift_analysis as da
from drift_analysis.errors import InputError
from worlds import AS_OF, CALLS, a_world

OFFICE = da.Calendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})


def said(picture: Any) -> str:
    lines: list[str] = picture.vconcat[-1].mark.text
    return " ".join(lines).replace("\u00a0", " ")


def test_a_picture_says_what_is_not_said_already() -> None:
    found = CALLS["playbook_attribution"](a_world())
    picture = da.charts.playbook_attribution(found.table, as_of=AS_OF)
    with_words = da.charts.explained(picture, found)
    assert len(with_words.vconcat) == len(picture.vconcat) + 1
    assert with_words.description == picture.description
    assert said(with_words) == (
        "What each playbook started, and what came of it. As Drift's playbook report credits the "
        "playbook that started the conversation; an address counts at most once per conversation. "
        "4 of 6 conversations counted. Left out: 1 (they began later than the moment that is "
        "looked at)."
    )
    elsewhere = da.charts.explained(picture, found, tz="Asia/Tokyo")
    assert said(elsewhere).endswith("As of 4 Mar 2026, 21:00 (Asia/Tokyo).")


def test_business_hours_and_the_moment_stand_under_a_chart_without_a_caption() -> None:
    world = a_world()
    found = da.explain(
        da.first_response,
        world["messages"].filter(pl.col("conversation_id") < 3),
        as_of=AS_OF,
        calendar=OFFICE,
    )
    mine = alt.Chart(found.table.select("outcome")).mark_bar().encode(y="outcome")
    told = said(da.charts.explained(mine, found))
    assert told.endswith(
        "when an agent is routed in. All of 2 conversations counted. Business hours: Mon to Fri "
        "09:00-17:00 (UTC). As of 4 Mar 2026, 12:00 (UTC)."
    )
    assert da.charts.explained(mine, found).vconcat[-1].width == 640


def test_nothing_is_counted_where_nothing_is_known() -> None:
    empty = {name: frame.clear() for name, frame in a_world().items()}
    nothing = da.explain(da.tag_frequency, empty["conversations"])
    picture = da.charts.tag_frequency(nothing.table, as_of=AS_OF)
    assert said(da.charts.explained(picture, nothing)).endswith("There are no conversations.")
    table = CALLS["playbook_attribution"](a_world()).table
    lift = da.explain(da.playbook_lift, table)
    mine = alt.Chart(table.select("playbook_id")).mark_bar().encode(x="playbook_id")
    assert said(da.charts.explained(mine, lift)).endswith("the test Fisher's.")


def test_half_pictures_keep_their_width_and_save() -> None:
    found = CALLS["tag_frequency"](a_world())
    picture = da.charts.tag_frequency(found.table, as_of=AS_OF, size="half")
    with_words = da.charts.explained(picture, found)
    assert with_words.vconcat[-1].width == 310
    assert said(with_words).endswith("5 of 6 conversations counted.")
    assert with_words.to_dict()["vconcat"][-1]["width"] == 310


def test_only_a_picture_can_be_explained() -> None:
    found = CALLS["tag_frequency"](a_world())
    with pytest.raises(InputError) as refused:
        da.charts.explained(found, found)  # type: ignore[arg-type]
    assert str(refused.value) == (
        "explained() takes a picture and its explanation.\n"
        "Got Explained and Explained.\n"
        "Try: da.charts.explained(da.charts.tag_frequency(found.table, ...), found)."
    )
