"""Business time against published cases, a reference that looks at every minute, and laws."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.errors import InputError
from drift_analysis.metrics import Calendar

ORACLE = {
    case["id"]: case
    for case in json.loads(Path("tests/oracles/vectors_business_hours.json").read_text())
}
LOCAL = [name for name, case in ORACLE.items() if "start_local" in case and "tz" not in case]

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
ROUND_THE_CLOCK = {day: [("00:00", "24:00")] for day in range(7)}
OFFICE = {day: [("09:00", "17:00")] for day in range(5)}


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta | None:
    times = pl.DataFrame({"start": [start], "end": [end]})
    found: timedelta | None = times.select(calendar.business_time("start", "end")).item()
    return found


def clock(minute: float) -> str:
    return f"{int(minute) // 60:02}:{int(minute) % 60:02}"


def moment(text: str, tz: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def shown_open(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Look at the local clock at every minute."""
    zone, minutes = ZoneInfo(calendar.tz), 0
    while start < end:
        local = start.astimezone(zone)
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        minute = 60 * local.hour + local.minute
        minutes += any(
            begin <= minute + late < finish
            for day, late in ((today, 0), (yesterday, 1440))
            for begin, finish in slots_on(calendar, day)
        )
        start += timedelta(minutes=1)
    return timedelta(minutes=minutes)


def slots_on(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    slots = calendar.exceptions.get(
        day, () if day in calendar.holidays else calendar.weekly.get(day.weekday(), ())
    )
    found = []
    for times in slots:
        begin, end = (60 * int(time[:2]) + int(time[3:]) for time in times)
        found.append((begin, end if end > begin else end + 1440))
    return found


times = st.integers(0, 1439).map(clock)
slots = st.tuples(times, times | st.just("24:00")).filter(lambda slot: slot[0] != slot[1])
weeks = st.dictionaries(st.integers(0, 6), st.lists(slots, max_size=3), max_size=7)
dates = st.dates(date(2026, 3, 26), date(2026, 4, 6))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    return Calendar(
        draw(st.sampled_from(ZONES)),
        draw(weeks),
        draw(st.lists(dates, max_size=2)),
        draw(st.dictionaries(dates, st.lists(slots, max_size=2), max_size=2)),
    )


moments = st.integers(0, 10 * 24 * 60).map(
    lambda minute: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=minute)
)


@pytest.mark.parametrize("name", LOCAL)
@pytest.mark.parametrize("tz", ["UTC", "Europe/Istanbul"])
def test_published_cases_are_met_in_any_zone_without_a_change_of_clocks(name: str, tz: str) -> None:
    case = ORACLE[name]
    week = {
        int(day): [(clock(60 * begin), clock(60 * end)) for begin, end in open_]
        for day, open_ in case["schedule"].items()
    }
    start, end = moment(case["start_local"], tz), moment(case["end_local"], tz)

    assert (end - start).total_seconds() == case["calendar_seconds"]
    assert between(Calendar(tz, week), start, end) == timedelta(seconds=case["business_seconds"])


def weekly_of(sunday_minutes: list[list[int]]) -> dict[int, list[tuple[str, str]]]:
    week: dict[int, list[tuple[str, str]]] = {}
    for begin, end in sunday_minutes:
        day = (begin // 1440 + 6) % 7
        week.setdefault(day, []).append((clock(begin % 1440), clock(end % 1440)))
    return week


def test_a_schedule_that_changes_midway_adds_up_from_its_parts() -> None:
    case = ORACLE["dbt_zendesk_941606_all_schedules"]
    start, change, end = (
        moment(case[name]) for name in ("start_utc", "schedule_change_utc", "end_utc")
    )
    chicago, san_francisco = (
        Calendar("UTC", weekly_of(case["schedules_sunday_minutes"][name]))
        for name in ("chicago", "san_francisco")
    )

    parts = [between(chicago, start, change), between(san_francisco, change, end)]
    assert sum((part or timedelta() for part in parts), timedelta()) == timedelta(
        seconds=case["business_seconds"]
    )


def test_the_night_on_which_clocks_go_forward_is_an_hour_short() -> None:
    case = ORACLE["dst_us_spring_forward"]
    start, end = (moment(case[name], case["tz"]) for name in ("start_local", "end_local"))

    found = between(Calendar(case["tz"], ROUND_THE_CLOCK), start, end)

    assert found == timedelta(seconds=case["business_seconds"])


@pytest.mark.parametrize(
    ("day", "slot", "expected"),
    [
        pytest.param("2026-03-29", ("01:00", "04:00"), 120, id="a slot around the skipped hour"),
        pytest.param("2026-03-29", ("02:15", "02:45"), 0, id="a slot within the skipped hour"),
        pytest.param("2026-03-29", ("02:30", "04:00"), 60, id="a slot from the skipped hour"),
        pytest.param("2026-10-25", ("01:00", "04:00"), 240, id="a slot around the repeated hour"),
        pytest.param("2026-10-25", ("02:15", "02:45"), 60, id="a slot within the repeated hour"),
        pytest.param("2026-10-25", ("02:30", "04:00"), 120, id="a slot from the repeated hour"),
    ],
)
def test_the_hour_that_is_skipped_has_no_length_and_the_repeated_one_counts_twice(
    day: str, slot: tuple[str, str], expected: int
) -> None:
    calendar = Calendar("Europe/Berlin", {6: [slot]})
    start = moment(day, "Europe/Berlin")

    found = between(calendar, start, start + timedelta(days=1))

    assert found == timedelta(minutes=expected)


@given(calendars(), moments, moments)
@settings(deadline=None, max_examples=40)
def test_business_time_is_what_a_look_at_every_minute_finds(
    calendar: Calendar, one: datetime, other: datetime
) -> None:
    start, end = sorted([one, other])

    assert between(calendar, start, end) == shown_open(calendar, start, end)


@given(calendars(), moments, moments, moments)
@settings(deadline=None, max_examples=40)
def test_parts_add_up_and_are_never_longer_than_the_time_that_passed(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    start, middle, end = sorted([one, two, three])
    whole = between(calendar, start, end)
    first, second = between(calendar, start, middle), between(calendar, middle, end)

    assert first is not None
    assert second is not None
    assert first + second == whole
    assert timedelta() <= first <= middle - start


@given(st.sampled_from(ZONES), st.lists(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31))))  # noqa: DTZ001
@settings(deadline=None, max_examples=20)
def test_round_the_clock_business_time_is_the_time_that_passed(
    tz: str, found: list[datetime]
) -> None:
    times = pl.DataFrame({"end": found}, schema={"end": pl.Datetime("ms")})
    start = datetime(2000, 1, 1, tzinfo=UTC)
    ends = times.select(pl.col("end").dt.replace_time_zone("UTC"))

    business = ends.select(Calendar(tz, ROUND_THE_CLOCK).business_time(pl.lit(start), "end"))

    passed = ends.select((pl.col("end") - start).cast(pl.Duration("ms")))
    assert business.to_series().to_list() == passed.to_series().to_list()


def test_overlapping_and_touching_slots_count_once() -> None:
    week = {0: [("09:00", "12:00"), ("10:00", "11:00"), ("12:00", "13:00"), ("11:30", "12:30")]}
    monday = datetime(2026, 1, 5, tzinfo=UTC)

    assert between(Calendar("UTC", week), monday, monday + timedelta(1)) == timedelta(hours=4)


def test_a_night_reaches_into_a_holiday_and_none_begins_on_one() -> None:
    calendar = Calendar(
        "UTC", {0: [("22:00", "06:00")], 1: [("22:00", "06:00")]}, [date(2026, 1, 6)]
    )
    monday = datetime(2026, 1, 5, tzinfo=UTC)

    assert between(calendar, monday, monday + timedelta(3)) == timedelta(hours=8)


def test_an_exception_takes_the_place_of_the_week_and_of_a_holiday() -> None:
    christmas = date(2026, 12, 25)
    calendar = Calendar("UTC", OFFICE, [christmas], {christmas: [("10:00", "12:00")]})
    friday = datetime(2026, 12, 25, tzinfo=UTC)

    assert between(calendar, friday, friday + timedelta(1)) == timedelta(hours=2)
    assert between(calendar, friday, friday + timedelta(7)) == timedelta(hours=34)


def test_a_calendar_that_is_never_open_counts_nothing() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)

    assert between(Calendar("UTC", {}), start, start + timedelta(9)) == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("2026-01-06", "2026-01-05", id="the end before the start"),
        pytest.param("1999-12-31T23:59", "2026-01-05", id="before the first year"),
        pytest.param("2026-01-05", "2100-01-01T00:01", id="after the last year"),
        pytest.param(None, "2026-01-05", id="no start"),
        pytest.param("2026-01-05", None, id="no end"),
    ],
)
def test_what_cannot_be_told_is_null(start: str | None, end: str | None) -> None:
    given = {name: [text and moment(text)] for name, text in (("start", start), ("end", end))}
    dtype = pl.Datetime("us", "UTC")
    times = pl.DataFrame(given, schema={"start": dtype, "end": dtype})

    found = times.select(Calendar("UTC", OFFICE).business_time("start", "end"))

    assert found.to_series().to_list() == [None]
    assert found.schema == {"business_time": pl.Duration("ms")}


def test_eager_lazy_and_streaming_agree_on_many_rows() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    minutes = pl.int_range(200_000, dtype=pl.Int64)
    times = pl.select(start=pl.lit(start) + pl.duration(minutes=minutes)).with_columns(
        end=pl.col("start") + pl.duration(minutes=pl.col("start").dt.minute() * 97)
    )
    business = Calendar("America/New_York", OFFICE).business_time("start", "end")

    eager = times.select(business)

    assert times.lazy().select(business).collect().equals(eager)
    assert times.lazy().select(business).collect(engine="streaming").equals(eager)
    assert 0 < eager.to_series().n_unique() < eager.height


def test_moments_in_another_zone_or_unit_are_the_same_moments() -> None:
    start, end = moment("2026-01-05T15:00"), moment("2026-01-06T10:00")
    calendar = Calendar("UTC", OFFICE)
    times = pl.DataFrame({"start": [start], "end": [end]})
    abroad = times.select(pl.all().dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ns"))

    assert abroad.select(calendar.business_time("start", "end")).item() == timedelta(hours=3)


def test_a_calendar_does_not_change() -> None:
    calendar: Any = Calendar("UTC", OFFICE)

    with pytest.raises(AttributeError):
        calendar.tz = "Europe/Berlin"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ("Europe/Nowhere", OFFICE),
            "tz='Europe/Nowhere' is not a time zone.\n"
            "Zones have IANA names, with an area and a city.\n"
            "Try: 'UTC', 'Europe/Berlin' or 'America/New_York'.",
            id="an unknown zone",
        ),
        pytest.param(
            ("../secrets", OFFICE),
            "tz='../secrets' is not a time zone.\n"
            "Zones have IANA names, with an area and a city.\n"
            "Try: 'UTC', 'Europe/Berlin' or 'America/New_York'.",
            id="a path for a zone",
        ),
        pytest.param(
            ("UTC", {7: [("09:00", "17:00")]}),
            "weekly has the day 7.\nDays go from 0 (Monday) to 6 (Sunday).\nTry: 0 for Monday.",
            id="an eighth day",
        ),
        pytest.param(
            ("UTC", {True: [("09:00", "17:00")]}),
            "weekly has the day True.\nDays go from 0 (Monday) to 6 (Sunday).\nTry: 0 for Monday.",
            id="a truth for a day",
        ),
        pytest.param(
            ("UTC", OFFICE, [datetime(2026, 12, 25, tzinfo=UTC)]),
            "datetime.datetime(2026, 12, 25, 0, 0, tzinfo=datetime.timezone.utc) is not a date.\n"
            "Holidays and exceptions are whole local days.\n"
            "Try: datetime.date(2026, 12, 25).",
            id="a moment for a holiday",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Calendar(*arguments)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    "slot",
    [
        ("9:00", "17:00"),
        ("09:00", "25:00"),
        ("09:00", "17:60"),
        ("24:00", "06:00"),
        ("09:00", "09:00"),
        ("09:00",),
        (9, 17),
        "09:00",
        9,
    ],
)
def test_a_slot_that_has_no_meaning_is_refused(slot: Any) -> None:
    with pytest.raises(InputError) as caught:
        Calendar("UTC", OFFICE, (), {date(2026, 1, 5): [slot]})

    assert str(caught.value) == (
        f"The slot {slot!r} has no meaning.\n"
        "A slot is two different times as HH:MM.\n"
        'Try: ("09:00", "17:00").'
    )


def test_the_very_first_slots_are_merged_too() -> None:
    day = date(2026, 4, 1)
    calendar = Calendar("UTC", {}, exceptions={day: [("00:01", "00:00"), ("00:01", "24:00")]})
    before, opening = datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 4, 1, 0, 1, tzinfo=UTC)
    assert between(calendar, before, opening) == timedelta()
    assert between(calendar, opening, opening + timedelta(hours=1)) == timedelta(hours=1)
