from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from builders import changes, conversations, messages
from drift_analysis.errors import InputError
from drift_analysis.report import Review
from drift_analysis.schemas import Meetings
from report.hostile import hostile_dataset

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def two_weeks(*, quick: int, slow: int) -> Any:
    """Ten conversations in each of two weeks: answered after one hour, or after five."""
    talks, said, closed = [], [], []
    for n in range(20):
        began = MONDAY + timedelta(weeks=n // 10) + (n % 10) * timedelta(hours=12)
        wait = (1 if n % 10 < (quick if n >= 10 else slow) else 5) * HOUR
        talks.append(
            {
                "conversation_id": n,
                "created_at": began,
                "updated_at": began + 6 * HOUR,
                "status": "closed",
                "is_detail": True,
                "tags": [],
            }
        )
        said += [
            {"conversation_id": n, "created_at": began},
            {
                "conversation_id": n,
                "created_at": began + wait,
                "author_type": "user",
                "author_kind": "human",
            },
        ]
        closed += [(n, began, "open"), (n, began + 6 * HOUR, "closed")]
    return replace(
        hostile_dataset(),
        conversations=conversations(*talks),
        messages=messages(*said),
        status_events=changes(*closed),
        as_of=MONDAY + timedelta(weeks=2, days=1),
    )


def review(**options: Any) -> Review:
    given = {"period": "2026-W11", "compare": "previous", **options}
    return Review(two_weeks(quick=9, slow=2), **given)


def test_a_review_of_a_period_is_about_what_began_in_it() -> None:
    of_the_week = Review(two_weeks(quick=9, slow=2), period="2026-W11")

    assert of_the_week.measures is not None
    assert of_the_week.measures.conversations["conversation_id"].to_list() == list(range(10, 20))
    assert of_the_week.story.when == (
        "Conversations that began 9 Mar to 15 Mar 2026, whatever came of them later, as known at "
        "17 Mar 2026, 00:00 (UTC).",
    )
    assert of_the_week.before is None
    assert of_the_week.numbers.keys() == {each.name for each in of_the_week.sections}


def test_both_periods_are_looked_at_as_long_after_their_end() -> None:
    compared = review()

    assert compared.before is not None
    assert compared.before.as_of == MONDAY + timedelta(weeks=1, days=1)
    assert compared.before.conversations["conversation_id"].to_list() == list(range(10))
    assert compared.story.when[1] == (
        "Compared with those that began 2 Mar to 8 Mar 2026, as known at 10 Mar 2026, 00:00 (UTC): "
        "as long after their period as this one is looked at, so that both had the same time to "
        "be answered and closed."
    )


def test_the_period_before_is_what_a_review_of_it_would_have_shown_then() -> None:
    sample = da.load("data/sample")
    compared = Review(sample, period="last 4 weeks", compare="previous")
    assert compared.before is not None
    assert compared.compared is not None
    days = (compared.compared.start, compared.compared.end)

    then = Review(sample, period=days, as_of=compared.before.as_of)

    assert then.measures is not None
    for name in ("conversations", "waits", "times", "attribution", "tags", "answers"):
        assert getattr(then.measures, name).equals(getattr(compared.before, name)), name


def test_what_moved_is_said_with_its_interval_and_how_sure_it_is() -> None:
    numbers = {each.label: each for each in review().key_numbers}

    # Of the first week 2 of 10 were answered after an hour and 8 after five, then 9 and 1.
    answer = numbers["median first answer"]
    assert (answer.value, answer.change) == ("1 h", "4 h less")
    assert answer.sentence == (
        "Half of the contacts who wrote had an answer from a person within 1 h; in the period "
        "before it was 5 h."
    )
    assert answer.proof == (
        "Change: 95 % interval 4 h less to the same; n = 10, before 10. Chance alone could do that."
    )
    started = numbers["conversations"]
    assert (started.value, started.change) == ("10", "the same")
    assert started.sentence == "10 conversations began, after 10 in the period before."


def test_all_numbers_that_were_compared_are_kept() -> None:
    compared = review()

    table = compared.changes

    assert table["name"].to_list() == [
        *("started", "first_answer", "prompt", "time_open", "unfinished", "contained"),
    ]
    row = table.row(by_predicate=pl.col("name") == "first_answer", named=True)
    assert (row["now"], row["before"], row["change"]) == (3600, 18000, -14400)
    assert compared.numbers["changes"].equals(table)
    assert compared.story.sure.startswith(
        f"{len(table)} numbers were compared; none moved by more than chance alone would have it. "
        "Had nothing changed at all, one or more would look as if it had in 26 % of such reviews."
    )


def test_the_five_that_moved_most_come_in_the_order_of_importance() -> None:
    sample = da.load("data/sample")

    compared = Review(sample, period="last 4 weeks", compare="previous")

    labels = compared.changes["label"].to_list()
    shown = [each.label for each in compared.key_numbers]
    places = [labels.index(each) for each in shown]
    assert len(shown) == 5
    assert places == sorted(places)


def test_a_comparison_with_nothing_says_so() -> None:
    alone = review(period="2026-W10")

    assert alone.before is None
    assert alone.changes["change"].null_count() == alone.changes.height
    assert alone.story.when[-1] == (
        "Nothing to compare with: no conversation began 23 Feb to 1 Mar 2026."
    )
    assert alone.key_numbers[0].change == ""


def test_data_that_begins_within_the_period_before_is_told() -> None:
    later = review(period=("2026-03-07", "2026-03-15"))

    assert later.story.when[1].endswith(
        "The data begins on 2 Mar 2026, within that period: what came before is missing there."
    )


def test_what_is_not_known_is_not_compared() -> None:
    silent = replace(two_weeks(quick=9, slow=2), messages=messages()[:0], meetings=Meetings.empty())

    compared = Review(silent, period="2026-W11", compare="previous")

    assert compared.changes["name"].to_list() == ["started", "time_open", "unfinished"]
    assert compared.story.minding[0] == (
        "No messages were loaded: who waited, and for how long, is not known."
    )


def test_sections_come_as_they_are_asked_for() -> None:
    asked = review(sections=["tags", "first_response", "tags"])

    assert [each.name for each in asked.sections] == ["tags", "first-response"]
    with pytest.raises(InputError, match="sections='tagz' is not a choice"):
        review(sections=["tagz"])
