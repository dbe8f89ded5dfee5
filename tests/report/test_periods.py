from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift_analysis.errors import InputError
from drift_analysis.report.periods import End, Period, before, both, require_period

AS_OF = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
NAMES = "'2026', '2026-Q1', '2026-03', '2026-W09', '2026-03-02' or 'last 4 weeks'"


def spoken(given: str | tuple[End, End], tz: str = "UTC") -> str:
    return require_period(given, tz=tz, as_of=AS_OF).spoken(tz)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("2025", "1 Jan to 31 Dec 2025"),
        ("2026-Q1", "1 Jan to 31 Mar 2026"),
        ("2025-Q4", "1 Oct to 31 Dec 2025"),
        ("2026-02", "1 Feb to 28 Feb 2026"),
        ("2025-12", "1 Dec to 31 Dec 2025"),
        ("2026-W01", "29 Dec 2025 to 4 Jan 2026"),
        ("2026-03-02", "2 Mar 2026"),
        ("last day", "2 Jun 2026"),
        ("last 7 days", "27 May to 2 Jun 2026"),
        ("last week", "25 May to 31 May 2026"),
        ("Last 4 weeks", "4 May to 31 May 2026"),
        ("last month", "1 May to 31 May 2026"),
        ("last 6 months", "1 Dec 2025 to 31 May 2026"),
        ("last quarter", "1 Jan to 31 Mar 2026"),
        ("last year", "1 Jan to 31 Dec 2025"),
        (("2026-03-02", "2026-03-29"), "2 Mar to 29 Mar 2026"),
        ((date(2026, 3, 2), date(2026, 3, 2)), "2 Mar 2026"),
    ],
)
def test_a_period_has_a_name_or_two_days_that_are_part_of_it(
    given: str | tuple[End, End], days: str
) -> None:
    assert spoken(given) == days


def test_days_begin_in_the_time_zone_also_where_clocks_change() -> None:
    march = require_period("2026-03", tz="Europe/Berlin", as_of=AS_OF)

    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert march.spoken("Europe/Berlin") == "1 Mar to 31 Mar 2026"
    assert before(march, "Europe/Berlin").spoken("Europe/Berlin") == "29 Jan to 28 Feb 2026"


def test_what_is_not_over_ends_where_the_knowledge_does_and_has_as_long_before() -> None:
    june = require_period("2026-06", tz="UTC", as_of=AS_OF)

    assert june.end == AS_OF
    assert june.spoken("UTC") == "1 Jun 2026, 00:00 (UTC) to 3 Jun 2026, 10:00 (UTC)"
    assert before(june, "UTC") == Period(june.start - timedelta(hours=58), june.start)


def test_moments_are_taken_as_they_are_and_open_ends_reach_as_far_as_the_data() -> None:
    moment = "2026-03-02T09:00:00+01:00"
    since = datetime(2026, 1, 1, tzinfo=UTC)

    from_then = require_period((moment, None), tz="UTC", as_of=AS_OF)
    until_then = require_period((None, moment), tz="UTC", as_of=AS_OF, since=since)

    assert from_then == Period(datetime(2026, 3, 2, 8, tzinfo=UTC), AS_OF)
    assert until_then == Period(since, datetime(2026, 3, 2, 8, tzinfo=UTC))


@given(
    st.dates(date(2020, 1, 1), date(2026, 5, 1)),
    st.integers(1, 400),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"]),
)
def test_the_period_before_has_as_many_days_and_ends_where_this_one_begins(
    first: date, days: int, tz: str
) -> None:
    last = min(first + timedelta(days=days - 1), date(2026, 5, 31))
    period = require_period((first, last), tz=tz, as_of=AS_OF)

    earlier = before(period, tz)

    assert earlier.end == period.start
    n = (last - first).days + 1
    expected = require_period(
        (first - timedelta(days=n), first - timedelta(days=1)), tz=tz, as_of=AS_OF
    )
    assert earlier == expected


@pytest.mark.parametrize(
    "given", ["March", "2026-13", "2026-W60", "2026-02-30", "last 0 days", ("x", None), (7, None)]
)
def test_what_is_no_period_is_refused(given: str | tuple[End, End]) -> None:
    with pytest.raises(InputError) as caught:
        require_period(given, tz="UTC", as_of=AS_OF)

    assert str(caught.value).splitlines()[1:] == [
        "It is the name of one, or its first and last day.",
        f"Try: {NAMES}, or ('2026-03-02', '2026-03-29').",
    ]


def test_three_days_are_no_period() -> None:
    with pytest.raises(InputError, match="is no period"):
        require_period(("2026-03-01",) * 3, tz="UTC", as_of=AS_OF)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [("2026-03-02", "2026-03-01"), "2027", (None, None)])
def test_a_period_without_time_is_refused(given: str | tuple[End, End]) -> None:
    with pytest.raises(InputError, match="period holds no time"):
        require_period(given, tz="UTC", as_of=AS_OF)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="period has no time zone"):
        require_period((datetime(2026, 3, 2), None), tz="UTC", as_of=AS_OF)  # noqa: DTZ001


def test_a_comparison_is_the_period_before_or_one_of_your_own() -> None:
    this, other = both("2026-05", "previous", "UTC", AS_OF, None)
    _, own = both("2026-05", "2025-05", "UTC", AS_OF, None)
    nothing = both("2026-05", "previous", "UTC", None, None)

    assert this is not None
    assert other == before(this, "UTC")
    assert own is not None
    assert own.spoken("UTC") == "1 May to 31 May 2025"
    assert nothing == (None, None)
    assert both("2026-05", None, "UTC", AS_OF, None) == (this, None)


def test_a_comparison_without_a_period_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        both(None, "previous", "UTC", AS_OF, None)

    assert str(caught.value) == (
        "There is nothing to compare.\n"
        "compare is given, and period is not.\n"
        "Try: period='last 4 weeks', compare='previous'."
    )
