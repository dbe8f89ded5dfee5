"""Office hours over weekends, holidays and changes of the clock; dice that keep to their marks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drift_analysis.sample.clock import (
    HOUR,
    OFFICE,
    Dice,
    instant,
    is_staffed,
    local,
    next_staffed,
    to_datetime,
)


def at_office(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=OFFICE))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param("2026-03-04 10:00", "2026-03-04 10:00", id="at work"),
        pytest.param("2026-03-04 08:30", "2026-03-04 08:30", id="the first moment"),
        pytest.param("2026-03-04 18:00", "2026-03-05 08:30", id="the last moment is over"),
        pytest.param("2026-03-04 02:00", "2026-03-04 08:30", id="early on a workday"),
        pytest.param("2026-03-06 19:00", "2026-03-09 08:30", id="over the change to summer time"),
        pytest.param("2026-05-22 19:00", "2026-05-26 08:30", id="over a long weekend"),
    ],
)
def test_the_office_opens_on_the_next_workday(now: str, opens: str) -> None:
    assert next_staffed(at_office(now)) == at_office(opens)
    assert is_staffed(at_office(opens))
    assert is_staffed(at_office(now)) == (now == opens)


def test_a_day_on_which_the_clock_changes_is_an_hour_shorter() -> None:
    day = at_office("2026-03-09 00:00") - at_office("2026-03-08 00:00")

    assert day == 23 * HOUR


def test_moments_go_to_milliseconds_and_back_without_loss() -> None:
    moment = datetime(2026, 5, 31, 23, 59, 59, 999_000, tzinfo=UTC)

    assert to_datetime(instant(moment)) == moment
    assert local(instant(moment)).hour == 19


def test_lengths_lie_between_their_marks_a_like_share_between_each_two() -> None:
    dice = Dice(1)

    lengths = [dice.length(0, 10, 1_000) for _ in range(2_000)]

    assert min(lengths) >= 0
    assert max(lengths) < 1_000
    assert 900 < sum(length < 10 for length in lengths) < 1_100


def test_weights_are_shares_and_what_weighs_nothing_never_comes() -> None:
    dice = Dice(2)

    drawn = [dice.weighted("abc", (3, 0, 1)) for _ in range(2_000)]

    assert 1_400 < drawn.count("a") < 1_600
    assert drawn.count("b") == 0


def test_whole_numbers_reach_both_ends() -> None:
    dice = Dice(3)

    assert {dice.whole(-1, 2) for _ in range(200)} == {-1, 0, 1, 2}
