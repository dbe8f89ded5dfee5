from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from builders import NOON, conversations, messages
from drift_analysis.report import Review
from drift_analysis.schemas import Meetings, Messages
from report.hostile import hostile_dataset

MINUTES = [2, 2, 30, 30, 30, 30, 30, 30, 30, 300]


def answered(**more: Any) -> Any:
    """Ten contacts write on Monday at noon, and wait for as many minutes as are listed."""
    talks = conversations(*({"conversation_id": n} for n in range(10)))
    human = {"author_type": "user", "author_kind": "human"}
    said = messages(
        *({"conversation_id": n} for n in range(10)),
        *(
            {"conversation_id": n, "created_at": NOON + timedelta(minutes=wait), **human}
            for n, wait in enumerate(MINUTES)
        ),
    )
    as_of = NOON + timedelta(days=1)
    return replace(hostile_dataset(), conversations=talks, messages=said, as_of=as_of, **more)


def section(review: Review, name: str) -> Any:
    return next(each for each in review.sections if each.name == name)


def test_answers_in_good_time_are_told_for_times_that_people_know() -> None:
    found = section(Review(answered(), sections=["answered-in-time"]), "answered-in-time")

    shares = found.numbers.select("Within", "Answered", "In time").rows()
    assert shares == [
        (timedelta(minutes=1), 0, 0),
        (timedelta(minutes=5), pytest.approx(0.2), 2),
        (timedelta(minutes=15), pytest.approx(0.2), 2),
        (timedelta(hours=1), pytest.approx(0.9), 9),
        (timedelta(hours=4), pytest.approx(0.9), 9),
        (timedelta(days=1), 1, 10),
    ]
    assert found.sentences[0].startswith("20 % have an answer from a person within 5 min (95 % ")


def test_load_says_the_busiest_day_and_what_comes_in_working_hours() -> None:
    found = section(Review(answered(), sections=["load"]), "load")

    assert found.sentences == (
        "Monday has the most: 10 of 10 conversations.",
        "100 % begin on a weekday between 9:00 and 17:00.",
    )
    assert found.numbers.row(0)[:3] == ("Monday", "12:00", 10)


def test_without_messages_neither_is_told_unless_asked_for() -> None:
    silent = replace(answered(), messages=Messages.empty())

    assert {"answered-in-time", "load"} & {s.name for s in Review(silent).sections} == set()
    asked = Review(silent, sections=["load", "answered-in-time"]).sections
    assert asked[0].sentences[0] == "No contact wrote."
    assert asked[1].numbers.height == 6


def test_lift_is_told_where_meetings_are_known() -> None:
    sample = da.load("data/sample")
    found = section(Review(sample, sections=["playbook-lift"]), "playbook-lift")

    assert found.sentences[0] == (
        "1 playbook differs by more than chance: “Book a demo (fast lane)”."
    )
    assert found.numbers.filter(pl.col("More than chance"))["Meetings"].to_list() == [11]
    unknown = Review(replace(sample, meetings=Meetings.empty()))
    assert "playbook-lift" not in [each.name for each in unknown.sections]
    alone = Review(sample, period=("2026-03-02", "2026-03-03"), sections=["playbook-lift"])
    assert alone.sections[0].sentences[0] == (
        "No playbook differs from the rest by more than chance."
    )
