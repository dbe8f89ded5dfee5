from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from builders import changes, conversations, messages, table
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


def test_a_period_that_lies_partly_in_the_future_ends_where_the_data_does() -> None:
    # The week of 16 March has one day by 17 March: it is held against the day before it.
    data = two_weeks(quick=9, slow=2)
    began = [MONDAY + timedelta(days=d, hours=1) for d in (13, 14, 14)]
    talks = conversations(*({"conversation_id": n, "created_at": at} for n, at in enumerate(began)))

    running = Review(replace(data, conversations=talks), period="2026-W12", compare="previous")

    assert running.before is not None
    assert running.before.as_of == MONDAY + timedelta(days=14)
    row = running.changes.row(by_predicate=pl.col("name") == "started", named=True)
    assert (row["now"], row["before"], row["n_now"], row["n_before"]) == (2, 1, 1, 1)
    assert row["change"] == pytest.approx(1)


def test_an_hour_that_clocks_leave_out_makes_a_period_no_shorter_in_days() -> None:
    # In Berlin the week to 29 March 2026 has an hour less than the one before.
    talks = conversations(
        *(
            {"conversation_id": n, "created_at": datetime(2026, 3, day, 12, tzinfo=UTC)}
            for n, day in enumerate((17, 24, 25))
        )
    )
    data = replace(
        two_weeks(quick=9, slow=2), conversations=talks, as_of=datetime(2026, 4, 2, tzinfo=UTC)
    )

    found = Review(data, period="2026-W13", compare="previous", tz="Europe/Berlin")

    assert found.before is not None
    assert found.period is not None
    assert found.compared is not None
    assert (found.period.end - found.period.start) == timedelta(days=7, hours=-1)
    assert (found.compared.end - found.compared.start) == timedelta(days=7)
    assert found.before.as_of - found.compared.end == data.as_of - found.period.end
    assert found.before.conversations.height == 1


def ten_each(**ends: int) -> Any:
    """Ten conversations in each of two weeks; of each week so many end in some way, as told.

    `quick`: answered by a person after a minute, the rest after an hour. `bots`: closed after a
    bot alone. `open`: still open a day after the week. `tagged`: tagged Demo.
    """
    talks: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    events: list[tuple[int, datetime, str]] = []
    met: list[dict[str, Any]] = []
    for n in range(20):
        k, week = n % 10, "now" if n >= 10 else "before"
        began = MONDAY + timedelta(weeks=n // 10) + k * timedelta(hours=12)
        is_open = k >= 10 - ends.get(f"open_{week}", 0)
        by_bot = k < ends.get(f"bots_{week}", 0)
        wait = timedelta(minutes=1 if k < ends.get(f"quick_{week}", 0) else 60)
        status = "open" if is_open else "closed"
        tags = [{"name": "Demo"}] if k < ends.get(f"tagged_{week}", 0) else []
        talks.append(
            {
                "conversation_id": n,
                "created_at": began,
                "updated_at": began if is_open else began + 6 * HOUR,
                "status": status,
                "is_detail": True,
                "tags": tags,
                "playbook_id": 1,
            }
        )
        kind = "bot" if by_bot else "human"
        said += [
            {"conversation_id": n, "created_at": began},
            {
                "conversation_id": n,
                "created_at": began + wait,
                "author_type": "user",
                "author_kind": kind,
            },
        ]
        events.append((n, began, "open"))
        if not is_open:
            events.append((n, began + 6 * HOUR, "closed"))
        if k < ends.get(f"met_{week}", 0):
            met.append(
                {
                    "event_id": str(n),
                    "conversation_id": n,
                    "scheduled_at": began + HOUR,
                    "source": "test",
                }
            )
    return replace(
        hostile_dataset(),
        conversations=conversations(*talks),
        messages=messages(*said),
        status_events=changes(*events),
        meetings=table(Meetings, met),
        as_of=MONDAY + timedelta(weeks=2, days=1),
    )


@pytest.mark.parametrize(
    ("name", "ends", "expected"),
    [
        # Wilson of 8 of 10 is 0.490 to 0.943, of 3 of 10 is 0.108 to 0.603. Newcombe: 0.5 less
        # the root of 0.310^2 + 0.303^2, and plus that of 0.143^2 + 0.192^2.
        ("prompt", {"quick_now": 8, "quick_before": 3}, None),
        ("meetings", {"met_now": 8, "met_before": 3}, (0.5, 0.0665, 0.7395)),
        ("unfinished", {"open_now": 8, "open_before": 3}, (0.5, 0.0665, 0.7395)),
        ("contained", {"bots_now": 8, "bots_before": 3}, (0.5, 0.0665, 0.7395)),
        ("top_tag", {"tagged_now": 8, "tagged_before": 3}, (0.5, 0.0665, 0.7395)),
    ],
)
def test_a_share_of_ten_and_of_ten_before_changes_as_worked_out_by_hand(
    name: str, ends: dict[str, int], expected: tuple[float, float, float] | None
) -> None:
    found = Review(ten_each(**ends), period="2026-W11", compare="previous")

    row = found.changes.row(by_predicate=pl.col("name") == name, named=True)
    assert (row["now"], row["before"]) == pytest.approx((0.8, 0.3))
    assert (row["n_now"], row["n_before"]) == (10, 10)
    if expected is None:
        assert row["change"] == pytest.approx(0.5)
        assert 0 < row["change_lo"] < 0.5 < row["change_hi"] < 1
    else:
        assert (row["change"], row["change_lo"], row["change_hi"]) == pytest.approx(
            expected, abs=0.0015
        )
    said = next(each for each in found.key_numbers if each.label == row["label"])
    assert said.value == "80 %"
    assert said.change == "50 points more"
    assert said.sentence.endswith("in the period before it was 30 %.")
    assert said.proof.endswith("n = 10, before 10. More than chance does.")


def test_the_time_open_moves_by_what_both_curves_allow() -> None:
    # With a log of each change nothing is left open: six hours, and not reached where 8 are open.
    found = Review(
        ten_each(open_now=0, open_before=2), period="2026-W11", compare="previous"
    ).changes

    row = found.row(by_predicate=pl.col("name") == "time_open", named=True)
    assert (row["now"], row["before"], row["change"]) == (21600, 21600, 0)
    assert (row["n_now"], row["n_before"]) == (10, 10)
    slow = Review(ten_each(open_now=8), period="2026-W11", compare="previous").changes
    never = slow.row(by_predicate=pl.col("name") == "time_open", named=True)
    assert (never["now"], never["before"], never["change"]) == (None, 21600, None)
