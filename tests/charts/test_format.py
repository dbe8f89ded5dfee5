from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drift_analysis.charts import (
    human_count,
    human_date,
    human_duration,
    human_moment,
    human_period,
    human_share,
)
from drift_analysis.charts.kit.format import exact_count, plural, zone
from drift_analysis.errors import InputError


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(0), "0 s"),
        (timedelta(milliseconds=1), "under 1 s"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(seconds=75), "1 min 15 s"),
        (timedelta(minutes=9, seconds=59), "9 min 59 s"),
        (timedelta(minutes=12, seconds=20), "12 min"),
        (timedelta(minutes=59, seconds=50), "1 h"),
        (timedelta(hours=2, minutes=14), "2 h 14 min"),
        (timedelta(hours=11, minutes=3), "11 h 3 min"),
        (timedelta(hours=23, minutes=59, seconds=50), "1 d"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(days=9, hours=23, minutes=50), "10 d"),
        (timedelta(days=400), "400 d"),
        (2_500, "2 s"),
    ],
)
def test_a_length_is_said_in_two_units(length: timedelta | float, said: str) -> None:
    assert human_duration(length) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1 k"),
        (1_049, "1 k"),
        (3_420, "3.4 k"),
        (9_990, "10 k"),
        (34_200, "34 k"),
        (999_499, "999 k"),
        (999_999, "1 M"),
        (2_500_000, "2.5 M"),
        (7_000_000_000, "7 G"),
    ],
)
def test_a_count_is_said_in_two_digits(count: int, said: str) -> None:
    assert human_count(count) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (0.0049, "under 1 %"),
        (0.005, "1 %"),
        (0.412, "41 %"),
        (0.9949, "99 %"),
        (0.995, "over 99 %"),
        (1.0, "100 %"),
        (None, "unknown"),
    ],
)
def test_a_share_is_said_in_per_cent(share: float | None, said: str) -> None:
    assert human_share(share) == said


def test_a_date_is_that_of_the_zone() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert human_date(late) == "31 Dec 2026"
    assert human_date(late, "Asia/Tokyo") == "1 Jan 2027"
    assert human_date(date(2026, 12, 31), "Asia/Tokyo") == "31 Dec 2026"
    assert human_moment(late, "Asia/Tokyo") == "1 Jan 2027, 08:30 (Asia/Tokyo)"


def test_a_period_names_its_year_once() -> None:
    assert human_period(date(2026, 1, 5), date(2026, 3, 1)) == "5 Jan to 1 Mar 2026"
    assert human_period(date(2025, 12, 5), date(2026, 3, 1)) == "5 Dec 2025 to 1 Mar 2026"
    assert human_period(date(2026, 3, 1), date(2026, 3, 1)) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999, "999"), (1_049, "1,049"), (99_999, "99,999"), (100_000, "100 k")],
)
def test_a_count_that_is_proof_is_exact(count: int, said: str) -> None:
    assert exact_count(count) == said
    assert plural(count, "wait") == f"{said} waits"


def test_a_noun_takes_its_number() -> None:
    assert plural(1, "reply", "replies") == "1 reply"
    assert plural(0, "tag") == "0 tags"


@pytest.mark.parametrize("tz", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(tz: str) -> None:
    with pytest.raises(InputError) as raised:
        zone(tz)

    assert str(raised.value) == (
        f"tz={tz!r} is not a time zone.\n"
        "Names are those of the IANA data base.\n"
        "Try: 'UTC', 'Europe/Berlin', 'America/New_York' or the like."
    )
